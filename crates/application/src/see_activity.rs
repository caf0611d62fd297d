//! Supervision: who read and who sent what for a counsel, per person and per case (DEL-7, X-7). It is read from the audit trail, so that
//! nothing is in it that did not happen, and nothing is missing that did.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::case::{CaseId, FileNumber};
use domain::id::Id;
use domain::policy::{Action, Actor, CounselWork, authorize};
use domain::submission::Named;
use domain::tribunal_time::Moment;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::export_cases::Exported;
use crate::ports::records::{ActivityQuery, AuditRecord, Filed, FiledItem, Page, PageRequest};
use crate::ports::storage::{Snapshot, StorageError};
use crate::{Application, UseCaseError, facts};

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Sent documents or a form.
    Sent,
    /// Opened a document from the tribunal.
    Read,
    /// Deleted one from the general inbox.
    Deleted,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sent, Self::Read, Self::Deleted];

    /// As on wires and in the names of texts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Read => "read",
            Self::Deleted => "deleted",
        }
    }

    /// The deed of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }

    /// The actions of the trail that are such a deed.
    const fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Sent => &["submit-documents", "send-form"],
            Self::Read => &["read-inbox-item"],
            Self::Deleted => &["delete-inbox-item"],
        }
    }
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// When.
    pub at: OffsetDateTime,
    /// Who, as they are named now.
    pub person: Named,
    /// What they did.
    pub deed: Deed,
    /// On which case.
    pub case: Option<(CaseId, FileNumber)>,
    /// The confirmation number and the files that were sent, or the title of the document that was read.
    pub subject: String,
    /// Whether the case is another counsel's by now, or nobody's: that something was done is told, and what is in the case is not (CASE-1).
    pub case_lost: bool,
}

/// Which of it.
#[derive(Debug, Clone)]
pub struct SeeActivity {
    /// Whose.
    pub counsel: AccountId,
    /// Only what this person did.
    pub by: Option<AccountId>,
    /// Only on this case.
    pub case: Option<CaseId>,
    /// Only such deeds.
    pub deed: Option<Deed>,
    /// Not before this instant.
    pub since: Option<OffsetDateTime>,
    /// Before this instant.
    pub until: Option<OffsetDateTime>,
    /// Which part, the newest first.
    pub page: PageRequest,
}

impl SeeActivity {
    /// Whether the two instants are turned round. Between two that are the same there is nothing, which is no mistake of whoever asks again and
    /// again since the last time.
    pub fn ends_before_it_begins(&self) -> bool {
        let instants = self.since.zip(self.until);
        instants.is_some_and(|(since, until)| until < since)
    }
}

/// What was done for a counsel.
#[derive(Debug, Clone)]
pub struct SeenActivity {
    /// For whom.
    pub counsel: Account,
    /// Everybody who can be asked for: the counsel, and whoever is or was a delegate, in order of name.
    pub people: Vec<Named>,
    /// The part that was asked for.
    pub page: Page<Activity>,
}

/// Shows it, to the counsel alone.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody else.
pub async fn see_activity(
    app: &Application,
    actor: &Actor,
    wish: &SeeActivity,
) -> Result<SeenActivity, UseCaseError> {
    let (mut records, counsel, _) = begin(app, actor, wish.counsel).await?;
    let page = part(&mut *records, wish, wish.page.clone()).await?;
    let people = people(&mut *records, &counsel).await?;
    Ok(SeenActivity {
        counsel,
        people,
        page,
    })
}

/// Lines that are held at a time, however many there are.
const AT_A_TIME: u32 = 500;

/// Gives each line to `each`, the newest first: everything that is asked for, its page aside, as it is at one moment.
///
/// # Errors
/// As [`see_activity`].
pub async fn export_activity(
    app: &Application,
    actor: &Actor,
    wish: &SeeActivity,
    each: &mut (dyn FnMut(Activity) + Send),
) -> Result<Exported, UseCaseError> {
    let (mut records, counsel, moment) = begin(app, actor, wish.counsel).await?;
    let mut after = None;
    loop {
        let page = PageRequest {
            after,
            limit: AT_A_TIME,
        };
        let found = part(&mut *records, wish, page).await?;
        found.items.into_iter().for_each(&mut *each);
        after = found.next;
        if after.is_none() {
            return Ok(Exported { counsel, moment });
        }
    }
}

/// One moment, for the counsel alone.
async fn begin(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
) -> Result<(Box<dyn Snapshot>, Account, Moment), UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let representation =
        facts::representation(&mut *records, actor, counsel, &moment, &app.terms).await?;
    let action = Action::OfCounsel(&representation, CounselWork::SeeActivity);
    authorize(actor, &action, &moment, &app.terms)?;
    Ok((records, representation.counsel, moment))
}

/// A part of what is asked for.
async fn part(
    records: &mut dyn Snapshot,
    wish: &SeeActivity,
    page: PageRequest,
) -> Result<Page<Activity>, UseCaseError> {
    let deeds = wish
        .deed
        .map_or_else(|| Deed::ALL.to_vec(), |deed| vec![deed]);
    let query = ActivityQuery {
        counsel: wish.counsel,
        by: wish.by,
        case: wish.case,
        actions: deeds
            .iter()
            .flat_map(|deed| deed.actions())
            .copied()
            .collect(),
        since: wish.since,
        until: wish.until,
        page,
    };
    let found = records.audit().on_behalf_of(&query).await?;
    Ok(Page {
        items: in_full(records, wish.counsel, &found.items).await?,
        next: found.next,
    })
}

