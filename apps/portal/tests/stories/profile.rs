//! My Profile: changes are asked for, decided by the registry, and told to whom they concern (PRO-1, MAIL-2, REG-8).

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json};
use crate::registration::code;

impl Demonstration {
    async fn ask(&self, who: &str, changes: Value) -> (StatusCode, Value) {
        let asked = self
            .call(Method::POST, "/me/profile/changes", who, Some(changes))
            .await;
        (asked.status(), json(asked).await)
    }

    async fn decide(&self, change: &Value, decision: Value) -> (StatusCode, Value) {
        let path = format!(
            "/registry/profile-changes/{}/decision",
            change["id"].as_str().unwrap()
        );
        let decided = self
            .call(Method::POST, &path, "registry", Some(decision))
            .await;
        (decided.status(), json(decided).await)
    }

    async fn profile(&self, who: &str) -> Value {
        json(self.get("/me/profile", who).await).await
    }

    /// Subjects and addresses of the e-mails that came since there were so many.
    async fn told_since(&self, before: usize) -> Vec<(String, String)> {
        self.advance("1s").await;
        let mailbox = self.mailbox().await;
        let new = mailbox.len() - before;
        let told = mailbox[..new].iter().map(|mail| {
            let text = |field: &str| mail[field].as_str().unwrap().to_owned();
            (text("to"), text("subject"))
        });
        told.collect()
    }
}

/// PRO-1: a change is pending until it is applied; the old and the new e-mail address are both told.
#[tokio::test]
async fn a_change_is_applied_and_both_addresses_are_told() {
    let demonstration = Demonstration::start();
    let before = demonstration.mailbox().await.len();
    let old = demonstration.profile("counsel-a").await;
    let wish = object!({ "email": "elise@new-firm.example", "language": "en" });
    let (status, change) = demonstration.ask("counsel-a", wish.clone()).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(change["state"], "pending");
    assert_eq!(change["changes"], wish);
    assert_eq!(
        demonstration.profile("counsel-a").await["email"],
        old["email"]
    );
    assert_eq!(demonstration.told_since(before).await.len(), 1);
    let (status, _) = demonstration
        .ask("counsel-a", object!({ "language": "en" }))
        .await;
    assert_eq!(status, StatusCode::CONFLICT, "one at a time");

    let queue = json(
        demonstration
            .get("/registry/profile-changes", "registry")
            .await,
    )
    .await;
    assert_eq!(queue["items"][0]["id"], change["id"]);
    assert_eq!(queue["items"][0]["current"]["email"], old["email"]);
    let before = demonstration.mailbox().await.len();
    let (status, applied) = demonstration
        .decide(&change, object!({ "decision": "apply" }))
        .await;
    assert_eq!(
        (status, &applied["state"]),
        (StatusCode::OK, &object!("applied"))
    );
    let new = demonstration.profile("counsel-a").await;
    assert_eq!(new["email"], "elise@new-firm.example");
    assert_eq!(new["language"], "en");
    assert_eq!(new["changes"][0]["state"], "applied");
    let told = demonstration.told_since(before).await;
    let at = |address: &str| told.iter().filter(|(to, _)| to.contains(address)).count();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(at("elise@new-firm.example"), 2, "{told:?}");
    assert_eq!(at(old["email"].as_str().unwrap()), 1, "{told:?}");

    let (status, problem) = demonstration
        .decide(
            &change,
            object!({ "decision": "refuse", "reason": "too late" }),
        )
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        problem["type"]
            .as_str()
            .unwrap()
            .ends_with("decided-already")
    );
}

