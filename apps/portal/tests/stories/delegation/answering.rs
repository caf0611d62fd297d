//! How whoever is invited finds the invitation and answers it, and how often they may try (DEL-1, DEL-2, REG-4, SEC-1).

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use super::{invitation, kind};
use crate::portal::{Demonstration, json};

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
