//! Forms with several faults: every one is told at once, above the form with the way to its field and at the field, and what was typed stays
//! (WCAG 3.3.1, 3.3.3). A browser whose own checks are off sends such forms.

use reqwest::multipart::{Form, Part};
use reqwest::{Response, StatusCode};

use crate::portal::{Demonstration, json, pdf};

/// Somebody at the pages.
struct Desk<'a> {
    portal: &'a Demonstration,
    cookie: String,
}

impl<'a> Desk<'a> {
    async fn of(portal: &'a Demonstration, who: &str) -> Self {
        let cookie = portal.sign_in(who).await;
        Self { portal, cookie }
    }

    async fn read(&self, path: &str) -> String {
        let call = self.portal.client.get(self.portal.page(path));
        let call = call.header("cookie", &self.cookie);
        call.send().await.unwrap().text().await.unwrap()
    }

    fn post(&self, path: &str) -> reqwest::RequestBuilder {
        let call = self.portal.client.post(self.portal.page(path));
        let call = call.header("cookie", &self.cookie);
        call.header("sec-fetch-site", "same-origin")
    }

    /// The page that comes back.
    async fn sent(&self, path: &str, fields: &[(&str, &str)]) -> String {
        shown(self.post(path).form(fields).send().await.unwrap()).await
    }

    /// The same of a form with files.
    async fn sent_with_files(&self, path: &str, form: Form) -> String {
        shown(self.post(path).multipart(form).send().await.unwrap()).await
    }
}

async fn shown(answer: Response) -> String {
    assert!(answer.status().is_client_error(), "{}", answer.status());
    answer.text().await.unwrap()
}

fn file(form: Form, name: &str, bytes: Vec<u8>) -> Form {
    form.part("file", Part::bytes(bytes).file_name(name.to_owned()))
}

/// The fields to which the summary leads, in its order; each of them says on the page what is wrong with it, as each that says so is led to.
fn faulty(page: &str) -> Vec<String> {
    let (_, summary) = page.split_once("id=\"errors\"").expect("a summary");
    let (summary, _) = summary.split_once("</ul>").unwrap();
    let links = summary.split("<li><a href=\"#").skip(1);
    let fields = links.map(|link| link.split('"').next().unwrap().to_owned());
    let fields: Vec<String> = fields.collect();
    assert_eq!(summary.matches("<li>").count(), fields.len(), "{summary}");
    for field in &fields {
        let told = page.matches(&format!(" id=\"{field}-fault\"")).count();
        assert_eq!(told, 1, "{field}");
        assert_eq!(page.matches(&format!(" id=\"{field}\"")).count(), 1);
        let described = format!("{field}-fault\"");
        assert_eq!(page.matches(&described).count(), 2, "{field}");
    }
    let mut each = fields.clone();
    each.dedup();
    assert_eq!(page.matches("class=\"fault\"").count(), each.len());
    fields
}

/// SUB-1, SUB-7: in both steps of a submission.
#[tokio::test]
async fn all_that_is_wrong_with_a_submission_is_told() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "counsel-a").await;
    let case = portal.submissions().await.replace("/submissions", "");
    let submit = format!("/en{case}/submit");
    let long = "n".repeat(5_000);
    let wrong = || {
        let form = Form::new().text("document_type", "no-such-type");
        let form = form.text("note", long.clone());
        form.text("service_how", "")
            .text("service_on", "2199-01-01")
    };
    let page = desk.sent_with_files(&submit, wrong()).await;
    let all = ["document_type", "file", "note", "service_how", "service_on"];
    assert_eq!(faulty(&page), all);
    assert!(page.contains(&long) && page.contains("value=\"2199-01-01\""));
    let two = file(wrong(), "a.pdf", b"no PDF".to_vec());
    let two = file(two, "b.pdf", Vec::new());
    let page = desk.sent_with_files(&submit, two).await;
    let two_files = [&all[..2], &all[1..]].concat();
    assert_eq!(faulty(&page), two_files);
    assert!(page.contains("a.pdf: ") && page.contains("b.pdf: "));

    // With a good file it goes on to the second step, and says the same there.
    let good = file(wrong(), "good.pdf", pdf(10));
    let page = desk.sent_with_files(&submit, good).await;
    assert_eq!(faulty(&page), [&all[..1], &all[2..]].concat());
    let (_, action) = page
        .split_once("<form method=\"post\" action=\"/en/counsels/")
        .unwrap();
    let draft = format!("/en/counsels/{}", action.split('"').next().unwrap());
    let (_, title) = page.split_once("name=\"title-").unwrap();
    let title = format!("title-{}", title.split('"').next().unwrap());
    let changed = wrong().text(title.clone(), "t".repeat(201));
    let changed = changed
        .text("also_on", "TC1-1 no/number")
        .text("act", "send");
    let page = desk.sent_with_files(&draft, changed).await;
    let expected = [
        &title,
        "document_type",
        "note",
        "service_how",
        "service_on",
        "also_on",
    ];
    assert_eq!(faulty(&page), expected);
    assert!(page.contains("TC1-1 no/number"));

    // A date that cannot be read is one thing to put right; that the statement is missing is not said as well.
    let unread = Form::new().text("document_type", "disclosure");
    let unread = unread
        .text("service_how", "post")
        .text("service_on", "today");
    let page = desk.sent_with_files(&submit, unread).await;
    assert_eq!(faulty(&page), ["file", "service_on"]);
}