/// PRO-1, MAIL-2, SEC-2: whoever asked takes a change back while it waits; the registry has nothing to decide then, both see that it was
/// withdrawn, the person is told, and can ask for another. What was decided cannot be taken back, and nobody takes back another's.
#[tokio::test]
async fn a_change_is_withdrawn_while_it_waits() {
    let demonstration = Demonstration::start();
    let wish = object!({ "email": "elise@mistyped.example" });
    let (_, change) = demonstration.ask("counsel-a", wish.clone()).await;
    let address = format!("/me/profile/changes/{}", change["id"].as_str().unwrap());
    for who in ["counsel-b", "registry"] {
        let by_others = demonstration.call(Method::DELETE, &address, who, None);
        let by_others = by_others.await.status();
        let not_theirs = [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN];
        assert!(not_theirs.contains(&by_others), "{who}: {by_others}");
    }
    demonstration.advance("1s").await;
    let before = demonstration.mailbox().await.len();
    let withdraw = async || {
        let withdrawn = demonstration.call(Method::DELETE, &address, "counsel-a", None);
        let withdrawn = withdrawn.await;
        (withdrawn.status(), json(withdrawn).await)
    };
    let (status, withdrawn) = withdraw().await;
    assert_eq!(status, StatusCode::OK, "{withdrawn}");
    assert_eq!(withdrawn["state"], "withdrawn");
    assert_eq!(withdrawn["reason"], Value::Null);
    let told = demonstration.told_since(before).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, "counsel-a@demonstration.example");
    assert!(told[0].1.contains("Change withdrawn"), "{told:?}");
    let (status, problem) = withdraw().await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        problem["type"]
            .as_str()
            .unwrap()
            .ends_with("decided-already")
    );

    let listed = async |decided: bool| {
        let path = format!("/registry/profile-changes?decided={decided}");
        let listed = json(demonstration.get(&path, "registry").await).await;
        listed["items"].as_array().unwrap().clone()
    };
    assert!(listed(false).await.is_empty());
    assert_eq!(listed(true).await[0]["state"], "withdrawn");
    let (status, _) = demonstration
        .decide(&change, object!({ "decision": "apply" }))
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    let profile = demonstration.profile("counsel-a").await;
    assert_eq!(profile["email"], "counsel-a@demonstration.example");
    assert_eq!(profile["changes"][0]["state"], "withdrawn");
    let query =
        "SELECT subjects FROM audit WHERE action = 'withdraw-profile-change' AND refused IS NULL";
    let entries = demonstration.rows(query).await;
    let about = format!("profile-change:{}", change["id"].as_str().unwrap());
    assert_eq!(entries, [Some(about)], "SEC-2");

    let (status, change) = demonstration.ask("counsel-a", wish).await;
    assert_eq!(status, StatusCode::CREATED, "another can be asked for");
    let applied = object!({ "decision": "apply" });
    demonstration.decide(&change, applied).await;
    let address = format!("/me/profile/changes/{}", change["id"].as_str().unwrap());
    let late = demonstration.call(Method::DELETE, &address, "counsel-a", None);
    assert_eq!(late.await.status(), StatusCode::CONFLICT);
}

/// PRO-1, REG-8: the same on the pages, where it takes a recent sign-in.
#[tokio::test]
async fn a_change_is_withdrawn_on_the_page() {
    let demonstration = Demonstration::start();
    let (_, change) = demonstration
        .ask("counsel-b", object!({ "language": "fr" }))
        .await;
    let id = change["id"].as_str().unwrap();
    let post = async |cookie: &str| {
        let call = demonstration
            .client
            .post(demonstration.page("/en/account"))
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .form(&[("withdraw", id)]);
        let answer = call.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let cookie = demonstration.sign_in("counsel-b").await;
    demonstration.advance("16m").await;
    let (status, page) = post(&cookie).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("Sign in again, in another tab"), "{page}");
    assert!(page.contains("Withdraw the request"), "{page}");
    let cookie = demonstration.sign_in("counsel-b").await;
    assert_eq!(post(&cookie).await.0, StatusCode::SEE_OTHER);
    let (status, page) = post(&cookie).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        page.contains("Withdrawn") && !page.contains("Withdraw the request"),
        "{page}"
    );
    let registry = demonstration.sign_in("registry").await;
    for (path, shown) in [
        ("/en/registry/profile-changes", "No changes here."),
        ("/en/registry/profile-changes?show=done", "Withdrawn"),
    ] {
        let call = demonstration.client.get(demonstration.page(path));
        let page = call.header("cookie", &registry).send().await.unwrap();
        let page = page.text().await.unwrap();
        assert!(page.contains(shown), "{page}");
    }
}

