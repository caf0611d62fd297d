//! The two forms, filled in and sent by API and on pages, by counsel and delegate, and read by the registry (FORM-1, SUB-2 … SUB-5).

use std::collections::BTreeSet;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json as object};

use crate::feed::case;
use crate::portal::{Demonstration, json};

/// A client's form on those files.
fn client(numbers: &[String]) -> Value {
    object!({
        "given_name": "Amina", "family_name": "Đặng", "client_id": "1234-5678",
        "street": "12 <b>rue</b> Principale", "city": "Gatineau", "province": "qc", "postal_code": "j8x3x2", "country": "Canada",
        "telephone": "(819) 555-0123", "language": "fr", "file_numbers": numbers,
    })
}

impl Demonstration {
    async fn send_form(&self, form: &str, who: &str, counsel: &str, body: &Value) -> Response {
        let path = format!("/counsels/{}/forms/{form}", self.of(counsel, "account_id"));
        self.call(Method::POST, &path, who, Some(body.clone()))
            .await
    }

    async fn open(&self, path: &str, cookie: &str) -> Response {
        let call = self.client.get(self.page(path)).header("cookie", cookie);
        call.send().await.unwrap()
    }

    async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Response {
        let call = self.client.post(self.page(path));
        call.header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .form(fields)
            .send()
            .await
            .unwrap()
    }
}

fn place(response: &Response) -> String {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// A client's form on that file, filled in on its page and to be looked over.
fn of_toronto(number: &str) -> [(&str, &str); 10] {
    [
        ("given_name", "Linh"),
        ("family_name", "Tran"),
        ("street", "12 Main Street"),
        ("city", "Toronto"),
        ("province", "ON"),
        ("postal_code", "M5V 1A1"),
        ("country", "Canada"),
        ("language", "en"),
        ("file_numbers", number),
        ("act", "review"),
    ]
}

/// What a page says, without when the session ends.
fn what(page: &str) -> &str {
    let (_, main) = page.split_once("<main").unwrap();
    main.split("</main>").next().unwrap()
}

/// As what a form stands on the page where it is looked over.
fn edition_in(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"edition\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// FORM-1, SUB-2, SUB-3, SUB-4: a form on two cases has a number on each, stands in both histories, and is confirmed to its sender alone.
#[tokio::test]
async fn a_form_is_received_on_each_of_its_cases() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let before = demonstration.mailbox().await.len();
    let form = client(&numbers[..2]);
    let sent = demonstration
        .send_form("client-contact", "delegate-a", "counsel-a", &form)
        .await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let sent = json(sent).await;
    let given: BTreeSet<&str> = [&sent, &sent["also"][0]]
        .map(|one| one["confirmation_number"].as_str().unwrap())
        .into();
    assert_eq!(given.len(), 2, "{sent}");
    let counsel = demonstration.of("counsel-a", "account_id");
    let mut cases = demonstration.cases("counsel-a", "counsel-a").await;
    cases.retain(|case| {
        numbers[..2]
            .iter()
            .any(|number| case["file_number"] == **number)
    });
    assert_eq!(cases.len(), 2);
    for case in &cases {
        let path = format!(
            "/counsels/{counsel}/cases/{}/submissions",
            case["id"].as_str().unwrap()
        );
        let history = json(demonstration.get(&path, "counsel-a").await).await;
        let entry = &history["items"][0];
        assert!(given.contains(entry["confirmation_number"].as_str().unwrap()));
        assert_eq!(entry["document_type"], "client-contact");
        assert_eq!(
            entry["submitted_by"]["account_id"],
            demonstration.of("delegate-a", "account_id")
        );
        assert_eq!(
            entry["on_behalf_of"]["account_id"], counsel,
            "the counsel for whom it was sent"
        );
        assert!(!entry.to_string().contains("Gatineau"), "SUB-4");
    }
    demonstration.advance("1s").await;
    let mailbox = demonstration.mailbox().await;
    assert_eq!(mailbox.len() - before, 2, "one for each number");
    for mail in &mailbox[..2] {
        assert!(
            mail["to"].as_str().unwrap().contains("delegate-a"),
            "{mail}"
        );
        let subject = mail["subject"].as_str().unwrap();
        assert!(subject.contains("Form received"), "{subject}");
        let body = mail["body"].as_str().unwrap();
        assert!(given.iter().any(|number| body.contains(number)));
        assert!(
            !body.contains("Amina") && !body.contains(&numbers[0]),
            "MAIL-1"
        );
    }
    let activity = format!("/counsels/{counsel}/activity");
    let activity = json(demonstration.get(&activity, "counsel-a").await).await;
    assert_eq!(activity["items"][0]["action"], "sent", "DEL-7");
    assert_eq!(activity["items"][1]["action"], "sent", "DEL-7");
}

/// FORM-1, SUB-2: a repeated request gives the same numbers and keeps nothing twice; another form under its key is refused.
#[tokio::test]
async fn a_form_that_is_sent_again_is_received_once() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-b").await;
    let path = format!(
        "/counsels/{}/forms/client-contact",
        demonstration.of("counsel-b", "account_id")
    );
    let send = |form: Value| {
        let call = demonstration.client.post(demonstration.api(&path));
        call.bearer_auth(demonstration.of("counsel-b", "token"))
            .header("idempotency-key", "once")
            .json(&form)
            .send()
    };
    let form = client(&numbers[..1]);
    let all = futures_util::future::join_all((0..6).map(|_| send(form.clone()))).await;
    let mut given = BTreeSet::new();
    for one in all {
        let one = one.unwrap();
        assert_eq!(one.status(), StatusCode::CREATED);
        let one = json(one).await;
        given.insert(one["confirmation_number"].as_str().unwrap().to_owned());
    }
    assert_eq!(given.len(), 1);
    let listed = json(
        demonstration
            .get("/registry/submissions?limit=100", "registry")
            .await,
    )
    .await;
    let forms = listed["items"].as_array().unwrap().iter();
    let forms = forms.filter(|one| one["document_type"] == "client-contact");
    assert_eq!(forms.count(), 1);
    let other = object!({ "city": "Ottawa", "province": "ON" });
    let mut changed = form;
    changed
        .as_object_mut()
        .unwrap()
        .extend(other.as_object().unwrap().clone());
    let refused = send(changed).await.unwrap();
    assert_eq!(refused.status(), StatusCode::CONFLICT);
}

