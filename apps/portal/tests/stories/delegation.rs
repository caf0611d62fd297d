//! Delegation, its whole life over the API (DEL-1 … DEL-8, REG-4, MAIL-2).

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::portal::{Demonstration, json};

fn kind(problem: &Value) -> &str {
    let kind = problem["type"].as_str().unwrap();
    kind.trim_start_matches("urn:mondossier:problem:")
}

pub fn invitation(number: usize) -> Value {
    object!({
        "given_name": "Person", "family_name": format!("Number{number}"), "email": format!("person-{number}@firm.example"),
        "language": "fr", "questions": [{ "question": "Our first file?", "answer": "Blue  Folder" }], "accept_terms": true,
    })
}

impl Demonstration {
    /// The invitation number that an e-mail to that address says.
    pub async fn number_sent_to(&self, address: &str) -> String {
        let mailbox = self.mailbox().await;
        let mail = mailbox.iter().find(|mail| mail["to"] == address).unwrap();
        let body = mail["body"].as_str().unwrap();
        body.split(char::is_whitespace)
            .map(|word| word.trim_end_matches('.'))
            .find(|word| word.len() == 12 && word.matches('-').count() == 2)
            .expect("the e-mail says the number")
            .to_owned()
    }

    pub async fn delegations(&self, counsel: &str) -> Vec<Value> {
        let path = format!("/counsels/{}/delegations", self.of(counsel, "account_id"));
        let listed = json(self.call(Method::GET, &path, counsel, None).await).await;
        listed["items"].as_array().unwrap().clone()
    }

    pub async fn invite(&self, counsel: &str, invitation: Value) -> (StatusCode, Value) {
        let path = format!("/counsels/{}/delegations", self.of(counsel, "account_id"));
        let answer = self
            .call(Method::POST, &path, counsel, Some(invitation))
            .await;
        (answer.status(), json(answer).await)
    }

    async fn sees_cases(&self, cookie: &str, counsel: &str) -> bool {
        let path = format!("/counsels/{}/cases", self.of(counsel, "account_id"));
        let answer = self.by_cookie(Method::GET, &path, cookie, None).await;
        answer.status() == StatusCode::OK
    }

    /// new-delegate signs in, answers, and gets the cookie that opens the new account.
    pub async fn new_delegate_accepts(&self) -> String {
        let cookie = self.sign_in("new-delegate").await;
        self.new_delegate_accepts_in(&cookie).await
    }

    /// new-delegate answers in the browser of that cookie, and gets the one that opens the new account.
    pub async fn new_delegate_accepts_in(&self, cookie: &str) -> String {
        let invitations = json(
            self.by_cookie(Method::GET, "/invitations", cookie, None)
                .await,
        )
        .await;
        let id = invitations["items"][0]["id"].as_str().unwrap();
        let answer = self.told["secrets"]["new-delegate"][0]["answer"]
            .as_str()
            .unwrap();
        let path = format!("/invitations/{id}/acceptance");
        let answers = object!({ "answers": [format!("  {}", answer.to_uppercase())] });
        let accepted = self
            .by_cookie(Method::POST, &path, cookie, Some(answers))
            .await;
        assert_eq!(accepted.status(), StatusCode::OK);
        let cookie = accepted.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    pub async fn delegation_of_new_delegate(&self) -> Option<Value> {
        let delegations = self.delegations("counsel-b").await;
        delegations
            .into_iter()
            .find(|one| one["delegate"]["given_name"] == "Marc-André")
    }
}

/// DEL-2, DEL-3, DEL-4, REG-4: an invited person signs in, answers, and has access until the instant of day 60; renewal at day 65 brings it
/// back without registration; at day 70 it is too late. No job decides any of it.
#[tokio::test]
async fn a_delegation_lives_and_ends() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.new_delegate_accepts().await;
    assert!(demonstration.sees_cases(&cookie, "counsel-b").await);
    assert!(!demonstration.sees_cases(&cookie, "counsel-a").await);
    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    assert_eq!(running["state"], "active");

    demonstration.advance("50d").await;
    assert_eq!(
        demonstration.delegation_of_new_delegate().await.unwrap()["state"],
        "renewal-due"
    );
    demonstration.advance("239h").await;
    let cookie = demonstration.sign_in("new-delegate").await;
    assert!(
        demonstration.sees_cases(&cookie, "counsel-b").await,
        "day 59, 23 h"
    );
    demonstration.advance("1h").await;
    let cookie = demonstration.sign_in("new-delegate").await;
    assert!(
        !demonstration.sees_cases(&cookie, "counsel-b").await,
        "day 60"
    );
    demonstration.advance("5d").await;
    let expired = demonstration.delegation_of_new_delegate().await.unwrap();
    assert_eq!(expired["state"], "expired");
    let counsel = demonstration.of("counsel-b", "account_id");
    let renewal = format!(
        "/counsels/{counsel}/delegations/{}/renewal",
        expired["id"].as_str().unwrap()
    );
    let renewed = demonstration
        .call(Method::POST, &renewal, "counsel-b", None)
        .await;
    assert_eq!(renewed.status(), StatusCode::OK);
    let cookie = demonstration.sign_in("new-delegate").await;
    assert!(
        demonstration.sees_cases(&cookie, "counsel-b").await,
        "renewed at day 65"
    );

    demonstration.advance("70d").await;
    let late = demonstration
        .call(Method::POST, &renewal, "counsel-b", None)
        .await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    assert_eq!(kind(&json(late).await), "delegation-lapsed");
    assert!(
        demonstration.delegation_of_new_delegate().await.is_none(),
        "off the list"
    );
}

/// DEL-3, MAIL-2: counsel ends a delegation; access is gone at the next request, and both are told.
#[tokio::test]
async fn ending_cuts_off_at_the_next_request() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.new_delegate_accepts().await;
    assert!(demonstration.sees_cases(&cookie, "counsel-b").await);
    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    let counsel = demonstration.of("counsel-b", "account_id");
    let path = format!(
        "/counsels/{counsel}/delegations/{}",
        running["id"].as_str().unwrap()
    );
    let by_delegate = demonstration
        .by_cookie(Method::DELETE, &path, &cookie, None)
        .await;
    assert_eq!(by_delegate.status(), StatusCode::FORBIDDEN, "DEL-5");
    let ended = demonstration
        .call(Method::DELETE, &path, "counsel-b", None)
        .await;
    assert_eq!(ended.status(), StatusCode::OK);
    assert!(!demonstration.sees_cases(&cookie, "counsel-b").await);
    let again = demonstration
        .call(Method::DELETE, &path, "counsel-b", None)
        .await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    demonstration.advance("1s").await;
    let mails = demonstration.mailbox().await;
    for to in ["counsel-b", "new-delegate"] {
        let to = format!("{to}@demonstration.example");
        let told = mails.iter().filter(|mail| mail["to"] == to.as_str());
        assert!(told.into_iter().any(|mail| {
            mail["subject"]
                .as_str()
                .unwrap()
                .contains("Delegation ended")
        }));
    }
}