/// PRO-1, X-9: what the registry did is said on the page that follows.
#[tokio::test]
async fn the_registry_is_told_what_it_did() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("registry").await;
    let queue = "/en/registry/profile-changes";
    for (who, decision, said) in [
        ("counsel-a", "apply", "The change is applied."),
        ("counsel-b", "refuse", "The change is refused."),
    ] {
        let wish = object!({ "cell": "514 555-0188" });
        let (_, change) = demonstration.ask(who, wish).await;
        let page = format!("{queue}/{}", change["id"].as_str().unwrap());
        let verdict = [("decision", decision), ("reason", "No document")];
        let (_, leads_to, page) = demonstration.posted(&cookie, &page, &verdict).await;
        assert!(leads_to.starts_with(queue), "{page}");
        let call = demonstration.client.get(demonstration.page(&leads_to));
        let page = call.header("cookie", &cookie).send().await.unwrap();
        let page = page.text().await.unwrap();
        assert!(page.contains(said), "{page}");
    }
}

/// PRO-1: while a change waits, the page shows it, to be withdrawn, in place of a form that can only be refused; what is late is said to be.
#[tokio::test]
async fn a_change_that_waits_is_shown_in_place_of_the_form() {
    let demonstration = Demonstration::start();
    let read = async |cookie: &str, path: &str| {
        let call = demonstration.client.get(demonstration.page(path));
        let page = call.header("cookie", cookie).send().await.unwrap();
        page.text().await.unwrap()
    };
    let form = "name=\"family_name\"";
    let cookie = demonstration.sign_in("counsel-a").await;
    let pages = ["/en/account/change", "/en/account", "/en/"];
    let change = pages[0];
    assert!(read(&cookie, change).await.contains(form));
    let wish = object!({ "cell": "514 555-0188" });
    demonstration.ask("counsel-a", wish).await;
    let waits = read(&cookie, change).await;
    assert!(!waits.contains(form) && waits.contains("0188"));
    assert!(waits.contains("Withdraw the request"), "{waits}");
    for page in pages {
        let page = read(&cookie, page).await;
        assert!(!page.contains("was to decide by"), "{page}");
    }
    demonstration.advance("49h").await;
    let cookie = demonstration.sign_in("counsel-a").await;
    for page in pages {
        let page = read(&cookie, page).await;
        assert!(page.contains("was to decide by"), "{page}");
    }
    let (_, id) = waits.split_once("name=\"withdraw\" value=\"").unwrap();
    let profile = read(&cookie, change).await;
    let (_, owner) = profile.split_once("name=\"sign_in\" value=\"").unwrap();
    let withdraw = [("withdraw", &id[..36]), ("sign_in", &owner[..36])];
    let (status, done, _) = demonstration.posted(&cookie, pages[1], &withdraw).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{done}");
    assert!(read(&cookie, change).await.contains(form));
}

/// PRO-1: a refusal has a reason that the person reads; nothing changes; after 48 hours a change is overdue, and the oldest comes first.
#[tokio::test]
async fn a_refusal_has_a_reason_and_what_is_late_stands_out() {
    let demonstration = Demonstration::start();
    let wish = object!({ "changes": { "family_name": "Tremblay-Roy" } });
    let (status, change) = demonstration.ask("counsel-a", wish).await;
    assert_eq!(status, StatusCode::CREATED);
    demonstration.advance("1h").await;
    let (status, _) = demonstration
        .ask("delegate-a", object!({ "cell": "514 555-0188" }))
        .await;
    assert_eq!(status, StatusCode::CREATED, "delegates have a profile too");
    demonstration.advance("47h").await;
    let queue = json(
        demonstration
            .get("/registry/profile-changes", "registry")
            .await,
    )
    .await;
    let found = queue["items"].as_array().unwrap().iter();
    let standing: Vec<&str> = found.map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(standing, ["overdue", "pending"]);
    let (status, _) = demonstration
        .decide(&change, object!({ "decision": "refuse" }))
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let reason = object!({ "decision": "refuse", "reason": "Send proof of the new name." });
    let (status, _) = demonstration.decide(&change, reason).await;
    assert_eq!(status, StatusCode::OK);
    let profile = demonstration.profile("counsel-a").await;
    assert_eq!(profile["family_name"], "Tremblay");
    assert_eq!(profile["changes"][0]["state"], "refused");
    assert_eq!(
        profile["changes"][0]["reason"],
        "Send proof of the new name."
    );
    let queue = json(
        demonstration
            .get("/registry/profile-changes", "registry")
            .await,
    )
    .await;
    assert_eq!(queue["items"].as_array().unwrap().len(), 1);
}