/// FORM-1, SUB-5: the registry reads a form as a page and as data, and takes it over like any submission; nobody else reads it.
#[tokio::test]
async fn the_registry_reads_a_form_and_takes_it_over() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let form = object!({
        "given_name": "Élise", "family_name": "Tremblay", "order": "barreau-du-quebec", "membership_number": "312345-6",
        "firm": "Tremblay et associées", "street": "200 boulevard René-Lévesque Ouest", "unit": "bureau 102", "city": "Montréal",
        "province": "QC", "postal_code": "H2Z 1X4", "telephone": "514 555-0123", "fax": "514 555-0124",
        "email": "elise@cabinet.example", "language": "fr", "retainer_limits": "L’audience seulement.", "file_numbers": [numbers[0]],
    });
    let sent = demonstration
        .send_form("counsel-contact", "counsel-a", "counsel-a", &form)
        .await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let id = json(sent).await["id"].as_str().unwrap().to_owned();
    for reader in ["registry", "cms"] {
        let data = format!("/registry/submissions/{id}/form");
        let data = json(demonstration.get(&data, reader).await).await;
        assert_eq!(data["form"], "counsel-contact");
        assert_eq!(data["telephone"], "+15145550123");
        for field in ["firm", "unit", "retainer_limits", "file_numbers", "order"] {
            assert_eq!(data[field], form[field], "{field}");
        }
    }
    let file = format!("/registry/submissions/{id}/files/1");
    let file = demonstration.get(&file, "registry").await;
    let kind = file.headers()["content-type"].to_str().unwrap().to_owned();
    assert_eq!(kind, "text/html");
    let disposition = file.headers()["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment"), "never opened here");
    let page = file.text().await.unwrap();
    for text in [
        "Coordonnées du conseil",
        "Counsel Contact Information",
        "1 514 555 0123",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let path = format!("/registry/submissions/{id}/acknowledgement");
    let taken = demonstration
        .call(Method::POST, &path, "registry", None)
        .await;
    assert_eq!(taken.status(), StatusCode::OK);
    let data = format!("/registry/submissions/{id}/form");
    for nobody in ["counsel-a", "counsel-b", "delegate-a", "help-desk"] {
        let refused = demonstration.get(&data, nobody).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{nobody}");
    }
}

