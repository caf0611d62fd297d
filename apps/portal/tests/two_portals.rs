//! Two portals, as two machines run them, on one database: what one decides, the other knows at once (DEL-1, Q-4).
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests, though not all are marked as such"
)]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use application::Secret;
use application::ports::sessions::Sessions;
use application::ports::storage::Storage;
use domain::account::AccountId;
use domain::session::Session;
use domain::terms::Terms;
use rehearsal::Written;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use storage::{Settings, SqlStorage};
use tempfile::TempDir;
use time::OffsetDateTime;

const PORTAL: &str = env!("CARGO_BIN_EXE_portal");

/// A portal of its own process; stopped when dropped.
struct Portal {
    process: Child,
    api: String,
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What two portals share.
struct Shared {
    folder: TempDir,
    database: String,
    client: Client,
}

impl Shared {
    fn on(database: String) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let shared = Self {
            folder: tempfile::tempdir().unwrap(),
            database,
            client: Client::new(),
        };
        let config = shared.configuration(1);
        run(&["migrate", "--config", config.to_str().unwrap()]);
        shared
    }

    /// The configuration of a portal that listens there.
    fn configuration(&self, port: u16) -> PathBuf {
        let written = Written::on(self.folder.path(), &self.database).listening(port);
        written.write(self.folder.path().join(format!("portal-{port}.toml")))
    }

    /// Starts another portal.
    async fn portal(&self) -> Portal {
        self.portal_with("MONDOSSIER__TERMS__SESSION_IDLE", "30m")
            .await
    }

    /// Starts another, with a setting of its own.
    async fn portal_with(&self, key: &str, value: &str) -> Portal {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let process = Command::new(PORTAL)
            .args(["serve", "--config"])
            .arg(self.configuration(port))
            .env(key, value)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let portal = Portal {
            process,
            api: format!("http://127.0.0.1:{port}/api/v1"),
        };
        let ready = format!("http://127.0.0.1:{port}/health/ready");
        let is_ready = async || {
            let answer = self.client.get(&ready).send().await;
            answer.is_ok_and(|answer| answer.status().is_success())
        };
        let mut tries = 0;
        while !is_ready().await {
            tries += 1;
            assert!(tries < 200, "a portal did not become ready");
            pause().await;
        }
        portal
    }

    /// A counsel in good standing, with a token for everything that counsel do.
    async fn counsel(&self, number: u128) -> (AccountId, String) {
        let counsel = contract::samples::able(number);
        let storage = SqlStorage::connect(&self.database, Settings::default())
            .await
            .unwrap();
        let mut tx = Storage::begin(&storage).await.unwrap();
        tx.accounts_mut().insert(&counsel).await.unwrap();
        tx.commit(contract::samples::audit()).await.unwrap();
        let id = counsel.id.to_string();
        let config = self.configuration(1);
        let made = run(&[
            "token",
            "create",
            "--config",
            config.to_str().unwrap(),
            "--account",
            &id,
            "--scope",
            "read",
            "--scope",
            "delegate",
        ]);
        let token = made.split_whitespace().last().unwrap().to_owned();
        (counsel.id, token)
    }

    /// A sign-in that opens that counsel's account.
    async fn signs_in(&self, counsel: AccountId) {
        let sign_in = contract::samples::sign_in(1);
        assert_eq!(sign_in.account(), Some(counsel));
        let storage = SqlStorage::connect(&self.database, Settings::default())
            .await
            .unwrap();
        let mut tx = Storage::begin(&storage).await.unwrap();
        tx.sign_ins_mut().insert(&sign_in).await.unwrap();
        tx.commit(contract::samples::audit()).await.unwrap();
    }

