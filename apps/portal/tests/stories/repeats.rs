//! What is asked for again under the same idempotency key is answered as before and done once; under that key nothing else is done.
//! Delegations, submissions and documents from the tribunal have stories of their own.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json};

impl Demonstration {
    /// Asks under an idempotency key, with somebody's token.
    async fn under_key(
        &self,
        who: &str,
        method: Method,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let call = self.client.request(method, self.api(path));
        let call = call.bearer_auth(self.of(who, "token"));
        let mut call = call.header("idempotency-key", key);
        if let Some(body) = body {
            call = call.json(body);
        }
        let answer = call.send().await.unwrap();
        let status = answer.status();
        (status, answer.json().await.unwrap_or_default())
    }

    /// How many e-mails there are of which the subject has these words.
    async fn mails(&self, subject: &str) -> usize {
        self.advance("1s").await;
        let of = |mail: &&Value| mail["subject"].as_str().unwrap().contains(subject);
        self.mailbox().await.iter().filter(of).count()
    }
}

fn kind(problem: &Value) -> &str {
    let kind = problem["type"].as_str().unwrap_or_default();
    kind.trim_start_matches("urn:mondossier:problem:")
}

/// REG-1: a registration that is opened again under its key is the one that was opened; each thing that the form says makes it another one.
#[tokio::test]
async fn a_registration_is_opened_once() {
    let demonstration = Demonstration::start();
    let form = object!({
        "order": "cicc", "membership_number": "R600001", "given_name": "Grace", "family_name": "Okonkwo",
        "email": "somebody@firm.example", "cell": "514 555-0199", "language": "en", "identity_document": "passport",
    });
    let path = "/registry/registrations";
    let open = async |key: &str, form: &Value| {
        demonstration
            .under_key("registry", Method::POST, path, key, Some(form))
            .await
    };
    let (status, opened) = open("open", &form).await;
    assert_eq!(status, StatusCode::CREATED, "{opened}");
    assert_eq!(open("open", &form).await, (status, opened));
    for (field, value) in [
        ("order", "barreau-du-quebec"),
        ("membership_number", "R600002"),
        ("given_name", "Other"),
        ("family_name", "Other"),
        ("email", "other@firm.example"),
        ("cell", "514 555-0198"),
        ("language", "fr"),
        ("identity_document", "driving licence"),
    ] {
        let mut other = form.clone();
        other[field] = value.into();
        let (status, refused) = open("open", &other).await;
        assert_eq!(status, StatusCode::CONFLICT, "{field}");
        assert_eq!(kind(&refused), "idempotency-key-reused", "{field}");
        let told = refused["title"].as_str().unwrap();
        assert!(told.contains("for another request"), "{told}");
    }
    let (_, again) = open("another", &form).await;
    assert_eq!(kind(&again), "registration-opened-before");
}

/// REG-2: an access code that is issued again under its key sends no second message, and the first code stays good; a number that is recorded
/// again under its key tells nobody twice, and leaves a code that was issued since.
#[tokio::test]
async fn an_access_code_is_issued_once() {
    let demonstration = Demonstration::start();
    let of = |who: &str| {
        let id = demonstration.of(who, "account_id");
        format!("/registry/registrations/{id}")
    };
    let new = of("new-counsel");
    let ask = async |method: Method, path: &str, key: &str, body: Option<&Value>| {
        demonstration
            .under_key("registry", method, path, key, body)
            .await
    };
    let cell = format!("{new}/cell");
    let wish = object!({ "cell": "514 555-0167", "identity_document": "passport" });
    let (status, recorded) = ask(Method::PUT, &cell, "record", Some(&wish)).await;
    assert_eq!(status, StatusCode::OK, "{recorded}");

    let messages = async || demonstration.caught("text-messages").await.len();
    let before = messages().await;
    let code = format!("{new}/access-code");
    let (status, first) = ask(Method::POST, &code, "issue", None).await;
    assert_eq!(
        (status, &first["sent"]),
        (StatusCode::CREATED, &true.into())
    );
    let (status, second) = ask(Method::POST, &code, "issue", None).await;
    assert_eq!(status, StatusCode::CREATED, "{second}");
    assert_eq!(second["sent"], Value::Null, "nothing was sent");
    assert_eq!(first["issued_at"], second["issued_at"]);
    assert_eq!(messages().await, before + 1);
    let other = format!("{}/access-code", of("counsel-b"));
    let (_, reused) = ask(Method::POST, &other, "issue", None).await;
    assert_eq!(kind(&reused), "idempotency-key-reused");

    let (status, again) = ask(Method::PUT, &cell, "record", Some(&wish)).await;
    assert_eq!(status, StatusCode::OK, "{again}");
    assert_eq!(again["access_code"]["state"], "usable");
    assert_eq!(demonstration.mails("Cell number recorded").await, 1);
    for (field, value) in [("cell", "514 555-0168"), ("identity_document", "other")] {
        let mut other = wish.clone();
        other[field] = value.into();
        let (_, reused) = ask(Method::PUT, &cell, "record", Some(&other)).await;
        assert_eq!(kind(&reused), "idempotency-key-reused", "{field}");
    }
    let (_, another) = ask(Method::POST, &code, "issue another", None).await;
    assert_eq!(another["sent"], true);
    assert_eq!(messages().await, before + 2);
}

