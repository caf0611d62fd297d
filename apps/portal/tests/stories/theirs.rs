//! One of everything that a counsel has, as it stands in an address; and of each of it one that never was.

use reqwest::header::LOCATION;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json, pdf};

/// What an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    Counsel,
    Case,
    FileNumber,
    Submission,
    File,
    Item,
    Delegation,
    Invitation,
    Token,
    Change,
    Notice,
    Draft,
    Form,
    FormDraft,
    Account,
    Upload,
    Hold,
    Session,
}

/// What stands where: the end of an address before one of its parts. The longest that fits holds.
const PLACES: &[(&str, Thing)] = &[
    ("/counsels/", Thing::Counsel),
    ("/cases/", Thing::Case),
    ("/registry/cases/", Thing::FileNumber),
    ("/submissions/", Thing::Submission),
    ("/files/", Thing::File),
    ("/inbox/", Thing::Item),
    ("/delegations/", Thing::Delegation),
    ("/invitations/", Thing::Invitation),
    ("/tokens/", Thing::Token),
    ("/sessions/", Thing::Session),
    ("/profile-changes/", Thing::Change),
    ("/profile/changes/", Thing::Change),
    ("/undelivered/", Thing::Notice),
    ("/drafts/", Thing::Draft),
    ("/forms/", Thing::Form),
    ("/form-drafts/", Thing::FormDraft),
    ("/registrations/", Thing::Account),
    ("/accounts/", Thing::Account),
    ("/documents/", Thing::Item),
    ("/uploads/", Thing::Upload),
    ("/legal-hold/", Thing::Hold),
];

impl Thing {
    /// What stands in an address after `before`.
    fn after(before: &str) -> Self {
        let fits = PLACES.iter().filter(|(place, _)| before.ends_with(place));
        fits.max_by_key(|(place, _)| place.len())
            .unwrap_or_else(|| panic!("say in PLACES what stands after {before}"))
            .1
    }

    /// One that never was.
    fn that_never_was(self) -> String {
        match self {
            Self::FileNumber => "TC9-98765".to_owned(),
            Self::File => "1".to_owned(),
            Self::Form => "client-contact".to_owned(),
            other => format!(
                "01a00000-0000-7000-8000-{:012x}",
                0xdead_0000 + other as u32
            ),
        }
    }

    /// Whether it is somebody's. The number of a file and the name of a form are nobody's.
    pub const fn is_somebodys(self) -> bool {
        !matches!(self, Self::File | Self::Form)
    }
}

/// The parts of an address, written `{…}` or `:…`: each with what stands there.
pub fn parts(address: &str) -> Vec<Thing> {
    let mut things = Vec::new();
    let mut before = String::new();
    for segment in address.split('/').skip(1) {
        before.push('/');
        if segment.starts_with(['{', ':']) {
            things.push(Thing::after(&before));
        }
        before.push_str(segment);
    }
    things
}

