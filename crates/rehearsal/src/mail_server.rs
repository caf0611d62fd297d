//! A real mail server, aiosmtpd, on ports of this machine. `smtp_server.py` says what it can be told to do.

use std::io::{BufRead, BufReader, Lines as LinesOf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// The server, with a port for each door. It ends when this is dropped.
pub struct MailServer {
    child: Child,
    /// The port of each door.
    pub ports: Vec<u16>,
}

/// What the server sees and takes, line by line, until it ends. Somebody must read it: a full pipe would hold the server up.
pub struct Lines(LinesOf<BufReader<ChildStdout>>);

impl Iterator for Lines {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        let line = self.0.next()?.ok()?;
        Some(serde_json::from_str(&line).unwrap())
    }
}

impl MailServer {
    /// A server with these doors.
    pub fn open(doors: &[Value]) -> (Self, Lines) {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/smtp_server.py");
        let mut child = Command::new(python())
            .arg(program)
            .arg(json!(doors).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = Lines(BufReader::new(child.stdout.take().unwrap()).lines());
        let mut first = lines.next().expect("the mail server starts");
        let ports = serde_json::from_value(first["ports"].take()).unwrap();
        (Self { child, ports }, lines)
    }

    /// Asks it to end, when it has said all that it has to say, and waits until it has.
    pub fn close(mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