/// DEL-3, MAIL-2: counsel is reminded at day 50, once per term, however often the job runs; a renewal begins a new term with a new reminder.
#[tokio::test]
async fn counsel_is_reminded_once_per_term() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    let reminders = async || {
        demonstration.advance("1s").await;
        let mails = demonstration.mailbox().await;
        let to_renew = |mail: &&Value| {
            mail["to"] == "counsel-b@demonstration.example"
                && mail["subject"]
                    .as_str()
                    .unwrap()
                    .contains("Delegation to renew")
        };
        mails.iter().filter(to_renew).count()
    };
    // The delegation that the demonstration began five days earlier is reminded of on the way.
    demonstration.advance("49d").await;
    assert_eq!(reminders().await, 1);
    demonstration.advance("1d").await;
    assert_eq!(reminders().await, 2);
    demonstration.advance("3d").await;
    assert_eq!(reminders().await, 2);
    let counsel = demonstration.of("counsel-b", "account_id");
    let renewal = format!(
        "/counsels/{counsel}/delegations/{}/renewal",
        running["id"].as_str().unwrap()
    );
    let renewed = demonstration
        .call(Method::POST, &renewal, "counsel-b", None)
        .await;
    assert_eq!(renewed.status(), StatusCode::OK);
    assert_eq!(reminders().await, 2);
    demonstration.advance("50d").await;
    assert_eq!(reminders().await, 3);
}

/// DEL-3: a job that did not run for three days after day 50 reminds all the same, and of eight workers that then run it at once, as
/// processes of their own, only one writes the reminder.
#[tokio::test]
async fn eight_late_workers_remind_once() {
    let demonstration = Demonstration::start();
    let clock = demonstration.page("/demo/clock");
    let clock = demonstration.client.get(clock);
    let clock = clock.header("accept", "application/json");
    let now = json(clock.send().await.unwrap()).await["now"].clone();
    let now = OffsetDateTime::parse(now.as_str().unwrap(), &Rfc3339).unwrap();
    let at = (now + Duration::days(48)).format(&Rfc3339).unwrap();
    let jobs = std::path::Path::new(env!("CARGO_BIN_EXE_portal")).with_file_name("jobs");
    let workers: Vec<_> = (0..8)
        .map(|_| {
            std::process::Command::new(&jobs)
                .args([
                    "run",
                    "delegation-reminders",
                    "--at",
                    &at,
                    "--demonstration",
                ])
                .arg(demonstration.folder.path())
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut reminders = 0;
    for worker in workers {
        let done = worker.wait_with_output().unwrap();
        assert!(done.status.success());
        let told: Value = serde_json::from_slice(&done.stdout).unwrap();
        reminders += told["done"]["reminders"].as_u64().unwrap();
    }
    // Of the three delegations that run, counsel-b's began five days ago; counsel-a's two are past day 60 by then.
    assert_eq!(reminders, 1);
}

/// MAIL-2: both are told when the access is gone at day 60, once.
#[tokio::test]
async fn both_are_told_when_access_is_gone() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let told = async |to: &str| {
        demonstration.advance("1s").await;
        let mails = demonstration.mailbox().await;
        let to = format!("{to}@demonstration.example");
        let ended = |mail: &&Value| {
            let body = mail["body"].as_str().unwrap();
            mail["to"] == to.as_str() && body.contains("the counsel can still renew it")
        };
        mails.iter().filter(ended).count()
    };
    demonstration.advance("59d").await;
    assert_eq!(told("new-delegate").await, 0);
    demonstration.advance("1d").await;
    assert_eq!(told("new-delegate").await, 1);
    // Of two delegations of counsel-b both are over by then.
    assert_eq!(told("counsel-b").await, 2);
    demonstration.advance("5d").await;
    assert_eq!(told("new-delegate").await, 1);
}

/// DEL-1: eight who invite at the same time with two places free: two are invited, and each of the others is told why not.
#[tokio::test]
async fn eight_invitations_fill_two_places() {
    let demonstration = Demonstration::start();
    let all = (0..8).map(|number| demonstration.invite("counsel-a", invitation(number)));
    let answers = futures_util::future::join_all(all).await;
    let (invited, refused): (Vec<_>, Vec<_>) = answers
        .iter()
        .partition(|(status, _)| *status == StatusCode::CREATED);
    assert_eq!(invited.len(), 2, "counsel-a has two delegates");
    for (_, problem) in refused {
        assert_eq!(kind(problem), "no-place-left");
    }
    assert_eq!(demonstration.delegations("counsel-a").await.len(), 4);
    let same = demonstration.invite("counsel-b", invitation(1)).await;
    assert_eq!(same.0, StatusCode::CREATED);
    let same = demonstration.invite("counsel-b", invitation(1)).await;
    assert_eq!(kind(&same.1), "already-delegate");
    let without_terms = Value::Object(
        [("accept_terms".to_owned(), Value::Bool(false))]
            .into_iter()
            .fold(
                invitation(5).as_object().unwrap().clone(),
                |mut all, (name, value)| {
                    all.insert(name, value);
                    all
                },
            ),
    );
    let refused = demonstration.invite("counsel-b", without_terms).await;
    assert_eq!(kind(&refused.1), "terms-not-accepted");
}

/// DEL-2, SEC-1: wrong answers count, and the fifth blocks; an invitation is seen by nobody else; one that nobody takes up lapses.
#[tokio::test]
async fn wrong_answers_block_and_invitations_lapse() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("new-delegate").await;
    let listed = demonstration
        .by_cookie(Method::GET, "/invitations", &cookie, None)
        .await;
    let id = json(listed).await["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/invitations/{id}/acceptance");
    let stranger = demonstration.sign_in("stranger").await;
    let theirs = demonstration
        .by_cookie(Method::GET, "/invitations", &stranger, None)
        .await;
    assert_eq!(json(theirs).await["items"], object!([]));
    let wrong = object!({ "answers": ["Gaspé"] });
    let refused = demonstration
        .by_cookie(Method::POST, &path, &stranger, Some(wrong.clone()))
        .await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
    for left in (1..5).rev() {
        let refused = demonstration
            .by_cookie(Method::POST, &path, &cookie, Some(wrong.clone()))
            .await;
        assert_eq!(json(refused).await["tries_left"], left);
    }
    let blocked = demonstration
        .by_cookie(Method::POST, &path, &cookie, Some(wrong.clone()))
        .await;
    assert_eq!(blocked.status(), StatusCode::LOCKED);
    assert!(json(blocked).await["lock_code"].is_string());

    let demonstration = Demonstration::start();
    demonstration.advance("10d").await;
    let cookie = demonstration.sign_in("new-delegate").await;
    let listed = demonstration
        .by_cookie(Method::GET, "/invitations", &cookie, None)
        .await;
    assert_eq!(json(listed).await["items"], object!([]));
    assert!(demonstration.delegation_of_new_delegate().await.is_none());
}

