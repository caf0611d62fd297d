//! How uploads are submitted: once, in order, under their titles (SUB-2, SUB-7, X-3).

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::{Uploads, problem};
use crate::portal::{Demonstration, json, pdf};

/// X-3, SUB-2: an upload ends with the submission that has its file, and the same request again has the same number all the same.
#[tokio::test]
async fn what_was_submitted_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let most = [("MONDOSSIER__SUBMISSIONS__UPLOADS_AT_MOST", "1")];
    let portal = Demonstration::start_with(folder, &most);
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let id = uploads.ready(&pdf(10)).await;
    let first = uploads.submit(&id, "key").await;
    assert_eq!(first.status(), StatusCode::CREATED);
    let first: Value = json(first).await;
    assert_eq!(uploads.listed().await, Vec::<String>::new());
    let again = uploads.submit(&id, "key").await;
    assert_eq!(again.status(), StatusCode::CREATED);
    let again: Value = json(again).await;
    assert_eq!(again["confirmation_number"], first["confirmation_number"]);
    assert_eq!(portal.history().await.len(), 1);
    let titled = Form::new().text("title", "Une").text("upload", id.clone());
    let titled = uploads.send(titled, "key").await;
    assert_eq!(
        problem(titled).await,
        (409, "idempotency-key-reused".to_owned()),
        "under another title it is another request"
    );
    // It counts no longer.
    let other = uploads.ready(&pdf(20)).await;
    let reused = uploads.submit(&other, "key").await;
    assert_eq!(
        problem(reused).await,
        (409, "idempotency-key-reused".to_owned())
    );
    assert_eq!(uploads.listed().await, [other], "nothing was submitted");
    let ended = uploads.submit(&id, "another key").await;
    assert_eq!(problem(ended).await, (404, "not-found".to_owned()));
}

/// SUB-2: of the same request, sent several times at once, one is received and all have its number.
#[tokio::test]
async fn sent_several_times_at_once_an_upload_is_received_once() {
    let portal = Demonstration::start();
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let id = uploads.ready(&pdf(10)).await;
    let answers = futures_util::future::join_all((0..6).map(|_| uploads.submit(&id, "key"))).await;
    let mut numbers = Vec::new();
    for answer in answers {
        assert_eq!(answer.status(), StatusCode::CREATED);
        let answer: Value = json(answer).await;
        numbers.push(answer["confirmation_number"].to_string());
    }
    numbers.dedup();
    assert_eq!(numbers.len(), 1, "{numbers:?}");
    assert_eq!(portal.history().await.len(), 1);
}

/// SUB-7: files and uploads are listed in the order in which they are named, each with its own title.
#[tokio::test]
async fn files_and_uploads_keep_the_senders_order() {
    let portal = Demonstration::start();
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let first = uploads.ready(&pdf(10)).await;
    let last = uploads.ready(&pdf(30)).await;
    let file = Part::bytes(pdf(20)).file_name("Pièce 2.pdf");
    let form = Form::new()
        .text("title", "Une")
        .text("upload", first)
        .part("file", file)
        .text("title", "Trois")
        .text("upload", last);
    let sent = uploads.send(form, "key").await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let history = portal.history().await;
    let files = history[0]["files"].as_array().unwrap();
    let title = |file: &Value| file["title"].as_str().unwrap_or_default().to_owned();
    let titles: Vec<String> = files.iter().map(title).collect();
    assert_eq!(titles, ["Une", "", "Trois"]);
    assert_eq!(files[1]["name"], "Pièce 2.pdf");
}

/// a part that names no upload is no silence: nothing is received without it.
#[tokio::test]
async fn a_part_that_names_no_upload_is_told() {
    let portal = Demonstration::start();
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let form = || {
        let file = Part::bytes(pdf(10)).file_name("Pièce 1.pdf");
        Form::new().part("file", file).text("upload", "pièce-2")
    };
    let told: Value = json(uploads.send(form(), "key").await).await;
    assert_eq!(told["status"], 422);
    assert_eq!(told["type"], "urn:mondossier:problem:upload-id-unusable");
    assert_eq!(told["part"], "upload");
    assert_eq!(portal.history().await.len(), 0);
    assert_eq!(uploads.stored(), 0, "nothing of it is kept");
}

