//! Two machines, a portal and a worker on each, on one PostgreSQL and one bucket, with a real mail server. A portal and a worker are killed
//! every few seconds and come back; whoever was cut off goes to the other portal with the same key, and uploads go from one to the other in
//! the middle of a file. Nothing that somebody was told is lost, and nothing happens twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use application::ports::outbox::Outbox;
use domain::document::DocumentId;
use reqwest::multipart::{Form, Part};
use reqwest::{Error, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use storage::SqlStorage;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::task::{JoinSet, spawn_blocking};

use crate::chance::Chance;
use crate::figures;
use crate::files::File;
use crate::installation::{Installation, Process};
use crate::killed_portal::in_pieces;
use crate::mail_server::{Again, MailServer, Taken};
use crate::told::{History, Told, altered, document, unnamed};

const MACHINES: usize = 2;
const CLIENTS: u64 = 8;
/// The latest moment of a portal's death after all were there.
const LATEST_DEATH: u64 = 2_000;
/// A worker that has nothing to do dies after so long.
const LONGEST_LIFE: Duration = Duration::from_secs(3);
/// Whoever goes on asking is answered before then, whatever dies meanwhile.
const PATIENCE: Duration = Duration::from_mins(2);
/// Pieces of an upload.
const PIECE: usize = 16 * 1024;
/// In the end, everything must have gone after so many passes, so far apart that everything is tried in each.
const LAST_PASSES: usize = 20;
const LONG_AFTER: time::Duration = time::Duration::hours(5);

type Machines = Arc<[Installation; MACHINES]>;

/// What befell the clients.
#[derive(Default, Clone, Copy)]
struct Befell {
    /// Requests that broke off.
    cut_off: u64,
    /// Requests that found nobody.
    nobody: u64,
    /// Requests that were told to come back.
    told_to_come_back: u64,
    /// Files that came in pieces, each piece to the other portal.
    uploads: u64,
}

/// Somebody who submits one file after the other, to whichever portal answers.
struct Sender {
    chance: Chance,
    machines: Machines,
    /// The portal that is asked next.
    at: usize,
    /// The case's address.
    case: String,
    token: String,
    asked: u64,
    told: Vec<Told>,
    befell: Befell,
}

impl Sender {
    /// Submits until it is told to stop, and then until it was answered.
    async fn until_stopped(mut self, stop: Arc<AtomicBool>) -> Self {
        while !stop.load(Ordering::Relaxed) {
            let answered = tokio::time::timeout(PATIENCE, self.once()).await;
            answered.expect("an answer, sooner or later");
        }
        self
    }

    /// Makes one submission, whatever it takes.
    async fn once(&mut self) {
        self.asked += 1;
        let key = format!("{:016x}-{}", self.chance.next(), self.asked);
        let file = if self.chance.below(4) == 0 {
            File::pdf(&mut self.chance)
        } else {
            let comment = u16::try_from(self.chance.below(60_000)).unwrap();
            File::picture(&mut self.chance, comment)
        };
        let upload = match self.chance.below(3) {
            0 => Some(self.upload(&file).await),
            _ => None,
        };
        let slowly = self.chance.below(3) == 0;
        let answer = loop {
            let form = Form::new().text("document_type", "disclosure");
            let form = match &upload {
                Some(id) => form.text("upload", id.clone()),
                None => form.part("file", part(&file, slowly)),
            };
            let call = self.call(Method::POST, "submissions");
            let call = call.header("Idempotency-Key", &key).multipart(form);
            let read = async {
                let answer = call.send().await?;
                Ok((answer.status(), answer.json::<Value>().await?))
            };
            match read.await {
                Ok((StatusCode::CREATED, answer)) => break answer,
                Ok((StatusCode::SERVICE_UNAVAILABLE, _)) => self.come_back().await,
                Ok(other) => unreachable!("{other:?}"),
                Err(error) => self.turn(&error).await,
            }
        };
        self.told.push(Told::of(&answer, file.sha256));
    }

    /// Sends a file in pieces, each to another portal than the one before; gives the upload's id.
    async fn upload(&mut self, file: &File) -> String {
        self.befell.uploads += 1;
        let length = file.bytes.len();
        let created = loop {
            let call = self.call(Method::POST, "uploads");
            let call = call.header("Upload-Length", length);
            let call = call.header("Upload-Metadata", "filename c2Nhbi5qcGVn");
            if let Some(answer) = self.tried(call, StatusCode::CREATED).await {
                break answer;
            }
        };
        let place = created.headers()["location"].to_str().unwrap();
        let id = place.rsplit('/').next().unwrap().to_owned();
        let path = format!("uploads/{id}");
        let mut offset = 0;
        while offset < length {
            self.at = (self.at + 1) % MACHINES;
            let end = length.min(offset + PIECE);
            let call = self.call(Method::PATCH, &path);
            let call = call.header("Content-Type", "application/offset+octet-stream");
            let call = call.header("Upload-Offset", offset);
            let call = call.body(file.bytes[offset..end].to_vec());
            let mut answer = self.tried(call, StatusCode::NO_CONTENT).await;
            while answer.is_none() {
                let call = self.call(Method::HEAD, &path);
                answer = self.tried(call, StatusCode::OK).await;
            }
            let stands = answer.unwrap();
            let stands = stands.headers()["upload-offset"].to_str().unwrap();
            offset = stands.parse().unwrap();
        }
        id
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let path = format!("{}/{path}", self.case);
        let call = self.machines[self.at].call(method, &path, &self.token);
        call.header("Tus-Resumable", "1.0.0")
    }

    /// The answer, if it is the one that was hoped for.
    async fn tried(&mut self, call: RequestBuilder, hoped: StatusCode) -> Option<Response> {
        match call.send().await {
            Ok(answer) if answer.status() == hoped => return Some(answer),
            Ok(answer) if answer.status() == StatusCode::SERVICE_UNAVAILABLE => {
                self.come_back().await;
            }
            Ok(other) => unreachable!("{other:?}"),
            Err(error) => self.turn(&error).await,
        }
        None
    }

    /// Too much at once: the same again, as a program does.
    async fn come_back(&mut self) {
        self.befell.told_to_come_back += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    /// Goes to the other portal.
    async fn turn(&mut self, error: &Error) {
        if error.is_connect() {
            self.befell.nobody += 1;
        } else {
            self.befell.cut_off += 1;
        }
        self.at = (self.at + 1) % MACHINES;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn part(file: &File, slowly: bool) -> Part {
    let length = file.bytes.len() as u64;
    let body = if slowly {
        in_pieces(file.bytes.clone())
    } else {
        file.bytes.clone().into()
    };
    Part::stream_with_length(body, length).file_name(file.name.clone())
}

/// A worker, and the door that it goes to with its mail.
struct Worker {
    process: Process,
    door: usize,
}

struct Trial {
    machines: Machines,
    storage: SqlStorage,
    server: Arc<MailServer>,
    chance: Chance,
    portals: [Option<Process>; MACHINES],
    workers: [Option<Worker>; MACHINES],
    senders: Vec<Sender>,
    registry: String,
    doors: usize,
    /// Doors whose worker was killed.
    killed: BTreeSet<usize>,
    portals_killed: u64,
    faults: Vec<String>,
}

impl Trial {
    async fn begin(rounds: u32) -> Self {
        let machines: Machines = Arc::new(Installation::of_machines("many_machines").await);
        let (counsel, token) = machines[0].counsel().await;
        let cms = machines[0].staff("cms");
        let mut portals = [None, None];
        for (portal, machine) in portals.iter_mut().zip(&*machines) {
            *portal = Some(machine.portal().await);
        }
        let mut senders = Vec::new();
        for number in 0..CLIENTS {
            let case = usize::try_from(number).unwrap();
            let case = machines[0].case(case, counsel, &cms).await;
            senders.push(Sender {
                chance: Chance::new(figures::seed(), number + 1),
                machines: machines.clone(),
                at: 0,
                case: format!("/counsels/{counsel}/cases/{case}"),
                token: token.clone(),
                asked: 0,
                told: Vec::new(),
                befell: Befell::default(),
            });
        }
        let doors = MACHINES + usize::try_from(rounds).unwrap() + LAST_PASSES;
        let mut trial = Self {
            storage: machines[0].storage().await,
            registry: machines[0].staff("registry"),
            server: Arc::new(MailServer::open(doors, &moods(), figures::seed())),
            chance: Chance::new(figures::seed(), 0),
            machines,
            portals,
            workers: [None, None],
            senders,
            doors: 0,
            killed: BTreeSet::new(),
            portals_killed: 0,
            faults: Vec::new(),
        };
        for machine in 0..MACHINES {
            trial.workers[machine] = Some(trial.worker(machine));
        }
        trial
    }

    fn worker(&mut self, machine: usize) -> Worker {
        let door = self.doors;
        self.doors += 1;
        let port = self.server.port(door);
        let process = self.machines[machine].worker(&["schedule"], port);
        Worker { process, door }
    }

    /// A portal and a worker die, each when chance says, and come back.
    async fn round(&mut self) {
        let life = Duration::from_millis(self.chance.below(LATEST_DEATH));
        tokio::time::sleep(life).await;
        let machine = self.any_machine();
        self.portals[machine] = None;
        self.portals_killed += 1;
        let away = Duration::from_millis(self.chance.below(300));
        tokio::time::sleep(away).await;
        self.portals[machine] = Some(self.machines[machine].portal().await);

        let machine = self.any_machine();
        let mut worker = self.workers[machine].take().unwrap();
        // Four commands and the message make one delivery.
        let events = self.server.events(worker.door) + 1 + self.chance.below(20);
        let later = Duration::from_micros(self.chance.below(4_000));
        let server = self.server.clone();
        let died = spawn_blocking(move || {
            let (door, process) = (worker.door, &mut worker.process);
            let lived = server.wait_for(door, events, LONGEST_LIFE, process);
            std::thread::sleep(later);
            drop(worker);
            (door, lived)
        });
        let (door, lived) = died.await.unwrap();
        if !lived {
            self.faults.push("a worker ended by itself".to_owned());
        }
        self.killed.insert(door);
        self.workers[machine] = Some(self.worker(machine));
    }

    fn any_machine(&mut self) -> usize {
        usize::try_from(self.chance.below(MACHINES as u64)).unwrap()
    }

    /// So many rounds, while everybody submits; at the end everybody has been answered.
    async fn rounds(&mut self, rounds: u32) {
        let stop = Arc::new(AtomicBool::new(false));
        let mut at_work = JoinSet::new();
        for sender in std::mem::take(&mut self.senders) {
            at_work.spawn(sender.until_stopped(stop.clone()));
        }
        for _ in 0..rounds {
            self.round().await;
        }
        stop.store(true, Ordering::Relaxed);
        self.senders = at_work.join_all().await;
    }

    /// The workers die for good; others, whom nobody kills, go on until nothing waits any more.
    async fn deliver_what_waits(&mut self) {
        for worker in self.workers.iter_mut().filter_map(Option::take) {
            self.killed.insert(worker.door);
        }
        let mut now = OffsetDateTime::now_utc();
        for _ in 0..LAST_PASSES {
            now += LONG_AFTER;
            let (machines, server, door) = (self.machines.clone(), self.server.clone(), self.doors);
            self.doors += 1;
            let at = now.format(&Rfc3339).unwrap();
            let pass = spawn_blocking(move || {
                let words = ["run", "deliver-notices", "--at", &at];
                let mut worker = machines[0].worker(&words, server.port(door));
                while !worker.has_ended() {
                    std::thread::sleep(Duration::from_millis(5));
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

    /// Every number that somebody was told is in the history, as both portals give it, with its bytes; and nothing else is.
    async fn history(&mut self) -> History {
        let mut histories = [History::default(), History::default()];
        for (history, machine) in histories.iter_mut().zip(&*self.machines) {
            for sender in &self.senders {
                let path = format!("{}/submissions", sender.case);
                history.add(machine, &path, &sender.token).await;
            }
        }
        let [history, other] = histories;
        if history.0 != other.0 {
            self.faults.push("two portals, two histories".to_owned());
        }
        for told in self.senders.iter().flat_map(|sender| &sender.told) {
            if !history.has(told) {
                let number = &told.number;
                self.faults.push(format!("{number} is not in the history"));
            }
            let machine = &self.machines[usize::from(told.sha256.as_str() < "8")];
            self.faults
                .extend(told.download(machine, &self.registry).await);
        }
        let asked = self.senders.iter().map(|sender| sender.asked).sum();
        self.faults.extend(history.faults(asked));
        history
    }

    /// MAIL-3: each number's notice arrived, always under the same Message-ID, and twice only where Q-3 allows it.
    fn look_at_what_arrived(&mut self, history: &History, taken: &[Taken]) -> Again {
        let mut told: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
        for one in taken {
            if let Some(number) = &one.number {
                told.entry(number).or_default().insert(&one.message_id);
            }
        }
        for number in history.numbers() {
            match told.remove(number).map(|ids| ids.len()) {
                Some(1) => {}
                other => self
                    .faults
                    .push(format!("{number} was told in {other:?} messages")),
            }
        }
        for number in told.keys() {
            self.faults
                .push(format!("{number} was told, and is not there"));
        }
        let mut again = Again::of(taken, &self.killed);
        self.faults.append(&mut again.without_reason);
        again
    }

    /// The job that tidies, two days later and on each machine, leaves the bytes of submissions and nothing else.
    async fn nothing_is_left_over(&mut self, history: &History) {
        let later = OffsetDateTime::now_utc() + time::Duration::days(2);
        for machine in &*self.machines {
            machine.job("tidy-documents", later);
            for path in machine.files_in("") {
                self.faults.push(format!("{} is left", path.display()));
            }
        }
        let bucket = self.machines[0].bucket.as_ref().unwrap();
        let kept = std::fs::read_dir(bucket.objects.join("documents")).unwrap();
        let kept: Vec<DocumentId> = kept.map(|one| document(&one.unwrap().path())).collect();
        for id in unnamed(&self.storage, &kept).await {
            self.faults.push(format!("no record names {id}"));
        }
        if kept.len() != history.0.len() {
            let (kept, named) = (kept.len(), history.0.len());
            self.faults
                .push(format!("{kept} documents of {named} submissions"));
        }
    }
}

/// What a message meets. Most are taken at once.
fn moods() -> Value {
    let mut moods = vec![json!({}); 12];
    moods.extend([
        json!({ "at": "message", "delay": 0.02 }),
        json!({ "at": "rcpt", "delay": 0.02 }),
        json!({ "at": "mail", "answer": "451 4.3.0 Try again later" }),
        json!({ "at": "message", "drop": true }),
    ]);
    moods.into()
}

/// two portals and two workers on PostgreSQL and a bucket.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_portals_and_two_workers_lose_nothing_and_do_nothing_twice() {
    let rounds = figures::rounds(3);
    let begun = Instant::now();
    let mut trial = Trial::begin(rounds).await;
    trial.rounds(rounds).await;
    trial.deliver_what_waits().await;
    let history = trial.history().await;
    let taken = trial.server.taken();
    let again = trial.look_at_what_arrived(&history, &taken);
    trial.portals = [None, None];
    trial.nothing_is_left_over(&history).await;
    let wrong = altered(&trial.machines[0]);
    trial.faults.extend(wrong);
    let sum = |of: fn(&Befell) -> u64| -> u64 {
        let each = trial.senders.iter().map(|sender| of(&sender.befell));
        each.sum()
    };
    let line = json!({
        "name": "Two machines", "seed": figures::seed(), "rounds": rounds, "clients": CLIENTS,
        "portals_killed": trial.portals_killed, "workers_killed": trial.killed.len(), "numbers": history.0.len(),
        "uploads": sum(|befell| befell.uploads), "cut_off": sum(|befell| befell.cut_off),
        "found_nobody": sum(|befell| befell.nobody), "told_to_come_back": sum(|befell| befell.told_to_come_back),
        "messages": taken.len(), "came_again": again.times, "dropped_by_server": again.dropped,
        "died_before_the_mark": again.died, "faults": trial.faults.len(), "seconds": begun.elapsed().as_secs(),
    });
    figures::tell(&line, &trial.faults);
}
