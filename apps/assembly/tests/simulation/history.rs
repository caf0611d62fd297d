//! One seed's history: who does what on which machine, when machines die, and how the clocks run.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use domain::delegation::DelegationId;
use domain::inbox::InboxItemId;
use domain::policy::Job;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::acts::{Act, Answer, act};
use crate::promises::Seen;
use crate::stage::{Broken, Stage};
use crate::world::{COUNSEL, PEOPLE, World};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// So many things are begun.
const ACTS: u64 = 36;
/// At most so many at a time.
const AT_ONCE: usize = 5;
/// More turns than any history takes.
const TURNS_AT_MOST: u64 = 50_000;
/// A leap of the clock while requests are under way: longer than a file waits to be submitted.
const LONGEST_LEAP: i64 = 3 * DAY;

/// The first portal, and the first worker.
const PORTAL: usize = 0;
const WORKER: usize = 2;

const JOBS: [Job; 6] = [
    Job::DeliverNotices,
    Job::DelegationReminders,
    Job::DelegationCleanup,
    Job::TidyDocuments,
    Job::SealAudit,
    Job::PublishLog,
];

/// Something that is under way.
struct UnderWay {
    number: u64,
    process: usize,
    act: Act,
    work: Pin<Box<dyn Future<Output = Answer>>>,
    /// Whether whoever looks may, how often a delegation had changed, and how often the clock had leapt.
    began: (bool, u64, u64),
}

pub struct History {
    world: World,
    seen: Seen,
    under_way: Vec<UnderWay>,
    /// Asked for, and not answered for good.
    open: BTreeMap<u64, Act>,
    /// Submissions whose number somebody was told.
    told: Vec<Act>,
    begun: u64,
    leaps: u64,
    played: Played,
}

/// What a history was, for whoever asks.
#[derive(Default)]
pub struct Played {
    pub told: Vec<String>,
    pub broken: Vec<String>,
    seeds: u64,
    acts: u64,
    turns: u64,
    unknown: u64,
    died: u64,
    cut_off: u64,
    leaps: u64,
    submissions: u64,
    notices: u64,
    sent_again: u64,
}

impl Played {
    pub fn add(&mut self, other: &Self) {
        self.seeds += 1;
        self.acts += other.acts;
        self.turns += other.turns;
        self.unknown += other.unknown;
        self.died += other.died;
        self.cut_off += other.cut_off;
        self.leaps += other.leaps;
        self.submissions += other.submissions;
        self.notices += other.notices;
        self.sent_again += other.sent_again;
    }

    pub fn figures(&self) -> Value {
        json!({
            "seeds": self.seeds, "acts": self.acts, "turns": self.turns, "answered_unknown": self.unknown, "machines_died": self.died,
            "requests_cut_off": self.cut_off, "clock_leaps": self.leaps, "submissions": self.submissions, "notices": self.notices,
            "notices_sent_again": self.sent_again,
        })
    }
}

impl History {
    /// Plays a seed to its end.
    pub async fn play(seed: u64, broken: Broken) -> Played {
        let world = World::open(Stage::new(seed, broken)).await;
        let mut history = Self {
            world,
            seen: Seen::default(),
            under_way: Vec::new(),
            open: BTreeMap::new(),
            told: Vec::new(),
            begun: 0,
            leaps: 0,
            played: Played::default(),
        };
        history.unfold().await;
        if history.is_whole() {
            history.calm_down().await;
        }
        if history.is_whole() {
            history.seen.look_back(&history.world).await;
        }
        history.end()
    }

    fn is_whole(&self) -> bool {
        self.stage().state().faulty.is_empty()
    }

    fn end(mut self) -> Played {
        let state = self.world.stage.state();
        self.played.broken.clone_from(&state.faulty);
        self.played.leaps = self.leaps;
        self.played.submissions = self.seen.submissions() as u64;
        self.played.notices = state.written.len() as u64;
        let taken: u64 = state.taken.values().sum();
        self.played.sent_again = taken.saturating_sub(state.taken.len() as u64);
        drop(state);
        self.played
    }

