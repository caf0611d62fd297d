//! no notice is lost, and one goes twice only if its worker died between the mail server's acceptance and the mark, or the server
//! closed the connection without a word; then with the same Message-ID. Two workers at a time are killed while notices are being written,
//! and the mail server delays, refuses, puts off and drops.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration as StdDuration, Instant};

use application::ports::outbox::Outbox;
use application::ports::storage::Storage;
use domain::id::Id;
use domain::notice::{About, Notice, Recipient};
use domain::person::{EmailAddress, Language};
use serde_json::{Value, json};
use storage::SqlStorage;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use tokio::task::{JoinSet, spawn_blocking};
use uuid::Uuid;

use crate::chance::Chance;
use crate::figures;
use crate::installation::{Installation, Kind};
use crate::mail_server::{Again, MailServer, Taken};

const WORKERS: usize = 2;
/// Notices written in each round.
const WRITTEN: u64 = 16;
/// One in so many is written in a transaction that does not commit.
const NOT_COMMITTED: u64 = 8;
/// From one round to the next: longer than a worker may hold what it claimed.
const BETWEEN_ROUNDS: Duration = Duration::minutes(16);
/// Longer than a worker takes for all that waits.
const LONGEST_LIFE: StdDuration = StdDuration::from_mins(2);
/// Longer than the longest wait between two tries.
const LONG_AFTER: Duration = Duration::hours(5);
/// In the end, everything must have gone after so many passes.
const LAST_PASSES: u32 = 20;

/// What a message meets. Most are taken at once.
fn moods() -> Value {
    let mut moods = vec![json!({}); 8];
    moods.extend([
        json!({ "at": "message", "delay": 0.02 }),
        json!({ "at": "message", "delay": 0.05 }),
        json!({ "at": "rcpt", "delay": 0.02 }),
        json!({ "at": "mail", "answer": "451 4.3.0 Try again later" }),
        json!({ "at": "message", "answer": "452 4.3.1 Too much" }),
        json!({ "at": "rcpt", "answer": "550 5.1.1 No such user" }),
        json!({ "at": "message", "answer": "554 5.6.0 Not wanted" }),
        json!({ "at": "message", "drop": true }),
        json!({ "at": "rcpt", "drop": true }),
    ]);
    moods.into()
}

struct Trial {
    installation: Arc<Installation>,
    server: Arc<MailServer>,
    storage: SqlStorage,
    chance: Chance,
    now: OffsetDateTime,
    /// Notices that were written, by address, with their Message-ID.
    written: BTreeMap<String, String>,
    /// Addresses of those whose transaction did not commit.
    unwritten: BTreeSet<String>,
    /// Doors whose worker was killed.
    killed: BTreeSet<usize>,
    doors: usize,
    faults: Vec<String>,
}

impl Trial {
    async fn begin(kind: Kind, rounds: u32) -> Self {
        let doors = WORKERS * usize::try_from(rounds + LAST_PASSES).unwrap();
        let installation = Installation::on(kind, "killed_worker").await;
        Self {
            storage: installation.storage().await,
            installation: Arc::new(installation),
            server: Arc::new(MailServer::open(doors, &moods(), figures::seed())),
            chance: Chance::new(figures::seed(), 0),
            now: OffsetDateTime::now_utc(),
            written: BTreeMap::new(),
            unwritten: BTreeSet::new(),
            killed: BTreeSet::new(),
            doors: 0,
            faults: Vec::new(),
        }
    }

    /// Two workers come and die, each when chance says, while notices are being written.
    async fn round(&mut self) {
        let mut at_work = JoinSet::new();
        for _ in 0..WORKERS {
            let door = self.doors;
            self.doors += 1;
            let (installation, server) = (self.installation.clone(), self.server.clone());
            let at = self.now.format(&Rfc3339).unwrap();
            // Four commands and the message make one delivery.
            let events = 1 + self.chance.below(50);
            let later = StdDuration::from_micros(self.chance.below(4_000));
            at_work.spawn(spawn_blocking(move || {
                let words = ["run", "deliver-notices", "--at", &at];
                let mut worker = installation.worker(&words, server.port(door));
                let dies = server.wait_for(door, events, LONGEST_LIFE, &mut worker);
                if dies {
                    std::thread::sleep(later);
                }
                let dies = dies && !worker.has_ended();
                drop(worker);
                dies.then_some(door)
            }));
        }
        for _ in 0..WRITTEN {
            self.write().await;
        }
        for ended in at_work.join_all().await {
            self.killed.extend(ended.unwrap());
        }
        self.now += BETWEEN_ROUNDS;
    }