/// DEL-2, SEC-1: whoever signs in anew has tries of their own, but an invitation has only so many. The last wrong one closes it, whoever gave
/// it: right answers come too late, its place is free, and counsel is told.
#[tokio::test]
async fn wrong_answers_close_an_invitation() {
    let few = ("MONDOSSIER__TERMS__WRONG_ANSWERS_AT_MOST", "3");
    let demonstration = Demonstration::start_with(tempfile::tempdir().unwrap(), &[few]);
    let (status, invited) = demonstration.invite("counsel-a", invitation(1)).await;
    assert_eq!(status, StatusCode::CREATED);
    demonstration.advance("1s").await;
    let number = demonstration.number_sent_to("person-1@firm.example").await;
    let path = format!(
        "/invitations/{}/acceptance",
        invited["id"].as_str().unwrap()
    );
    let answer = async |cookie: &str, answer: &str| {
        let answers = object!({ "answers": [answer], "number": number });
        let told = demonstration.by_cookie(Method::POST, &path, cookie, Some(answers));
        json(told.await).await
    };
    let places = async || demonstration.delegations("counsel-a").await.len();
    let held = places().await;
    let one = demonstration.sign_in("stranger").await;
    let other = demonstration.sign_in("new-delegate").await;
    assert_eq!(answer(&one, "green folder").await["tries_left"], 2);
    assert_eq!(answer(&one, "red folder").await["tries_left"], 1);
    assert_eq!(places().await, held);
    let last = answer(&other, "grey folder").await;
    assert_eq!(kind(&last), "invitation-over");
    let right = answer(&one, "blue folder").await;
    assert_eq!(kind(&right), "invitation-over");
    assert_eq!(places().await, held - 1);
    demonstration.advance("1s").await;
    let mails = demonstration.mailbox().await;
    let told = mails.iter().filter(|mail| {
        let subject = mail["subject"].as_str().unwrap();
        subject.contains("Invitation closed") && subject.contains("Invitation fermée")
    });
    let told: Vec<&Value> = told.map(|mail| &mail["to"]).collect();
    assert_eq!(told, ["counsel-a@demonstration.example"]);
}

/// DEL-2: an invitation is an e-mail to whatever address counsel enters, so that there are only so many within a day, withdrawn ones included.
#[tokio::test]
async fn counsel_sends_only_so_many_invitations_a_day() {
    let few = ("MONDOSSIER__TERMS__INVITATIONS_PER_DAY", "2");
    let demonstration = Demonstration::start_with(tempfile::tempdir().unwrap(), &[few]);
    let counsel = demonstration.of("counsel-a", "account_id");
    for person in 1..=2 {
        let (status, invited) = demonstration.invite("counsel-a", invitation(person)).await;
        assert_eq!(status, StatusCode::CREATED, "{invited}");
        let invited = invited["id"].as_str().unwrap();
        let path = format!("/counsels/{counsel}/delegations/{invited}");
        let withdrawn = demonstration.call(Method::DELETE, &path, "counsel-a", None);
        assert_eq!(withdrawn.await.status(), StatusCode::OK);
    }
    let (status, refused) = demonstration.invite("counsel-a", invitation(3)).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(kind(&refused), "too-many-invitations");
    assert_eq!(refused["limit"], 2);
    let (status, _) = demonstration.invite("counsel-b", invitation(3)).await;
    assert_eq!(status, StatusCode::CREATED);
    demonstration.advance("24h").await;
    let (status, told) = demonstration.invite("counsel-a", invitation(3)).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
}

/// REG-4: who is a delegate already, or counsel themselves, accepts a further invitation without registering again.
#[tokio::test]
async fn the_registered_accept_without_registering_again() {
    let demonstration = Demonstration::start();
    let account = demonstration.of("counsel-a", "account_id");
    let mut to_counsel_a = invitation(1);
    to_counsel_a["email"] = "Counsel-A@demonstration.example".into();
    let (status, _) = demonstration.invite("counsel-b", to_counsel_a).await;
    assert_eq!(status, StatusCode::CREATED);
    let cookie = demonstration.sign_in("counsel-a").await;
    let listed = json(
        demonstration
            .by_cookie(Method::GET, "/invitations", &cookie, None)
            .await,
    )
    .await;
    assert_eq!(listed["items"][0]["counsel"]["name"], "Jordan MacLeod");
    assert_eq!(
        listed["items"][0]["questions"],
        object!(["Our first file?"])
    );
    let path = format!(
        "/invitations/{}/acceptance",
        listed["items"][0]["id"].as_str().unwrap()
    );
    let answers = object!({ "answers": ["blue folder"] });
    let accepted = demonstration
        .by_cookie(Method::POST, &path, &cookie, Some(answers))
        .await;
    assert_eq!(accepted.status(), StatusCode::OK);
    assert_eq!(
        json(accepted).await["delegate"]["account_id"],
        account.as_str()
    );
    assert!(demonstration.sees_cases(&cookie, "counsel-b").await);
    assert!(demonstration.sees_cases(&cookie, "counsel-a").await);
}

/// DEL-2, REG-4: somebody whose sign-in service says no address, or another, finds the invitation by the number in its e-mail; the answers
/// are asked for all the same.
#[tokio::test]
async fn an_invitation_is_found_by_the_number_in_its_email() {
    let demonstration = Demonstration::start();
    let (status, _) = demonstration.invite("counsel-b", invitation(1)).await;
    assert_eq!(status, StatusCode::CREATED);
    demonstration.advance("1s").await;
    let number = demonstration.number_sent_to("person-1@firm.example").await;

    let cookie = demonstration.sign_in("stranger").await;
    let look = async |query: &str| {
        let path = format!("/invitations{query}");
        demonstration
            .by_cookie(Method::GET, &path, &cookie, None)
            .await
    };
    let none = json(look("").await).await;
    assert_eq!(none["items"].as_array().unwrap().len(), 0);
    let typed_wrong = look("?number=AAAA-AAAA-AA").await;
    assert_eq!(typed_wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let found = json(look(&format!("?number={}", number.to_lowercase())).await).await;
    let id = found["items"][0]["id"].as_str().unwrap();
    let path = format!("/invitations/{id}/acceptance");
    let accept = async |answers: Value| {
        demonstration
            .by_cookie(Method::POST, &path, &cookie, Some(answers))
            .await
    };
    let without = accept(object!({ "answers": ["blue folder"] })).await;
    assert_eq!(
        without.status(),
        StatusCode::NOT_FOUND,
        "the id alone is not enough"
    );
    let wrong = accept(object!({ "answers": ["green folder"], "number": number })).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let accepted = accept(object!({ "answers": ["BLÚEfolder"], "number": number })).await;
    assert_eq!(accepted.status(), StatusCode::OK);
    let cookie = accepted.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap();
    assert!(demonstration.sees_cases(cookie, "counsel-b").await);
    assert!(!demonstration.sees_cases(cookie, "counsel-a").await);
}

/// What a page says.
async fn read(demonstration: &Demonstration, cookie: &str, path: &str) -> String {
    let page = demonstration.client.get(demonstration.page(path));
    let page = page.header("cookie", cookie).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK, "{path}");
    page.text().await.unwrap().replace('\u{a0}', " ")
}

/// An instant's day as pages in English write it.
fn day(at: &Value) -> String {
    let at = OffsetDateTime::parse(at.as_str().unwrap(), &Rfc3339).unwrap();
    let at = at.to_offset(time::UtcOffset::from_hms(-5, 0, 0).unwrap());
    let form = time::macros::format_description!("[month repr:long] [day padding:none], [year]");
    at.format(form).unwrap()
}

