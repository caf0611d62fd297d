//! The audit trail's entry: who did what, for whom, on which case, when and from where (SEC-2). Only the policy makes one, from a
//! permit or a refusal, so that nothing is written without having been asked.

use std::net::IpAddr;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::account::AccountId;
use crate::case::CaseId;

/// Who acted, as the trail keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A person or machine with an account.
    Account(AccountId),
    /// A signed-in person without an account: their sign-in.
    SignIn(Uuid),
    /// A job, by name.
    Job(&'static str),
    /// Somebody with the server's own command line.
    Operator,
}

/// What the act was about, beside the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The kind of record.
    pub kind: &'static str,
    /// Its identifier.
    pub id: Uuid,
}

/// One line of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    pub(crate) at: OffsetDateTime,
    pub(crate) who: Who,
    pub(crate) from: Option<IpAddr>,
    pub(crate) action: &'static str,
    pub(crate) on_behalf_of: Option<AccountId>,
    pub(crate) case: Option<CaseId>,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) refused: Option<&'static str>,
}

impl AuditEntry {
    /// When.
    pub const fn at(&self) -> OffsetDateTime {
        self.at
    }

    /// Who.
    pub const fn who(&self) -> Who {
        self.who
    }

    /// From which network address, where one is known.
    pub const fn from(&self) -> Option<IpAddr> {
        self.from
    }

    /// What, by the name that `policy` gives the action.
    pub const fn action(&self) -> &'static str {
        self.action
    }

    /// For which counsel.
    pub const fn on_behalf_of(&self) -> Option<AccountId> {
        self.on_behalf_of
    }

    /// On which case.
    pub const fn case(&self) -> Option<CaseId> {
        self.case
    }

    /// About which records.
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// Why not, if it was refused.
    pub const fn refused(&self) -> Option<&'static str> {
        self.refused
    }

    /// The same entry, naming one more record: what came to be is known only after the permit was given.
    #[must_use]
    pub fn about(mut self, kind: &'static str, id: Uuid) -> Self {
        self.subjects.push(Subject { kind, id });
        self
    }

    /// The same entry, naming several more of one kind.
    #[must_use]
    pub fn about_each(self, kind: &'static str, ids: impl IntoIterator<Item = Uuid>) -> Self {
        ids.into_iter()
            .fold(self, |entry, id| entry.about(kind, id))
    }

    /// The same entry, on that case: which one came to be is known only after the permit was given.
    #[must_use]
    pub fn on_case(mut self, case: CaseId) -> Self {
        self.case = Some(case);
        self
    }

    /// The same entry, for an act that was permitted and then refused by its own rules.
    #[must_use]
    pub fn refused_because(mut self, why: &'static str) -> Self {
        self.refused = Some(why);
        self
    }
}
