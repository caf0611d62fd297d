//! The case management system says what is in a case: who represents whom, what is coming, what was decided (CASE-1). One case by the API,
//! or many from a file (`import_cases`): the same rules, and the same line in the audit trail for each case that changed. A case that says
//! nothing new leaves no trace, and one that is not on record and whose retention period is over is not put there: retention removed it, or
//! would at once (PRIV-1).

use std::collections::BTreeMap;

use domain::account::{Account, AccountId};
use domain::audit::{AuditEntry, SubjectKind};
use domain::case::{Case, FileNumber};
use domain::case_feed::{FieldProblem, SaidCase, SentCase};
use domain::policy::{Action, Actor, RegistryWork, authorize};

use crate::ports::storage::{Snapshot, StorageError};
use crate::{Application, UseCaseError};

/// What became of a case that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fed {
    /// It is new.
    Created(Case),
    /// It is not as it was.
    Changed(Case),
    /// It says what is on record already; nothing was written.
    Unchanged(Case),
}

/// Why a case was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// Not allowed, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// Fields of it cannot be used: all that are wrong.
    #[error("{} fields of the case cannot be used", .0.len())]
    Refused(Vec<FieldProblem>),
}

/// Asks whether cases may be fed, before anything of one is taken.
///
/// # Errors
/// [`UseCaseError::Forbidden`].
pub fn may_feed(app: &Application, actor: &Actor) -> Result<(), UseCaseError> {
    authorize(actor, &FEED, &app.moment(), &app.terms)?;
    Ok(())
}

const FEED: Action<'_> = Action::OfRegistry(RegistryWork::FeedCase);

/// Creates or changes the case of that file number.
///
/// # Errors
/// [`FeedError`].
pub async fn feed_case(
    app: &Application,
    actor: &Actor,
    number: &str,
    sent: SentCase,
) -> Result<Fed, FeedError> {
    may_feed(app, actor)?;
    let said = sent.of_file(number).checked(&app.tribunal);
    let said = [said.map_err(FeedError::Refused)?];
    let outcome = feed(app, actor, &FEED, &said).await?.pop();
    outcome
        .ok_or(UseCaseError::NotFound)?
        .map_err(|problem| FeedError::Refused(vec![problem]))
}

/// What became of one case among several: refused if its period is over, or if the counsel it names cannot be counsel of record.
pub(crate) type Outcome = Result<Fed, FieldProblem>;

/// Puts cases of different files on record, in one transaction, and tells what became of each, in their order. Nothing is written, and no
/// writer is kept waiting, where none of them says anything new.
pub(crate) async fn feed(
    app: &Application,
    actor: &Actor,
    action: &Action<'_>,
    said: &[SaidCase],
) -> Result<Vec<Outcome>, UseCaseError> {
    let mut records = app.storage.read().await?;
    let on_record = OnRecord::of(&mut *records, said.iter()).await?;
    drop(records);
    let mut outcomes: Vec<Option<Outcome>> =
        said.iter().map(|one| on_record.settles(one, app)).collect();
    let open: Vec<&SaidCase> = said
        .iter()
        .zip(&outcomes)
        .filter_map(|(one, outcome)| outcome.is_none().then_some(one))
        .collect();
    if !open.is_empty() {
        let written = app.retrying(|| write(app, actor, action, &open)).await?;
        let places = outcomes.iter_mut().filter(|outcome| outcome.is_none());
        for (place, outcome) in places.zip(written) {
            *place = Some(outcome);
        }
    }
    Ok(outcomes.into_iter().flatten().collect())
}

/// Writes what is new in these cases, together with an audit entry for each.
async fn write(
    app: &Application,
    actor: &Actor,
    action: &Action<'_>,
    said: &[&SaidCase],
) -> Result<Vec<Outcome>, UseCaseError> {
    let moment = app.moment();
    let mut tx = app.storage.begin().await?;
    let on_record = OnRecord::of(&mut *tx, said.iter().copied()).await?;
    let mut new_id = || app.random.uuid(moment.at);
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    let (mut entries, mut outcomes) = (Vec::new(), Vec::new());
    for one in said {
        if let Some(outcome) = on_record.settles(one, app) {
            outcomes.push(outcome);
            continue;
        }
        let permit = authorize(actor, action, &moment, &app.terms)?;
        let before = on_record.cases.get(one.file_number());
        let case = (*one).clone().put_on_record(&permit, before, &mut new_id);
        entries.push(entry(permit.into_audit_entry(), before, &case));
        outcomes.push(Ok(if before.is_some() {
            changed.push(case.clone());
            Fed::Changed(case)
        } else {
            new.push(case.clone());
            Fed::Created(case)
        }));
    }
    if let Some(last) = entries.pop() {
        let inserted = tx.cases_mut().insert_all(&new).await;
        inserted.map_err(StorageError::overtaken)?;
        let put = tx.cases_mut().put_all(&changed).await;
        put.map_err(StorageError::overtaken)?;
        tx.record_all(&entries).await?;
        tx.commit(last).await?;
    }
    Ok(outcomes)
}

/// The entry says who lost the case and who has it, where that changed.
fn entry(entry: AuditEntry, before: Option<&Case>, case: &Case) -> AuditEntry {
    let mut entry = entry.on_case(case.id);
    let former = before.and_then(|before| before.counsel_of_record);
    if former != case.counsel_of_record {
        if let Some(former) = former {
            entry = entry.about(SubjectKind::FormerCounsel, former.uuid());
        }
        if let Some(counsel) = case.counsel_of_record {
            entry = entry.about(SubjectKind::CounselOfRecord, counsel.uuid());
        }
    }
    entry
}

/// What is on record of the cases that were said, and of the counsel they name.
struct OnRecord {
    cases: BTreeMap<FileNumber, Case>,
    accounts: BTreeMap<AccountId, Account>,
}

impl OnRecord {
    async fn of(
        records: &mut dyn Snapshot,
        said: impl Iterator<Item = &SaidCase> + Clone,
    ) -> Result<Self, StorageError> {
        let numbers: Vec<FileNumber> = said.clone().map(|one| one.file_number().clone()).collect();
        let mut counsel: Vec<AccountId> = said.filter_map(SaidCase::counsel_of_record).collect();
        counsel.sort_unstable();
        counsel.dedup();
        let cases = records.cases().by_file_numbers(&numbers).await?;
        let accounts = records.accounts().by_ids(&counsel).await?;
        let accounts = accounts.into_iter();
        Ok(Self {
            cases: cases
                .into_iter()
                .map(|case| (case.file_number.clone(), case))
                .collect(),
            accounts: accounts
                .map(|account| account.map(|account| (account.id, account)))
                .collect::<Result<_, _>>()?,
        })
    }

    /// What becomes of a case for which nothing needs to be written.
    fn settles(&self, said: &SaidCase, app: &Application) -> Option<Outcome> {
        let case = self.cases.get(said.file_number());
        if case.is_none()
            && let Err(problem) = said.is_of_present(app.clock.now(), &app.terms)
        {
            return Some(Err(problem));
        }
        let counsel = said.counsel_of_record();
        let account = counsel.and_then(|id| self.accounts.get(&id));
        if let Err(problem) = said.counsel_is(account) {
            return Some(Err(problem));
        }
        let case = case?;
        said.is_on_record(case)
            .then(|| Ok(Fed::Unchanged(case.clone())))
    }
}
