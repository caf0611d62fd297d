//! A real mail server with a door for each worker's life, so that it is known who brought what.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::installation::Process;

/// A message that the server took.
#[derive(Debug, Clone)]
pub struct Taken {
    pub door: usize,
    pub to: String,
    pub message_id: String,
    /// The confirmation number that it tells, if it does.
    pub number: Option<String>,
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
    server: rehearsal::MailServer,
    heard: Arc<(Mutex<Heard>, Condvar)>,
}

impl MailServer {
    /// A server with so many doors, at each of which a message meets one of these moods.
    pub fn open(doors: usize, moods: &Value, seed: u64) -> Self {
        Self::by(
            &json!({ "moods": moods, "seed": seed, "times": doors }),
            doors,
        )
    }

    /// A server with one door at that port, which takes everything.
    pub fn at(port: u16) -> Self {
        Self::by(&json!({ "port": port }), 1)
    }

    fn by(plan: &Value, doors: usize) -> Self {
        let (server, lines) = rehearsal::MailServer::open(std::slice::from_ref(plan));
        let heard = Arc::new((
            Mutex::new(Heard {
                events: vec![0; doors],
                taken: Vec::new(),
            }),
            Condvar::new(),
        ));
        let listens = heard.clone();
        std::thread::spawn(move || {
            for line in lines {
                hear(&listens, &line);
            }
        });
        Self { server, heard }
    }

    /// Where that door is.
    pub fn port(&self, door: usize) -> u16 {
        self.server.ports[door]
    }

    /// How many commands and messages came through a door so far.
    pub fn events(&self, door: usize) -> u64 {
        self.heard.0.lock().unwrap().events[door]
    }

    /// Waits until so many commands and messages came through a door, or it took too long, or whoever comes through it has ended; says
    /// whether that one still lives.
    pub fn wait_for(&self, door: usize, events: u64, most: Duration, by: &mut Process) -> bool {
        let begun = Instant::now();
        let (heard, more) = &*self.heard;
        let mut heard = heard.lock().unwrap();
        while heard.events[door] < events && begun.elapsed() < most {
            if by.has_ended() {
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
        let content: Vec<u8> = serde_json::from_value(content.clone()).unwrap();
        let text = String::from_utf8_lossy(&content);
        let after = |what: &str| {
            let mut lines = text.lines().map(str::trim);
            lines.find_map(|line| Some(line.strip_prefix(what)?.to_owned()))
        };
        heard.taken.push(Taken {
            door,
            to: line["to"][0].as_str().unwrap().to_owned(),
            message_id: after("Message-ID: ").expect("every message has a Message-ID"),
            number: after("Confirmation number: "),
            dropped: line["dropped"] == true,
        });
    }
    more.notify_all();
}

/// How often messages came more than once, and why.
#[derive(Default)]
pub struct Again {
    /// Times that a message came after its first.
    pub times: u64,
    /// Those that the server took and did not say so.
    pub dropped: u64,
    /// Those whose worker died before it could mark them.
    pub died: u64,
    /// Messages that came again for neither reason.
    pub without_reason: Vec<String>,
}

impl Again {
    /// Of what was taken, when the workers of those doors were killed. A worker marks what it hands over before it goes on: only its last can
    /// be without a mark.
    pub fn of(taken: &[Taken], killed: &BTreeSet<usize>) -> Self {
        let (mut last_of_door, mut arrived) = (BTreeMap::new(), BTreeMap::new());
        for (number, one) in taken.iter().enumerate() {
            last_of_door.insert(one.door, number);
            let times: &mut Vec<_> = arrived.entry(&one.message_id).or_default();
            times.push((number, one));
        }
        let mut again = Self::default();
        for times in arrived.values() {
            again.times += times.len() as u64 - 1;
            let mut without_reason = 0;
            for (number, one) in times {
                let its_last = last_of_door.get(&one.door) == Some(number);
                if one.dropped {
                    again.dropped += 1;
                } else if its_last && killed.contains(&one.door) {
                    again.died += u64::from(times.len() > 1);
                } else {
                    without_reason += 1;
                }
            }
            if without_reason > 1 {
                let told = format!("told again without a reason: {times:?}");
                again.without_reason.push(told);
            }
        }
        again
    }
}
