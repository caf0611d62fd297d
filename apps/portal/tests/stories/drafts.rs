//! Submissions that are begun on the pages and looked at before they are sent: nothing of them is lost, and nothing is sent that nobody saw
//! (SUB-1, SUB-2, SUB-7, X-3).

use reqwest::multipart::{Form, Part};
use reqwest::{Response, StatusCode};

use crate::feed::case;
use crate::portal::{Demonstration, json, pdf};

/// A person at the pages of one case.
struct Desk<'a> {
    portal: &'a Demonstration,
    cookie: String,
    case: String,
}

fn place(answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn enclosed(form: Form, name: &str) -> Form {
    form.part("file", Part::bytes(pdf(10)).file_name(name.to_owned()))
}

/// A form of a page, with its type.
fn form() -> Form {
    Form::new().text("document_type", "disclosure")
}

impl<'a> Desk<'a> {
    async fn of(portal: &'a Demonstration, who: &str) -> Self {
        let submissions = portal.submissions().await;
        Self {
            portal,
            cookie: portal.sign_in(who).await,
            case: format!("/en{}", submissions.replace("/submissions", "")),
        }
    }

    async fn open(&self, path: &str) -> Response {
        let call = self.portal.client.get(self.portal.page(path));
        let call = call.header("cookie", &self.cookie);
        call.send().await.unwrap()
    }

    async fn read(&self, path: &str) -> String {
        self.open(path).await.text().await.unwrap()
    }

    async fn post(&self, path: &str, form: Form) -> Response {
        let call = self.portal.client.post(self.portal.page(path));
        let call = call
            .header("cookie", &self.cookie)
            .header("sec-fetch-site", "same-origin");
        call.multipart(form).send().await.unwrap()
    }

    async fn told(&self, path: &str, form: Form) -> (u16, String) {
        let answer = self.post(path, form).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// A draft with a file.
    async fn begun(&self, name: &str) -> String {
        let begin = format!("{}/submit", self.case);
        place(&self.post(&begin, enclosed(form(), name)).await)
    }

    /// The form that the draft's page shows now, as that button sends it.
    async fn shown(&self, draft: &str, act: &str) -> Form {
        let listed = titles(&self.read(draft).await);
        let all = listed
            .into_iter()
            .fold(form(), |form, title| form.text(title, ""));
        all.text("act", act.to_owned())
    }
}

/// The names of the titles' fields, one for each file of the list.
fn titles(page: &str) -> Vec<String> {
    let fields = page.split("name=\"title-").skip(1);
    let ids = fields.map(|field| field.split('"').next().unwrap());
    ids.map(|id| format!("title-{id}")).collect()
}

/// The draft on whose page something is shown.
fn draft_of(page: &str) -> String {
    let (_, action) = page
        .split_once("<form method=\"post\" action=\"/en/counsels/")
        .unwrap();
    format!("/en/counsels/{}", action.split('"').next().unwrap())
}

/// SUB-1, SUB-2: what is added or changed after a draft was sent is no part of what was sent: the page says under which number that was, and
/// keeps what came in another submission. Only a second click of the same page goes on in silence.
#[tokio::test]
async fn what_comes_after_sending_is_said_and_kept() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "counsel-a").await;
    let draft = desk.begun("first.pdf").await;
    let sent = desk.shown(&draft, "send").await;
    let [again, added] = [
        desk.shown(&draft, "send").await,
        desk.shown(&draft, "keep").await,
    ];
    let [changed, faulty] = [
        desk.shown(&draft, "keep").await,
        desk.shown(&draft, "keep").await,
    ];
    let [bad, discard] = [
        desk.shown(&draft, "send").await,
        desk.shown(&draft, "discarded").await,
    ];
    let entry = place(&desk.post(&draft, sent).await);
    let entry = entry.split('?').next().unwrap().to_owned();
    let number = portal.history().await[0]["confirmation_number"]
        .as_str()
        .unwrap()
        .to_owned();
    let looked = place(&desk.post(&draft, again).await);
    assert_eq!(place(&desk.open(&looked).await), entry, "a double click");

    let (status, text) = desk.told(&draft, enclosed(added, "second.pdf")).await;
    assert_eq!(status, 409, "{text}");
    for told in [number.as_str(), "second.pdf", "is not in it"] {
        assert!(text.contains(told), "{told}");
    }
    assert!(!text.contains("first.pdf"), "that was sent");
    let other = draft_of(&text);
    assert_ne!(other, draft);
    let (status, text) = desk
        .told(&draft, changed.text("note", "One more thing."))
        .await;
    assert_eq!(status, 409, "{text}");
    assert!(
        text.contains(&number) && text.contains("One more thing."),
        "{text}"
    );
    let faulty = faulty
        .text("service_how", "post")
        .text("service_on", "soon");
    let (status, text) = desk.told(&draft, enclosed(faulty, "third.pdf")).await;
    assert_eq!(status, 409, "{text}");
    assert!(
        text.contains(&number) && text.contains("third.pdf"),
        "{text}"
    );
    let empty = Part::bytes(Vec::new()).file_name("empty.pdf");
    let (status, text) = desk.told(&draft, bad.part("file", empty)).await;
    assert_eq!(status, 409, "{text}");
    assert!(
        text.contains(&number) && text.contains("empty.pdf"),
        "{text}"
    );

    let thrown = place(&desk.post(&draft, discard).await);
    assert_eq!(thrown, format!("{entry}?sent_before=true"));
    assert!(
        desk.read(&thrown)
            .await
            .contains("sent before you could discard it")
    );
    assert_eq!(portal.history().await.len(), 1);
    let form = desk.shown(&other, "send").await;
    assert!(place(&desk.post(&other, form).await).ends_with("?sent=true"));
    let history = portal.history().await;
    assert_eq!(history.len(), 2);
    assert!(
        history
            .iter()
            .any(|one| one["files"][0]["name"] == "second.pdf")
    );
}