/// mail that came back is on the registry's list with the person's other channels; once the address is put right, the notice is sent
/// again to the new one; a person who was reached otherwise leaves the list.
#[tokio::test]
async fn mail_that_came_back_is_work_for_the_registry() {
    let demonstration = Demonstration::start();
    let wish = object!({ "email": "elise@new-firm.example" });
    let (_, change) = demonstration.ask("counsel-a", wish).await;
    demonstration.advance("1s").await;
    let caught = demonstration.folder.path().join("mailbox");
    let mut files = std::fs::read_dir(caught).unwrap();
    let came_back = files
        .find_map(|file| {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
            text.contains("counsel-a@").then_some(id)
        })
        .unwrap();
    let report = Some(object!({ "message_id": format!("<{came_back}@tribunal.example>") }));
    let reported = demonstration
        .call(Method::POST, "/registry/bounces", "cms", report)
        .await;
    assert_eq!(reported.status(), StatusCode::NO_CONTENT);
    let list = async || {
        let listed = json(demonstration.get("/registry/undelivered", "registry").await).await;
        listed["items"].as_array().unwrap().clone()
    };
    let found = list().await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["why"], "bounced");
    assert_eq!(found[0]["name"], "Élise Tremblay");
    assert!(
        found[0]["cell"].as_str().unwrap().ends_with("5145550123"),
        "{found:?}"
    );
    demonstration
        .decide(&change, object!({ "decision": "apply" }))
        .await;
    demonstration.advance("1s").await;
    let before = demonstration.mailbox().await.len();
    let path = |act: &str| format!("/registry/undelivered/{came_back}/{act}");
    let again = demonstration
        .call(Method::POST, &path("sending"), "registry", None)
        .await;
    assert_eq!(again.status(), StatusCode::NO_CONTENT);
    assert!(list().await.is_empty());
    demonstration.advance("1s").await;
    let mailbox = demonstration.mailbox().await;
    // The demonstration's box keeps a message once under its id: the same notice, now at the new address.
    assert!(mailbox.len() >= before);

    let report = Some(object!({ "message_id": came_back }));
    demonstration
        .call(Method::POST, "/registry/bounces", "registry", report)
        .await;
    assert_eq!(list().await.len(), 1);
    let settled = demonstration
        .call(Method::POST, &path("settlement"), "registry", None)
        .await;
    assert_eq!(settled.status(), StatusCode::NO_CONTENT);
    assert!(list().await.is_empty());
    let unknown = Some(object!({ "message_id": "somebody else's mail" }));
    let refused = demonstration
        .call(Method::POST, "/registry/bounces", "registry", unknown)
        .await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
}

/// X-9, MAIL-1: every e-mail bears, in both languages, a reference that leads to nothing but itself; an officer who reads returned mail enters
/// it on the page, and the notice is on the list. What is no notice's is told.
#[tokio::test]
async fn mail_that_came_back_is_found_by_the_reference_in_its_text() {
    let demonstration = Demonstration::start();
    let wish = object!({ "email": "elise@new-firm.example" });
    demonstration.ask("counsel-a", wish).await;
    demonstration.advance("1s").await;
    let mailbox = demonstration.mailbox().await;
    let mut references = Vec::new();
    for mail in &mailbox {
        let body = mail["body"].as_str().unwrap();
        let of = |words: &str| {
            let line = body.lines().find_map(|line| line.strip_prefix(words));
            line.unwrap().to_owned()
        };
        let reference = of("Reference: ");
        assert_eq!(of("Référence\u{a0}: "), reference, "{body}");
        references.push(reference);
    }
    let mine = mailbox
        .iter()
        .position(|mail| mail["to"].as_str().unwrap().starts_with("counsel-a@"))
        .unwrap();
    let cookie = demonstration.sign_in("registry").await;
    let enter = |reference: &str| {
        let call = demonstration
            .client
            .post(demonstration.page("/en/registry/undelivered"))
            .header("cookie", &cookie)
            .header("sec-fetch-site", "same-origin")
            .form(&[("reference", reference)]);
        call.send()
    };
    let unknown = enter("01234567-89ab-7def-8123-456789abcdef").await.unwrap();
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    let page = unknown.text().await.unwrap();
    assert!(page.contains("No notice has this reference."), "{page}");
    let entered = enter(&format!(" {} ", references[mine])).await.unwrap();
    assert_eq!(entered.status(), StatusCode::SEE_OTHER);
    let listed = json(demonstration.get("/registry/undelivered", "registry").await).await;
    assert_eq!(listed["items"][0]["id"], *references[mine]);
    assert_eq!(listed["items"][0]["why"], "bounced");
}