/// FORM-1: everything that is wrong is answered at once, each with its field; another counsel's case is as good as none (CASE-1).
#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let demonstration = Demonstration::start();
    let theirs = demonstration.numbers("counsel-b").await;
    let form = object!({
        "given_name": "A", "country": "canada", "postal_code": "D1D 1D1", "telephone": "999 555-0100", "email": "nobody",
        "language": "de", "file_numbers": [theirs[0], "ZZ0-00000"],
    });
    let refused = demonstration
        .send_form("counsel-contact", "counsel-a", "counsel-a", &form)
        .await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let problem = json(refused).await;
    assert!(problem["type"].as_str().unwrap().ends_with("form-faulty"));
    let errors = problem["errors"].as_array().unwrap();
    let told: Vec<(&str, &str)> = errors
        .iter()
        .map(|error| {
            assert!(!error["detail"].as_str().unwrap().is_empty());
            let text = |member: &str| error[member].as_str().unwrap();
            (text("field"), text("fault"))
        })
        .collect();
    for expected in [
        ("family_name", "missing"),
        ("order", "missing"),
        ("street", "missing"),
        ("province", "missing"),
        ("postal_code", "postal-code"),
        ("telephone", "telephone"),
        ("email", "email"),
        ("language", "language"),
        ("file_numbers", "no-such-case"),
    ] {
        assert!(told.contains(&expected), "{expected:?}: {told:?}");
    }
    let of_cases = told.iter().filter(|(field, _)| *field == "file_numbers");
    assert_eq!(of_cases.count(), 2, "theirs and one that is none, alike");
    let path = format!(
        "/counsels/{}/forms/nothing",
        demonstration.of("counsel-a", "account_id")
    );
    let unknown = demonstration
        .call(Method::POST, &path, "counsel-a", Some(object!({})))
        .await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

/// FORM-1, DEL-5: on the pages what was typed is kept whatever is wrong with it, looked over, sent once, and shown with its number.
#[tokio::test]
async fn what_is_typed_is_kept_until_it_is_sent() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let cookie = demonstration.sign_in("delegate-a").await;
    let counsel = demonstration.of("counsel-a", "account_id");
    let blank = format!("/fr/counsels/{counsel}/forms/client-contact");
    let first = [
        ("family_name", "Đặng <i>"),
        ("postal_code", "H2Z"),
        ("file_numbers", numbers[0].as_str()),
        ("act", "review"),
    ];
    let draft = place(&demonstration.post(&blank, &cookie, &first).await);
    let text = demonstration
        .open(&draft, &cookie)
        .await
        .text()
        .await
        .unwrap();
    assert!(text.contains("Đặng &#60;i&#62;"), "what was typed is there");
    for told in [
        "href=\"#given_name\"",
        "aria-invalid=\"true\"",
        "Entrez un code postal canadien",
    ] {
        assert!(text.contains(told), "{told}");
    }
    let list = format!("/fr/counsels/{counsel}/forms");
    let draft = draft.split('?').next().unwrap().to_owned();
    let listed = demonstration
        .open(&list, &cookie)
        .await
        .text()
        .await
        .unwrap();
    assert!(listed.contains(&draft), "it can be gone on with");
    let others = demonstration.sign_in("counsel-a").await;
    let refused = demonstration.open(&draft, &others).await;
    assert_eq!(
        refused.status(),
        StatusCode::NOT_FOUND,
        "a begun form is one's own"
    );

    let whole = [
        ("given_name", "Linh"),
        ("family_name", "Đặng"),
        ("street", "12, rue Principale"),
        ("city", "Montréal"),
        ("province", "QC"),
        ("postal_code", "H2Z 1X4"),
        ("country", "Canada"),
        ("language", "fr"),
        ("file_numbers", numbers[0].as_str()),
        ("file_numbers", numbers[1].as_str()),
        ("act", "review"),
    ];
    let review = place(&demonstration.post(&draft, &cookie, &whole).await);
    assert!(review.ends_with("/review"), "{review}");
    let shown = demonstration.open(&review, &cookie).await;
    let shown = shown.text().await.unwrap();
    assert!(shown.contains("12, rue Principale"));
    let edition = edition_in(&shown);
    let looked_at = [("edition", edition.as_str())];
    let sent = place(&demonstration.post(&review, &cookie, &looked_at).await);
    let shown = demonstration
        .open(&sent, &cookie)
        .await
        .text()
        .await
        .unwrap();
    let again = place(&demonstration.post(&review, &cookie, &looked_at).await);
    let shown_again = demonstration.open(&again, &cookie).await;
    let shown_again = shown_again.text().await.unwrap();
    assert_eq!(what(&shown), what(&shown_again), "received once");
    assert!(shown.contains(&numbers[0]) && shown.contains(&numbers[1]));
    let late = demonstration.post(&draft, &cookie, &whole).await;
    assert_eq!(place(&late), sent, "nobody changes what was sent");
    let mut late = whole;
    late[0] = ("given_name", "Mai Linh");
    let told = demonstration.post(&draft, &cookie, &late).await;
    assert_eq!(told.status(), StatusCode::CONFLICT);
    let told = told.text().await.unwrap();
    assert!(told.contains("n’en fait pas partie") && told.contains("Mai Linh"));
    let discard = demonstration.post(&draft, &cookie, &[("act", "discarded")]);
    assert_eq!(place(&discard.await), sent, "nobody discards what was sent");
    let listed = demonstration
        .open(&list, &cookie)
        .await
        .text()
        .await
        .unwrap();
    assert!(!listed.contains(&draft), "it is not begun any more");
    let (_, another) = told.split_once("/form-drafts/").unwrap();
    let another = another.split('"').next().unwrap();
    assert!(listed.contains(another), "what was typed since is kept");
}