/// SUB-2: a second click on the form's button goes on to the draft that the first began, and adds nothing to one that has it.
#[tokio::test]
async fn a_second_click_goes_where_the_first_went() {
    let portal = Demonstration::start();
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let cookie = portal.sign_in("counsel-a").await;
    let id = uploads.ready(&pdf(10)).await;
    let form = || Form::new().text("upload", id.clone());
    let clicks = (0..3).map(|_| uploads.begin_on_the_page(&cookie, form()));
    let mut places = Vec::new();
    let mut answers = futures_util::future::join_all(clicks).await;
    answers.push(uploads.begin_on_the_page(&cookie, form()).await);
    for answer in answers {
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let place = answer.headers()["location"].to_str().unwrap();
        places.push(place.to_owned());
    }
    places.dedup();
    assert_eq!(places.len(), 1, "{places:?}");
    let draft = places.remove(0);
    let added = uploads.ready(&pdf(20)).await;
    let send = async || {
        let form = Form::new().text("document_type", "disclosure");
        let form = form.text("act", "send").text("upload", added.clone());
        let call = portal.client.post(portal.page(&draft));
        let call = call
            .header("cookie", &cookie)
            .header("sec-fetch-site", "same-origin");
        let answer = call.multipart(form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        answer.headers()["location"].to_str().unwrap().to_owned()
    };
    assert_eq!(send().await, format!("{draft}?added=true"));
    assert_eq!(
        send().await,
        format!("{draft}?added=true"),
        "not looked at yet"
    );
    assert_eq!(portal.history().await.len(), 0);
    // Somebody who goes back begins nothing of what is not there any more.
    let other = uploads
        .begin_on_the_page(&cookie, Form::new().text("upload", "3e6a"))
        .await;
    assert_eq!(other.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

/// SUB-2: an upload that is in a draft is not silently left out of another one, nor does a form on another case lead there.
#[tokio::test]
async fn an_upload_of_another_draft_is_told() {
    let portal = Demonstration::start();
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let cookie = portal.sign_in("counsel-a").await;
    let begin = async |id: &str| {
        let form = Form::new().text("upload", id.to_owned());
        let begun = uploads.begin_on_the_page(&cookie, form).await;
        assert_eq!(begun.status(), StatusCode::SEE_OTHER);
        begun.headers()["location"].to_str().unwrap().to_owned()
    };
    let [taken, own] = [uploads.ready(&pdf(10)).await, uploads.ready(&pdf(20)).await];
    begin(&taken).await;
    let draft = begin(&own).await;
    let form = Form::new().text("document_type", "disclosure");
    let form = form.text("act", "send").text("upload", taken.clone());
    let call = portal.client.post(portal.page(&draft));
    let call = call
        .header("cookie", &cookie)
        .header("sec-fetch-site", "same-origin");
    let answer = call.multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::GONE);
    assert_eq!(portal.history().await.len(), 0);

    let cases = portal.cases("counsel-a", "counsel-a").await;
    let here = uploads.place.split('/').nth(4).unwrap();
    let another = |case: &&Value| case["id"] != *here && case["file_number"] != "MC3-09944";
    let elsewhere = cases.iter().find(another).unwrap()["id"].as_str().unwrap();
    let on_another = Uploads {
        portal: &portal,
        who: "counsel-a",
        place: uploads.place.replace(here, elsewhere),
        before: uploads.before,
    };
    let form = Form::new().text("upload", taken);
    let refused = on_another.begin_on_the_page(&cookie, form).await;
    assert_eq!(refused.status(), StatusCode::GONE);
}

/// an upload that a form names twice is there once, in the API and on the pages.
#[tokio::test]
async fn an_upload_named_twice_is_there_once() {
    let portal = Demonstration::start();
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let id = uploads.ready(&pdf(10)).await;
    let twice = |id: &str| {
        let id = id.to_owned();
        Form::new().text("upload", id.clone()).text("upload", id)
    };
    let sent = uploads.send(twice(&id), "key").await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let history = portal.history().await;
    assert_eq!(history[0]["files"].as_array().unwrap().len(), 1);
    let id = uploads.ready(&pdf(20)).await;
    let cookie = portal.sign_in("counsel-a").await;
    let begun = uploads.begin_on_the_page(&cookie, twice(&id)).await;
    assert_eq!(begun.status(), StatusCode::SEE_OTHER);
}
