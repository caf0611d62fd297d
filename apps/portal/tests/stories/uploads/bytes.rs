//! How the bytes of a file come in: in pieces, at once, slowly, too late, or with lies.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{TYPE, Uploads, problem};
use crate::feed::case;
use crate::portal::{Demonstration, blank_pdf, json, pdf};

/// a file that comes in pieces, over a server that is killed in between, is submitted once and reaches the registry as it was.
#[tokio::test]
async fn a_file_in_pieces_survives_the_server() {
    let mut portal = Demonstration::start();
    let bytes = pdf(9_000_000);
    let (first, rest) = bytes.split_at(5_000_000);
    let address = {
        let uploads = Uploads::of(&portal, "counsel-a").await;
        let address = uploads.begun(bytes.len()).await;
        let added = uploads.add(&address, 0, first).await;
        assert_eq!(added.status(), StatusCode::NO_CONTENT);
        assert_eq!(added.headers()["upload-offset"], "5000000");
        address
    };
    let _ = portal.process.kill();
    let _ = portal.process.wait();
    let folder = std::mem::replace(&mut portal.folder, tempfile::tempdir().unwrap());
    let id = address.rsplit('/').next().unwrap().to_owned();
    let portal = Demonstration::start_in(folder);
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let address = portal.api(&format!("{}/{id}", uploads.place));
    let stands = uploads.stands(&address).await;
    assert_eq!(stands, (StatusCode::OK, Some(5_000_000)));
    let early = uploads.submit(&address, "early").await;
    assert_eq!(problem(early).await, (409, "upload-not-whole".to_owned()));
    let added = uploads.add(&address, first.len(), rest).await;
    assert_eq!(added.status(), StatusCode::NO_CONTENT);
    let see = uploads.ask(Method::GET, &address, &[], Vec::new()).await;
    let seen: Value = json(see).await;
    assert_eq!(seen["state"], "ready");
    assert_eq!(seen["name"], "Pièce 1.pdf");
    let received: Value = json(uploads.submit(&address, "key").await).await;
    let again: Value = json(uploads.submit(&address, "key").await).await;
    assert_eq!(
        received["confirmation_number"],
        again["confirmation_number"]
    );
    assert_eq!(portal.history().await.len(), 1);
    let listed: Value = json(portal.get("/registry/submissions", "registry").await).await;
    let id = listed["items"][0]["id"].as_str().unwrap();
    let path = format!("/registry/submissions/{id}/files/1");
    let download = portal.get(&path, "registry").await;
    assert_eq!(download.bytes().await.unwrap(), bytes);
}

/// of two requests with the same bytes at once, one adds them.
#[tokio::test]
async fn of_two_at_once_one_adds() {
    let portal = Demonstration::start();
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let bytes = pdf(1_000_000);
    let address = uploads.begun(bytes.len()).await;
    let piece = &bytes[..500_000];
    let answers =
        futures_util::future::join_all((0..4).map(|_| uploads.add(&address, 0, piece))).await;
    let mut by_status = BTreeMap::new();
    for answer in answers {
        *by_status.entry(answer.status().as_u16()).or_insert(0) += 1;
    }
    assert_eq!(by_status, BTreeMap::from([(204, 1), (409, 3)]));
    assert_eq!(uploads.stands(&address).await.1, Some(500_000));
    assert_eq!(uploads.stored(), 1, "nothing of the others is kept");
    let rest = uploads.add(&address, 500_000, &bytes[500_000..]).await;
    assert_eq!(rest.status(), StatusCode::NO_CONTENT);
    assert_eq!(uploads.stored(), 1, "the file, in the place of its parts");
}

/// where a line stands still, what came is kept, and the answer says so.
#[tokio::test]
async fn a_line_that_stands_still_keeps_what_came() {
    let folder = tempfile::tempdir().unwrap();
    let impatient = [("MONDOSSIER__SERVER__LIMITS__PAUSE", "1s")];
    let portal = Demonstration::start_with(folder, &impatient);
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let bytes = pdf(1_000);
    let address = uploads.begun(bytes.len()).await;
    let (host, path) = address
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .unwrap();
    let head = format!(
        "PATCH /{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: {TYPE}\r\ncontent-length: {}\r\naccept-language: fr\r\nconnection: close\r\n\r\n",
        portal.of("counsel-a", "token"),
        bytes.len()
    );
    let mut line = TcpStream::connect(host).await.unwrap();
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(&bytes[..100]).await.unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(answer.contains("problem:upload-interrupted"), "{answer}");
    assert!(answer.contains("est conservé"), "{answer}");
    assert_eq!(uploads.stands(&address).await, (StatusCode::OK, Some(100)));
}

/// what is wrong with a file is told with its last byte, and nothing of it stays; what is ended is gone.
#[tokio::test]
async fn what_is_wrong_is_told_with_the_last_byte() {
    let portal = Demonstration::start();
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let no_pdf = b"only a text\n".repeat(20);
    for (bytes, status, kind) in [
        (no_pdf, 415, "file-not-a-pdf"),
        (blank_pdf(), 422, "file-blank"),
    ] {
        let address = uploads.begun(bytes.len()).await;
        let told = uploads.add(&address, 0, &bytes).await;
        assert_eq!(problem(told).await, (status, kind.to_owned()));
        assert_eq!(uploads.stands(&address).await.0, StatusCode::NOT_FOUND);
    }
    let address = uploads.begun(100).await;
    uploads.add(&address, 0, b"%PDF-1.4").await;
    assert_eq!(uploads.stored(), 1);
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("x-http-method-override", "DELETE"),
    ];
    let ended = uploads
        .ask(Method::POST, &address, &headers, Vec::new())
        .await;
    assert_eq!(ended.status(), StatusCode::NO_CONTENT);
    assert_eq!(uploads.stands(&address).await.0, StatusCode::NOT_FOUND);
    assert_eq!(uploads.stored(), 0);
}

