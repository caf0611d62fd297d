//! The job that imports the orders' rolls (REG-1): who is no longer on one in good standing is out, with the delegates, from that moment;
//! who is back on it is back (DEL-8). Of a roll with a wrong line nothing is taken, nor, unless somebody says so, of one by which so many are out that
//! it may be half a roll; while a roll is not taken, whoever was struck since keeps access, so that somebody must be told.

use std::collections::BTreeMap;

use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::case::folded;
use domain::code::Code;
use domain::id::Id;
use domain::membership::{Listing, Membership, Order, RollEntry, are_too_many_at_once};
use domain::person::PersonName;
use domain::policy::Job;

use crate::by::By;
use crate::passed_over;
use crate::ports::roll_files::{LineProblem, RollError};
use crate::{Application, UseCaseError};

/// What came of one order's roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Which order.
    pub order: Code<Order>,
    /// What.
    pub outcome: Outcome,
}

/// What came of a roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in place.
    Taken {
        /// Members on it.
        members: usize,
        /// Counsel who lost good standing by it.
        lost_standing: u64,
        /// Counsel who regained it.
        regained: u64,
        /// Accounts that make no sense, and that somebody must look at; they stay as they are.
        unreadable: u64,
    },
    /// Too many would be out by it at once for nobody to look at it; the roll before it stands.
    TooManyOut {
        /// Counsel who would lose good standing.
        lose: u64,
        /// Of so many who have it.
        have: u64,
    },
    /// Lines are wrong; the roll before it stands.
    Refused(Vec<LineProblem>),
    /// There is no file of this order, and never was.
    NoFile,
    /// There is no file of this order any more; the roll before it stands.
    Gone,
    /// The file cannot be read; the roll before it stands.
    Unreadable,
}

impl Outcome {
    /// Whether a roll should be in place by now that is not.
    pub const fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::TooManyOut { .. } | Self::Refused(_) | Self::Gone | Self::Unreadable
        )
    }
}

/// How many accounts are looked at together.
const AT_A_TIME: u32 = 500;

/// Imports every roll that there is a file of.
///
/// # Errors
/// [`UseCaseError::Storage`]; rolls that were imported before stay.
pub async fn import_rolls(app: &Application, by: By) -> Result<Vec<Imported>, UseCaseError> {
    let mut done = Vec::new();
    for order in &app.tribunal.orders {
        if app.halt.is_called() {
            break;
        }
        let order = order.named.code.clone();
        let outcome = match app.roll_files.read(&order).await {
            Ok(Some(roll)) => app.retrying(|| take(app, by, &order, &roll)).await?,
            Ok(None) if is_on_record(app, &order).await? => {
                tracing::error!(%order, "there is no file of this roll any more");
                Outcome::Gone
            }
            Ok(None) => Outcome::NoFile,
            Err(RollError::Lines(lines)) => {
                let problems = lines
                    .iter()
                    .map(|one| format!("{}: {}", one.line, one.what));
                let problems = problems.collect::<Vec<_>>().join("; ");
                tracing::error!(%order, problems, "a roll was refused for some of its lines");
                Outcome::Refused(lines)
            }
            Err(error @ RollError::Unavailable(_)) => {
                tracing::error!(%order, error = &error as &dyn std::error::Error, "a roll cannot be read");
                Outcome::Unreadable
            }
        };
        done.push(Imported { order, outcome });
    }
    Ok(done)
}

/// Whether a roll of that order was taken before.
async fn is_on_record(app: &Application, order: &Code<Order>) -> Result<bool, UseCaseError> {
    let mut records = app.storage.glance().await?;
    Ok(records.rolls().imported_at(order).await?.is_some())
}

/// Puts the roll in place and judges every counsel of the order by it, in one transaction.
async fn take(
    app: &Application,
    by: By,
    order: &Code<Order>,
    roll: &[RollEntry],
) -> Result<Outcome, UseCaseError> {
    let moment = app.moment();
    let permit = app.may_run(Job::ImportRolls, &moment)?;
    let lines = Lines::of(roll);
    let mut tx = app.storage.begin().await?;
    tx.rolls_mut().replace(order, roll, moment.at).await?;
    let (mut had_standing, mut lost_standing, mut regained, mut unreadable) = (0, 0, 0, 0);
    let entry = permit.into_audit_entry();
    let mut of_each = Vec::new();
    let mut after: Option<AccountId> = None;
    loop {
        let accounts = tx.rolls().accounts(order, after, AT_A_TIME).await?;
        let Some(last) = accounts.last() else { break };
        after = Some(match last {
            Ok(account) => account.id,
            Err(passed_over) => Id::new(passed_over.id),
        });
        let (accounts, some) = passed_over::legible(accounts);
        unreadable += some;
        for account in accounts {
            let Some(membership) = &account.membership else {
                continue;
            };
            let listed =
                membership.listed_on(lines.about(membership, &account.name), &account.name);
            if membership.lost_standing_at.is_none() {
                had_standing += 1;
            }
            let judged = membership.as_listed(listed == Listing::InGoodStanding, moment.at);
            if judged == *membership {
                continue;
            }
            if judged.lost_standing_at.is_some() {
                lost_standing += 1;
            } else {
                regained += 1;
            }
            of_each.push(entry.clone().about(SubjectKind::Account, account.id.uuid()));
            let account = Account {
                membership: Some(judged),
                ..account
            };
            tx.accounts_mut().update(&account).await?;
        }
    }
    if by == By::Schedule && are_too_many_at_once(lost_standing, had_standing) {
        tracing::error!(
            %order,
            lose = lost_standing,
            have = had_standing,
            "a roll was refused, since it may be half of one: if it is right, `jobs run import-rolls` takes it"
        );
        return Ok(Outcome::TooManyOut {
            lose: lost_standing,
            have: had_standing,
        });
    }
    // An entry is found by one account: who is out with others has their own.
    tx.record_all(&of_each).await?;
    tx.commit(entry).await?;
    if lost_standing > 0 {
        tracing::info!(%order, lost_standing, "counsel lost good standing by a roll");
    }
    Ok(Outcome::Taken {
        members: roll.len(),
        lost_standing,
        regained,
        unreadable,
    })
}

/// A roll's lines, by what a member on record is looked for with: a roll has tens of thousands, and so may be the members.
struct Lines {
    by_number: BTreeMap<String, Vec<RollEntry>>,
    /// Those without a number.
    by_family_name: BTreeMap<String, Vec<RollEntry>>,
}

impl Lines {
    fn of(roll: &[RollEntry]) -> Self {
        let mut lines = Self {
            by_number: BTreeMap::new(),
            by_family_name: BTreeMap::new(),
        };
        for entry in roll {
            let (index, key) = match &entry.number {
                Some(number) => (&mut lines.by_number, number.folded()),
                None => (&mut lines.by_family_name, folded(entry.family_name.trim())),
            };
            let together = index.entry(key).or_default();
            together.push(entry.clone());
        }
        lines
    }

    /// The few that can be about that member.
    fn about(&self, membership: &Membership, name: &PersonName) -> &[RollEntry] {
        let found = match &membership.number {
            Some(number) => self.by_number.get(&number.folded()),
            None => self.by_family_name.get(&folded(name.family().trim())),
        };
        found.map_or(&[], Vec::as_slice)
    }
}
