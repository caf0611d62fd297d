//! A certified provider: npm's `oidc-provider`, in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use sign_in_services::ServiceSettings;
use tempfile::TempDir;

use crate::made_provider::but;
use crate::portal::{CLIENT, PORTAL, SECRET, service};

/// A provider that ends with the test.
pub struct NpmProvider {
    pub issuer: String,
    /// Where the private keys lie that it knows the public halves of, `{algorithm}.pem`.
    keys: TempDir,
    process: Child,
}

/// The portal as a client of such a provider, known by one service key.
pub fn client(key: &str) -> Value {
    json!({
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [format!("{PORTAL}/sign-in/{key}/callback")],
        "post_logout_redirect_uris": [format!("{PORTAL}/fr/"), format!("{PORTAL}/en/")],
        "id_token_signed_response_alg": "ES256",
    })
}

/// The same, with something said otherwise.
pub fn client_with(key: &str, more: &Value) -> Value {
    let more = more.as_object().unwrap();
    more.iter().fold(client(key), |client, (name, value)| {
        but(&client, name, value.clone())
    })
}

impl NpmProvider {
    pub fn start(clients: &[Value]) -> Self {
        Self::start_with(clients, &json!({}))
    }

    /// One that takes the secret in the body alone.
    pub fn start_with_post(clients: &[Value]) -> Self {
        Self::start_with(
            clients,
            &json!({ "client_auth_methods": ["client_secret_post"] }),
        )
    }

    /// One for which the portal gets keys of its own.
    pub fn start_with_keys(clients: &[Value], algorithms: &[&str]) -> Self {
        Self::start_with(clients, &json!({ "portal_keys": algorithms }))
    }

    fn start_with(clients: &[Value], more: &Value) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/provider");
        assert!(
            folder.join("node_modules").is_dir(),
            "`cargo xtask test` installs it; by hand: npm ci in {}",
            folder.display()
        );
        let configuration = but(more, "clients", json!(clients));
        let mut process = Command::new("node")
            .arg("provider.js")
            .arg(configuration.to_string())
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let keys = tempfile::tempdir().unwrap();
        for (algorithm, pem) in told["portal_keys"].as_object().unwrap() {
            let file = keys.path().join(format!("{algorithm}.pem"));
            std::fs::write(file, pem.as_str().unwrap()).unwrap();
        }
        Self {
            issuer: told["issuer"].as_str().unwrap().to_owned(),
            keys,
            process,
        }
    }

    pub fn settings(&self, key: &str) -> ServiceSettings {
        service(key, &self.issuer)
    }

    /// Where the portal's private key for an algorithm lies.
    pub fn key(&self, algorithm: &str) -> PathBuf {
        self.keys.path().join(format!("{algorithm}.pem"))
    }
}

impl Drop for NpmProvider {
    fn drop(&mut self) {
        // If the test itself is killed, the end of its input ends it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
