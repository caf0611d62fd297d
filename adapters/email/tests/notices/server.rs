//! The tests' real mail server with what this adapter asks of it: certificates, and all that it saw told at the end.

use std::num::NonZeroU64;
use std::path::Path;
use std::thread::JoinHandle;

use email::{Encryption, Letterhead, SmtpMailer, SmtpSettings};
use rehearsal::MailServer;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::letterhead::letterhead;

/// Long enough for any answer that comes, even on a busy machine.
pub const PATIENT: NonZeroU64 = NonZeroU64::new(20).unwrap();

const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// The server, with a port for each door.
pub struct Server {
    at: MailServer,
    lines: JoinHandle<Vec<Value>>,
    folder: TempDir,
}

/// What the server saw and took.
pub struct Heard {
    lines: Vec<Value>,
}

/// A message that the server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Whether it came encrypted.
    pub encrypted: bool,
    /// As whom its sender had signed in.
    pub user: Option<String>,
    /// Everything between DATA and the final dot.
    pub content: Vec<u8>,
}

impl Server {
    /// A server with these doors.
    pub fn open(doors: &[Value]) -> Self {
        let folder = TempDir::new().unwrap();
        let mut doors = doors.to_vec();
        certify(folder.path());
        let encrypted = doors.iter_mut().filter(|door| door.get("tls").is_some());
        for door in encrypted {
            door["certificate"] = json!(folder.path().join(CERTIFICATE));
            door["key"] = json!(folder.path().join(KEY));
        }
        let (server, lines) = MailServer::open(&doors);
        // Read all the time: a full pipe would hold the server up.
        let lines = std::thread::spawn(move || lines.collect());
        Self {
            at: server,
            lines,
            folder,
        }
    }

    /// How to reach a door, without encryption.
    pub fn settings(&self, door: usize) -> SmtpSettings {
        SmtpSettings {
            host: "127.0.0.1".into(),
            ..self.settings_encrypted(door, Encryption::None)
        }
    }

    /// How to reach a door with encryption, trusting the server's certificate.
    pub fn settings_encrypted(&self, door: usize, encryption: Encryption) -> SmtpSettings {
        SmtpSettings {
            host: "localhost".into(),
            port: self.at.ports[door],
            encryption,
            authority: Some(self.folder.path().join(CERTIFICATE)),
            user: None,
            password: None,
            timeout_seconds: PATIENT,
        }
    }

    /// A mailer that goes to a door, without encryption.
    pub fn mailer(&self, door: usize) -> SmtpMailer {
        mailer(&self.settings(door), letterhead())
    }

    /// Stops the server, and tells what it saw.
    pub fn close(self) -> Heard {
        self.at.close();
        let lines = self.lines.join().unwrap();
        drop(self.folder);
        Heard { lines }
    }
}

/// A mailer with these settings.
pub fn mailer(settings: &SmtpSettings, letterhead: Letterhead) -> SmtpMailer {
    SmtpMailer::new(settings, letterhead).unwrap()
}

impl Heard {
    /// The messages that came through a door and were taken.
    pub fn taken(&self, door: usize) -> Vec<Taken> {
        let of_door = self.of_door(door);
        let taken = of_door.filter(|line| line.get("content").is_some());
        taken.map(Taken::from).collect()
    }

    /// The commands that came through a door, in their order.
    pub fn commands(&self, door: usize) -> Vec<String> {
        self.of_door(door)
            .filter_map(|line| line["heard"].as_str())
            .map(str::to_owned)
            .collect()
    }

    fn of_door(&self, door: usize) -> impl Iterator<Item = &Value> {
        self.lines.iter().filter(move |line| line["door"] == door)
    }
}

impl From<&Value> for Taken {
    fn from(line: &Value) -> Self {
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        let content: Vec<u8> = serde_json::from_value(line["content"].clone()).unwrap();
        Self {
            from: text("from").unwrap(),
            to: serde_json::from_value(line["to"].clone()).unwrap(),
            encrypted: line["tls"] == true,
            user: text("user"),
            content,
        }
    }
}

/// Writes a certificate for `localhost` that vouches for itself.
fn certify(folder: &Path) {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join(CERTIFICATE), certified.cert.pem()).unwrap();
    std::fs::write(folder.join(KEY), certified.signing_key.serialize_pem()).unwrap();
}