/// PRIV-1: a hold that is set again under its key is the one that was set, and one that is lifted again is lifted, though another was set since.
#[tokio::test]
async fn a_legal_hold_is_set_and_lifted_once() {
    let demonstration = Demonstration::start();
    let cases = demonstration.cases("counsel-a", "counsel-a").await;
    let path = |case: &Value| {
        let number = case["file_number"].as_str().unwrap();
        format!("/registry/cases/{number}/legal-hold")
    };
    let (case, other_case) = (path(&cases[0]), path(&cases[1]));
    let set = async |path: &str, key: &str, reason: &str| {
        let wish = object!({ "reason": reason });
        demonstration
            .under_key("registry", Method::POST, path, key, Some(&wish))
            .await
    };
    let (status, hold) = set(&case, "set", "IMM-1-27").await;
    assert_eq!(status, StatusCode::CREATED, "{hold}");
    assert_eq!(set(&case, "set", "IMM-1-27").await, (status, hold.clone()));
    for (path, reason) in [(&case, "IMM-2-27"), (&other_case, "IMM-1-27")] {
        let (_, reused) = set(path, "set", reason).await;
        assert_eq!(kind(&reused), "idempotency-key-reused", "{path} {reason}");
    }

    let one = format!("{case}/{}", hold["id"].as_str().unwrap());
    let lift = async |path: &str| {
        demonstration
            .under_key("registry", Method::DELETE, path, "lift", None)
            .await
    };
    assert_eq!(lift(&one).await.0, StatusCode::NO_CONTENT);
    let (status, next) = set(&case, "set another", "IMM-2-27").await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(lift(&one).await.0, StatusCode::NO_CONTENT);
    let next = format!("{case}/{}", next["id"].as_str().unwrap());
    let (_, reused) = lift(&next).await;
    assert_eq!(kind(&reused), "idempotency-key-reused");
    let standing = json(demonstration.get("/registry/legal-holds", "registry").await).await;
    assert_eq!(standing["items"][0]["reason"], "IMM-2-27", "{standing}");
}

/// PRO-1: a decision that is sent again under its key is answered as before, and its person is told once.
#[tokio::test]
async fn a_profile_change_is_decided_once() {
    let demonstration = Demonstration::start();
    let wish = Some(object!({ "language": "en" }));
    let asked = demonstration
        .call(Method::POST, "/me/profile/changes", "counsel-a", wish)
        .await;
    let id = json(asked).await["id"].as_str().unwrap().to_owned();
    let path = format!("/registry/profile-changes/{id}/decision");
    let decide = async |key: &str, decision: Value| {
        demonstration
            .under_key("registry", Method::POST, &path, key, Some(&decision))
            .await
    };
    let refuse = object!({ "decision": "refuse", "reason": "No document" });
    let (status, refused) = decide("decide", refuse.clone()).await;
    assert_eq!(
        (status, &refused["state"]),
        (StatusCode::OK, &"refused".into())
    );
    assert_eq!(decide("decide", refuse.clone()).await, (status, refused));
    for other in [
        object!({ "decision": "apply" }),
        object!({ "decision": "refuse", "reason": "Another" }),
    ] {
        let (_, told) = decide("decide", other).await;
        assert_eq!(kind(&told), "idempotency-key-reused");
    }
    let (_, late) = decide("another", refuse).await;
    assert_eq!(kind(&late), "decided-already");
    assert_eq!(demonstration.mails("Change refused").await, 1);
}