    /// A browser's cookie, of a session that began just now by that sign-in.
    #[expect(
        clippy::disallowed_methods,
        reason = "the portals are other processes, and go by the system's clock"
    )]
    async fn session(&self, value: &str) -> String {
        let sign_in = contract::samples::sign_in(1);
        let storage = SqlStorage::connect(&self.database, Settings::default())
            .await
            .unwrap();
        let session = Session::begin(
            sign_in.id,
            OffsetDateTime::now_utc(),
            None,
            &Terms::default(),
        );
        let hash = Secret::presented(value).hash();
        Sessions::begin(&storage, &hash, &session).await.unwrap();
        format!("mondossier={value}")
    }

    async fn by_session(
        &self,
        portal: &Portal,
        method: Method,
        path: &str,
        cookie: &str,
    ) -> Response {
        let call = self
            .client
            .request(method, format!("{}{path}", portal.api))
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin");
        call.send().await.unwrap()
    }

    async fn invite(
        &self,
        portal: &Portal,
        counsel: AccountId,
        token: &str,
        number: u32,
    ) -> StatusCode {
        let invitation = json!({
            "given_name": "Person", "family_name": format!("Number {number}"), "email": format!("person-{number}@firm.example"),
            "language": "fr", "questions": [{ "question": "Our first file?", "answer": "Blue folder" }], "accept_terms": true,
        });
        let call = self
            .client
            .post(format!("{}/counsels/{counsel}/delegations", portal.api))
            .bearer_auth(token)
            .json(&invitation);
        call.send().await.unwrap().status()
    }

    async fn delegations(&self, portal: &Portal, counsel: AccountId, token: &str) -> Vec<Value> {
        let call = self
            .client
            .get(format!("{}/counsels/{counsel}/delegations", portal.api))
            .bearer_auth(token);
        let listed: Value = call.send().await.unwrap().json().await.unwrap();
        listed["items"].as_array().unwrap().clone()
    }
}

/// What a command of the portal prints.
fn run(arguments: &[&str]) -> String {
    let done = Command::new(PORTAL)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(done.status.success(), "{arguments:?}");
    String::from_utf8(done.stdout).unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a process outside needs real time to start"
)]
async fn pause() {
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
}

fn sqlite(folder: &Path) -> String {
    format!("sqlite://{}/records.sqlite?mode=rwc", folder.display())
}

/// Two places are free, eight invitations come at the same time over two portals: exactly two are made.
async fn eight_invitations_find_two_places(database: String) {
    let shared = Shared::on(database);
    let portals = [shared.portal().await, shared.portal().await];
    let (counsel, token) = shared.counsel(1).await;
    for number in 1..=2 {
        let made = shared.invite(&portals[0], counsel, &token, number).await;
        assert_eq!(made, StatusCode::CREATED);
    }
    let at_once = (3..11_u32).map(|number| {
        let portal = &portals[number as usize % 2];
        shared.invite(portal, counsel, &token, number)
    });
    let answers = futures_util::future::join_all(at_once).await;
    let of = |status| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!(
        (of(StatusCode::CREATED), of(StatusCode::CONFLICT)),
        (2, 6),
        "{answers:?}"
    );
    for portal in &portals {
        let held = shared.delegations(portal, counsel, &token).await;
        assert_eq!(held.len(), 4);
    }
}

/// DEL-1 on SQLite, whose one file two processes of a machine share.
#[tokio::test(flavor = "multi_thread")]
async fn two_portals_on_sqlite_never_make_a_fifth_delegate() {
    let folder = tempfile::tempdir().unwrap();
    eight_invitations_find_two_places(sqlite(folder.path())).await;
}

/// DEL-1 on PostgreSQL.
#[tokio::test(flavor = "multi_thread")]
async fn two_portals_on_postgresql_never_make_a_fifth_delegate() {
    eight_invitations_find_two_places(rehearsal::postgres("two_portals").await).await;
}

