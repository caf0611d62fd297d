//! a confirmation number that somebody received is never lost, and whoever repeats a request after a crash gets one submission. Eight
//! clients submit while the portal and a worker are killed; after each restart everything that anybody was told is there.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use application::ports::storage::Storage;
use domain::document::DocumentId;
use domain::notice::About;
use futures_util::stream;
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Method, StatusCode};
use serde_json::{Value, json};
use storage::SqlStorage;
use time::OffsetDateTime;
use tokio::task::JoinSet;

use crate::chance::Chance;
use crate::figures;
use crate::files::File;
use crate::installation::{Installation, Kind};
use crate::told::{History, Told, altered, document, unnamed};

const CLIENTS: u64 = 8;
/// A port at which no mail server listens: every notice must wait.
const NO_MAIL_SERVER: u16 = 1;
/// The latest moment of a death after the portal is ready.
const LATEST_DEATH: u64 = 600;
/// How long a file's record and answer take, in microseconds.
const AROUND_A_COMMIT: u64 = 12_000;
/// How long a file is waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// So many earlier submissions are downloaded again after each restart; all of them at the end.
const OLDER_ONES: u64 = 5;

/// A submission that somebody wants to make; every try of it has the same key.
#[derive(Clone)]
struct Wish {
    key: String,
    file: File,
}

/// Somebody who submits one file after the other.
struct Sender {
    chance: Chance,
    path: String,
    token: String,
    /// Asked for, and not answered yet.
    waiting: Option<Wish>,
    asked: u64,
    told: Vec<Told>,
    /// Whether the last try broke off after the portal had taken the connection.
    cut_off: bool,
}

impl Sender {
    fn wish(&mut self) -> Wish {
        if let Some(wish) = self.waiting.take() {
            return wish;
        }
        self.asked += 1;
        let file = if self.chance.below(4) == 0 {
            File::pdf(&mut self.chance)
        } else {
            let comment = u16::try_from(self.chance.below(60_000)).unwrap();
            File::picture(&mut self.chance, comment)
        };
        let key = format!("{:016x}-{}", self.chance.next(), self.asked);
        Wish { key, file }
    }

    /// Submits until the portal is gone, and keeps what it was not answered.
    async fn until_it_dies(mut self, installation: Arc<Installation>) -> Self {
        while self.once(&installation).await {}
        self
    }

    /// Makes one submission; says whether it was answered.
    async fn once(&mut self, installation: &Installation) -> bool {
        let wish = self.wish();
        let slowly = self.chance.below(3) == 0;
        loop {
            let answered = self.post(installation, &wish, slowly).await;
            let answer = match answered {
                Ok((StatusCode::CREATED, answer)) => answer,
                // Too much at once: the same again, as a program does.
                Ok((StatusCode::SERVICE_UNAVAILABLE, _)) => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
                Ok(other) => unreachable!("{other:?}"),
                Err(error) => {
                    self.cut_off = !error.is_connect();
                    self.waiting = Some(wish);
                    return false;
                }
            };
            self.told.push(Told::of(&answer, wish.file.sha256));
            return true;
        }
    }

    async fn post(
        &self,
        installation: &Installation,
        wish: &Wish,
        slowly: bool,
    ) -> Result<(StatusCode, Value), reqwest::Error> {
        let bytes = wish.file.bytes.clone();
        let length = bytes.len() as u64;
        let body = if slowly {
            in_pieces(bytes)
        } else {
            bytes.into()
        };
        let part = Part::stream_with_length(body, length).file_name(wish.file.name.clone());
        let form = Form::new()
            .text("document_type", "disclosure")
            .part("file", part);
        let call = installation
            .call(Method::POST, &self.path, &self.token)
            .header("Idempotency-Key", &wish.key)
            .multipart(form);
        let answer = call.send().await?;
        Ok((answer.status(), answer.json().await?))
    }
}

/// The bytes as they come over a bad connection.
pub fn in_pieces(bytes: Vec<u8>) -> Body {
    let pieces = stream::unfold(bytes, |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        let piece: Vec<u8> = rest.drain(..rest.len().min(8 * 1024)).collect();
        tokio::time::sleep(Duration::from_millis(10)).await;
        Some((Ok::<_, std::io::Error>(piece), rest))
    });
    Body::wrap_stream(pieces)
}

/// What became of requests that were not answered, over all deaths.
#[derive(Default)]
struct Deaths {
    cut_off: u64,
    coming_in: u64,
    kept_only: u64,
    recorded: u64,
}