    fn stage(&self) -> &Stage {
        &self.world.stage
    }

    fn below(&self, end: usize) -> usize {
        usize::try_from(self.stage().below(end as u64)).unwrap()
    }

    fn one_of<T: Copy>(&self, all: &[T]) -> Option<T> {
        (!all.is_empty()).then(|| all[self.below(all.len())])
    }

    fn tell(&mut self, what: &str) {
        let at = self.stage().shown(PORTAL);
        self.played.told.push(format!("{at} {what}"));
    }

    /// Until everything that was to be begun was, and is over.
    async fn unfold(&mut self) {
        while self.is_whole() && (self.begun < ACTS || !self.under_way.is_empty()) {
            self.played.turns += 1;
            if self.played.turns > TURNS_AT_MOST {
                self.stage().promise_broken("it never ends".to_owned());
                return;
            }
            match self.stage().below(1_000) {
                0..12 => self.a_machine_dies(),
                12..20 => self.a_client_hangs_up(),
                20..32 => self.time_leaps(),
                32..40 => self.a_clock_goes_wrong(),
                40..260 if self.begun < ACTS && self.under_way.len() < AT_ONCE => {
                    self.something_begins();
                }
                _ => self.somebody_goes_on().await,
            }
        }
    }

    async fn somebody_goes_on(&mut self) {
        if self.under_way.is_empty() {
            return;
        }
        let pause = i64::try_from(self.stage().below(50_000)).unwrap();
        self.stage().advance(pause);
        let whose = self.below(self.under_way.len());
        self.turn(whose).await;
    }