    /// Writes a notice to an address that no other goes to.
    async fn write(&mut self) {
        let number = self.written.len() + self.unwritten.len();
        let address = format!("person-{number}@firm.example");
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.chance.next().to_be_bytes());
        let millis = u64::try_from(self.now.unix_timestamp_nanos() / 1_000_000).unwrap();
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        let notice = Notice {
            id: Id::<Notice>::new(id),
            to: Recipient {
                account: None,
                email: EmailAddress::parse(&address).unwrap(),
                language: Language::French,
            },
            about: About::DocumentFromTribunal,
            written_at: self.now,
            once: None,
        };
        let mut tx = self.storage.begin().await.unwrap();
        tx.notices_mut().queue(&notice).await.unwrap();
        if self.chance.below(NOT_COMMITTED) == 0 {
            drop(tx);
            self.unwritten.insert(address);
        } else {
            tx.commit(contract::samples::audit()).await.unwrap();
            self.written.insert(address, message_id(id));
        }
    }

    /// Workers that nobody kills, until nothing waits any more.
    async fn end(&mut self) {
        for _ in 0..LAST_PASSES {
            self.now += LONG_AFTER;
            let (installation, server, door) =
                (self.installation.clone(), self.server.clone(), self.doors);
            self.doors += 1;
            let at = self.now.format(&Rfc3339).unwrap();
            let pass = spawn_blocking(move || {
                let words = ["run", "deliver-notices", "--at", &at];
                let mut worker = installation.worker(&words, server.port(door));
                while !worker.has_ended() {
                    std::thread::sleep(StdDuration::from_millis(5));
                }
            });
            pass.await.unwrap();
            if self.storage.waiting(0).await.unwrap().all == 0 {
                return;
            }
        }
        let waiting = self.storage.waiting(0).await.unwrap();
        self.faults.push(format!("{waiting:?} in the end"));
    }

    /// Every notice arrived, none that was not written did, and each that came again had its reason. Says how often which.
    fn look_at_what_arrived(&mut self) -> Value {
        let taken = self.server.taken();
        let mut arrived: BTreeMap<&str, Vec<&Taken>> = BTreeMap::new();
        for one in &taken {
            arrived.entry(&one.to).or_default().push(one);
        }
        let mut lost = 0_u64;
        for (address, expected) in &self.written {
            let Some(times) = arrived.remove(address.as_str()) else {
                lost += 1;
                self.faults.push(format!("{address} was never told"));
                continue;
            };
            if times.iter().any(|one| one.message_id != *expected) {
                self.faults.push(format!("{address}: {times:?}"));
            }
        }
        for address in arrived.keys() {
            self.faults
                .push(format!("{address} was told what never happened"));
        }
        let again = Again::of(&taken, &self.killed);
        self.faults.extend(again.without_reason);
        json!({ "notices": self.written.len(), "not_committed": self.unwritten.len(), "taken": taken.len(), "lost": lost,
            "came_again": again.times, "dropped_by_server": again.dropped, "died_before_the_mark": again.died })
    }
}

fn message_id(notice: Uuid) -> String {
    format!("<{notice}@tribunal.example>")
}

async fn killed(kind: Kind) {
    let rounds = figures::rounds(6);
    let begun = Instant::now();
    let mut trial = Trial::begin(kind, rounds).await;
    for _ in 0..rounds {
        trial.round().await;
    }
    trial.end().await;
    let mut line = trial.look_at_what_arrived();
    line["name"] = format!("Q-3 {}", kind.name()).into();
    line["seed"] = figures::seed().into();
    line["rounds"] = rounds.into();
    line["workers_killed"] = trial.killed.len().into();
    line["faults"] = trial.faults.len().into();
    line["seconds"] = begun.elapsed().as_secs().into();
    figures::tell(&line, &trial.faults);
}

/// Q-3, MAIL-3 on SQLite.
#[tokio::test(flavor = "multi_thread")]
async fn no_notice_is_lost_on_sqlite() {
    killed(Kind::Sqlite).await;
}

/// Q-3, MAIL-3 on PostgreSQL.
#[tokio::test(flavor = "multi_thread")]
async fn no_notice_is_lost_on_postgresql() {
    killed(Kind::Postgres).await;
}