/// FORM-1: a form that came without any of its fields is not one that was emptied: what was typed stays.
#[tokio::test]
async fn a_form_without_its_fields_empties_nothing() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-a").await;
    let counsel = demonstration.of("counsel-a", "account_id");
    let blank = format!("/fr/counsels/{counsel}/forms/client-contact");
    let typed = [("family_name", "Nguyen"), ("act", "keep")];
    let draft = place(&demonstration.post(&blank, &cookie, &typed).await);
    for nothing in [&[][..], &[("act", "keep")]] {
        let refused = demonstration.post(&draft, &cookie, nothing).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let kept = demonstration.open(&draft, &cookie).await.text().await;
    assert!(kept.unwrap().contains("Nguyen"));
}

/// FORM-1, CASE-1: of a form that was sent on two cases its sender sees the number on the one that is still the counsel's, and once the other is
/// lost too, nothing of it: neither numbers nor what was written. It cannot be changed, discarded or sent again for all that.
#[tokio::test]
async fn a_sent_form_shows_nothing_of_a_lost_case() {
    let demonstration = Demonstration::start();
    let [of_a, of_b] = ["counsel-a", "counsel-b"].map(|who| demonstration.of(who, "account_id"));
    let numbers = ["VB9-77061", "VB9-77062"];
    for number in numbers {
        demonstration.feed(number, &case(number, Some(&of_a))).await;
    }
    let cookie = demonstration.sign_in("delegate-a").await;
    let blank = format!("/en/counsels/{of_a}/forms/client-contact");
    let fields = [
        ("family_name", "Đặng"),
        ("given_name", "Minh"),
        ("street", "7 Rue Cachée"),
        ("city", "Montréal"),
        ("province", "QC"),
        ("postal_code", "H2Z 1X4"),
        ("country", "Canada"),
        ("language", "fr"),
        ("file_numbers", numbers[0]),
        ("file_numbers", numbers[1]),
        ("act", "review"),
    ];
    let review = place(&demonstration.post(&blank, &cookie, &fields).await);
    let read = async |path: &str| {
        let answer = demonstration.open(path, &cookie).await;
        (answer.status(), answer.text().await.unwrap())
    };
    let edition = edition_in(&read(&review).await.1);
    let looked_at = [("edition", edition.as_str())];
    let sent = place(&demonstration.post(&review, &cookie, &looked_at).await);
    assert!(sent.ends_with("/sent"), "{sent}");
    let (_, all) = read(&sent).await;
    let shown =
        |page: &str| -> Vec<bool> { numbers.iter().map(|one| page.contains(one)).collect() };
    assert_eq!(shown(&all), [true, true], "{all}");

    demonstration
        .feed(numbers[0], &case(numbers[0], Some(&of_b)))
        .await;
    let (status, one_left) = read(&sent).await;
    assert_eq!(status, StatusCode::OK);
    let received = one_left.matches("class=\"confirmation number\"").count();
    assert_eq!(received, 1, "{one_left}");
    let submitted = demonstration.rows("SELECT hex(id) FROM submission").await;

    demonstration
        .feed(numbers[1], &case(numbers[1], Some(&of_b)))
        .await;
    let (status, none_left) = read(&sent).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(!none_left.contains("Rue Cachée"), "{none_left}");
    let draft = sent.trim_end_matches("/sent");
    let (_, looked) = read(draft).await;
    assert!(!looked.contains("Rue Cachée"), "{looked}");
    for act in ["keep", "discard", "discarded"] {
        let changed = [("city", "Laval"), ("act", act)];
        let late = demonstration.post(draft, &cookie, &changed).await;
        if act == "keep" {
            assert_eq!(late.status(), StatusCode::CONFLICT);
            let told = late.text().await.unwrap();
            assert!(told.contains("no longer this counsel’s"), "{told}");
        }
    }
    demonstration.post(&review, &cookie, &looked_at).await;
    let submissions = demonstration.rows("SELECT hex(id) FROM submission").await;
    assert_eq!(submissions, submitted);
    let back = case(numbers[0], Some(&of_a));
    demonstration.feed(numbers[0], &back).await;
    assert_eq!(read(&sent).await.0, StatusCode::OK);
}