/// DEL-3: the home page tells counsel the day on which access ends, and once it has ended until when they can still renew.
#[tokio::test]
async fn the_home_page_tells_when_access_ends() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    let (ends, renewable) = (day(&running["ends_at"]), day(&running["renewable_until"]));
    let of_delegate = async || {
        let cookie = demonstration.sign_in("counsel-b").await;
        let home = read(&demonstration, &cookie, "/en/").await;
        let line = home.split("<li>").find(|line| line.contains("Marc-Andr"));
        line.unwrap_or_default().to_owned()
    };
    demonstration.advance("50d").await;
    let due = of_delegate().await;
    assert!(due.contains(&ends) && !due.contains(&renewable), "{due}");
    demonstration.advance("10d").await;
    let expired = of_delegate().await;
    assert!(
        expired.contains(&format!("access ended on {ends}")),
        "{expired}"
    );
    assert!(
        expired.contains(&format!("renew until {renewable}")),
        "{expired}"
    );
}

/// SEC-1, DEL-3: counsel sees that a delegate cannot get in at present, as they are blocked, and neither the lock code nor why; the delegation
/// stays what it is. Once the delegate is unblocked it says nothing more.
#[tokio::test]
async fn counsel_sees_that_a_delegate_is_blocked() {
    let demonstration = Demonstration::start();
    let [counsel, delegate] =
        ["counsel-a", "delegate-a"].map(|key| demonstration.of(key, "account_id"));
    let of_delegate = async || {
        let mut delegations = demonstration.delegations("counsel-a").await.into_iter();
        let theirs = |one: &Value| one["delegate"]["account_id"] == *delegate;
        delegations.find(theirs).unwrap()
    };
    let at_the_desk = async |act: &str| {
        let path = format!("/help-desk/accounts/{delegate}/{act}");
        let answer = demonstration.call(Method::POST, &path, "help-desk", None);
        let answer = answer.await;
        assert!(answer.status().is_success(), "{act}: {}", answer.status());
    };
    let cookie = demonstration.sign_in("counsel-a").await;
    let pages = [
        format!("/en/counsels/{counsel}/delegates"),
        "/en/account".to_owned(),
    ];
    let before = of_delegate().await;
    assert_eq!(before["blocked"], false);
    for page in &pages {
        let page = read(&demonstration, &cookie, page).await;
        assert!(!page.contains("Cannot get in at present"), "{page}");
    }

    at_the_desk("lock").await;
    let refused = demonstration.get("/me/profile", "delegate-a").await;
    assert_eq!(refused.status(), StatusCode::LOCKED);
    let code = json(refused).await["lock_code"]
        .as_str()
        .unwrap()
        .to_owned();
    let blocked = of_delegate().await;
    assert_eq!(blocked["blocked"], true);
    for same in ["state", "ends_at", "renewable_until"] {
        assert_eq!(blocked[same], before[same], "{same}");
    }
    assert!(!blocked.to_string().contains(&code));
    for page in &pages {
        let page = read(&demonstration, &cookie, page).await;
        assert!(page.contains("Cannot get in at present"), "{page}");
        assert!(page.contains("Active") && !page.contains(&code));
    }

    at_the_desk("unlock").await;
    assert_eq!(of_delegate().await, before);
}

/// DEL-1: whoever is a delegate of a counsel does not become one a second time by another address; an end is an end.
#[tokio::test]
async fn nobody_is_a_delegate_of_one_counsel_twice() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.new_delegate_accepts().await;
    let (status, second) = demonstration.invite("counsel-b", invitation(1)).await;
    assert_eq!(status, StatusCode::CREATED);
    demonstration.advance("1s").await;
    let mailbox = demonstration.mailbox().await;
    let to_second = mailbox
        .iter()
        .find(|mail| mail["to"] == "person-1@firm.example");
    let body = to_second.unwrap()["body"].as_str().unwrap();
    let number = body
        .split(|c: char| c.is_whitespace())
        .map(|word| word.trim_end_matches('.'))
        .find(|word| word.len() == 12 && word.matches('-').count() == 2);
    let path = format!("/invitations/{}/acceptance", second["id"].as_str().unwrap());
    let answers = object!({ "answers": ["blue folder"], "number": number });
    let refused = demonstration
        .by_cookie(Method::POST, &path, &cookie, Some(answers))
        .await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert_eq!(kind(&json(refused).await), "delegate-of-them-already");
    let first = demonstration.delegation_of_new_delegate().await.unwrap();
    let counsel = demonstration.of("counsel-b", "account_id");
    let path = format!(
        "/counsels/{counsel}/delegations/{}",
        first["id"].as_str().unwrap()
    );
    let ended = demonstration
        .call(Method::DELETE, &path, "counsel-b", None)
        .await;
    assert_eq!(ended.status(), StatusCode::OK);
    assert!(!demonstration.sees_cases(&cookie, "counsel-b").await);
}

/// DEL-1, DEL-4, PRO-1, MAIL-2: once a delegate has another address, what is told of the delegation goes there, counsel sees it, and knows
/// the person by it.
#[tokio::test]
async fn a_delegate_is_told_at_the_address_that_they_have_now() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.new_delegate_accepts().await;
    let moved = object!({ "email": "moved@firm.example", "family_name": "Renamed" });
    let asked = demonstration
        .by_cookie(Method::POST, "/me/profile/changes", &cookie, Some(moved))
        .await;
    assert_eq!(asked.status(), StatusCode::CREATED);
    let change = json(asked).await;
    let path = format!(
        "/registry/profile-changes/{}/decision",
        change["id"].as_str().unwrap()
    );
    let apply = Some(object!({ "decision": "apply" }));
    let applied = demonstration
        .call(Method::POST, &path, "registry", apply)
        .await;
    assert_eq!(applied.status(), StatusCode::OK);

    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    assert_eq!(running["delegate"]["email"], "moved@firm.example");
    assert_eq!(running["delegate"]["family_name"], "Renamed");
    let mut again = invitation(1);
    again["email"] = "Moved@firm.example".into();
    let (_, refused) = demonstration.invite("counsel-b", again).await;
    assert_eq!(kind(&refused), "already-delegate");
    let counsel = demonstration.of("counsel-b", "account_id");
    let one = format!(
        "/counsels/{counsel}/delegations/{}",
        running["id"].as_str().unwrap()
    );
    let told = async |subject: &str| {
        demonstration.advance("1s").await;
        let mails = demonstration.mailbox().await;
        let of_subject = |mail: &&Value| mail["subject"].as_str().unwrap().contains(subject);
        let to = mails
            .iter()
            .filter(of_subject)
            .map(|mail| mail["to"].to_string());
        to.filter(|to| to.contains("moved@") || to.contains("new-delegate@"))
            .collect::<Vec<_>>()
    };
    let renewal = format!("{one}/renewal");
    let renewed = demonstration
        .call(Method::POST, &renewal, "counsel-b", None)
        .await;
    assert_eq!(renewed.status(), StatusCode::OK);
    assert_eq!(told("Delegation renewed").await, ["\"moved@firm.example\""]);
    demonstration.advance("60d").await;
    assert_eq!(told("Delegation ended").await, ["\"moved@firm.example\""]);
    let ended = demonstration
        .call(Method::DELETE, &one, "counsel-b", None)
        .await;
    assert_eq!(ended.status(), StatusCode::OK);
    assert_eq!(told("Delegation ended").await.len(), 2);
}