/// SUB-1: a page that is not of now any more sends no file that its person did not see there, and leaves none out that they did.
#[tokio::test]
async fn a_list_that_nobody_saw_is_not_sent() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "counsel-a").await;
    let draft = desk.begun("first.pdf").await;
    let of_before = desk.shown(&draft, "send").await;
    let adding = desk.shown(&draft, "keep").await;
    place(&desk.post(&draft, enclosed(adding, "second.pdf")).await);
    let (status, text) = desk.told(&draft, of_before).await;
    assert_eq!(status, 409, "{text}");
    for told in ["in another window", "first.pdf", "second.pdf"] {
        assert!(text.contains(told), "{told}");
    }
    let of_both = desk.shown(&draft, "send").await;
    let first = titles(&text)[0].replace("title-", "remove-");
    let removing = desk.shown(&draft, &first).await;
    place(&desk.post(&draft, removing).await);
    let (status, text) = desk.told(&draft, of_both).await;
    assert_eq!(status, 409, "{text}");
    assert!(
        !text.contains("first.pdf") && text.contains("second.pdf"),
        "{text}"
    );
    assert_eq!(portal.history().await.len(), 0);
    let seen = desk.shown(&draft, "send").await;
    assert!(place(&desk.post(&draft, seen).await).ends_with("?sent=true"));
    let history = portal.history().await;
    assert_eq!(history[0]["files"].as_array().map(Vec::len), Some(1));
}

/// SUB-1: what is sent without the list that its person looked at is no form of the page: it is not told as changed in another window, and
/// nothing is sent or changed by it.
#[tokio::test]
async fn what_is_sent_without_its_list_is_not_whole() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "counsel-a").await;
    let draft = desk.begun("first.pdf").await;
    let noted = desk.shown(&draft, "keep").await.text("note", "As agreed.");
    place(&desk.post(&draft, noted).await);
    for sent in [Form::new(), form()] {
        let (status, text) = desk.told(&draft, sent.text("act", "send")).await;
        assert_eq!(status, 422, "{text}");
        // What was noted before, too: the next click on the page sends it.
        for told in ["did not come along", "first.pdf", "As agreed."] {
            assert!(text.contains(told), "{told}: {text}");
        }
        assert!(!text.contains("in another window"), "{text}");
    }
    assert_eq!(portal.history().await.len(), 0);
    let seen = desk.shown(&draft, "send").await;
    assert!(place(&desk.post(&draft, seen).await).ends_with("?sent=true"));
}