/// an upload is over when its time is, whether or not a job ran; one person has so many at a time.
#[tokio::test]
async fn an_upload_ends_in_time_and_one_has_so_many() {
    let folder = tempfile::tempdir().unwrap();
    let most = [("MONDOSSIER__SUBMISSIONS__UPLOADS_AT_MOST", "2")];
    let portal = Demonstration::start_with(folder, &most);
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let address = uploads.begun(100).await;
    uploads.add(&address, 0, b"%PDF-1.4").await;
    uploads.begun(100).await;
    let third = uploads.create("100").await;
    assert_eq!(problem(third).await, (429, "too-many-uploads".to_owned()));
    portal.advance("24h").await;
    let (status, _) = uploads.stands(&address).await;
    assert!(matches!(status, StatusCode::GONE | StatusCode::NOT_FOUND));
    assert_eq!(uploads.stored(), 0, "the jobs ran with the clock");
    // On a case that is still there the day after.
    Uploads::of(&portal, "counsel-a").await.begun(100).await;
}

/// X-3, CASE-1: an upload on a case that went to another counsel can neither go on nor be ended, and holds no place.
#[tokio::test]
async fn an_upload_on_a_lost_case_holds_no_place() {
    let folder = tempfile::tempdir().unwrap();
    let most = [("MONDOSSIER__SUBMISSIONS__UPLOADS_AT_MOST", "1")];
    let portal = Demonstration::start_with(folder, &most);
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let number = "VB9-77023";
    let [of_a, of_b] = ["counsel-a", "counsel-b"].map(|who| portal.of(who, "account_id"));
    let (status, said) = portal.feed(number, &case(number, Some(&of_a))).await;
    assert_eq!(status, StatusCode::CREATED, "{said}");
    let mut there = Uploads::of(&portal, "counsel-a").await;
    there.place = format!(
        "/counsels/{of_a}/cases/{}/uploads",
        said["id"].as_str().unwrap()
    );
    let lost = there.begun(100).await;
    let too_many = (429, "too-many-uploads".to_owned());
    assert_eq!(problem(uploads.create("100").await).await, too_many);
    portal.feed(number, &case(number, Some(&of_b))).await;
    assert_eq!(there.stands(&lost).await.0, StatusCode::NOT_FOUND);
    uploads.begun(100).await;
    assert_eq!(problem(uploads.create("100").await).await, too_many);
}

/// Headers, and the answer to them.
type Lie<'a> = (&'a [(&'a str, &'a str)], (u16, &'a str));

/// The protocol's own refusals, and those of whoever lies to it; nothing moves the offset but bytes that belong there.
#[tokio::test]
async fn who_lies_to_the_protocol_is_refused() {
    let portal = Demonstration::start();
    let uploads = Uploads::of(&portal, "counsel-a").await;
    let bytes = pdf(10);
    let address = uploads.begun(bytes.len()).await;
    let cases: [Lie; 6] = [
        (&[], (412, "upload-protocol")),
        (&[("tus-resumable", "0.2.2")], (412, "upload-protocol")),
        (
            &[("tus-resumable", "1.0.0"), ("upload-offset", "0")],
            (415, "upload-content-type"),
        ),
        (
            &[("tus-resumable", "1.0.0"), ("content-type", TYPE)],
            (400, "upload-header-unusable"),
        ),
        (
            &[
                ("tus-resumable", "1.0.0"),
                ("content-type", TYPE),
                ("upload-offset", "3"),
            ],
            (409, "upload-elsewhere"),
        ),
        (
            &[
                ("tus-resumable", "1.0.0"),
                ("content-type", TYPE),
                ("upload-offset", "0"),
                ("upload-checksum", "md5 AAAA"),
            ],
            (400, "upload-header-unusable"),
        ),
    ];
    for (headers, (status, kind)) in cases {
        let answer = uploads
            .ask(Method::PATCH, &address, headers, b"%PDF".to_vec())
            .await;
        assert_eq!(answer.headers()["tus-version"], "1.0.0");
        assert_eq!(
            problem(answer).await,
            (status, kind.to_owned()),
            "{headers:?}"
        );
    }
    let too_much = [bytes.as_slice(), b"more"].concat();
    let more = uploads.add(&address, 0, &too_much).await;
    assert_eq!(problem(more).await, (413, "upload-too-long".to_owned()));
    let wrong = [
        ("tus-resumable", "1.0.0"),
        ("content-type", TYPE),
        ("upload-offset", "0"),
        ("upload-checksum", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ];
    let before = uploads.stored();
    let other = uploads
        .ask(Method::PATCH, &address, &wrong, bytes.clone())
        .await;
    assert_eq!(
        problem(other).await,
        (460, "upload-checksum-wrong".to_owned())
    );
    assert_eq!(uploads.stored(), before, "nothing of it is kept");
    assert_eq!(uploads.stands(&address).await, (StatusCode::OK, Some(0)));
    let lengths = [
        ("0", (422, "file-empty")),
        ("250000001", (413, "file-too-large")),
        ("-1", (400, "upload-header-unusable")),
    ];
    for (length, (status, kind)) in lengths {
        let answer = uploads.create(length).await;
        assert_eq!(problem(answer).await, (status, kind.to_owned()), "{length}");
    }
}