/// The counsel, and whoever is or was a delegate.
async fn people(records: &mut dyn Snapshot, counsel: &Account) -> Result<Vec<Named>, UseCaseError> {
    let delegations = records.delegations().of_counsel(counsel.id).await?;
    let mut ids: Vec<AccountId> = delegations
        .iter()
        .filter_map(domain::delegation::Delegation::delegate)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let mut people = vec![Named::of(counsel)];
    for id in ids {
        if let Some(account) = records.accounts().by_id(id).await? {
            people.push(Named::of(&account));
        }
    }
    people.sort_by_cached_key(|one| domain::sorting::sort_key(&one.name));
    Ok(people)
}

/// The record of a kind that an entry is about.
fn about(entry: &AuditRecord, kind: SubjectKind) -> Option<Uuid> {
    let subjects = entry.subjects.split_whitespace();
    let mut of_kind = subjects.filter_map(|subject| subject.split_once(':'));
    of_kind
        .find(|(of, _)| *of == kind.code())
        .and_then(|(_, id)| Uuid::try_parse(id).ok())
}

/// What is told of a record that an entry is about.
#[derive(Debug, Clone)]
struct Told {
    file_number: FileNumber,
    subject: String,
    case_lost: bool,
}

/// Those of the files that are the counsel's now.
async fn theirs(
    records: &mut dyn Snapshot,
    counsel: AccountId,
    mut numbers: Vec<FileNumber>,
) -> Result<BTreeSet<FileNumber>, StorageError> {
    numbers.sort_unstable();
    numbers.dedup();
    let cases = records.cases().by_file_numbers(&numbers).await?.into_iter();
    let theirs = cases.filter(|case| case.is_of(counsel));
    Ok(theirs.map(|case| case.file_number).collect())
}

/// The entries with the names, numbers and titles of what they are about: a few more statements for all of them. What is in a case is told as
/// long as the case is the counsel's.
async fn in_full(
    records: &mut dyn Snapshot,
    counsel: AccountId,
    entries: &[AuditRecord],
) -> Result<Vec<Activity>, UseCaseError> {
    let of_kind = |kind: SubjectKind| -> Vec<Uuid> {
        let mut ids: Vec<Uuid> = entries
            .iter()
            .filter_map(|entry| about(entry, kind))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let submissions: Vec<_> = of_kind(SubjectKind::Submission)
        .into_iter()
        .map(Id::new)
        .collect();
    let items: Vec<_> = of_kind(SubjectKind::InboxItem)
        .into_iter()
        .map(Id::new)
        .collect();
    let submissions = records.submissions().several(&submissions).await?;
    let items = records.inbox().several(&items).await?;
    let of_submissions = submissions.iter().map(|filed| &filed.file_number);
    let of_items = items.iter().map(|filed| &filed.file_number);
    let numbers = of_submissions.chain(of_items).cloned().collect();
    let theirs = theirs(records, counsel, numbers).await?;
    let mut subjects: BTreeMap<Uuid, Told> = BTreeMap::new();
    for Filed {
        submission,
        file_number,
    } in submissions
    {
        let case_lost = !theirs.contains(&file_number);
        let mut subject = submission.confirmation_number.to_string();
        if !case_lost {
            let files = submission.files.iter().map(|file| file.name.as_str());
            subject = format!("{subject} – {}", files.collect::<Vec<_>>().join(", "));
        }
        let told = Told {
            file_number,
            subject,
            case_lost,
        };
        subjects.insert(submission.id.uuid(), told);
    }
    for FiledItem { item, file_number } in items {
        let case_lost = !theirs.contains(&file_number);
        let told = Told {
            file_number,
            subject: if case_lost {
                String::new()
            } else {
                item.sent.title
            },
            case_lost,
        };
        subjects.insert(item.id.uuid(), told);
    }
    let mut names: BTreeMap<Uuid, Named> = BTreeMap::new();
    let mut activity = Vec::with_capacity(entries.len());
    for entry in entries {
        let deed = Deed::ALL
            .into_iter()
            .find(|deed| deed.actions().contains(&entry.action.as_str()));
        let who = entry.who_id.as_deref().map(Uuid::try_parse);
        let (Some(deed), Some(Ok(who))) = (deed, who) else {
            continue;
        };
        if !names.contains_key(&who)
            && let Some(account) = records.accounts().by_id(Id::new(who)).await?
        {
            names.insert(who, Named::of(&account));
        }
        let Some(person) = names.get(&who).cloned() else {
            continue;
        };
        let record =
            about(entry, SubjectKind::Submission).or_else(|| about(entry, SubjectKind::InboxItem));
        let told = record.and_then(|record| subjects.get(&record).cloned());
        let file_number = told.as_ref().map(|told| told.file_number.clone());
        activity.push(Activity {
            at: entry.at,
            person,
            deed,
            case: entry.case.zip(file_number),
            case_lost: told.as_ref().is_some_and(|told| told.case_lost),
            subject: told.map(|told| told.subject).unwrap_or_default(),
        });
    }
    Ok(activity)
}