    /// From one gate to the next.
    async fn turn(&mut self, whose: usize) {
        let stage = self.world.stage.clone();
        let one = &mut self.under_way[whose];
        stage.begin_turn(one.number);
        let answer = poll_fn(|context| match one.work.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if stage.is_at_gate() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await;
        let committed = std::mem::take(&mut stage.state().committed);
        if committed {
            self.seen.look(&self.world).await;
        }
        if let Some(answer) = answer {
            let over = self.under_way.swap_remove(whose);
            self.answered(&over, &answer);
        }
    }

    fn answered(&mut self, over: &UnderWay, answer: &Answer) {
        self.tell(&format!("{} {:?}: {answer:?}", over.number, over.act));
        match (over.act, answer) {
            (_, Answer::Wrong(what)) => {
                self.stage()
                    .promise_broken(format!("{:?}: {what}", over.act));
            }
            (_, Answer::Unknown) => self.played.unknown += 1,
            (Act::Submit { key, file, .. }, Answer::Told { id, number }) => {
                if key == file {
                    self.open.remove(&key);
                    self.told.push(over.act);
                    self.seen.told(&self.world, key, *id, number);
                } else {
                    let told = format!("another file under the key {key} was received (Q-2)");
                    self.stage().promise_broken(told);
                }
            }
            (Act::Submit { key, file, .. }, _) if key == file => drop(self.open.remove(&key)),
            (Act::Send { key, .. }, _) => drop(self.open.remove(&key)),
            (Act::Look { person, counsel }, _) => {
                let now = (
                    self.may(person, counsel, over.process),
                    self.seen.changes,
                    self.leaps,
                );
                if now == over.began && now.0 != (*answer == Answer::Done) {
                    let told = format!("{:?}: {answer:?}, and should be {} (Q-4)", over.act, now.0);
                    self.stage().promise_broken(told);
                }
            }
            _ => {}
        }
    }

    fn may(&self, person: usize, counsel: usize, process: usize) -> bool {
        let accounts = &self.world.people.accounts;
        let at = self.stage().shown(process);
        self.seen
            .may(&self.world, accounts[person], accounts[counsel], at)
    }

    fn a_machine_dies(&mut self) {
        let process = self.below(self.world.machines.len());
        let before = self.under_way.len();
        self.under_way.retain(|one| one.process != process);
        if self.under_way.len() < before {
            self.played.died += 1;
            self.tell(&format!("machine {process} dies"));
        }
    }

    fn a_client_hangs_up(&mut self) {
        if !self.under_way.is_empty() {
            let whose = self.below(self.under_way.len());
            let gone = self.under_way.swap_remove(whose);
            self.played.cut_off += 1;
            self.tell(&format!("{} {:?} is cut off", gone.number, gone.act));
        }
    }

    /// Time goes on, or the clocks of all machines are put right.
    fn time_leaps(&mut self) {
        let up_to = |end: i64| i64::try_from(self.stage().below(end.unsigned_abs())).unwrap();
        let leap = match self.stage().below(9) {
            0 => up_to(HOUR),
            1 => 16 * 60 * SECOND + up_to(HOUR),
            2 => up_to(LONGEST_LEAP),
            3 => -up_to(5 * SECOND),
            4 => -up_to(3 * HOUR),
            _ if !self.under_way.is_empty() => up_to(60 * SECOND),
            5 | 6 => self.to_a_deadline(),
            7 => up_to(25 * DAY),
            _ => -up_to(2 * DAY),
        };
        self.leaps += 1;
        self.stage().advance(leap);
        self.tell(&format!("the clocks leap by {} s", leap / SECOND));
    }

    /// How far it is to the seconds around an instant from which a delegation is something else.
    fn to_a_deadline(&self) -> i64 {
        let (now, terms) = (self.stage().shown(PORTAL), &self.world.calm.terms);
        let deadlines: Vec<OffsetDateTime> = self
            .seen
            .delegations
            .values()
            .flat_map(|one| match one.now.running {
                None => vec![one.now.lapses_at(terms)],
                Some(_) => [
                    one.now.reminder_at(terms),
                    one.now.ends_at(terms),
                    one.now.renewable_until(terms),
                ]
                .into_iter()
                .flatten()
                .collect(),
            })
            .filter(|deadline| *deadline > now)
            .collect();
        let around = i64::try_from(self.stage().below(6_000_000)).unwrap() - 3 * SECOND;
        self.one_of(&deadlines).map_or(0, |deadline| {
            i64::try_from((deadline - now).whole_microseconds()).unwrap() + around
        })
    }

    /// One machine's clock is seconds off.
    fn a_clock_goes_wrong(&mut self) {
        let process = self.below(self.world.machines.len());
        let wrong = i64::try_from(self.stage().below(10_000_000)).unwrap() - 5 * SECOND;
        self.leaps += 1;
        self.stage().state().wrong_by[process] = wrong;
        self.stage().advance(0);
        self.tell(&format!(
            "the clock of machine {process} is off by {wrong} µs"
        ));
    }

    fn something_begins(&mut self) {
        let Some(wish) = self.wish() else { return };
        let process = match wish {
            Act::Run(_) => WORKER + self.below(2),
            _ => PORTAL + self.below(2),
        };
        self.begin(wish, process);
    }

    fn begin(&mut self, wish: Act, process: usize) {
        self.begun += 1;
        self.played.acts += 1;
        match wish {
            Act::Submit { key, file, .. } if key == file => drop(self.open.insert(key, wish)),
            Act::Send { key, .. } => drop(self.open.insert(key, wish)),
            _ => {}
        }
        let may = match wish {
            Act::Look { person, counsel } => self.may(person, counsel, process),
            _ => false,
        };
        let (app, people) = (
            self.world.machines[process].clone(),
            self.world.people.clone(),
        );
        self.tell(&format!("{} {wish:?} on machine {process}", self.begun));
        self.under_way.push(UnderWay {
            number: self.begun,
            process,
            act: wish,
            work: Box::pin(async move { act(&app, &people, wish).await }),
            began: (may, self.seen.changes, self.leaps),
        });
    }

    /// What somebody wants next.
    fn wish(&self) -> Option<Act> {
        // One of them more often, who needs all the places.
        let counsel = self.below(3) / 2;
        let delegate = COUNSEL + self.below(PEOPLE - COUNSEL);
        let case = self.below(self.world.people.cases.len());
        let sender = self.one_of(&[counsel, delegate])?;
        Some(match self.stage().below(100) {
            0..18 => {
                let key = self.begun;
                Act::Submit {
                    sender,
                    counsel,
                    case,
                    key,
                    file: key,
                }
            }
            18..30 => self.once_more()?,
            30..34 => self.with_another_file()?,
            34..42 => Act::Send {
                case,
                key: self.begun,
            },
            42..54 => Act::Invite {
                counsel,
                person: delegate,
            },
            54..66 => self.accept()?,
            66..74 => {
                let (counsel, delegation) = self.running()?;
                Act::Renew {
                    counsel,
                    delegation,
                }
            }
            74..77 => {
                let (counsel, delegation) = self.running()?;
                Act::End {
                    counsel,
                    delegation,
                }
            }
            77..82 => Act::Look {
                person: sender,
                counsel,
            },
            82..88 => Act::Read {
                person: sender,
                counsel,
                item: self.item()?,
            },
            88..90 => Act::Delete {
                counsel,
                item: self.item()?,
            },
            90..92 => Act::Feed { case, counsel },
            _ => Act::Run(self.one_of(&JOBS)?),
        })
    }

    /// The same again, by somebody who was not answered.
    fn once_more(&self) -> Option<Act> {
        let open: Vec<Act> = self.open.values().copied().collect();
        self.one_of(&open)
    }

    fn with_another_file(&self) -> Option<Act> {
        match self.one_of(&self.told)? {
            Act::Submit {
                sender,
                counsel,
                case,
                key,
                ..
            } => Some(Act::Submit {
                sender,
                counsel,
                case,
                key,
                file: 1_000 + self.begun,
            }),
            _ => None,
        }
    }

    fn item(&self) -> Option<InboxItemId> {
        let items: Vec<InboxItemId> = self.seen.items.keys().copied().collect();
        self.one_of(&items)
    }

    fn accept(&self) -> Option<Act> {
        let open = self.seen.delegations.values();
        let open: Vec<DelegationId> = open
            .filter(|one| one.now.running.is_none() && one.now.ended_at.is_none())
            .map(|one| one.now.id)
            .collect();
        let invitation = self.one_of(&open)?;
        let to = &self.seen.delegations[&invitation].now.invitee.email;
        let person = (COUNSEL..PEOPLE).find(|person| crate::world::email(*person) == *to)?;
        Some(Act::Accept { person, invitation })
    }

    /// A delegation and its counsel.
    fn running(&self) -> Option<(usize, DelegationId)> {
        let all: Vec<DelegationId> = self.seen.delegations.keys().copied().collect();
        let id = self.one_of(&all)?;
        let counsel = self.seen.delegations[&id].now.counsel;
        let mut accounts = self.world.people.accounts.iter();
        Some((accounts.position(|account| *account == counsel)?, id))
    }

    /// Nothing fails any more, the clocks are right; everybody who was not answered asks again, and the jobs run.
    async fn calm_down(&mut self) {
        {
            let mut state = self.world.stage.state();
            state.faults = 0;
            state.wrong_by = Default::default();
        }
        let latest = self.stage().state().latest;
        let behind = (latest - self.stage().shown(PORTAL)).whole_microseconds();
        let behind = i64::try_from(behind).unwrap();
        self.stage().advance(behind + SECOND);
        for wish in self.open.clone().into_values() {
            self.see_through(wish, PORTAL).await;
        }
        for job in [
            Job::DelegationReminders,
            Job::DelegationCleanup,
            Job::SealAudit,
            Job::PublishLog,
        ] {
            self.see_through(Act::Run(job), WORKER).await;
        }
        for _ in 0..20 {
            self.stage().advance(5 * HOUR);
            self.see_through(Act::Run(Job::DeliverNotices), WORKER)
                .await;
        }
        self.stage().advance(2 * DAY);
        self.see_through(Act::Run(Job::TidyDocuments), WORKER).await;
    }

    async fn see_through(&mut self, wish: Act, process: usize) {
        self.begin(wish, process);
        while !self.under_way.is_empty() {
            self.turn(0).await;
        }
    }
}
