//! How counsel invites: places, limits, faults that are told at once, and an invitation that is withdrawn (DEL-1, DEL-2, REG-8).

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::{invitation, kind, read};
use crate::portal::Demonstration;

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
