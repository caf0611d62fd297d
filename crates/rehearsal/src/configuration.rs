//! The configuration of a portal in production, with no more than what has no default: each test says in TOML what it has otherwise.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::Bucket;
use toml::{Table, Value};

/// A configuration that can still be changed.
#[derive(Debug, Clone)]
pub struct Written(Table);

impl Written {
    /// What must be said: everything in that folder, records in that database. Nobody is where mail and text messages would go.
    pub fn on(folder: &Path, database: &str) -> Self {
        let folder = folder.display();
        let key = |first: &str| format!("{first}{}", "0123456789abcdef".repeat(4))[..64].to_owned();
        let [documents, tribunal, receipts] = ["", "1", "2"].map(key);
        let least = format!(
            r#"
            server.https = false
            database.url = "{database}"
            documents = {{ folder = "{folder}/documents", key = "{documents}" }}
            rolls.folder = "{folder}"
            secrets.key = "{tribunal}"
            receipts = {{ origin = "portal.example/log", key = "{receipts}" }}
            email.from = "ne-pas-repondre@tribunal.example"
            email.smtp = {{ host = "localhost", port = 1 }}
            [text_messages]
            url = "https://gateway.example"
            api_key = "a key"
            access_code_template_fr = "modele"
            access_code_template_en = "template"
            "#
        );
        Self(Table::new()).and(&least).listening(1)
    }

    /// Listens at that port of this machine.
    #[must_use]
    pub fn listening(self, port: u16) -> Self {
        self.and(&format!(
            r#"server = {{ listen = "127.0.0.1:{port}", public_url = "http://127.0.0.1:{port}" }}"#
        ))
    }

    /// Keeps documents in that bucket.
    #[must_use]
    pub fn keeping_in(self, bucket: &Bucket) -> Self {
        self.and(&bucket.lines())
    }

    /// Says those lines of TOML too; what they say goes before what was said.
    #[must_use]
    pub fn and(mut self, lines: &str) -> Self {
        let more: Table = lines.parse().expect("lines of TOML");
        lay_over(&mut self.0, more);
        self
    }

    /// Writes it into a file of that name.
    pub fn write(&self, file: PathBuf) -> PathBuf {
        std::fs::write(&file, self.to_string()).unwrap();
        file
    }
}

impl fmt::Display for Written {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

fn lay_over(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => lay_over(under, over),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}