/// X-2: of an API token.
#[tokio::test]
async fn all_that_is_wrong_with_a_token_is_told() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "counsel-a").await;
    let long = "l".repeat(81);
    let typed = [("label", long.as_str()), ("days", "0")];
    let page = desk.sent("/en/account/tokens", &typed).await;
    assert_eq!(faulty(&page), ["label", "scope-read", "days"]);
    assert!(page.contains(&long));
    let foreign = [("label", "x"), ("scope", "cms"), ("days", "many")];
    let page = desk.sent("/en/account/tokens", &foreign).await;
    assert_eq!(faulty(&page), ["scope-read", "days"]);
    assert!(page.contains("value=\"many\""));
}

/// REG-1: of a registration, and of the number that an access code goes to.
#[tokio::test]
async fn all_that_is_wrong_with_a_registration_is_told() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "registry").await;
    let new = "/fr/registry/registrations/new";
    let page = desk.sent(new, &[("given_name", " ")]).await;
    let all = [
        "order",
        "given_name",
        "family_name",
        "email",
        "cell",
        "language-fr",
        "identity_document",
    ];
    assert_eq!(faulty(&page), all);
    assert!(page.contains("Entrez le prénom") && page.contains("Entrez le nom de famille"));
    let typed = [
        ("order", "barreau-du-quebec"),
        ("given_name", "Zoé"),
        ("family_name", "Roy"),
        ("email", "zoe"),
        ("cell", "12"),
        ("language", "fr"),
    ];
    let page = desk.sent(new, &typed).await;
    let others = ["membership_number", "email", "cell", "identity_document"];
    assert_eq!(faulty(&page), others);
    for (_, value) in &typed[1..5] {
        assert!(page.contains(&format!("value=\"{value}\"")), "{value}");
    }

    let account = portal.of("new-counsel", "account_id");
    let one = format!("/fr/registry/registrations/{account}");
    let typed = [("act", "cell"), ("cell", "12"), ("identity_document", "")];
    let page = desk.sent(&one, &typed).await;
    assert_eq!(faulty(&page), ["cell", "identity_document"]);
}

/// BOX-1, PRIV-1: of a document from the tribunal, of which a file that is not taken loses nothing that was typed; and of a legal hold.
#[tokio::test]
async fn all_that_is_wrong_with_a_document_from_the_tribunal_is_told() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "registry").await;
    let cases = portal.cases("counsel-a", "counsel-a").await;
    let stays = cases.iter().find(|case| case["leaves_on"].is_null());
    let number = stays.unwrap()["file_number"].as_str().unwrap();
    let case = format!("/en/registry/cases/{number}");
    let nothing = Form::new().text("also_on", "no/number");
    let page = desk.sent_with_files(&case, nothing).await;
    assert_eq!(faulty(&page), ["document_type", "title", "also_on", "file"]);
    assert!(page.contains("value=\"no/number\""));
    let typed = || {
        let form = Form::new().text("document_type", "letter");
        form.text("title", "Notice of the hearing")
    };
    let bad = file(typed(), "a.pdf", b"no PDF".to_vec());
    let page = desk.sent_with_files(&case, bad).await;
    assert_eq!(faulty(&page), ["file"]);
    assert!(page.contains("value=\"Notice of the hearing\""));
    let two = file(file(typed(), "a.pdf", pdf(1)), "b.pdf", pdf(2));
    let page = desk.sent_with_files(&case, two).await;
    assert_eq!(faulty(&page), ["file"]);
    let page = desk.sent(&format!("{case}/hold"), &[("reason", " ")]).await;
    assert_eq!(faulty(&page), ["reason"]);
    let sent = desk.post(&case).multipart(file(typed(), "a.pdf", pdf(1)));
    let sent = sent.send().await.unwrap();
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
}

/// PRO-1: of a change that is refused without a reason.
#[tokio::test]
async fn a_reason_is_asked_for_at_its_field() {
    let portal = Demonstration::start();
    let counsel = portal.sign_in("counsel-a").await;
    let change = serde_json::json!({ "email": "elsewhere@firm.example" });
    let asked = portal.by_cookie(
        reqwest::Method::POST,
        "/me/profile/changes",
        &counsel,
        Some(change),
    );
    let asked = json(asked.await).await;
    let desk = Desk::of(&portal, "registry").await;
    let id = asked["id"].as_str().unwrap();
    let one = format!("/en/registry/profile-changes/{id}");
    let page = desk.sent(&one, &[("decision", "refuse")]).await;
    assert_eq!(faulty(&page), ["reason"]);
    let long = "r".repeat(1_001);
    let typed = [("decision", "refuse"), ("reason", long.as_str())];
    let page = desk.sent(&one, &typed).await;
    assert_eq!(faulty(&page), ["reason"]);
    assert!(page.contains(&long));
}

/// FORM-1: of a group of radio buttons the summary leads to the first, which takes the focus.
#[tokio::test]
async fn the_way_to_a_group_leads_to_its_first_button() {
    let portal = Demonstration::start();
    let desk = Desk::of(&portal, "counsel-a").await;
    let counsel = portal.of("counsel-a", "account_id");
    let form = format!("/en/counsels/{counsel}/forms/client-contact");
    let empty = desk.post(&form).form(&[("act", "review")]).send().await;
    let empty = empty.unwrap();
    let place = empty.headers().get("location").cloned();
    let page = match place {
        Some(place) => desk.read(place.to_str().unwrap()).await,
        None => empty.text().await.unwrap(),
    };
    assert!(page.contains("<li><a href=\"#language-fr\">"), "{page}");
    assert!(!page.contains("href=\"#language\""));
}
