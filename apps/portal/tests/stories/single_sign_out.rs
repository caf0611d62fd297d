//! A sign-in service says that a session is over (REG-6, Back-Channel Logout 1.0): a certified provider, and the portal as it runs in
//! production.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rehearsal::Written;
use reqwest::header::LOCATION;
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::{Value, json as object};
use tempfile::TempDir;

const CLIENT: &str = "mondossier";
const SECRET: &str = "a secret that both know";

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where the provider sends its logout tokens in this test: to whoever keeps them, for the test to send on.
struct Letterbox {
    address: String,
    tokens: Receiver<String>,
}

impl Letterbox {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let (sender, tokens) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut reader = BufReader::new(stream.unwrap());
                let (mut line, mut length) = (String::new(), 0);
                while reader.read_line(&mut line).unwrap() > 2 {
                    if let Some(number) = line.to_lowercase().strip_prefix("content-length:") {
                        length = number.trim().parse().unwrap();
                    }
                    line.clear();
                }
                let mut form = vec![0; length];
                reader.read_exact(&mut form).unwrap();
                let form = String::from_utf8(form).unwrap();
                let _ = sender.send(form.strip_prefix("logout_token=").unwrap().to_owned());
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                reader.get_mut().write_all(answer).unwrap();
            }
        });
        Self { address, tokens }
    }

    fn next(&self) -> String {
        self.tokens.recv_timeout(Duration::from_secs(20)).unwrap()
    }
}

/// Portal and provider, on free ports of this machine.
struct Site {
    portal: String,
    letterbox: Letterbox,
    _folder: TempDir,
    _running: [Running; 2],
}

impl Site {
    async fn start() -> Self {
        let letterbox = Letterbox::open();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let portal = format!("http://127.0.0.1:{port}");
        let (provider, issuer) = provider(&portal, &letterbox.address);
        let folder = tempfile::tempdir().unwrap();
        let configuration = configuration(folder.path(), port, &portal, &issuer);
        let command = |word: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
            command.arg(word).arg("--config").arg(&configuration);
            command
        };
        assert!(command("migrate").output().unwrap().status.success());
        let served = command("serve").stdin(Stdio::null()).spawn().unwrap();
        let site = Self {
            portal,
            letterbox,
            _folder: folder,
            _running: [provider, Running(served)],
        };
        site.is_ready().await;
        site
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "another program takes real time to start"
    )]
    async fn is_ready(&self) {
        let client = Browser::new(self).client;
        for _ in 0..200 {
            if let Ok(answer) = client.get(self.at("/health/ready")).send().await
                && answer.status().is_success()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        unreachable!("the portal does not start");
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.portal)
    }

    /// Says to the portal that a session is over.
    async fn says(&self, token: &str) -> StatusCode {
        let told = Browser::new(self)
            .client
            .post(self.at("/sign-in/gckey/logout"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("logout_token={token}"))
            .send()
            .await
            .unwrap();
        assert_eq!(told.headers()["cache-control"], "no-store");
        told.status()
    }
}

fn provider(portal: &str, letterbox: &str) -> (Running, String) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../adapters/sign-in-services/tests/provider");
    let client = object!({
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [format!("{portal}/sign-in/gckey/callback")],
        "post_logout_redirect_uris": [format!("{portal}/fr/"), format!("{portal}/en/")],
        "backchannel_logout_uri": letterbox,
        "id_token_signed_response_alg": "ES256",
    });
    let mut process = Command::new("node")
        .arg("provider.js")
        .arg(object!({ "clients": [client] }).to_string())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node.js: `cargo xtask test` installs it");
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let told: Value = serde_json::from_str(&line).expect("`cargo xtask test` installs it");
    (
        Running(process),
        told["issuer"].as_str().unwrap().to_owned(),
    )
}

fn configuration(folder: &Path, port: u16, portal: &str, issuer: &str) -> PathBuf {
    let database = format!("sqlite://{}/records.sqlite?mode=rwc", folder.display());
    let written = Written::on(folder, &database).listening(port).and(&format!(
        r#"
        server.public_url = "{portal}"
        [[sign_in.services]]
        key = "gckey"
        french = "CléGC"
        english = "GCKey"
        issuer = "{issuer}"
        client_id = "{CLIENT}"
        client_secret = "{SECRET}"
        "#
    ));
    written.write(folder.join("portal.toml"))
}

