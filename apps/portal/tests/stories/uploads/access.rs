//! Whose an upload is, who may go on with it, and what the trail says of it.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::{TYPE, Uploads, id_of, problem};
use crate::portal::{Demonstration, json, pdf};

/// somebody else's upload is not there, for anybody, whichever way they ask.
#[tokio::test]
async fn somebody_elses_upload_is_not_there() {
    let portal = Demonstration::start();
    let mine = Uploads::of(&portal, "counsel-a").await;
    let bytes = pdf(10);
    let address = mine.begun(bytes.len()).await;
    for who in ["delegate-a", "delegate-ab"] {
        let theirs = Uploads::of(&portal, who).await;
        let not_found = (404, "not-found".to_owned());
        assert_eq!(theirs.stands(&address).await.0, StatusCode::NOT_FOUND);
        assert_eq!(
            problem(theirs.add(&address, 0, &bytes).await).await,
            not_found
        );
        let headers = [("tus-resumable", "1.0.0")];
        let ended = theirs
            .ask(Method::DELETE, &address, &headers, Vec::new())
            .await;
        assert_eq!(problem(ended).await, not_found);
        let sent = theirs.submit(&address, "theirs").await;
        assert_eq!(problem(sent).await, not_found);
    }
    let other = Uploads::of(&portal, "counsel-b").await;
    assert_eq!(other.stands(&address).await.0, StatusCode::FORBIDDEN);
    let cookie = portal.sign_in("counsel-a").await;
    let from_elsewhere = portal
        .client
        .patch(&address)
        .header("cookie", cookie)
        .header("sec-fetch-site", "cross-site")
        .header("tus-resumable", "1.0.0")
        .header("content-type", TYPE)
        .header("upload-offset", "0")
        .body(bytes.clone());
    let refused = from_elsewhere.send().await.unwrap();
    assert_eq!(problem(refused).await, (403, "cross-site".to_owned()));
    assert_eq!(mine.stands(&address).await, (StatusCode::OK, Some(0)));
}

/// SEC-2, DEL-7: what a delegate uploads and discards is in the trail, on behalf of the counsel and on the case; nothing was sent by it.
#[tokio::test]
async fn a_delegates_uploads_are_in_the_trail() {
    let portal = Demonstration::start();
    let uploads = Uploads::of(&portal, "delegate-a").await;
    let id = id_of(&uploads.begun(100).await);
    let address = portal.api(&format!("{}/{id}", uploads.place));
    let headers = [("tus-resumable", "1.0.0")];
    let discarded = uploads
        .ask(Method::DELETE, &address, &headers, Vec::new())
        .await;
    assert_eq!(discarded.status(), StatusCode::NO_CONTENT);
    let no_pdf = b"only a text\n".repeat(20);
    let refused = uploads.begun(no_pdf.len()).await;
    uploads.add(&refused, 0, &no_pdf).await;
    let other = id_of(&refused);
    let told = portal
        .rows("SELECT action || ' ' || subjects || ' ' || coalesce(refused, '-') FROM audit WHERE subjects LIKE '%upload:%' ORDER BY position")
        .await;
    let told: Vec<String> = told.into_iter().flatten().collect();
    assert_eq!(
        told,
        [
            format!("prepare-submission upload:{id} -"),
            format!("prepare-submission discarded-upload:{id} -"),
            format!("prepare-submission upload:{other} -"),
            format!("submit-documents upload:{other} file-refused"),
        ]
    );
    let whose = portal
        .rows("SELECT DISTINCT who_id || ' ' || lower(hex(on_behalf_of)) || ' ' || lower(hex(case_file)) FROM audit WHERE subjects LIKE '%upload:%'")
        .await;
    let bare = |id: &str| id.replace('-', "");
    let case = uploads.place.split('/').nth(4).unwrap();
    let (delegate, counsel) = (
        portal.of("delegate-a", "account_id"),
        portal.of("counsel-a", "account_id"),
    );
    assert_eq!(
        whose,
        [Some(format!(
            "{delegate} {} {}",
            bare(&counsel),
            bare(case)
        ))]
    );
    let cookie = portal.sign_in("counsel-a").await;
    let activity = format!("/counsels/{counsel}/activity");
    let seen = portal
        .by_cookie(Method::GET, &activity, &cookie, None)
        .await;
    let seen = seen.text().await.unwrap();
    assert!(!seen.contains(&id) && !seen.contains("\"sent\""), "{seen}");
}

/// Access is asked at each request: a delegate who has lost it cannot go on.
#[tokio::test]
async fn who_lost_access_cannot_go_on() {
    let portal = Demonstration::start();
    let uploads = Uploads::of(&portal, "delegate-a").await;
    let bytes = pdf(10);
    let address = uploads.begun(bytes.len()).await;
    let added = uploads.add(&address, 0, &bytes[..100]).await;
    assert_eq!(added.status(), StatusCode::NO_CONTENT);
    let me = portal.of("counsel-a", "account_id");
    let path = format!("/counsels/{me}/delegations");
    let cookie = portal.sign_in("counsel-a").await;
    let listed = portal.by_cookie(Method::GET, &path, &cookie, None).await;
    let listed: Value = json(listed).await;
    let delegate = portal.of("delegate-a", "account_id");
    let delegations = listed["items"].as_array().unwrap();
    let theirs = delegations
        .iter()
        .find(|one| one["delegate"]["account_id"] == delegate.as_str())
        .unwrap();
    let path = format!("{path}/{}", theirs["id"].as_str().unwrap());
    let ended = portal.by_cookie(Method::DELETE, &path, &cookie, None).await;
    assert!(ended.status().is_success(), "{}", ended.status());
    let more = uploads.add(&address, 100, &bytes[100..]).await;
    assert_eq!(problem(more).await, (403, "no-access".to_owned()));
}

/// HELP-2: a session that has lasted as long as one may still finishes what it began to upload, and opens nothing else.
#[tokio::test]
async fn a_session_that_ends_finishes_its_upload() {
    let folder = tempfile::tempdir().unwrap();
    let portal = Demonstration::start_with(folder, &[]);
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let bytes = pdf(10);
    let cookie = portal.sign_in("counsel-a").await;
    let patch = async |address: &str, offset: usize, piece: &[u8]| {
        let call = portal
            .client
            .patch(address)
            .header("cookie", &cookie)
            .header("sec-fetch-site", "same-origin")
            .header("tus-resumable", "1.0.0")
            .header("content-type", TYPE)
            .header("upload-offset", offset)
            .body(piece.to_vec());
        call.send().await.unwrap().status()
    };
    let address = uploads.begun(bytes.len()).await;
    // 29 minutes at a time, always in use, until 12 hours are over.
    for step in 0..25 {
        assert_eq!(
            patch(&address, step, &bytes[step..=step]).await,
            StatusCode::NO_CONTENT,
            "{step}"
        );
        portal.advance("29m").await;
    }
    let cases = format!("/counsels/{}/cases", portal.of("counsel-a", "account_id"));
    let seen = portal.by_cookie(Method::GET, &cases, &cookie, None).await;
    assert_eq!(seen.status(), StatusCode::UNAUTHORIZED);
    let late = uploads.begun(bytes.len()).await;
    assert_eq!(patch(&late, 0, &bytes[..1]).await, StatusCode::NOT_FOUND);
    assert_eq!(
        patch(&address, 25, &bytes[25..]).await,
        StatusCode::NO_CONTENT
    );
    portal.advance("30m").await;
    assert_eq!(patch(&late, 0, &bytes[..1]).await, StatusCode::UNAUTHORIZED);
}
