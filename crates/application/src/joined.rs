//! The cases on which the same documents, or the same form, are submitted at once.

use std::collections::BTreeSet;

use domain::case::{Case, FileNumber};
use domain::policy::{
    Action, Actor, CounselWork, Permit, Refusal, Refused, Representation, authorize,
};
use domain::submission::{CASES_AT_MOST, SubmissionRefused};
use domain::tribunal_time::Moment;

use crate::Application;
use crate::ports::storage::{Snapshot, StorageError};

/// What is submitted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    /// Documents.
    Documents,
    /// A form (FORM-1).
    Form,
}

impl What {
    /// The work that submitting it on a case is.
    pub(crate) const fn on(self, case: &Case) -> CounselWork<'_> {
        match self {
            Self::Documents => CounselWork::SubmitDocuments(case),
            Self::Form => CounselWork::SendForm(case),
        }
    }
}

/// Why nothing is submitted on several cases.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JoinedError {
    /// The policy said no.
    #[error(transparent)]
    Forbidden(#[from] Refused),
    /// One of the other cases is none of this counsel's.
    #[error("there is no case {0} among this counsel's")]
    NoSuchCase(FileNumber),
    /// They are too many.
    #[error(transparent)]
    Refused(#[from] SubmissionRefused),
    /// Records do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The other cases, in the order in which they are named, and the permit for each. One that the sender may not submit on is as good as none.
pub(crate) async fn others(
    app: &Application,
    records: &mut dyn Snapshot,
    actor: &Actor,
    representation: &Representation,
    (what, first, also_on): (What, &Case, &[FileNumber]),
    moment: &Moment,
) -> Result<Vec<(Case, Permit)>, JoinedError> {
    let all: BTreeSet<&FileNumber> = also_on.iter().chain([&first.file_number]).collect();
    if all.len() > CASES_AT_MOST {
        return Err(SubmissionRefused::TooManyCases(CASES_AT_MOST).into());
    }
    let mut others: Vec<(Case, Permit)> = Vec::with_capacity(all.len());
    for number in also_on {
        let no_such = || JoinedError::NoSuchCase(number.clone());
        let case = records.cases().by_file_number(number).await?;
        let case = case.ok_or_else(no_such)?;
        if case.id == first.id || others.iter().any(|(other, _)| other.id == case.id) {
            continue;
        }
        let action = Action::OfCounsel(representation, what.on(&case));
        let permit =
            authorize(actor, &action, moment, &app.terms).map_err(|refused| match refused.why {
                Refusal::NotTheirs => no_such(),
                _ => refused.into(),
            })?;
        others.push((case, permit));
    }
    Ok(others)
}