/// What a form is answered with: its status, where it leads, and the page.
async fn send(
    demonstration: &Demonstration,
    cookie: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> (StatusCode, String, String) {
    let form = demonstration.client.post(demonstration.page(path));
    let form = form.header("cookie", cookie);
    let form = form.header("sec-fetch-site", "same-origin").form(fields);
    let answer = form.send().await.unwrap();
    let leads_to = answer.headers().get("location");
    let leads_to = leads_to.map_or("", |place| place.to_str().unwrap());
    let (status, leads_to) = (answer.status(), leads_to.to_owned());
    (status, leads_to, answer.text().await.unwrap())
}

/// What counsel types to invite somebody.
const TYPED: [(&str, &str); 7] = [
    ("given_name", "Noor"),
    ("family_name", "Typed"),
    ("email", "noor.typed@firm.example"),
    ("language", "en"),
    ("question-1", "Which bird?"),
    ("answer-1", "A heron"),
    ("terms", "accepted"),
];

/// REG-8: the sign-in is asked for before anything is typed; who becomes too old between sees what they typed again, and goes on where they
/// were after signing in beside it.
#[tokio::test]
async fn nothing_typed_is_lost_where_the_sign_in_is_too_old() {
    let demonstration = Demonstration::start();
    let invite = format!(
        "/en/counsels/{}/delegates/new",
        demonstration.of("counsel-b", "account_id")
    );
    let cookie = demonstration.sign_in("counsel-b").await;
    demonstration.advance("16m").await;
    for path in [invite.as_str(), "/en/account/change"] {
        let form = demonstration.client.get(demonstration.page(path));
        let form = form.header("cookie", &cookie).send().await.unwrap();
        assert_eq!(form.status(), StatusCode::FORBIDDEN, "{path}");
        let page = form.text().await.unwrap();
        let back = format!("name=\"come_back\" value=\"{path}\"");
        assert!(page.contains(&back), "{page}");
    }
    for act in ["review", "send"] {
        let fields = [&TYPED[..], &[("act", act)]].concat();
        let (status, _, page) = send(&demonstration, &cookie, &invite, &fields).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{act}");
        assert!(page.contains("Sign in again"), "{page}");
        assert!(page.contains("target=\"_blank\""), "{page}");
        for (_, typed) in &TYPED[..6] {
            assert!(
                page.contains(&format!("value=\"{typed}\"")),
                "{act} {typed}: {page}"
            );
        }
    }
    let profile = [
        ("given_name", "Jordan"),
        ("family_name", "Typed"),
        ("email", "jordan.typed@firm.example"),
        ("language", "en"),
    ];
    let (status, _, page) = send(&demonstration, &cookie, "/en/account/change", &profile).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(
        page.contains("value=\"jordan.typed@firm.example\""),
        "{page}"
    );
    let token = [
        ("label", "typed software"),
        ("scope", "read"),
        ("days", "17"),
    ];
    let (status, _, page) = send(&demonstration, &cookie, "/en/account/tokens", &token).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    for kept in [
        "value=\"typed software\"",
        "value=\"read\" checked",
        "value=\"17\"",
    ] {
        assert!(page.contains(kept), "{kept}: {page}");
    }

    let cookie = demonstration.sign_in("counsel-b").await;
    let fields = [&TYPED[..], &[("act", "send")]].concat();
    let (status, leads_to, page) = send(&demonstration, &cookie, &invite, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    assert!(leads_to.ends_with("?done=invited"), "{leads_to}");
}

/// DEL-3, MAIL-2: an invitation that is withdrawn is told as that, on the page and by e-mail: it never gave access to anything.
#[tokio::test]
async fn a_withdrawn_invitation_is_not_told_as_an_end() {
    let demonstration = Demonstration::start();
    let list = format!(
        "/en/counsels/{}/delegates",
        demonstration.of("counsel-b", "account_id")
    );
    let cookie = demonstration.sign_in("counsel-b").await;
    let invited = demonstration.delegation_of_new_delegate().await.unwrap();
    let id = invited["id"].as_str().unwrap();
    let shown = read(&demonstration, &cookie, &list).await;
    assert!(
        shown.contains("Withdraw the invitation of Marc-André"),
        "{shown}"
    );
    let (_, _, asked) = send(&demonstration, &cookie, &list, &[("end", id)]).await;
    assert!(
        asked.contains("Yes, withdraw it") && !asked.contains("Access is gone"),
        "{asked}"
    );
    let (status, leads_to, _) = send(&demonstration, &cookie, &list, &[("confirmed", id)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(leads_to.ends_with("?done=withdrawn"), "{leads_to}");
    demonstration.advance("1s").await;
    let mails = demonstration.mailbox().await;
    let told = |subject: &str| {
        let of = |mail: &&Value| mail["subject"].as_str().unwrap().contains(subject);
        mails.iter().filter(of).count()
    };
    assert_eq!(
        (told("Invitation withdrawn"), told("Delegation ended")),
        (2, 0)
    );
}

/// DEL-3, DEL-4: My Profile shows counsel their delegates, until when each has access, and renews.
#[tokio::test]
async fn my_profile_shows_and_renews_delegations() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let cookie = demonstration.sign_in("counsel-b").await;
    let profile = read(&demonstration, &cookie, "/en/account").await;
    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    assert!(profile.contains(&day(&running["ends_at"])), "{profile}");
    assert!(
        profile.contains("Renew the delegation of Marc-André"),
        "{profile}"
    );
    assert!(
        profile.contains("Delete the delegation of Marc-André"),
        "{profile}"
    );
    let delegate = demonstration.sign_in("delegate-a").await;
    let profile = read(&demonstration, &delegate, "/en/account").await;
    assert!(!profile.contains("id=\"delegates\""), "{profile}");
}

/// DEL-1: My Profile says how many places are left, and once all are taken, why nobody can be invited.
#[tokio::test]
async fn my_profile_says_how_many_places_are_left() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-b").await;
    let counsel = demonstration.of("counsel-b", "account_id");
    let invites = format!("href=\"/en/counsels/{counsel}/delegates/new\"");
    let profile = read(&demonstration, &cookie, "/en/account").await;
    assert!(profile.contains("2 of 4 places are left."), "{profile}");
    assert!(profile.contains(&invites), "{profile}");
    for number in [1, 2] {
        let (status, told) = demonstration.invite("counsel-b", invitation(number)).await;
        assert_eq!(status, StatusCode::CREATED, "{told}");
    }
    let profile = read(&demonstration, &cookie, "/en/account").await;
    assert!(profile.contains("All 4 places are taken."), "{profile}");
    assert!(!profile.contains(&invites), "{profile}");
}

impl Demonstration {
    /// Asks under an idempotency key, as counsel-b's software.
    async fn keyed(
        &self,
        method: Method,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let call = self.client.request(method, self.api(path));
        let call = call.bearer_auth(self.of("counsel-b", "token"));
        let mut call = call.header("idempotency-key", key);
        if let Some(body) = body {
            call = call.json(body);
        }
        let answer = call.send().await.unwrap();
        (answer.status(), json(answer).await)
    }
}

/// what is asked for again under the same idempotency key is answered as before and done once; under that key nothing else is.
#[tokio::test]
async fn what_is_repeated_under_a_key_is_done_once() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let list = format!(
        "/counsels/{}/delegations",
        demonstration.of("counsel-b", "account_id")
    );
    let twice = async |method: Method, path: &str, key: &str, body: Option<&Value>| {
        let first = demonstration.keyed(method.clone(), path, key, body).await;
        let second = demonstration.keyed(method, path, key, body).await;
        assert!(first.0.is_success(), "{first:?}");
        assert_eq!(
            (first.0, &first.1["id"]),
            (second.0, &second.1["id"]),
            "{second:?}"
        );
        first.1["id"].as_str().unwrap().to_owned()
    };
    let wish = invitation(1);
    let id = twice(Method::POST, &list, "invite", Some(&wish)).await;
    let mut other = wish.clone();
    other["questions"][0]["answer"] = "Another".into();
    let reused = demonstration
        .keyed(Method::POST, &list, "invite", Some(&other))
        .await;
    assert_eq!(kind(&reused.1), "idempotency-key-reused");
    let too_long = "k".repeat(129);
    let unusable = demonstration
        .keyed(Method::POST, &list, &too_long, Some(&wish))
        .await;
    assert_eq!(kind(&unusable.1), "idempotency-key-unusable");

    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    let one = format!("{list}/{}", running["id"].as_str().unwrap());
    twice(Method::POST, &format!("{one}/renewal"), "renew", None).await;
    twice(Method::DELETE, &format!("{list}/{id}"), "withdraw", None).await;
    twice(Method::DELETE, &one, "end", None).await;
    let again = demonstration
        .keyed(Method::DELETE, &one, "end again", None)
        .await;
    assert_eq!(kind(&again.1), "delegation-over");
    let change = object!({ "language": "fr" });
    twice(
        Method::POST,
        "/me/profile/changes",
        "profile",
        Some(&change),
    )
    .await;
    let another = object!({ "given_name": "Another" });
    let reused = demonstration
        .keyed(
            Method::POST,
            "/me/profile/changes",
            "profile",
            Some(&another),
        )
        .await;
    assert_eq!(kind(&reused.1), "idempotency-key-reused");

    demonstration.advance("1s").await;
    let mails = demonstration.mailbox().await;
    for (subject, times) in [
        ("Delegation renewed", 1),
        ("Invitation withdrawn", 2),
        ("Delegation ended", 2),
        ("Change requested", 1),
    ] {
        let of = |mail: &&Value| mail["subject"].as_str().unwrap().contains(subject);
        assert_eq!(mails.iter().filter(of).count(), times, "{subject}");
    }
}

/// X-2, DEL-2: an acceptance that is sent again under its key is answered as before, though the invitation is no longer open and the person has
/// an account since; under that key nothing else is accepted, and under another one it is too late.
#[tokio::test]
async fn an_acceptance_that_is_sent_again_is_answered_as_before() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("new-delegate").await;
    let listed = demonstration
        .by_cookie(Method::GET, "/invitations", &cookie, None)
        .await;
    let listed = json(listed).await;
    let invitation = listed["items"][0]["id"].as_str().unwrap();
    let path = format!("/invitations/{invitation}/acceptance");
    let answer = demonstration.told["secrets"]["new-delegate"][0]["answer"].clone();
    let accept = async |cookie: &str, key: &str, answer: &Value| {
        let call = demonstration.client.post(demonstration.api(&path));
        let call = call.header("cookie", cookie).header("idempotency-key", key);
        let call = call.header("sec-fetch-site", "same-origin");
        let answers = object!({ "answers": [answer] });
        call.json(&answers).send().await.unwrap()
    };
    let without = object!({ "answers": [answer], "accept_privacy_statement": false });
    let without = demonstration.by_cookie(Method::POST, &path, &cookie, Some(without));
    let without = json(without.await).await;
    assert_eq!(kind(&without), "privacy-statement-not-accepted", "PRIV-1");
    let first = accept(&cookie, "once", &answer).await;
    assert_eq!(first.status(), StatusCode::OK);
    let cookie = first.headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap();
    let first = json(first).await;

    let again = accept(cookie, "once", &answer).await;
    assert_eq!(again.status(), StatusCode::OK);
    assert!(!again.headers().contains_key("set-cookie"));
    assert_eq!(json(again).await, first);
    let reused = accept(cookie, "once", &"another".into()).await;
    assert_eq!(kind(&json(reused).await), "idempotency-key-reused");
    let late = accept(cookie, "another", &answer).await;
    assert_eq!(kind(&json(late).await), "invitation-over");
    assert!(demonstration.sees_cases(cookie, "counsel-b").await);
    demonstration.advance("1s").await;
    let mails = demonstration.mailbox().await;
    let bound = mails.iter().filter(|mail| {
        let subject = mail["subject"].as_str().unwrap();
        mail["to"] == "new-delegate@demonstration.example"
            && subject.contains("Registration complete")
    });
    assert_eq!(bound.count(), 1, "MAIL-2");

    let delegate = first["delegate"]["account_id"].as_str().unwrap();
    let lock = format!("/help-desk/accounts/{delegate}/lock");
    let locked = demonstration.call(Method::POST, &lock, "help-desk", None);
    assert!(locked.await.status().is_success());
    let blocked = accept(cookie, "once", &answer).await;
    assert_eq!(blocked.status(), StatusCode::LOCKED, "SEC-1");
}