/// A browser that keeps cookies and stops at every redirect.
struct Browser<'a> {
    client: Client,
    site: &'a Site,
}

impl<'a> Browser<'a> {
    fn new(site: &'a Site) -> Self {
        // The workspace gives reqwest TLS without a provider, and it will not be built without one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { client, site }
    }

    /// Signs in as somebody, at the provider if it asks, and gives the address with which the provider sent the browser back.
    async fn signs_in(&self, account: &str) -> Url {
        let mut at: Url = self.site.at("/sign-in/gckey").parse().unwrap();
        for _ in 0..10 {
            let answer = if at.path().starts_with("/interaction/") {
                let form = self.client.post(at.clone());
                let form = form.header("content-type", "application/x-www-form-urlencoded");
                form.body(format!("account={account}")).send().await
            } else {
                self.client.get(at.clone()).send().await
            };
            let to = target(&answer.unwrap());
            if at.path().ends_with("/callback") {
                return at;
            }
            at = to;
        }
        unreachable!("it goes round in circles");
    }

    /// Whether the portal knows whose browser it is: somebody who signed in is asked for an access code, anybody else to sign in.
    async fn is_known(&self) -> bool {
        let page = self.client.get(self.site.at("/en/register"));
        let status = page.send().await.unwrap().status();
        assert!(
            [StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&status),
            "{status}"
        );
        status == StatusCode::OK
    }

    /// Ends the session with the provider, there.
    async fn signs_out_at(&self, issuer: &Url) {
        let end = issuer.join("/session/end").unwrap();
        let page = self.client.get(end.clone()).send().await.unwrap();
        let page = page.text().await.unwrap();
        let xsrf = page.split_once("name=\"xsrf\" value=\"").unwrap().1;
        let (xsrf, _) = xsrf.split_once('"').unwrap();
        let confirm = end.join("/session/end/confirm").unwrap();
        let form = self.client.post(confirm);
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        let done = form.body(format!("xsrf={xsrf}&logout=yes")).send().await;
        assert!(done.unwrap().status().is_redirection());
    }
}

fn target(answer: &Response) -> Url {
    let location = answer.headers().get(LOCATION);
    let location = location.unwrap_or_else(|| unreachable!("{answer:?}"));
    answer.url().join(location.to_str().unwrap()).unwrap()
}

/// REG-6: who ends their session with the service is out of the portal as well, in every browser, once the service has said so. The same word
/// said again ends nothing that began since; a word that is not the service's ends nothing at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_ends_the_sessions_of_whoever_signs_out_there_and_is_obeyed_once() {
    let site = Site::start().await;
    let (somebody, elsewhere, other) = (
        Browser::new(&site),
        Browser::new(&site),
        Browser::new(&site),
    );
    let back = somebody.signs_in("somebody").await;
    elsewhere.signs_in("somebody").await;
    other.signs_in("another").await;
    for browser in [&somebody, &elsewhere, &other] {
        assert!(browser.is_known().await);
    }
    let issuer = back.query_pairs().find(|(name, _)| name == "iss");
    let issuer: Url = issuer.unwrap().1.parse().unwrap();

    somebody.signs_out_at(&issuer).await;
    let token = site.letterbox.next();
    let (said, signature) = token.rsplit_once('.').unwrap();
    let reversed: String = signature.chars().rev().collect();
    for forged in [
        format!("{said}."),
        format!("{said}.{reversed}"),
        String::new(),
    ] {
        assert_eq!(site.says(&forged).await, StatusCode::BAD_REQUEST);
    }
    assert!(somebody.is_known().await, "nobody has been believed yet");
    assert_eq!(site.says(&token).await, StatusCode::OK);
    assert!(!somebody.is_known().await && !elsewhere.is_known().await);
    assert!(other.is_known().await);

    somebody.signs_in("somebody").await;
    assert_eq!(site.says(&token).await, StatusCode::OK);
    assert!(
        somebody.is_known().await,
        "the word was about another session"
    );
}