/// SUB-1: good files stay, and bad ones are named, also where a field must be put right.
#[tokio::test]
async fn good_files_stay_whatever_else_is_wrong() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "counsel-a").await;
    let bad = || Part::bytes(Vec::new()).file_name("empty.pdf");
    let begin = format!("{}/submit", desk.case);
    let note = "a".repeat(2_001);
    for (document_type, field, value) in [
        ("disclosure", "service_on", "yesterday"),
        ("disclosure", "note", note.as_str()),
        ("disclosure", "service_on", "2020-01-01"),
        ("", "note", "kept"),
    ] {
        let form = Form::new().text("document_type", document_type.to_owned());
        let form = form.text(field, value.to_owned()).part("file", bad());
        let (status, text) = desk.told(&begin, enclosed(form, "good.pdf")).await;
        assert_eq!(status, 422, "{field}: {text}");
        for told in ["good.pdf", "empty.pdf: The file is empty", value] {
            assert!(text.contains(told), "{field}: {told}");
        }
        let draft = draft_of(&text);
        assert_eq!(titles(&desk.read(&draft).await).len(), 1, "{field}");
        let discard = desk.shown(&draft, "discarded").await;
        place(&desk.post(&draft, discard).await);
    }
    let draft = desk.begun("first.pdf").await;
    for (field, value) in [
        ("service_on", "yesterday"),
        ("note", note.as_str()),
        ("also_on", "ZZ9-99999"),
    ] {
        let before = titles(&desk.read(&draft).await).len();
        let form = desk.shown(&draft, "send").await;
        let form = form.text(field, value.to_owned()).part("file", bad());
        let (status, text) = desk.told(&draft, enclosed(form, "more.pdf")).await;
        assert_eq!(status, 422, "{field}: {text}");
        assert!(
            text.contains("empty.pdf: The file is empty") && text.contains(value),
            "{field}"
        );
        assert_eq!(titles(&text).len(), before + 1, "{field}");
        assert_eq!(
            titles(&desk.read(&draft).await).len(),
            before + 1,
            "{field}"
        );
    }
    assert_eq!(portal.history().await.len(), 0);
}

/// SUB-1, X-4: good files stay also where a case that the draft was on too went to another counsel meanwhile.
#[tokio::test]
async fn good_files_stay_when_another_case_is_lost() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "counsel-a").await;
    let number = "VB9-77021";
    let [of_a, of_b] = ["counsel-a", "counsel-b"].map(|who| portal.of(who, "account_id"));
    let (status, said) = portal.feed(number, &case(number, Some(&of_a))).await;
    assert_eq!(status, StatusCode::CREATED, "{said}");
    let draft = desk.begun("first.pdf").await;
    let joined = desk.shown(&draft, "keep").await.text("also_on", number);
    place(&desk.post(&draft, joined).await);
    portal.feed(number, &case(number, Some(&of_b))).await;
    let adding = desk.shown(&draft, "keep").await.text("also_on", number);
    let (status, text) = desk.told(&draft, enclosed(adding, "second.pdf")).await;
    assert_eq!(status, 422, "{text}");
    assert!(text.contains("second.pdf"), "{text}");
    assert_eq!(titles(&desk.read(&draft).await).len(), 2);
    let send = desk.shown(&draft, "send").await.text("also_on", number);
    assert_eq!(desk.told(&draft, send).await.0, 422);
    assert_eq!(portal.history().await.len(), 0);
}

/// SUB-1, X-3: what somebody began they find again, on the case and where they submit, until it is sent, discarded or too old.
#[tokio::test]
async fn a_begun_submission_is_found_again() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "counsel-a").await;
    let pages = [desk.case.clone(), format!("{}/submit", desk.case)];
    let draft = desk.begun("first.pdf").await;
    let other = desk.begun("second.pdf").await;
    let delegate = Desk::of(&portal, "delegate-a").await;
    for page in &pages {
        let text = desk.read(page).await;
        for told in [
            draft.as_str(),
            "first.pdf",
            other.as_str(),
            "second.pdf",
            "kept until",
        ] {
            assert!(text.contains(told), "{page}: {told}");
        }
        assert!(
            !delegate.read(page).await.contains("first.pdf"),
            "one's own"
        );
    }
    let send = desk.shown(&draft, "send").await;
    place(&desk.post(&draft, send).await);
    // As the button in the list sends it.
    place(
        &desk
            .post(&other, Form::new().text("act", "discarded"))
            .await,
    );
    let third = desk.begun("third.pdf").await;
    for page in &pages {
        let text = desk.read(page).await;
        assert!(!text.contains(&draft) && !text.contains(&other), "{page}");
        assert!(text.contains(&third), "{page}");
    }
    portal.advance("25h").await;
    let desk = Desk::of(&portal, "counsel-a").await;
    for page in &pages {
        assert!(!desk.read(page).await.contains("third.pdf"), "{page}");
    }
}