/// whatever makes a request another one is refused under the key of the first: which delegation is renewed or ended, and each thing
/// that is said of the person who is invited, or in a change of the profile.
#[tokio::test]
async fn another_request_is_not_answered_as_the_first() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let list = format!(
        "/counsels/{}/delegations",
        demonstration.of("counsel-b", "account_id")
    );
    let held = demonstration.delegations("counsel-b").await;
    let ids = held.iter().map(|one| one["id"].as_str().unwrap());
    let all: Vec<String> = ids.map(|id| format!("{list}/{id}")).collect();
    for (method, rest) in [(Method::POST, "/renewal"), (Method::DELETE, "")] {
        for (one, kind_of_answer) in all.iter().zip([None, Some("idempotency-key-reused")]) {
            let path = format!("{one}{rest}");
            let key = format!("{method} one");
            let answer = demonstration.keyed(method.clone(), &path, &key, None).await;
            let told = answer.1["type"].is_string().then(|| kind(&answer.1));
            assert_eq!(told, kind_of_answer, "{method} {path}");
        }
    }
    let change = object!({
        "given_name": "One", "family_name": "Same", "email": "one@firm.example", "cell": "514 555 0177", "language": "fr",
    });
    let changes = "/me/profile/changes".to_owned();
    for (path, wish, others) in [
        (
            &list,
            invitation(1),
            [
                ("given_name", "Other".into()),
                ("family_name", "Other".into()),
                ("email", "other@firm.example".into()),
                ("language", "en".into()),
                (
                    "questions",
                    object!([{ "question": "Our last file?", "answer": "Blue  Folder" }]),
                ),
            ],
        ),
        (
            &changes,
            change,
            [
                ("given_name", "Other".into()),
                ("family_name", "Other".into()),
                ("email", "other@firm.example".into()),
                ("cell", "514 555 0178".into()),
                ("language", "en".into()),
            ],
        ),
    ] {
        let ask = async |body: &Value| {
            demonstration
                .keyed(Method::POST, path, path, Some(body))
                .await
        };
        let (status, first) = ask(&wish).await;
        assert_eq!(status, StatusCode::CREATED, "{first}");
        for (field, value) in others {
            let mut other = wish.clone();
            other[field] = value;
            let refused = ask(&other).await.1;
            assert_eq!(kind(&refused), "idempotency-key-reused", "{path} {field}");
        }
    }
}