struct Trial {
    installation: Arc<Installation>,
    storage: SqlStorage,
    chance: Chance,
    senders: Vec<Sender>,
    registry: String,
    deaths: Deaths,
    /// What lay in quarantine, and what was kept, after the death before.
    lay: [BTreeSet<PathBuf>; 2],
    /// How many of each sender's were downloaded.
    looked_at: Vec<usize>,
    faults: Vec<String>,
}

impl Trial {
    async fn begin(kind: Kind) -> Self {
        let installation = Installation::on(kind, "killed_portal").await;
        let (counsel, token) = installation.counsel().await;
        let cms = installation.staff("cms");
        let portal = installation.portal().await;
        let mut senders = Vec::new();
        for number in 0..CLIENTS {
            let case = usize::try_from(number).unwrap();
            let case = installation.case(case, counsel, &cms).await;
            senders.push(Sender {
                chance: Chance::new(figures::seed(), number + 1),
                path: format!("/counsels/{counsel}/cases/{case}/submissions"),
                token: token.clone(),
                waiting: None,
                asked: 0,
                told: Vec::new(),
                cut_off: false,
            });
        }
        drop(portal);
        Self {
            storage: installation.storage().await,
            registry: installation.staff("registry"),
            installation: Arc::new(installation),
            chance: Chance::new(figures::seed(), 0),
            looked_at: vec![0; senders.len()],
            senders,
            deaths: Deaths::default(),
            lay: Default::default(),
            faults: Vec::new(),
        }
    }

    /// The portal comes back, and what was told before is looked for; then everybody submits until chance kills portal and worker.
    async fn round(&mut self) {
        let portal = self.installation.portal().await;
        let history = self.history().await;
        self.count_what_was_not_told(&history);
        self.find_what_was_told(&history);
        self.download_some().await;

        let worker = self.installation.worker(&["schedule"], NO_MAIL_SERVER);
        let mut at_work = JoinSet::new();
        for sender in std::mem::take(&mut self.senders) {
            at_work.spawn(sender.until_it_dies(self.installation.clone()));
        }
        self.wait_for_death().await;
        drop(portal);
        drop(worker);
        self.senders = at_work.join_all().await;
        self.senders.sort_by(|one, other| one.path.cmp(&other.path));
        self.count_what_lies_about().await;
    }

    /// Any moment; or, because those are short, one of the moments after some file was kept, in which it becomes part of a record and its
    /// sender is told.
    async fn wait_for_death(&mut self) {
        let lives = Duration::from_millis(self.chance.below(LATEST_DEATH));
        tokio::time::sleep(lives).await;
        if self.chance.below(2) == 0 {
            let kept = || self.installation.files_in("kept").len();
            let (before, waits) = (kept(), Instant::now());
            while kept() == before && waits.elapsed() < LONGEST_WAIT {}
            // Finer than the runtime's timer.
            std::thread::sleep(Duration::from_micros(self.chance.below(AROUND_A_COMMIT)));
        }
    }

    /// What the death left in the store.
    async fn count_what_lies_about(&mut self) {
        let lies = ["quarantine", "kept"].map(|folder| self.installation.files_in(folder));
        let [coming_in, kept] =
            [0, 1].map(|folder: usize| lies[folder].difference(&self.lay[folder]));
        self.deaths.coming_in += coming_in.count() as u64;
        let new: Vec<DocumentId> = kept.map(|path| document(path)).collect();
        self.deaths.kept_only += unnamed(&self.storage, &new).await.len() as u64;
        self.lay = lies;
    }

    /// Every case's submission history, as its counsel sees it.
    async fn history(&self) -> History {
        let mut history = History::default();
        for sender in &self.senders {
            let (path, token) = (&sender.path, &sender.token);
            history.add(&self.installation, path, token).await;
        }
        history
    }

    fn count_what_was_not_told(&mut self, history: &History) {
        for sender in self.senders.iter_mut().filter(|sender| sender.cut_off) {
            self.deaths.cut_off += 1;
            sender.cut_off = false;
            let wish = sender.waiting.as_ref();
            if wish.is_some_and(|wish| history.0.contains_key(&wish.file.sha256)) {
                self.deaths.recorded += 1;
            }
        }
    }

    fn find_what_was_told(&mut self, history: &History) {
        for told in self.senders.iter().flat_map(|sender| &sender.told) {
            if !history.has(told) {
                let number = &told.number;
                self.faults.push(format!("{number} is not in the history"));
            }
        }
    }