/// FORM-1: what was kept for later can be thrown away, and is gone after a day; somebody without access keeps nothing.
#[tokio::test]
async fn a_begun_form_does_not_stay() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-b").await;
    let counsel = demonstration.of("counsel-b", "account_id");
    let blank = format!("/en/counsels/{counsel}/forms/counsel-contact");
    let prefilled = demonstration
        .open(&blank, &cookie)
        .await
        .text()
        .await
        .unwrap();
    assert!(prefilled.contains("autocomplete=\"address-line1\""));
    assert!(
        prefilled.contains("counsel-b@"),
        "what the portal knows is there"
    );
    let keep = [("firm", "A firm"), ("act", "keep")];
    let first = place(&demonstration.post(&blank, &cookie, &keep).await);
    let first = first.split('?').next().unwrap().to_owned();
    let kept = demonstration.open(&first, &cookie).await;
    assert!(kept.text().await.unwrap().contains("A firm"));
    let asked = demonstration.post(&first, &cookie, &[("act", "discard")]);
    let asked = asked.await.text().await.unwrap();
    assert!(asked.contains("Discard this form?") && asked.contains("A firm"));
    let gone = [("act", "discarded")];
    let after = place(&demonstration.post(&first, &cookie, &gone).await);
    let told = demonstration.open(&after, &cookie).await;
    assert!(told.text().await.unwrap().contains("The form is discarded"));
    let opened = demonstration.open(&first, &cookie).await;
    assert_eq!(opened.status(), StatusCode::NOT_FOUND);

    let second = place(&demonstration.post(&blank, &cookie, &keep).await);
    let second = second.split('?').next().unwrap().to_owned();
    demonstration.advance("25h").await;
    let cookie = demonstration.sign_in("counsel-b").await;
    let opened = demonstration.open(&second, &cookie).await;
    assert_eq!(opened.status(), StatusCode::NOT_FOUND);
    let stranger = demonstration.sign_in("delegate-a").await;
    let refused = demonstration.post(&blank, &stranger, &keep).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
}

/// FORM-1: what is sent is what its sender looked at. Changed in another window since, it is shown as it is now, and nothing is sent.
#[tokio::test]
async fn a_form_that_was_changed_since_it_was_looked_at_is_not_sent() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let counsel = demonstration.of("counsel-a", "account_id");
    let cookie = demonstration.sign_in("counsel-a").await;
    let blank = format!("/en/counsels/{counsel}/forms/client-contact");
    let mut fields = of_toronto(&numbers[0]);
    let review = place(&demonstration.post(&blank, &cookie, &fields).await);
    let looked_at = demonstration.open(&review, &cookie).await;
    let edition = edition_in(&looked_at.text().await.unwrap());
    fields[2].1 = "99 Other Street";
    let draft = review.trim_end_matches("/review");
    place(&demonstration.post(draft, &cookie, &fields).await);
    for sent in [vec![("edition", edition.as_str())], vec![]] {
        let told = demonstration.post(&review, &cookie, &sent).await;
        assert_eq!(told.status(), StatusCode::CONFLICT);
        let told = told.text().await.unwrap();
        assert!(told.contains("changed in another window"), "{told}");
        assert!(told.contains("99 Other Street"), "{told}");
        assert!(edition_in(&told) != edition);
    }
    let sent = demonstration.rows("SELECT hex(id) FROM submission").await;
    assert!(sent.is_empty(), "{sent:?}");
}