/// DEL-1, DEL-4: counsel's list is in order of name, in which an accent is none; an invitation that nobody took up is not offered to be renewed.
#[tokio::test]
async fn delegates_are_listed_by_name() {
    let demonstration = Demonstration::start();
    for (number, family) in ["Zhou", "Étienne"].into_iter().enumerate() {
        let mut wish = invitation(number);
        wish["family_name"] = family.into();
        let (status, told) = demonstration.invite("counsel-b", wish).await;
        assert_eq!(status, StatusCode::CREATED, "{told}");
    }
    let listed = demonstration.delegations("counsel-b").await;
    let at = |family: &str| {
        let mut names = listed.iter().map(|one| &one["delegate"]["family_name"]);
        names.position(|name| name == family).unwrap()
    };
    assert!(at("Étienne") < at("Zhou"), "{listed:?}");
    let cookie = demonstration.sign_in("counsel-b").await;
    let profile = read(&demonstration, &cookie, "/en/account").await;
    assert!(profile.contains("Person Zhou"), "{profile}");
    assert!(!profile.contains("Renew the delegation of Person Zhou"));
}

/// DEL-2, SEC-1: an answer too many is as wrong as one too few; right answers put an end to the wrong tries before them.
#[tokio::test]
async fn right_answers_end_the_count_of_wrong_ones() {
    let demonstration = Demonstration::start();
    let mut wish = invitation(1);
    wish["email"] = "counsel-a@demonstration.example".into();
    let cookie = demonstration.sign_in("counsel-a").await;
    let answer = async |answers: Value| {
        let listed = demonstration.by_cookie(Method::GET, "/invitations", &cookie, None);
        let listed = json(listed.await).await;
        let id = listed["items"][0]["id"].as_str().unwrap();
        let path = format!("/invitations/{id}/acceptance");
        let answers = Some(object!({ "answers": answers }));
        let told = demonstration.by_cookie(Method::POST, &path, &cookie, answers);
        json(told.await).await
    };
    let (status, told) = demonstration.invite("counsel-b", wish.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    for (wrong, left) in [
        (object!(["green folder"]), 4),
        (object!([]), 3),
        (object!(["blue folder", "blue folder"]), 2),
    ] {
        let refused = answer(wrong).await;
        assert_eq!(refused["tries_left"], left, "{refused}");
    }
    let accepted = answer(object!(["blue folder"])).await;
    assert_eq!(accepted["state"], "active", "{accepted}");
    let path = format!(
        "/counsels/{}/delegations/{}",
        demonstration.of("counsel-b", "account_id"),
        accepted["id"].as_str().unwrap()
    );
    let ended = demonstration.call(Method::DELETE, &path, "counsel-b", None);
    assert_eq!(ended.await.status(), StatusCode::OK);
    let (status, told) = demonstration.invite("counsel-b", wish).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    let refused = answer(object!(["green folder"])).await;
    assert_eq!(refused["tries_left"], 4, "{refused}");
}

/// DEL-2, SEC-1: each look for an invitation by its number is a try, so that nobody goes through the numbers; one that has lapsed is not found.
#[tokio::test]
async fn nobody_goes_through_the_numbers_of_invitations() {
    let demonstration = Demonstration::start();
    let (status, _) = demonstration.invite("counsel-b", invitation(1)).await;
    assert_eq!(status, StatusCode::CREATED);
    demonstration.advance("1s").await;
    let number = demonstration.number_sent_to("person-1@firm.example").await;
    let path = format!("/invitations?number={number}");
    let look = async |cookie: &str| {
        let found = demonstration.by_cookie(Method::GET, &path, cookie, None);
        found.await.status()
    };
    let cookie = demonstration.sign_in("stranger").await;
    for _ in 0..20 {
        assert_eq!(look(&cookie).await, StatusCode::OK);
    }
    assert_eq!(look(&cookie).await, StatusCode::TOO_MANY_REQUESTS);
    demonstration.advance("10d").await;
    let cookie = demonstration.sign_in("stranger").await;
    assert_eq!(look(&cookie).await, StatusCode::NOT_FOUND);
}

/// REG-4, DEL-2: whoever is registered already finds an invitation from every page by the menu, and is told of it on the home page and under My
/// Counsels, counsel and delegates alike. Who works for the tribunal has no such link.
#[tokio::test]
async fn who_is_registered_finds_a_further_invitation() {
    let demonstration = Demonstration::start();
    let see = async |path: &str, cookie: &str| {
        let call = demonstration.client.get(demonstration.page(path));
        let page = call.header("cookie", cookie).send().await.unwrap();
        page.text().await.unwrap()
    };
    let (link, words) = (
        "href=\"/en/invitations\"",
        "1 invitation to be a delegate waits for your answer.",
    );
    for (inviting, invited) in [("counsel-a", "counsel-b"), ("counsel-b", "delegate-a")] {
        let cookie = demonstration.sign_in(invited).await;
        for path in ["/en/", "/en/counsels"] {
            let page = see(path, &cookie).await;
            assert!(page.contains(link), "{invited}: {path}");
            assert!(!page.contains(words), "{invited}: {path}");
        }
        let wish = object!({
            "given_name": "Jordan",
            "family_name": "MacLeod",
            "email": format!("{invited}@demonstration.example"),
            "language": "en",
            "questions": [{ "question": "City?", "answer": "Paris" }],
            "accept_terms": true,
        });
        let counsel = demonstration.of(inviting, "account_id");
        let path = format!("/counsels/{counsel}/delegations");
        let done = demonstration
            .call(Method::POST, &path, inviting, Some(wish))
            .await;
        assert_eq!(done.status(), StatusCode::CREATED, "{invited}");
        for path in ["/en/", "/en/counsels"] {
            let page = see(path, &cookie).await;
            assert!(page.contains(words), "{invited}: {path}");
        }
        assert!(see("/en/account", &cookie).await.contains(link));
    }
    let officer = demonstration.sign_in("registry").await;
    assert!(!see("/en/", &officer).await.contains(link));
}

/// DEL-6: the home page says at its head for whom a delegate acts, and once nobody's cases are open to them, why that may be.
#[tokio::test]
async fn a_delegates_home_page_says_for_whom_they_act() {
    let demonstration = Demonstration::start();
    let home = async |who: &str| {
        let cookie = demonstration.sign_in(who).await;
        let page = demonstration.client.get(demonstration.page("/en/"));
        let page = page.header("cookie", cookie).send().await.unwrap();
        page.text().await.unwrap()
    };
    let ribbon = "class=\"ribbon\"";
    let of_one = home("delegate-a").await;
    assert!(of_one.contains(ribbon), "{of_one}");
    assert!(!of_one.contains("Choose another counsel"), "{of_one}");
    let of_two = home("delegate-ab").await;
    assert!(of_two.contains(ribbon) && of_two.contains("Choose another counsel"));
    let counsels = home("counsel-a").await;
    assert!(!counsels.contains(ribbon), "{counsels}");
    let none = "No counsel’s cases are open to you now";
    assert!(!of_one.contains(none) && !counsels.contains(none));
    demonstration.advance("90d").await;
    let over = home("delegate-a").await;
    assert!(over.contains(none) && !over.contains(ribbon), "{over}");
}

/// DEL-6: the pages about oneself say at their head for whom a delegate acts, too, and lead to the one counsel's cases; whoever is counsel
/// sees nothing of the kind.
#[tokio::test]
async fn a_delegates_own_pages_say_for_whom_they_act() {
    let demonstration = Demonstration::start();
    let pages = ["/en/account", "/en/counsels", "/en/invitations"];
    let counsel = demonstration.of("counsel-a", "account_id");
    let cases = format!("<li><a href=\"/en/counsels/{counsel}/cases\">My Cases</a></li>");
    for (who, counsels) in [
        ("delegate-a", "Élise Tremblay"),
        ("delegate-ab", "Jordan MacLeod, Élise Tremblay"),
    ] {
        let cookie = demonstration.sign_in(who).await;
        let several = who == "delegate-ab";
        for path in pages {
            let page = read(&demonstration, &cookie, path).await;
            let ribbon = format!("You act for {counsels}.");
            assert!(page.contains(&ribbon), "{who}: {path}");
            let choose = page.contains("Choose another counsel");
            assert_eq!(choose, several, "{who}: {path}");
            assert_eq!(page.contains(&cases), !several, "{who}: {path}");
        }
    }
    let cookie = demonstration.sign_in("counsel-a").await;
    for path in pages {
        let page = read(&demonstration, &cookie, path).await;
        assert!(!page.contains("class=\"ribbon\""), "{path}");
    }
}

/// DEL-2: a question that cannot be asked is told before the terms are shown, and so is all that must be put right; what was typed stays.
#[tokio::test]
async fn all_that_is_wrong_with_an_invitation_is_told_first() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-b").await;
    let counsel = demonstration.of("counsel-b", "account_id");
    let page = demonstration.page(&format!("/en/counsels/{counsel}/delegates/new"));
    let told = async |fields: &[(&str, &str)]| {
        let call = demonstration.client.post(&page).header("cookie", &cookie);
        let call = call.header("sec-fetch-site", "same-origin").form(fields);
        call.send().await.unwrap().text().await.unwrap()
    };
    let unanswered = [
        ("given_name", "Mai"),
        ("family_name", "Tran"),
        ("email", "mai@firm.example"),
        ("language", "en"),
        ("question-1", "Our first file?"),
        ("answer-1", "Blue folder"),
        ("question-2", "Our second file?"),
        ("act", "review"),
    ];
    let text = told(&unanswered).await;
    assert!(text.contains("have an answer"), "{text}");
    assert!(text.contains("Our second file?"), "{text}");
    assert!(!text.contains("name=\"terms\""), "{text}");
    for field in ["answer-2", "question-1"] {
        let link = text.contains(&format!("<a href=\"#{field}\">"));
        assert_eq!(link, field == "answer-2", "{text}");
    }
    let empty = told(&[("act", "review")]).await;
    for field in [
        "given_name",
        "family_name",
        "email",
        "language-fr",
        "question-1",
    ] {
        let link = format!("<a href=\"#{field}\">");
        assert_eq!(empty.matches(&link).count(), 1, "{empty}");
        assert!(empty.contains(&format!("id=\"{field}-fault\"")), "{empty}");
    }
    let (_, problems) = empty.split_once("id=\"errors\"").unwrap();
    let (problems, _) = problems.split_once("</div>").unwrap();
    assert_eq!(problems.matches("<li>").count(), 5, "{problems}");
}