/// PRO-1, REG-8: what cannot be taken says why; in a browser it takes a recent sign-in.
#[tokio::test]
async fn a_change_that_cannot_be_taken_says_why() {
    let demonstration = Demonstration::start();
    let old = demonstration.profile("counsel-a").await;
    for (wish, kind) in [
        (object!({}), "nothing-to-change"),
        (object!({ "email": old["email"] }), "nothing-to-change"),
        (object!({ "email": "not an address" }), "email-unusable"),
        (object!({ "cell": "12" }), "telephone-unusable"),
        (object!({ "language": "de" }), "language-unusable"),
        (object!({ "given_name": " " }), "name-unusable"),
    ] {
        let (status, problem) = demonstration.ask("counsel-a", wish.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wish}");
        assert!(
            problem["type"].as_str().unwrap().ends_with(kind),
            "{wish}: {problem}"
        );
    }
    let cookie = demonstration.sign_in("counsel-a").await;
    demonstration.advance("16m").await;
    let wish = Some(object!({ "language": "en" }));
    let refused = demonstration
        .by_cookie(Method::POST, "/me/profile/changes", &cookie, wish)
        .await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let kind = json(refused).await["type"].as_str().unwrap().to_owned();
    assert!(kind.ends_with("sign-in-not-recent"), "{kind}");
}