/// SUB-4, SUB-5, SUB-6: the page with the numbers tells by whose clock the form was received, the tribunal's and the office's; the case's history
/// tells for whom it was sent, by the form's name, and that nobody has taken it over yet.
#[tokio::test]
async fn what_was_sent_is_told_in_full() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let counsel = demonstration.of("counsel-a", "account_id");
    let cookie = demonstration.sign_in("delegate-a").await;
    let read = async |path: &str| {
        let answer = demonstration.open(path, &cookie).await;
        answer.text().await.unwrap()
    };
    let blank = format!("/en/counsels/{counsel}/forms/client-contact");
    let fields = of_toronto(&numbers[0]);
    let review = place(&demonstration.post(&blank, &cookie, &fields).await);
    let edition = edition_in(&read(&review).await);
    let looked_at = [("edition", edition.as_str())];
    let sent = place(&demonstration.post(&review, &cookie, &looked_at).await);
    let sent = read(&sent).await;
    assert!(
        sent.contains(" at the office that holds the file, "),
        "{sent}"
    );
    assert!(sent.contains(" at the tribunal<"), "{sent}");
    let (entry, _) = sent.split_once("\" class=\"confirmation number\"").unwrap();
    let (_, entry) = entry.rsplit_once("href=\"").unwrap();
    let (history, _) = entry.split_once("/submissions/").unwrap();
    let history = read(&format!("{history}/submissions")).await;
    let name = demonstration.of("counsel-a", "name");
    assert!(
        history.contains(&format!("On behalf of {name}")),
        "{history}"
    );
    assert!(history.contains("Not yet taken over by the registry"));
    assert!(!history.contains("client-contact.html"), "{history}");
}

/// FORM-1: one person has so many forms begun at a time, counsel by counsel; what is typed in one more stays on the page, and sent and
/// discarded ones are none of them.
#[tokio::test]
async fn a_person_begins_so_many_forms_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let most = [("MONDOSSIER__SUBMISSIONS__DRAFTS_AT_MOST", "2")];
    let demonstration = Demonstration::start_with(folder, &most);
    let numbers = demonstration.numbers("counsel-a").await;
    let counsel = demonstration.of("counsel-a", "account_id");
    let blank = format!("/en/counsels/{counsel}/forms/client-contact");
    let whole = of_toronto(&numbers[0]);
    let cookie = demonstration.sign_in("counsel-a").await;
    let begun = async || demonstration.post(&blank, &cookie, &whole).await;
    let refused = async || {
        let told = begun().await;
        assert_eq!(told.status(), StatusCode::TOO_MANY_REQUESTS);
        let told = told.text().await.unwrap();
        assert!(told.contains("begun too many forms"), "{told}");
        assert!(told.contains("12 Main Street"), "nothing typed is lost");
    };
    let first = place(&begun().await);
    let second = place(&begun().await);
    refused().await;
    let delegate = demonstration.sign_in("delegate-a").await;
    place(&demonstration.post(&blank, &delegate, &whole).await);

    let review = demonstration.open(&first, &cookie).await;
    let edition = edition_in(&review.text().await.unwrap());
    let looked_at = [("edition", edition.as_str())];
    place(&demonstration.post(&first, &cookie, &looked_at).await);
    place(&begun().await);
    refused().await;
    let list = format!("/en/counsels/{counsel}/forms");
    let listed = demonstration.open(&list, &cookie).await;
    let listed = listed.text().await.unwrap();
    let (second, _) = second.rsplit_once('/').unwrap();
    assert!(listed.contains(second), "hidden by none that was sent");
    let gone = [("act", "discarded")];
    place(&demonstration.post(second, &cookie, &gone).await);
    place(&begun().await);
}

/// FORM-1: what is too long to be kept stays on the page, of a new form and of one that was begun.
#[tokio::test]
async fn what_is_too_long_to_be_kept_stays_on_the_page() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-b", "account_id");
    let cookie = demonstration.sign_in("counsel-b").await;
    let blank = format!("/en/counsels/{counsel}/forms/counsel-contact");
    let keep = [("firm", "A firm"), ("act", "keep")];
    let draft = place(&demonstration.post(&blank, &cookie, &keep).await);
    let draft = draft.split('?').next().unwrap().to_owned();
    let long = "long ".repeat(4_001);
    for page in [&blank, &draft] {
        let typed = [("city", "Sherbrooke"), ("firm", long.as_str()), keep[1]];
        let told = demonstration.post(page, &cookie, &typed).await;
        assert_eq!(told.status(), StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        let told = told.text().await.unwrap();
        assert!(told.contains("is too long"), "{told}");
        assert!(told.contains("Sherbrooke"), "nothing typed is lost");
        let again = format!("action=\"{page}\"");
        assert!(told.contains(&again), "{told}");
    }
    let kept = demonstration.open(&draft, &cookie).await;
    assert!(kept.text().await.unwrap().contains("A firm"));
}