/// a token that one portal revokes opens nothing on the other at the next request.
#[tokio::test(flavor = "multi_thread")]
async fn what_one_portal_takes_away_the_other_does_not_give() {
    let folder = tempfile::tempdir().unwrap();
    let shared = Shared::on(sqlite(folder.path()));
    let portal = shared.portal().await;
    let (counsel, token) = shared.counsel(1).await;
    assert!(
        shared
            .delegations(&portal, counsel, &token)
            .await
            .is_empty()
    );
    let config = shared.configuration(1);
    let config = config.to_str().unwrap();
    let account = counsel.to_string();
    let listed = run(&["token", "list", "--config", config, "--account", &account]);
    let id = listed.split_whitespace().next().unwrap();
    run(&["token", "revoke", "--config", config, id]);
    let call = shared
        .client
        .get(format!("{}/me", portal.api))
        .bearer_auth(&token);
    assert_eq!(
        call.send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
}

/// SEC-1: the operator ends all access at once: whatever session or token somebody holds is refused at the next request, and the trail says so.
async fn all_access_is_ended(database: String) {
    let shared = Shared::on(database);
    let portal = shared.portal().await;
    let (counsel, token) = shared.counsel(1).await;
    shared.signs_in(counsel).await;
    let cookie = shared.session("anything").await;
    let status = async || {
        let me = shared.client.get(format!("{}/me", portal.api));
        let by_token = me.bearer_auth(&token).send().await.unwrap();
        let by_session = shared.by_session(&portal, Method::GET, "/me", &cookie);
        [by_token.status(), by_session.await.status()]
    };
    assert_eq!(status().await, [StatusCode::OK; 2]);
    let config = shared.configuration(1);
    let told = run(&["end-access", "--config", config.to_str().unwrap()]);
    assert_eq!(told.trim(), "1 sessions are ended, 1 tokens are revoked");
    assert_eq!(status().await, [StatusCode::UNAUTHORIZED; 2]);
    let storage = SqlStorage::connect(&shared.database, Settings::default())
        .await
        .unwrap();
    let mut records = Storage::read(&storage).await.unwrap();
    let trail = records.audit().latest(10).await.unwrap();
    let entry = trail.iter().find(|entry| entry.action == "end-access");
    let entry = entry.unwrap();
    assert_eq!(entry.who, "operator");
    assert!(entry.subjects.starts_with("token:"), "{entry:?}");
}

/// ASVS 7.5.2, Q-4: a session that its person ends on one portal is refused by the other at the next request.
async fn a_session_that_one_portal_ends_is_over_on_the_other(database: String) {
    let shared = Shared::on(database);
    let portals = [shared.portal().await, shared.portal().await];
    let (counsel, _) = shared.counsel(1).await;
    shared.signs_in(counsel).await;
    let cookie = shared.session("this-one").await;
    for (number, way) in ["/me/sessions/{id}", "/me/sessions"].iter().enumerate() {
        let other = shared.session(&format!("other-{number}")).await;
        let [one, two] = &portals;
        let me = shared.by_session(two, Method::GET, "/me", &other).await;
        assert_eq!(me.status(), StatusCode::OK);
        let listed = shared.by_session(one, Method::GET, "/me/sessions", &cookie);
        let listed: Value = listed.await.json().await.unwrap();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
        assert_eq!(listed["items"][0]["current"], true);
        let id = listed["items"][1]["id"].as_str().unwrap();
        let path = way.replace("{id}", id);
        let ended = shared.by_session(one, Method::DELETE, &path, &cookie);
        assert_eq!(ended.await.status(), StatusCode::NO_CONTENT);
        for portal in [two, one] {
            let refused = shared.by_session(portal, Method::GET, "/me", &other).await;
            assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
            let still = shared.by_session(portal, Method::GET, "/me", &cookie).await;
            assert_eq!(still.status(), StatusCode::OK);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_access_is_ended_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    all_access_is_ended(sqlite(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_access_is_ended_on_postgresql() {
    all_access_is_ended(rehearsal::postgres("two_portals_access").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_on_sqlite_is_over_on_every_portal() {
    let folder = tempfile::tempdir().unwrap();
    a_session_that_one_portal_ends_is_over_on_the_other(sqlite(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_on_postgresql_is_over_on_every_portal() {
    let database = rehearsal::postgres("two_portals_sessions").await;
    a_session_that_one_portal_ends_is_over_on_the_other(database).await;
}

/// A portal with shorter limits ends sessions at once, and one with longer ones brings none back, though nobody asked meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn longer_limits_bring_no_session_back() {
    let folder = tempfile::tempdir().unwrap();
    let shared = Shared::on(sqlite(folder.path()));
    let (counsel, _) = shared.counsel(1).await;
    shared.signs_in(counsel).await;
    let before = shared.session("before").await;
    let portal = shared.portal().await;
    let answer = shared.by_session(&portal, Method::GET, "/me", &before);
    assert_eq!(answer.await.status(), StatusCode::OK);
    drop(portal);
    let idle = "MONDOSSIER__TERMS__SESSION_IDLE";
    drop(shared.portal_with(idle, "1s").await);
    let later = shared.session("later").await;
    // Longer than a second, in which nobody asks.
    for _ in 0..25 {
        pause().await;
    }
    let portal = shared.portal_with(idle, "1h").await;
    let answer = shared.by_session(&portal, Method::GET, "/me", &before);
    assert_eq!(answer.await.status(), StatusCode::UNAUTHORIZED);
    let answer = shared.by_session(&portal, Method::GET, "/me", &later);
    assert_eq!(answer.await.status(), StatusCode::OK);
    let page = shared.by_session(&portal, Method::GET, "/../../en/", &later);
    let page = page.await.text().await.unwrap();
    let own = Terms::default().session_idle.whole_minutes();
    let told = format!("signed out {own} minutes after your last page");
    assert!(page.contains(&told), "how long this one lasts: {page}");
}