/// An address with `filling` in its parts.
pub fn filled(address: &str, filling: &[String]) -> String {
    let mut filling = filling.iter();
    let segments = address.split('/').map(|segment| {
        if segment.starts_with(['{', ':']) {
            filling.next().unwrap().clone()
        } else {
            segment.to_owned()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// One of everything that a counsel has.
#[derive(Debug)]
pub struct Theirs(Vec<(Thing, String)>);

impl Theirs {
    /// What never was.
    pub const fn nobodys() -> Self {
        Self(Vec::new())
    }

    /// Makes what the demonstration does not come with.
    pub async fn of(demonstration: &Demonstration, counsel: &str) -> Self {
        let id = demonstration.of(counsel, "account_id");
        let cases = demonstration.cases(counsel, counsel).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (case, number) = (text(&cases[0]["id"]), text(&cases[0]["file_number"]));
        let of_counsel = |rest: &str| format!("/counsels/{id}{rest}");
        let submissions = of_counsel(&format!("/cases/{case}/submissions"));
        let letters = format!("/registry/cases/{number}/documents");
        let mut theirs = Self(vec![
            (Thing::Account, id.clone()),
            (Thing::Counsel, id.clone()),
            (Thing::Case, case.clone()),
            (Thing::FileNumber, number),
            (
                Thing::Submission,
                send(demonstration, &submissions, counsel).await,
            ),
            (Thing::Item, send(demonstration, &letters, "registry").await),
        ]);
        let uploads = of_counsel(&format!("/cases/{case}/uploads"));
        theirs.0.push((
            Thing::Upload,
            begin_upload(demonstration, &uploads, counsel).await,
        ));
        let wish = Some(object!({ "family_name": "Newname" }));
        let change = demonstration.call(Method::POST, "/me/profile/changes", counsel, wish);
        let change = json(change.await).await;
        theirs.0.push((Thing::Change, text(&change["id"])));
        let listed = async |path: &str| {
            let listed = json(demonstration.get(path, counsel).await).await;
            listed["items"].as_array().unwrap().clone()
        };
        let token = &listed("/me/tokens").await[0];
        theirs.0.push((Thing::Token, text(&token["id"])));
        for delegation in listed(&of_counsel("/delegations")).await {
            match delegation["state"].as_str() {
                Some("active") => theirs.0.push((Thing::Delegation, text(&delegation["id"]))),
                Some("invited") => theirs.0.push((Thing::Invitation, text(&delegation["id"]))),
                _ => {}
            }
        }
        let cookie = demonstration.sign_in(counsel).await;
        let sessions = demonstration.by_cookie(Method::GET, "/me/sessions", &cookie, None);
        let sessions = json(sessions.await).await;
        let session = text(&sessions["items"][0]["id"]);
        theirs.0.push((Thing::Session, session));
        let file = Part::bytes(pdf(10)).file_name("a.pdf");
        let documents = Form::new()
            .text("document_type", "other")
            .part("file", file);
        let submit = demonstration.page(&format!("/en/counsels/{id}/cases/{case}/submit"));
        let begun = as_a_browser(demonstration, &submit, &cookie).multipart(documents);
        theirs.0.push((Thing::Draft, begun_at(begun).await));
        let form = demonstration.page(&format!("/en/counsels/{id}/forms/client-contact"));
        let fields = [("act", "keep"), ("city", "Ottawa")];
        let begun = as_a_browser(demonstration, &form, &cookie).form(&fields);
        theirs.0.push((Thing::FormDraft, begun_at(begun).await));
        theirs
            .0
            .push((Thing::Notice, came_back(demonstration, counsel).await));
        theirs
    }

    /// What is theirs, or what never was.
    pub fn one(&self, thing: Thing) -> String {
        let mut all = self.0.iter();
        all.find(|(kind, _)| *kind == thing)
            .map_or_else(|| thing.that_never_was(), |(_, id)| id.clone())
    }

    /// Whether they have one.
    pub fn have(&self, thing: Thing) -> bool {
        self.0.iter().any(|(kind, _)| *kind == thing)
    }

    /// An address in which everything is theirs.
    pub fn fill(&self, address: &str) -> String {
        let things = parts(address).into_iter();
        filled(
            address,
            &things.map(|thing| self.one(thing)).collect::<Vec<_>>(),
        )
    }
}

fn as_a_browser(
    demonstration: &Demonstration,
    address: &str,
    cookie: &str,
) -> reqwest::RequestBuilder {
    let call = demonstration.client.post(address);
    call.header("cookie", cookie)
        .header("sec-fetch-site", "same-origin")
}

/// The identifier of what was begun, from where the browser is sent then.
async fn begun_at(call: reqwest::RequestBuilder) -> String {
    let begun = call.send().await.unwrap();
    assert_eq!(begun.status(), StatusCode::SEE_OTHER);
    let place = begun.headers()[LOCATION].to_str().unwrap();
    let (_, id) = place.split_once("drafts/").unwrap();
    id.split(['?', '/']).next().unwrap().to_owned()
}

/// Sends a document, and says what it became.
async fn send(demonstration: &Demonstration, path: &str, who: &str) -> String {
    let file = Part::bytes(pdf(10)).file_name("a.pdf");
    let form = Form::new()
        .text(
            "document_type",
            if who == "registry" { "letter" } else { "other" },
        )
        .text("title", "A letter")
        .part("file", file);
    let call = demonstration.client.post(demonstration.api(path));
    let call = call.bearer_auth(demonstration.of(who, "token"));
    let sent = call.multipart(form).send().await.unwrap();
    assert_eq!(sent.status(), StatusCode::CREATED);
    json(sent).await["id"].as_str().unwrap().to_owned()
}

/// Begins an upload.
async fn begin_upload(demonstration: &Demonstration, path: &str, who: &str) -> String {
    let call = demonstration.client.post(demonstration.api(path));
    let begun = call
        .bearer_auth(demonstration.of(who, "token"))
        .header("tus-resumable", "1.0.0")
        .header("upload-length", "100")
        .header("upload-metadata", "filename UGnDqGNlIDEucGRm")
        .send()
        .await
        .unwrap();
    assert_eq!(begun.status(), StatusCode::CREATED);
    let place = begun.headers()[LOCATION].to_str().unwrap();
    place.rsplit('/').next().unwrap().to_owned()
}

/// A notice to a counsel that came back.
async fn came_back(demonstration: &Demonstration, counsel: &str) -> String {
    demonstration.advance("1s").await;
    let caught = demonstration.folder.path().join("mailbox");
    let mut files = std::fs::read_dir(caught).unwrap();
    let notice = files.find_map(|file| {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
        text.contains(&format!("{counsel}@")).then_some(id)
    });
    let notice = notice.unwrap();
    let report = Some(object!({ "message_id": format!("<{notice}@tribunal.example>") }));
    let path = "/registry/bounces";
    let reported = demonstration.call(Method::POST, path, "cms", report).await;
    assert_eq!(reported.status(), StatusCode::NO_CONTENT);
    notice
}