/// REG-6: a reset that is asked for again under its key is answered as before, and does not touch the sign-in that was bound since.
#[tokio::test]
async fn a_sign_in_is_reset_once() {
    let demonstration = Demonstration::start();
    let id = demonstration.of("counsel-b", "account_id");
    let path = format!("/help-desk/accounts/{id}/sign-in-reset");
    let reset = async |path: &str| {
        demonstration
            .under_key("help-desk", Method::POST, path, "reset", None)
            .await
    };
    let first = reset(&path).await;
    assert_eq!(first, (StatusCode::OK, object!({ "sign_ins": 1 })));
    let code = format!("/registry/registrations/{id}/access-code");
    demonstration
        .call(Method::POST, &code, "registry", None)
        .await;
    let cookie = demonstration.sign_in("counsel-b").await;
    let code = crate::registration::code(&demonstration).await;
    let entry = Some(object!({ "access_code": code }));
    let bound = demonstration
        .by_cookie(Method::POST, "/registration", &cookie, entry)
        .await;
    assert_eq!(bound.status(), StatusCode::OK);
    assert_eq!(reset(&path).await, first);
    let cookie = demonstration.sign_in("counsel-b").await;
    let me = demonstration
        .by_cookie(Method::GET, "/me", &cookie, None)
        .await;
    assert_eq!(
        me.status(),
        StatusCode::OK,
        "the sign-in that was bound since"
    );
    let other = demonstration.of("counsel-a", "account_id");
    let other = format!("/help-desk/accounts/{other}/sign-in-reset");
    let (_, reused) = reset(&other).await;
    assert_eq!(kind(&reused), "idempotency-key-reused");
    assert_eq!(demonstration.mails("Sign-in reset").await, 1);
}

/// a token that is made again under its key is not made again; its secret is told once, and whoever asks again is told which it was.
#[tokio::test]
async fn a_token_is_made_once() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-a").await;
    let ask = async |key: &str, wish: &Value| {
        let call = demonstration.client.post(demonstration.api("/me/tokens"));
        let call = call.header("cookie", &cookie);
        let call = call.header("sec-fetch-site", "same-origin");
        let call = call.header("idempotency-key", key).json(wish);
        let answer = call.send().await.unwrap();
        (answer.status(), json(answer).await)
    };
    let held = async || {
        let listed = demonstration.by_cookie(Method::GET, "/me/tokens", &cookie, None);
        let listed = json(listed.await).await;
        listed["items"].as_array().unwrap().len()
    };
    let before = held().await;
    let wish = object!({ "label": "software", "scopes": ["read"], "days": 30 });
    let (status, made) = ask("make", &wish).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let (status, again) = ask("make", &wish).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(kind(&again), "token-made-before");
    assert_eq!(again["token_id"], made["token"]["id"]);
    assert!(again["secret"].is_null());
    for (field, value) in [
        ("label", "other".into()),
        ("scopes", object!(["read", "submit"])),
        ("days", 31.into()),
    ] {
        let mut other = wish.clone();
        other[field] = value;
        let (_, reused) = ask("make", &other).await;
        assert_eq!(kind(&reused), "idempotency-key-reused", "{field}");
    }
    assert_eq!(held().await, before + 1);
    let (status, another) = ask("another", &wish).await;
    assert_eq!(status, StatusCode::CREATED, "{another}");
}