/// DEL-2: whoever changes the language while they answer an invitation has the same one before them, with what they typed. It is no try, and
/// nothing of it is in an address.
#[tokio::test]
async fn an_invitation_is_answered_on_in_the_other_language() {
    let demonstration = Demonstration::start();
    let (status, _) = demonstration.invite("counsel-b", invitation(1)).await;
    assert_eq!(status, StatusCode::CREATED);
    demonstration.advance("1s").await;
    let number = demonstration.number_sent_to("person-1@firm.example").await;
    let cookie = demonstration.sign_in("stranger").await;
    let post = async |language: &str, fields: &[(&str, &str)]| {
        let page = demonstration.page(&format!("/{language}/invitations"));
        let call = demonstration.client.post(page).header("cookie", &cookie);
        let call = call.header("sec-fetch-site", "same-origin").form(fields);
        let answer = call.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let found = [("act", "find"), ("number", number.as_str())];
    let (status, page) = post("en", &found).await;
    assert_eq!(status, StatusCode::OK);
    let button = "formaction=\"/fr/invitations\"";
    assert!(page.contains(button), "{page}");
    let hidden = |name: &str| {
        let (_, rest) = page
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (invitation, found) = (hidden("invitation"), hidden("found"));
    let typed = [
        ("act", "language"),
        ("invitation", invitation.as_str()),
        ("number", number.as_str()),
        ("found", found.as_str()),
        ("answer", "typed so far"),
        ("privacy_statement", "accepted"),
    ];
    for language in ["fr", "en"].repeat(12) {
        let (status, page) = post(language, &typed).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("value=\"typed so far\""), "{page}");
        assert!(
            page.contains("value=\"accepted\" required checked"),
            "{page}"
        );
        assert!(page.contains(&invitation));
    }
    // By what somebody else's number would find, nothing is shown without a try.
    let other = [typed[0], typed[1], ("number", "2222-2222-22"), typed[3]];
    let (status, page) = post("en", &other).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(
        !page.contains("typed so far") && !page.contains(&invitation),
        "{page}"
    );
    let answered = [typed[1], typed[2], typed[3], ("answer", "wrong"), typed[5]];
    let (_, page) = post("fr", &answered).await;
    assert!(
        page.contains("4 essais") && page.contains(&invitation),
        "{page}"
    );
}

/// DEL-2: so does counsel who invites, in either step.
#[tokio::test]
async fn an_invitation_goes_on_in_the_other_language() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-b").await;
    let counsel = demonstration.of("counsel-b", "account_id");
    let post = async |language: &str, fields: &[(&str, &str)]| {
        let page = demonstration.page(&format!("/{language}/counsels/{counsel}/delegates/new"));
        let call = demonstration.client.post(page).header("cookie", &cookie);
        let call = call.header("sec-fetch-site", "same-origin").form(fields);
        call.send().await.unwrap().text().await.unwrap()
    };
    let begun = [("given_name", "Mai"), ("act", "language")];
    let page = post("fr", &begun).await;
    assert!(page.contains("value=\"Mai\"") && page.contains("lang=\"fr\""));
    assert!(!page.contains("id=\"errors\""), "{page}");
    let whole = [
        ("given_name", "Mai"),
        ("family_name", "Tran"),
        ("email", "mai@firm.example"),
        ("language", "en"),
        ("question-1", "Our first file?"),
        ("answer-1", "Blue folder"),
        ("step", "review"),
        ("terms", "accepted"),
        ("act", "language"),
    ];
    for language in ["fr", "en"] {
        let page = post(language, &whole).await;
        assert!(page.contains("name=\"terms\""), "{page}");
        assert!(
            page.contains("value=\"accepted\" required checked"),
            "{page}"
        );
        assert!(page.contains("Blue folder"), "{page}");
    }
    assert!(
        demonstration
            .mailbox()
            .await
            .iter()
            .all(|mail| mail["to"] != "mai@firm.example")
    );
}