    /// The registry downloads what is new, and some of what is older.
    async fn download_some(&mut self) {
        for number in 0..self.senders.len() {
            let told = self.senders[number].told.len();
            let mut wanted: BTreeSet<usize> = (self.looked_at[number]..told).collect();
            if number == 0 && told > 0 {
                let any = 0..OLDER_ONES;
                wanted
                    .extend(any.map(|_| usize::try_from(self.chance.below(told as u64)).unwrap()));
            }
            for one in wanted {
                self.download(number, one).await;
            }
            self.looked_at[number] = told;
        }
    }

    async fn download(&mut self, sender: usize, one: usize) {
        let told = &self.senders[sender].told[one];
        let wrong = told.download(&self.installation, &self.registry).await;
        self.faults.extend(wrong);
    }

    /// Everybody asks once more for what was not answered; then all of it is looked at.
    async fn end(&mut self) -> u64 {
        let portal = self.installation.portal().await;
        let history = self.history().await;
        self.count_what_was_not_told(&history);
        for sender in &mut self.senders {
            if sender.waiting.is_some() && !sender.once(&self.installation).await {
                self.faults.push("not answered in the end".to_owned());
            }
        }
        let history = self.history().await;
        self.find_what_was_told(&history);
        for sender in 0..self.senders.len() {
            for one in 0..self.senders[sender].told.len() {
                self.download(sender, one).await;
            }
        }
        drop(portal);
        let asked = self.senders.iter().map(|sender| sender.asked).sum();
        self.faults.extend(history.faults(asked));
        self.every_number_has_its_notice(&history).await;
        self.nothing_is_left_over(&history).await;
        self.faults.extend(altered(&self.installation));
        history.0.len() as u64
    }

    /// MAIL-3: no mail server ever answered, so that each number's notice waits.
    async fn every_number_has_its_notice(&mut self, history: &History) {
        let mut records = self.storage.read().await.unwrap();
        let waiting = records.notices().waiting(u32::MAX).await.unwrap();
        let told: Vec<String> = waiting
            .iter()
            .filter_map(|notice| match &notice.about {
                About::DocumentsReceived {
                    confirmation_number,
                    ..
                } => Some(confirmation_number.to_string()),
                _ => None,
            })
            .collect();
        let numbers = history.numbers();
        if told.len() != numbers.len() || numbers != told.iter().collect() {
            let (told, numbers) = (told.len(), numbers.len());
            self.faults
                .push(format!("{told} notices for {numbers} numbers"));
        }
    }

    /// The job that tidies, two days later, leaves the bytes of submissions and nothing else.
    async fn nothing_is_left_over(&mut self, history: &History) {
        let later = OffsetDateTime::now_utc() + time::Duration::days(2);
        self.installation.job("tidy-documents", later);
        for folder in ["quarantine", "arriving"] {
            for path in self.installation.files_in(folder) {
                self.faults.push(format!("{} is left", path.display()));
            }
        }
        let kept = self.installation.files_in("kept");
        let kept: Vec<DocumentId> = kept.iter().map(|path| document(path)).collect();
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

async fn killed(kind: Kind) {
    let rounds = figures::rounds(3);
    let begun = Instant::now();
    let mut trial = Trial::begin(kind).await;
    for _ in 0..rounds {
        trial.round().await;
    }
    let there = trial.end().await;
    let told: usize = trial.senders.iter().map(|sender| sender.told.len()).sum();
    let Deaths {
        cut_off,
        coming_in,
        kept_only,
        recorded,
    } = trial.deaths;
    let line = json!({
        "name": format!("Q-1 {}", kind.name()), "seed": figures::seed(), "rounds": rounds, "clients": CLIENTS, "submissions": there,
        "numbers": told, "cut_off": cut_off, "files_coming_in": coming_in, "kept_not_recorded": kept_only,
        "recorded_not_told": recorded, "faults": trial.faults.len(), "seconds": begun.elapsed().as_secs(),
    });
    figures::tell(&line, &trial.faults);
}

/// Q-1 on SQLite.
#[tokio::test(flavor = "multi_thread")]
async fn no_number_is_lost_on_sqlite() {
    killed(Kind::Sqlite).await;
}

/// Q-1 on PostgreSQL.
#[tokio::test(flavor = "multi_thread")]
async fn no_number_is_lost_on_postgresql() {
    killed(Kind::Postgres).await;
}