/// The key in a page's forms.
fn key_in(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"key\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

impl Demonstration {
    /// Sends a page's form: the status, where it leads, and what is told.
    pub async fn posted(
        &self,
        cookie: &str,
        address: &str,
        fields: &[(&str, &str)],
    ) -> (StatusCode, String, String) {
        let call = self.client.post(self.page(address));
        let call = call.header("cookie", cookie);
        let call = call.header("sec-fetch-site", "same-origin").form(fields);
        let answer = call.send().await.unwrap();
        let leads_to = answer.headers().get("location");
        let leads_to = leads_to.map_or("", |place| place.to_str().unwrap());
        let (status, leads_to) = (answer.status(), leads_to.to_owned());
        (status, leads_to, answer.text().await.unwrap())
    }

    /// Opens a page and presses a button of it twice at once, and once more later: where that leads.
    async fn pressed_twice(
        &self,
        cookie: &str,
        page: &str,
        address: &str,
        fields: &[(&str, &str)],
    ) -> String {
        let opened = self.client.get(self.page(page)).header("cookie", cookie);
        let key = key_in(&opened.send().await.unwrap().text().await.unwrap());
        self.pressed_twice_under(&key, cookie, address, fields)
            .await
    }

    async fn pressed_twice_under(
        &self,
        key: &str,
        cookie: &str,
        address: &str,
        fields: &[(&str, &str)],
    ) -> String {
        let fields = [fields, &[("key", key)]].concat();
        let (one, two) = tokio::join!(
            self.posted(cookie, address, &fields),
            self.posted(cookie, address, &fields)
        );
        let three = self.posted(cookie, address, &fields).await;
        for (status, _, page) in [&one, &two, &three] {
            assert_eq!(*status, StatusCode::SEE_OTHER, "{address}: {page}");
        }
        three.1
    }
}

/// DEL-2, DEL-4, Q-2: a second click on a page invites nobody twice, renews nothing twice and ends nothing twice, and looks like the first.
#[tokio::test]
async fn a_second_click_delegates_nothing_twice() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let counsel = demonstration.of("counsel-b", "account_id");
    let list = format!("/en/counsels/{counsel}/delegates");
    let invite = format!("{list}/new");
    let cookie = demonstration.sign_in("counsel-b").await;
    let typed = [
        ("given_name", "Noor"),
        ("family_name", "Typed"),
        ("email", "noor.typed@firm.example"),
        ("language", "en"),
        ("question-1", "Which bird?"),
        ("answer-1", "A heron"),
    ];
    let review = [&typed[..], &[("act", "review")]].concat();
    let (_, _, review) = demonstration.posted(&cookie, &invite, &review).await;
    let key = key_in(&review);
    let send = [("terms", "accepted"), ("act", "send")];
    let send = [&typed[..], &send].concat();
    let leads_to = demonstration
        .pressed_twice_under(&key, &cookie, &invite, &send)
        .await;
    assert!(leads_to.ends_with("?done=invited"), "{leads_to}");
    let mut other = send.clone();
    other[0].1 = "Other";
    other.push(("key", &key));
    let (status, _, page) = demonstration.posted(&cookie, &invite, &other).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("Something was sent"), "{page}");
    let held = demonstration.delegations("counsel-b").await;
    let theirs = held
        .iter()
        .filter(|one| one["delegate"]["family_name"] == "Typed");
    assert_eq!(theirs.count(), 1);

    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    let id = running["id"].as_str().unwrap();
    demonstration.advance("20d").await;
    let cookie = demonstration.sign_in("counsel-b").await;
    for page in [list.as_str(), "/en/account"] {
        let renew = [("renew", id)];
        let leads_to = demonstration
            .pressed_twice(&cookie, page, &list, &renew)
            .await;
        assert!(leads_to.ends_with("?done=renewed"), "{leads_to}");
    }
    let end = [("confirmed", id)];
    let leads_to = demonstration
        .pressed_twice(&cookie, &list, &list, &end)
        .await;
    assert!(leads_to.ends_with("?done=ended"), "{leads_to}");
    assert_eq!(demonstration.mails("Delegation renewed").await, 2);
    assert_eq!(demonstration.mails("Delegation ended").await, 2);
    let invited = async |to: &str| {
        let of = |mail: &&Value| mail["to"] == to;
        demonstration.mailbox().await.iter().filter(of).count()
    };
    assert_eq!(invited("noor.typed@firm.example").await, 1);
}

/// PRO-1, Q-2: a second click in My Profile asks for a change once and takes it back once, and tells of no conflict with the first.
#[tokio::test]
async fn a_second_click_in_my_profile_does_nothing_twice() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-a").await;
    let change = "/en/account/change";
    let form = [
        ("given_name", "Camille"),
        ("family_name", "Typed"),
        ("email", "counsel-a@demonstration.example"),
        ("cell", ""),
        ("language", "en"),
    ];
    let leads_to = demonstration
        .pressed_twice(&cookie, change, change, &form)
        .await;
    assert!(leads_to.ends_with("?done=asked"), "{leads_to}");
    assert_eq!(demonstration.mails("Change requested").await, 1);
    let account = "/en/account";
    let shown = demonstration.client.get(demonstration.page(account));
    let shown = shown.header("cookie", &cookie).send().await.unwrap();
    let shown = shown.text().await.unwrap();
    let (_, id) = shown.split_once("name=\"withdraw\" value=\"").unwrap();
    let withdraw = [("withdraw", &id[..36])];
    let leads_to = demonstration
        .pressed_twice(&cookie, account, account, &withdraw)
        .await;
    assert!(leads_to.ends_with("?done=withdrawn"), "{leads_to}");
    assert_eq!(demonstration.mails("Change withdrawn").await, 1);
}