/// REG-6, SEC-1, PRO-1: what somebody asked for with a sign-in that may be in wrong hands is not applied: not while the account is blocked, and
/// not after a reset, which refuses it and tells the person at the address on record. The access code goes where the registry says.
#[tokio::test]
async fn no_change_survives_a_block_and_a_reset() {
    let demonstration = Demonstration::start();
    let old = demonstration.profile("counsel-a").await;
    let wish = object!({ "email": "intruder@elsewhere.example", "cell": "514 555-0666" });
    let (_, change) = demonstration.ask("counsel-a", wish).await;
    let id = demonstration.of("counsel-a", "account_id");
    let at_the_desk = async |act: &str| {
        let path = format!("/help-desk/accounts/{id}/{act}");
        let done = demonstration.call(Method::POST, &path, "help-desk", None);
        assert_eq!(done.await.status(), StatusCode::OK, "{act}");
    };
    at_the_desk("lock").await;
    let listed = demonstration.get("/registry/profile-changes", "registry");
    assert_eq!(
        json(listed.await).await["items"][0]["account_blocked"],
        true
    );
    let officer = demonstration.sign_in("registry").await;
    let page = format!(
        "/en/registry/profile-changes/{}",
        change["id"].as_str().unwrap()
    );
    for (path, words) in [
        ("/en/registry/profile-changes", "Account blocked"),
        (&page, "This account is blocked"),
    ] {
        let call = demonstration.client.get(demonstration.page(path));
        let shown = call.header("cookie", &officer).send().await.unwrap();
        assert!(shown.text().await.unwrap().contains(words), "{path}");
    }
    let apply = object!({ "decision": "apply" });
    let (status, problem) = demonstration.decide(&change, apply.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let kind = problem["type"].as_str().unwrap();
    assert!(kind.ends_with("account-blocked"), "{kind}");

    demonstration.advance("1s").await;
    let before = demonstration.mailbox().await.len();
    at_the_desk("sign-in-reset").await;
    let told = demonstration.told_since(before).await;
    assert_eq!(told.len(), 2, "{told:?}");
    let address = old["email"].as_str().unwrap();
    assert!(told.iter().all(|(to, _)| to.contains(address)), "{told:?}");
    let refused = |(_, subject): &&(String, String)| subject.contains("Change refused");
    assert_eq!(told.iter().filter(refused).count(), 1, "{told:?}");
    at_the_desk("unlock").await;
    let (_, problem) = demonstration.decide(&change, apply).await;
    let kind = problem["type"].as_str().unwrap();
    assert!(kind.ends_with("decided-already"), "{kind}");
    let profile = demonstration.profile("counsel-a").await;
    let reason = profile["changes"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("Your sign-in was reset"), "{reason}");
    for (field, value) in [("email", &old["email"]), ("cell", &old["cell"])] {
        assert_eq!(&profile[field], value);
    }
}

/// REG-6, PRO-1: the registry records the number of somebody whom no sign-in opens; what a token asked for meanwhile is not put over it.
#[tokio::test]
async fn no_change_is_put_over_a_recorded_number() {
    let demonstration = Demonstration::start();
    let id = demonstration.of("counsel-a", "account_id");
    let reset = format!("/help-desk/accounts/{id}/sign-in-reset");
    demonstration
        .call(Method::POST, &reset, "help-desk", None)
        .await;
    let wish = object!({ "cell": "514 555-0666" });
    let (status, change) = demonstration.ask("counsel-a", wish).await;
    assert_eq!(status, StatusCode::CREATED, "the token is good as before");
    let path = format!("/registry/registrations/{id}/cell");
    let wish = object!({ "cell": "514 555-0167", "identity_document": "passport" });
    let recorded = demonstration
        .call(Method::PUT, &path, "registry", Some(wish))
        .await;
    assert_eq!(recorded.status(), StatusCode::OK);
    let apply = object!({ "decision": "apply" });
    let (status, _) = demonstration.decide(&change, apply).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let profile = demonstration.profile("counsel-a").await;
    assert_eq!(profile["changes"][0]["state"], "refused");
    assert_eq!(profile["cell"], "+15145550167");
}

/// PRO-1, REG-2: an access code that was sent to a cell number works no more once another number is applied.
#[tokio::test]
async fn an_applied_number_voids_the_codes_that_went_to_another() {
    let demonstration = Demonstration::start();
    let id = demonstration.of("counsel-a", "account_id");
    let path = format!("/registry/registrations/{id}/access-code");
    let issued = demonstration
        .call(Method::POST, &path, "registry", None)
        .await;
    assert_eq!(issued.status(), StatusCode::CREATED);
    let open_codes = format!(
        "SELECT hex(id) FROM access_code WHERE account = X'{}' AND voided_at IS NULL AND used_at IS NULL",
        id.replace('-', "")
    );
    assert_eq!(demonstration.rows(&open_codes).await.len(), 1);
    for (wish, open) in [
        (object!({ "language": "en" }), 1),
        (object!({ "cell": "514 555-0188" }), 0),
    ] {
        let (_, change) = demonstration.ask("counsel-a", wish).await;
        let apply = object!({ "decision": "apply" });
        let (status, _) = demonstration.decide(&change, apply).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(demonstration.rows(&open_codes).await.len(), open);
    }
}

/// PRO-1: of officers who decide at once one is first, and the others are told; everybody hears of it once.
#[tokio::test]
async fn officers_who_decide_at_once_decide_once() {
    let demonstration = Demonstration::start();
    let wish = object!({ "language": "en" });
    let (_, change) = demonstration.ask("counsel-a", wish).await;
    demonstration.advance("1s").await;
    let before = demonstration.mailbox().await.len();
    let decisions = (0..6).map(|number| {
        let refusal = object!({ "decision": "refuse", "reason": "Not this way." });
        let apply = object!({ "decision": "apply" });
        let decision = if number % 2 == 0 { apply } else { refusal };
        demonstration.decide(&change, decision)
    });
    let decided = futures_util::future::join_all(decisions).await;
    let first = decided
        .iter()
        .filter(|(status, _)| *status == StatusCode::OK);
    assert_eq!(first.count(), 1, "{decided:?}");
    let others = decided.iter().filter(|(status, problem)| {
        let kind = problem["type"].as_str().unwrap_or_default();
        *status == StatusCode::CONFLICT && kind.ends_with("decided-already")
    });
    assert_eq!(others.count(), 5, "{decided:?}");
    assert_eq!(demonstration.told_since(before).await.len(), 1);
    let profile = demonstration.profile("counsel-a").await;
    let applied = profile["changes"][0]["state"] == "applied";
    assert_eq!(profile["language"] == "en", applied);
}

/// A demonstration in which two counsel asked for a change, no notice reached anybody, and that statement broke a record.
async fn of_which_something_makes_no_sense(broken: &str) -> Demonstration {
    let demonstration = Demonstration::start();
    let wish = object!({ "email": "elise@new-firm.example" });
    for who in ["counsel-a", "counsel-b"] {
        demonstration.ask(who, wish.clone()).await;
    }
    let came_back = "UPDATE notice SET bounced_at = written_at";
    for statement in [came_back, broken] {
        assert_eq!(demonstration.sql(statement).await, "");
    }
    demonstration
}

/// a notice that makes no sense keeps neither the registry from its first page nor the others from its list.
#[tokio::test]
async fn a_notice_that_makes_no_sense_keeps_nobody_from_the_others() {
    let broken = "UPDATE notice SET language = 'klingon' WHERE id = (SELECT min(id) FROM notice)";
    let demonstration = of_which_something_makes_no_sense(broken).await;
    let there = demonstration.rows("SELECT hex(id) FROM notice").await;
    let listed = demonstration.get("/registry/undelivered?limit=100", "registry");
    let listed = json(listed.await).await;
    let shown = listed["items"].as_array().unwrap().len();
    assert!(shown > 0, "{listed}");
    assert_eq!(shown + 1, there.len(), "{listed}");
    let cookie = demonstration.sign_in("registry").await;
    for path in ["/en/", "/en/registry/undelivered"] {
        let call = demonstration.client.get(demonstration.page(path));
        let answer = call.header("cookie", &cookie).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    }
}

/// a demonstration that is started again knows its people by their sign-ins: whoever changed their address, or registered since, is there with
/// account and token, and what comes next for them too.
#[tokio::test]
async fn a_restarted_demonstration_knows_its_people() {
    let demonstration = Demonstration::start();
    let wish = object!({ "email": "elise@elsewhere.example" });
    let (_, change) = demonstration.ask("counsel-a", wish).await;
    let (status, told) = demonstration
        .decide(&change, object!({ "decision": "apply" }))
        .await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let cookie = demonstration.sign_in("new-counsel").await;
    let entry = object!({ "access_code": code(&demonstration).await });
    let registered = demonstration
        .by_cookie(Method::POST, "/registration", &cookie, Some(entry))
        .await;
    assert_eq!(registered.status(), StatusCode::OK);
    let accounts = ["counsel-a", "new-counsel"].map(|who| demonstration.of(who, "account_id"));
    let demonstration = demonstration.again();
    let again = ["counsel-a", "new-counsel"].map(|who| demonstration.of(who, "account_id"));
    assert_eq!(again, accounts);
    for who in ["counsel-a", "new-counsel"] {
        let me = demonstration.get("/me", who).await;
        assert_eq!(me.status(), StatusCode::OK, "{who}");
    }
    let clock = demonstration.client.get(demonstration.page("/demo/clock"));
    let clock = clock.header("accept", "text/html").send().await.unwrap();
    let page = clock.text().await.unwrap();
    assert!(page.contains("MC4-07042"), "a hearing of counsel-a: {page}");
}

/// X-9, PRO-1, DEL-6: nor does an account that makes no sense: the registry has both its lists, and a delegate the other counsel.
#[tokio::test]
async fn an_account_that_makes_no_sense_keeps_nobody_from_the_others() {
    let broken = "UPDATE account SET language = 'klingon' WHERE email LIKE 'counsel-a@%'";
    let demonstration = of_which_something_makes_no_sense(broken).await;
    let listed = async |path: &str, who: &str| {
        let listed = json(demonstration.get(path, who).await).await;
        listed["items"].as_array().map(Vec::len)
    };
    let there = demonstration.rows("SELECT hex(id) FROM notice").await;
    let undelivered = listed("/registry/undelivered?limit=100", "registry").await;
    assert_eq!(undelivered, Some(there.len()));
    assert_eq!(
        listed("/registry/profile-changes", "registry").await,
        Some(1)
    );
    assert_eq!(listed("/counsels", "delegate-ab").await, Some(1));
    for (who, path) in [
        ("registry", "/en/"),
        ("registry", "/en/registry/undelivered"),
        ("registry", "/en/registry/profile-changes"),
        ("delegate-ab", "/en/counsels"),
    ] {
        let cookie = demonstration.sign_in(who).await;
        let call = demonstration.client.get(demonstration.page(path));
        let answer = call.header("cookie", &cookie).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    }
}