/// SUB-1: one person has so many submissions begun at a time; those that were sent or discarded are none of them.
#[tokio::test]
async fn a_person_begins_so_many_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let most = [("MONDOSSIER__SUBMISSIONS__DRAFTS_AT_MOST", "2")];
    let portal = Demonstration::start_with(folder, &most);
    let desk = Desk::of(&portal, "counsel-a").await;
    let first = desk.begun("first.pdf").await;
    let second = desk.begun("second.pdf").await;
    let begin = format!("{}/submit", desk.case);
    let refused = async || {
        let (status, text) = desk.told(&begin, enclosed(form(), "third.pdf")).await;
        assert_eq!(status, 429, "{text}");
        assert!(text.contains("begun too many"), "{text}");
        assert!(
            text.contains("Begun and not sent"),
            "they can be discarded there"
        );
    };
    refused().await;
    let delegate = Desk::of(&portal, "delegate-a").await;
    delegate.begun("of-another.pdf").await;
    let send = desk.shown(&second, "send").await;
    place(&desk.post(&second, send).await);
    desk.begun("fourth.pdf").await;
    refused().await;
    place(
        &desk
            .post(&first, Form::new().text("act", "discarded"))
            .await,
    );
    desk.begun("fifth.pdf").await;
}

/// SUB-1: a draft goes once its person said so twice: the page asks, with what was typed, and the page that follows says that it is done.
#[tokio::test]
async fn a_draft_is_discarded_once_that_is_confirmed() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "counsel-a").await;
    let draft = desk.begun("first.pdf").await;
    let typed = desk.shown(&draft, "discard").await;
    let typed = typed.text("note", "Typed and not kept");
    for form in [typed, Form::new().text("act", "discard")] {
        let (status, asks) = desk.told(&draft, form).await;
        assert_eq!(status, 200);
        assert!(asks.contains("Discard this submission?"), "{asks}");
        assert!(asks.contains("first.pdf"), "{asks}");
    }
    let typed = desk.shown(&draft, "discard").await;
    let (_, asks) = desk.told(&draft, typed.text("note", "Typed")).await;
    assert!(asks.contains(">Typed</textarea>"), "{asks}");
    assert_eq!(titles(&desk.read(&draft).await).len(), 1, "it is there");
    let sure = Form::new().text("act", "discarded");
    let after = place(&desk.post(&draft, sure).await);
    let told = desk.read(&after).await;
    assert!(told.contains("The submission is discarded."), "{told}");
    assert_eq!(desk.open(&draft).await.status(), StatusCode::NOT_FOUND);
}