/// REG-1, REG-2, REG-6, PRO-1, PRIV-1, Q-2: a second click at the registry or the help desk sends nothing twice, and tells of no conflict with the
/// first.
#[tokio::test]
async fn a_second_click_at_the_tribunal_does_nothing_twice() {
    let demonstration = Demonstration::start();
    let wish = Some(object!({ "language": "en" }));
    let asked = demonstration
        .call(Method::POST, "/me/profile/changes", "counsel-a", wish)
        .await;
    let change = json(asked).await["id"].as_str().unwrap().to_owned();
    let cookie = demonstration.sign_in("registry").await;
    let press = async |page: &str, address: &str, fields: &[(&str, &str)]| {
        demonstration
            .pressed_twice(&cookie, page, address, fields)
            .await
    };
    let open = "/en/registry/registrations/new";
    let form = [
        ("order", "cicc"),
        ("membership_number", "R600001"),
        ("given_name", "Grace"),
        ("family_name", "Okonkwo"),
        ("email", "somebody@firm.example"),
        ("cell", "514 555-0199"),
        ("language", "en"),
        ("identity_document", "passport"),
    ];
    let opened = press(open, open, &form).await;
    let cell = [
        ("act", "cell"),
        ("cell", "514 555-0167"),
        ("identity_document", "passport"),
    ];
    let leads_to = press(&opened, &opened, &cell).await;
    assert!(leads_to.ends_with("?sent=number"), "{leads_to}");
    assert_eq!(demonstration.mails("Cell number recorded").await, 1);
    let before = demonstration.caught("text-messages").await.len();
    let leads_to = press(&opened, &opened, &[("act", "issue")]).await;
    assert!(leads_to.ends_with("?sent=before"), "{leads_to}");
    let told = demonstration.client.get(demonstration.page(&leads_to));
    let told = told.header("cookie", &cookie).send().await.unwrap();
    let told = told.text().await.unwrap();
    assert!(told.contains("pressing twice sent no second one"), "{told}");
    let messages = demonstration.caught("text-messages").await.len();
    assert_eq!(messages, before + 1);

    let decision = format!("/en/registry/profile-changes/{change}");
    let refuse = [("decision", "refuse"), ("reason", "No document")];
    press(&decision, &decision, &refuse).await;
    assert_eq!(demonstration.mails("Change refused").await, 1);

    let cases = demonstration.cases("counsel-a", "counsel-a").await;
    let number = cases[0]["file_number"].as_str().unwrap();
    let case = format!("/en/registry/cases/{number}");
    let hold = format!("{case}/hold");
    press(&case, &hold, &[("reason", "IMM-1-27")]).await;
    let shown = demonstration.client.get(demonstration.page(&case));
    let shown = shown.header("cookie", &cookie).send().await.unwrap();
    let shown = shown.text().await.unwrap();
    let (_, lift) = shown.split_once("name=\"lift\" value=\"").unwrap();
    press(&case, &hold, &[("lift", &lift[..36])]).await;

    let help_desk = demonstration.sign_in("help-desk").await;
    let found = demonstration.of("counsel-a", "account_id");
    let found = format!("/en/help-desk/accounts/{found}");
    let leads_to = demonstration
        .pressed_twice(&help_desk, &found, &found, &[("act", "reset-sign-in")])
        .await;
    assert!(leads_to.ends_with("?done=reset-sign-in"), "{leads_to}");
    assert_eq!(demonstration.mails("Sign-in reset").await, 1);
}

