//! Files that come in piece by piece, as programs send them and as somebody would who means harm.

use std::collections::BTreeMap;

use reqwest::multipart::{Form, Part};
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::portal::{Demonstration, json, pdf};

const TYPE: &str = "application/offset+octet-stream";

/// Uploads of one person on one case.
struct Uploads<'a> {
    portal: &'a Demonstration,
    who: &'a str,
    /// The collection, of the API.
    place: String,
    /// What the demonstration came with.
    before: usize,
}

impl<'a> Uploads<'a> {
    async fn of(portal: &'a Demonstration, who: &'a str) -> Self {
        let submissions = portal.submissions().await;
        let place = submissions.replace("/submissions", "/uploads");
        let mut uploads = Self {
            portal,
            who,
            place,
            before: 0,
        };
        uploads.before = uploads.stored();
        uploads
    }

    async fn ask(
        &self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Response {
        let mut call = self
            .portal
            .client
            .request(method, address)
            .bearer_auth(self.portal.of(self.who, "token"));
        for (name, value) in headers {
            call = call.header(*name, *value);
        }
        call.body(body).send().await.unwrap()
    }

    async fn create(&self, length: &str) -> Response {
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("upload-length", length),
            ("upload-metadata", "filename UGnDqGNlIDEucGRm"),
        ];
        let address = self.portal.api(&self.place);
        self.ask(Method::POST, &address, &headers, Vec::new()).await
    }

    /// Begins one, and gives its address.
    async fn begun(&self, length: usize) -> String {
        let created = self.create(&length.to_string()).await;
        assert_eq!(created.status(), StatusCode::CREATED);
        let headers = created.headers();
        assert_eq!(headers["tus-resumable"], "1.0.0");
        assert!(headers["upload-expires"].to_str().unwrap().ends_with("GMT"));
        self.portal.page(headers["location"].to_str().unwrap())
    }

    async fn add(&self, address: &str, offset: usize, bytes: &[u8]) -> Response {
        let offset = offset.to_string();
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("content-type", TYPE),
            ("upload-offset", &offset),
        ];
        self.ask(Method::PATCH, address, &headers, bytes.to_vec())
            .await
    }

    async fn stands(&self, address: &str) -> (StatusCode, Option<u64>) {
        let headers = [("tus-resumable", "1.0.0")];
        let stands = self.ask(Method::HEAD, address, &headers, Vec::new()).await;
        let offset = stands.headers().get("upload-offset");
        let offset = offset.map(|offset| offset.to_str().unwrap().parse().unwrap());
        (stands.status(), offset)
    }

    /// How many objects the store holds that were not there before.
    fn stored(&self) -> usize {
        let mut folders = vec![self.portal.folder.path().join("documents")];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    files += 1;
                }
            }
        }
        files - self.before
    }

    /// A whole one, and its id.
    async fn ready(&self, bytes: &[u8]) -> String {
        let address = self.begun(bytes.len()).await;
        let added = self.add(&address, 0, bytes).await;
        assert_eq!(added.status(), StatusCode::NO_CONTENT);
        id_of(&address)
    }

    /// The ids of those that are listed.
    async fn listed(&self) -> Vec<String> {
        let address = self.portal.api(&self.place);
        let listed: Value = json(self.ask(Method::GET, &address, &[], Vec::new()).await).await;
        let items = listed["items"].as_array().unwrap();
        let ids = items
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned());
        ids.collect()
    }

    /// The form of the page, as a browser sends it with that session.
    async fn begin_on_the_page(&self, cookie: &str, form: Form) -> Response {
        let place = self.place.replace("/uploads", "/submit");
        self.portal
            .client
            .post(self.portal.page(&format!("/en{place}")))
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .multipart(form.text("document_type", "disclosure"))
            .send()
            .await
            .unwrap()
    }

    async fn submit(&self, upload: &str, key: &str) -> Response {
        self.send(Form::new().text("upload", id_of(upload)), key)
            .await
    }

    async fn send(&self, form: Form, key: &str) -> Response {
        let form = form.text("document_type", "disclosure");
        let address = self
            .portal
            .api(&self.place.replace("/uploads", "/submissions"));
        self.portal
            .client
            .post(address)
            .bearer_auth(self.portal.of(self.who, "token"))
            .header("idempotency-key", key)
            .multipart(form)
            .send()
            .await
            .unwrap()
    }
}

fn id_of(upload: &str) -> String {
    upload.rsplit('/').next().unwrap().to_owned()
}

async fn problem(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = json(response).await;
    let kind = body["type"].as_str().unwrap();
    let kind = kind.strip_prefix("urn:mondossier:problem:").unwrap();
    (status, kind.to_owned())
}

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
    let address = uploads.begun(no_pdf.len()).await;
    let told = uploads.add(&address, 0, &no_pdf).await;
    assert_eq!(problem(told).await, (415, "file-not-a-pdf".to_owned()));
    assert_eq!(uploads.stands(&address).await.0, StatusCode::NOT_FOUND);
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

/// REG-6: whoever signs out leaves nothing behind that the pages' scripts noted in the browser.
#[tokio::test]
async fn what_a_browser_noted_goes_with_the_session() {
    let portal = Demonstration::start();
    for way_out in ["/en/sign-out", "/fr/sign-out-everywhere"] {
        let cookie = portal.sign_in("counsel-a").await;
        let call = portal
            .client
            .post(portal.page(way_out))
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin");
        let left = call.send().await.unwrap();
        assert_eq!(
            left.headers()["clear-site-data"],
            "\"storage\"",
            "{way_out}"
        );
    }
}

/// HELP-2: a session is extended by a button, also without a script, and then lasts on.
#[tokio::test]
async fn a_session_is_extended() {
    let portal = Demonstration::start();
    let cookie = portal.sign_in("counsel-a").await;
    let stay = async |accept: &str, site: &str| {
        let call = portal
            .client
            .post(portal.page("/fr/session"))
            .header("cookie", &cookie)
            .header("sec-fetch-site", site)
            .header("referer", portal.page("/fr/account"))
            .header("accept", accept);
        call.send().await.unwrap()
    };
    portal.advance("20m").await;
    let back = stay("text/html", "same-origin").await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
    assert_eq!(back.headers()["location"], "/fr/account");
    portal.advance("20m").await;
    let said = stay("application/json", "same-origin").await;
    assert_eq!(said.status(), StatusCode::NO_CONTENT);
    let elsewhere = stay("application/json", "cross-site").await;
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN);
    portal.advance("31m").await;
    let over = stay("application/json", "same-origin").await;
    assert_eq!(over.status(), StatusCode::UNAUTHORIZED);
}