/// SUB-1, CASE-1: what somebody began on a case that went to another counsel is not found there any more, and holds no place; it does again
/// where the case comes back.
#[tokio::test]
async fn what_was_begun_on_a_lost_case_holds_no_place() {
    let folder = tempfile::tempdir().unwrap();
    let most = [("MONDOSSIER__SUBMISSIONS__DRAFTS_AT_MOST", "1")];
    let portal = Demonstration::start_with(folder, &most);
    let desk = Desk::of(&portal, "counsel-a").await;
    let number = "VB9-77022";
    let [of_a, of_b] = ["counsel-a", "counsel-b"].map(|who| portal.of(who, "account_id"));
    let (status, said) = portal.feed(number, &case(number, Some(&of_a))).await;
    assert_eq!(status, StatusCode::CREATED, "{said}");
    let id = said["id"].as_str().unwrap();
    let begin = format!("/en/counsels/{of_a}/cases/{id}/submit");
    let lost = place(&desk.post(&begin, enclosed(form(), "lost.pdf")).await);
    let other = format!("{}/submit", desk.case);
    let begins = async || desk.told(&other, enclosed(form(), "other.pdf")).await.0;
    assert_eq!(begins().await, 429);
    portal.feed(number, &case(number, Some(&of_b))).await;
    assert_eq!(desk.open(&lost).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(begins().await, 303);
    assert_eq!(begins().await, 429);
    portal.feed(number, &case(number, Some(&of_a))).await;
    let discard = Form::new().text("act", "discarded");
    place(&desk.post(&lost, discard).await);
    assert_eq!(begins().await, 429);
}

/// SUB-7: a statement of service can be made on the pages of every type, and says both how and when, on a day that has come.
#[tokio::test]
async fn a_statement_of_service_is_of_a_day_that_has_come() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "counsel-a").await;
    let page = desk.read(&format!("{}/submit", desk.case)).await;
    assert!(page.contains("name=\"service_how\"") && page.contains("name=\"service_on\""));
    let submit = async |how: &str, on: &str| {
        let form = form().text("service_how", how.to_owned());
        let form = enclosed(form.text("service_on", on.to_owned()), "a.pdf");
        let call = portal.client.post(portal.api(&portal.submissions().await));
        let call = call
            .bearer_auth(portal.of("counsel-a", "token"))
            .multipart(form);
        let answer = call.send().await.unwrap();
        let status = answer.status().as_u16();
        let told = json(answer).await;
        let kind = told["type"].as_str().unwrap_or_default();
        (status, kind.replace("urn:mondossier:problem:", ""))
    };
    for (how, on, kind) in [
        ("By post", "9999-12-31", "service-date-outside"),
        ("By post", "2199-01-01", "service-date-outside"),
        ("By post", "1899-12-31", "service-date-outside"),
        ("By post", "0000-01-01", "service-date-outside"),
        ("By post", "-2026-01-01", "service-date-unusable"),
        ("By post", "+2026-11-20", "service-date-unusable"),
        ("By post", "2026-02-30", "service-date-unusable"),
        ("By post", "", "service-statement-partial"),
        ("", "2026-01-15", "service-statement-partial"),
    ] {
        assert_eq!(submit(how, on).await, (422, kind.to_owned()), "{how} {on}");
    }
    assert_eq!(submit("By post", "2026-01-15").await.0, 201);
    assert_eq!(submit("", "").await.0, 201, "nobody needs to");
    assert_eq!(portal.history().await.len(), 2);
}

/// X-4, CASE-3: the other cases of a family are offered on the draft's page, and no case of anybody else; what was chosen among them stays
/// chosen, and is sent.
#[tokio::test]
async fn the_cases_of_a_family_are_offered_and_stay_chosen() {
    let portal = Demonstration::start();
    let counsel = portal.of("counsel-a", "account_id");
    let principal = "TB9-88001";
    let mut ids = Vec::new();
    for (number, of) in [
        (principal, principal),
        ("TB9-88002", principal),
        ("TB9-88003", principal),
        ("TB9-88004", "TB9-88004"),
    ] {
        let mut one = case(number, Some(&counsel));
        one["principal_file_number"] = of.into();
        let (status, fed) = portal.feed(number, &one).await;
        assert_eq!(status, StatusCode::CREATED, "{fed}");
        ids.push(fed["id"].as_str().unwrap().to_owned());
    }
    let desk = Desk {
        portal: &portal,
        cookie: portal.sign_in("counsel-a").await,
        case: format!("/en/counsels/{counsel}/cases/{}", ids[1]),
    };
    let draft = desk.begun("first.pdf").await;
    let offered = async || {
        let page = desk.read(&draft).await;
        let boxes = page.split("name=\"also_on\" value=\"").skip(1);
        let boxes = boxes.filter(|one| one.contains("<label for=\"also-TB9"));
        let boxes = boxes.map(|one| {
            let (number, rest) = one.split_once('"').unwrap();
            (number.to_owned(), rest.starts_with(" checked>"))
        });
        boxes.collect::<Vec<_>>()
    };
    let family = |chosen| {
        vec![
            (principal.to_owned(), false),
            ("TB9-88003".to_owned(), chosen),
        ]
    };
    assert_eq!(offered().await, family(false));
    let choosing = desk.shown(&draft, "keep").await;
    place(
        &desk
            .post(&draft, choosing.text("also_on", "TB9-88003"))
            .await,
    );
    assert_eq!(offered().await, family(true));
    let sending = desk.shown(&draft, "send").await;
    let sending = sending.text("also_on", "TB9-88003");
    place(&desk.post(&draft, sending).await);
    let filed = json(portal.get("/registry/submissions", "registry").await).await;
    let filed = filed["items"].as_array().unwrap().iter();
    let mut on: Vec<_> = filed.map(|one| one["file_number"].as_str()).collect();
    on.sort_unstable();
    assert_eq!(on, [Some("TB9-88002"), Some("TB9-88003")]);
}