/// PRIV-1, Q-2: a page that a browser had kept is not told that what it sends is done because it was done once: it may have been undone since.
#[tokio::test]
async fn a_page_that_was_kept_is_not_answered_as_a_second_click() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("registry").await;
    let cases = demonstration.cases("counsel-a", "counsel-a").await;
    let case = format!(
        "/en/registry/cases/{}",
        cases[0]["file_number"].as_str().unwrap()
    );
    let hold = format!("{case}/hold");
    let opened = async || {
        let page = demonstration.client.get(demonstration.page(&case));
        let page = page.header("cookie", &cookie).send().await.unwrap();
        page.text().await.unwrap()
    };
    let kept = key_in(&opened().await);
    let setting = [("reason", "IMM-1-27"), ("key", kept.as_str())];
    let (status, ..) = demonstration.posted(&cookie, &hold, &setting).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let shown = opened().await;
    let (_, lift) = shown.split_once("name=\"lift\" value=\"").unwrap();
    let lifting = [("lift", &lift[..36]), ("key", &key_in(&shown))];
    let (status, ..) = demonstration.posted(&cookie, &hold, &lifting).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    demonstration.advance("3m").await;
    let (status, _, page) = demonstration.posted(&cookie, &hold, &setting).await;
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    assert!(page.contains("sent from this page before"), "{page}");
    let again = [("reason", "IMM-1-27"), ("key", &key_in(&page))];
    let (status, ..) = demonstration.posted(&cookie, &hold, &again).await;
    assert_eq!(
        status,
        StatusCode::SEE_OTHER,
        "the page that comes back lets it go"
    );
}

/// DEL-2, Q-2: an answer that was wrong is one try, however often its request comes; right ones that are sent twice are accepted once, by the page
/// too.
#[tokio::test]
async fn an_invitation_is_answered_once() {
    let demonstration = Demonstration::start();
    let wish = crate::delegation::invitation(1);
    let (status, invited) = demonstration.invite("counsel-b", wish).await;
    assert_eq!(status, StatusCode::CREATED, "{invited}");
    demonstration.advance("1s").await;
    let number = demonstration.number_sent_to("person-1@firm.example").await;
    let id = invited["id"].as_str().unwrap();
    let cookie = demonstration.sign_in("delegate-a").await;
    let path = demonstration.api(&format!("/invitations/{id}/acceptance"));
    let tries_left = async |key: &str| {
        let call = demonstration.client.post(&path).header("cookie", &cookie);
        let call = call
            .header("sec-fetch-site", "same-origin")
            .header("idempotency-key", key);
        let answers = object!({ "answers": ["green folder"], "number": number });
        json(call.json(&answers).send().await.unwrap()).await["tries_left"].clone()
    };
    assert_eq!(tries_left("one").await, 4);
    assert_eq!(tries_left("one").await, 4);
    assert_eq!(tries_left("another").await, 3);

    let page = demonstration
        .client
        .get(demonstration.page("/en/invitations"));
    let page = page.header("cookie", &cookie).send().await.unwrap();
    let page = page.text().await.unwrap();
    let owner = "name=\"sign_in\" value=\"";
    let (_, owner) = page.split_once(owner).unwrap();
    let answering = [
        ("sign_in", &owner[..36]),
        ("invitation", id),
        ("number", &number),
        ("answer", "blue folder"),
        ("act", "accept"),
    ];
    let leads_to = demonstration
        .pressed_twice_under("kept", &cookie, "/en/invitations", &answering)
        .await;
    assert_eq!(leads_to, "/en/counsels?done=accepted");
}

/// DEL-2, SEC-1, Q-2: of whoever has no account yet a second click is no second try, either. Under the page's key no other answers are compared,
/// right ones neither; the page that comes back has a key of its own.
#[tokio::test]
async fn a_second_click_of_a_stranger_is_no_second_try() {
    let demonstration = Demonstration::start();
    let wish = crate::delegation::invitation(1);
    let (status, invited) = demonstration.invite("counsel-b", wish).await;
    assert_eq!(status, StatusCode::CREATED, "{invited}");
    demonstration.advance("1s").await;
    let number = demonstration.number_sent_to("person-1@firm.example").await;
    let id = invited["id"].as_str().unwrap();
    let cookie = demonstration.sign_in("stranger").await;
    let press = async |key: &str, answer: &str| {
        let answering = [
            ("invitation", id),
            ("number", number.as_str()),
            ("answer", answer),
            ("privacy_statement", "accepted"),
            ("act", "accept"),
            ("key", key),
        ];
        let address = "/en/invitations";
        let (_, _, page) = demonstration.posted(&cookie, address, &answering).await;
        page
    };
    let (one, two) = tokio::join!(
        press("shown", "green folder"),
        press("shown", "green folder")
    );
    let three = press("shown", "green folder").await;
    for page in [&one, &two, &three] {
        assert!(page.contains("You have 4 tries left"), "{page}");
    }
    let other = press("shown", "blue folder").await;
    assert!(other.contains("sent from this page before"), "{other}");
    let mut next = press(&key_in(&three), "green folder").await;
    assert!(next.contains("You have 3 tries left"), "{next}");
    for left in ["You have 2 tries left", "You have one try left"] {
        next = press(&key_in(&next), "green folder").await;
        assert!(next.contains(left), "{next}");
    }
    // The last of them blocks, and both clicks of it are told so.
    let last = key_in(&next);
    let (one, two) = tokio::join!(press(&last, "green folder"), press(&last, "green folder"));
    for page in [&one, &two] {
        assert!(page.contains("Your access is blocked"), "{page}");
    }
}

