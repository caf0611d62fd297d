//! A real mail server, aiosmtpd, with a door for each worker's life, so that it is known who brought what. `smtp_server.py` says what it
//! can be told to do.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::installation::Process;

/// A message that the server took.
#[derive(Debug, Clone)]
pub struct Taken {
    pub door: usize,
    pub to: String,
    pub message_id: String,
    /// Whether the server closed the connection instead of saying that it took the message.
    pub dropped: bool,
}

/// What came through each door so far.
#[derive(Default)]
struct Heard {
    /// Commands and messages, by door.
    events: Vec<u64>,
    /// Messages, in the order in which they came through their door.
    taken: Vec<Taken>,
}

pub struct MailServer {
    child: Child,
    pub ports: Vec<u16>,
    heard: Arc<(Mutex<Heard>, Condvar)>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl MailServer {
    /// A server with so many doors, at each of which a message meets one of these moods.
    pub fn open(doors: usize, moods: &Value, seed: u64) -> Self {
        let plans = json!([{ "moods": moods, "seed": seed, "times": doors }]);
        let program = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../adapters/email/tests/notices/smtp_server.py"
        );
        let mut child = Command::new(python())
            .arg(program)
            .arg(plans.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = said.next().expect("the mail server starts").unwrap();
        let ports = serde_json::from_str::<Value>(&first).unwrap()["ports"].take();
        let heard = Arc::new((
            Mutex::new(Heard {
                events: vec![0; doors],
                taken: Vec::new(),
            }),
            Condvar::new(),
        ));
        let listens = heard.clone();
        std::thread::spawn(move || {
            for line in said.map_while(Result::ok) {
                hear(&listens, &serde_json::from_str(&line).unwrap());
            }
        });
        Self {
            child,
            ports: serde_json::from_value(ports).unwrap(),
            heard,
        }
    }

    /// Waits until so many commands and messages came through a door, or whoever comes through it has ended; says whether it was first.
    pub fn wait_for(&self, door: usize, events: u64, process: &mut Process) -> bool {
        let (heard, more) = &*self.heard;
        let mut heard = heard.lock().unwrap();
        while heard.events[door] < events {
            if process.has_ended() {
                return false;
            }
            heard = more
                .wait_timeout(heard, Duration::from_millis(20))
                .unwrap()
                .0;
        }
        true
    }

    /// Every message that was taken.
    pub fn taken(&self) -> Vec<Taken> {
        self.heard.0.lock().unwrap().taken.clone()
    }
}

fn hear((heard, more): &(Mutex<Heard>, Condvar), line: &Value) {
    let door = usize::try_from(line["door"].as_u64().unwrap()).unwrap();
    let mut heard = heard.lock().unwrap();
    heard.events[door] += 1;
    if let Some(content) = line.get("content") {
        heard.taken.push(Taken {
            door,
            to: line["to"][0].as_str().unwrap().to_owned(),
            message_id: message_id(&serde_json::from_value::<Vec<u8>>(content.clone()).unwrap()),
            dropped: line["dropped"] == true,
        });
    }
    more.notify_all();
}

/// What stands in a message's `Message-ID`.
fn message_id(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("Message-ID: "));
    line.expect("every message has a Message-ID").to_owned()
}

/// A Python that has aiosmtpd; Debian's, before one that somebody put in front of it.
fn python() -> &'static str {
    ["/usr/bin/python3", "python3"]
        .into_iter()
        .find(|python| {
            let mut asks = Command::new(python);
            asks.args(["-c", "import aiosmtpd.smtp"]);
            let answer = asks.stderr(Stdio::null()).status();
            answer.is_ok_and(|status| status.success())
        })
        .expect("aiosmtpd is there: `apt-get install python3-aiosmtpd`, as `cargo xtask test` does")
}