/// X-2, CASE-1: a submission that is sent again is answered as before, but for what went on a case that was lost since.
#[tokio::test]
async fn a_repeat_tells_nothing_of_a_lost_case() {
    let demonstration = Demonstration::start();
    let [of_a, of_b] = ["counsel-a", "counsel-b"].map(|who| demonstration.of(who, "account_id"));
    let number = "VB9-77072";
    let fed = crate::feed::case(number, Some(&of_a));
    let (status, said) = demonstration.feed(number, &fed).await;
    assert_eq!(status, StatusCode::CREATED, "{said}");
    let submissions = demonstration.submissions().await;
    let also = async || {
        let form = reqwest::multipart::Form::new()
            .text("document_type", "disclosure")
            .text("also_on", number);
        let file = reqwest::multipart::Part::bytes(crate::portal::pdf(10)).file_name("a.pdf");
        let call = demonstration.client.post(demonstration.api(&submissions));
        let call = call.bearer_auth(demonstration.of("counsel-a", "token"));
        let call = call
            .header("idempotency-key", "joined")
            .multipart(form.part("file", file));
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        json(answer).await["also"].as_array().map(Vec::len)
    };
    assert_eq!(also().await, Some(1));
    assert_eq!(also().await, Some(1));
    let lost = crate::feed::case(number, Some(&of_b));
    demonstration.feed(number, &lost).await;
    assert_eq!(also().await, Some(0));
}

/// BOX-1, Q-2: the registry's page that sent a document before its case moved does not say that the counsel of now has it: it comes back, and
/// sends it to them. A page that is days old does not, either.
#[tokio::test]
async fn a_document_is_not_told_as_sent_to_another_counsel() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("registry").await;
    let [of_a, of_b] = ["counsel-a", "counsel-b"].map(|who| demonstration.of(who, "account_id"));
    let number = "VB9-77073";
    let feed = async |counsel: &str| {
        let fed = crate::feed::case(number, Some(counsel));
        demonstration.feed(number, &fed).await;
    };
    let case = format!("/en/registry/cases/{number}");
    let send = async |key: &str| {
        let file = reqwest::multipart::Part::bytes(crate::portal::pdf(10)).file_name("a.pdf");
        let form = reqwest::multipart::Form::new()
            .text("key", key.to_owned())
            .text("document_type", "letter")
            .text("title", "Notice of the hearing")
            .part("file", file);
        let call = demonstration.client.post(demonstration.page(&case));
        let call = call.header("sec-fetch-site", "same-origin").multipart(form);
        let answer = call.header("cookie", &cookie).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let by_counsel = "SELECT DISTINCT hex(counsel) FROM inbox_item WHERE case_file = \
        (SELECT id FROM case_file WHERE file_number = 'VB9-77073')";
    feed(&of_a).await;
    let opened = demonstration.client.get(demonstration.page(&case));
    let opened = opened.header("cookie", &cookie).send().await.unwrap();
    let kept = key_in(&opened.text().await.unwrap());
    assert_eq!(send(&kept).await.0, StatusCode::SEE_OTHER);
    assert_eq!(send(&kept).await.0, StatusCode::SEE_OTHER, "a second click");
    assert_eq!(demonstration.rows(by_counsel).await.len(), 1);

    feed(&of_b).await;
    let (status, page) = send(&kept).await;
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    assert!(page.contains("sent from this page before"), "{page}");
    let next = key_in(&page);
    assert_eq!(send(&next).await.0, StatusCode::SEE_OTHER);
    assert_eq!(demonstration.rows(by_counsel).await.len(), 2);
    demonstration.advance("3m").await;
    assert_eq!(send(&next).await.0, StatusCode::CONFLICT);
}
