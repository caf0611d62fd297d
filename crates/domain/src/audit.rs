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

/// The kinds of records that an act can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// An account.
    Account,
    /// A sign-in.
    SignIn,
    /// A session, by the name that its owner sees.
    Session,
    /// An access code.
    AccessCode,
    /// An API token.
    Token,
    /// A change that was asked for in My Profile.
    ProfileChange,
    /// A delegation.
    Delegation,
    /// An access code or a delegation whose terms were put on record as they were promised.
    Promised,
    /// A case that went.
    Case,
    /// The account of whoever is no longer counsel of record.
    FormerCounsel,
    /// The account of whoever is counsel of record from then on.
    CounselOfRecord,
    /// A legal hold.
    LegalHold,
    /// A submission.
    Submission,
    /// A submission that is being prepared.
    Draft,
    /// One that its owner discarded.
    DiscardedDraft,
    /// A file that comes piece by piece.
    Upload,
    /// One that its owner discarded.
    DiscardedUpload,
    /// A form that was sent, by the document that it became.
    Form,
    /// A form that is being filled in.
    FormDraft,
    /// One that its owner discarded.
    DiscardedFormDraft,
    /// A document from the tribunal in a counsel's inbox.
    InboxItem,
    /// A document.
    Document,
    /// A document whose bytes are gone.
    Bytes,
    /// A notice.
    Notice,
}

impl SubjectKind {
    /// As the audit trail keeps it, and auditors look for it: what was written once stays.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::SignIn => "sign-in",
            Self::Session => "session",
            Self::AccessCode => "access-code",
            Self::Token => "token",
            Self::ProfileChange => "profile-change",
            Self::Delegation => "delegation",
            Self::Promised => "promised",
            Self::Case => "case",
            Self::FormerCounsel => "former-counsel",
            Self::CounselOfRecord => "counsel-of-record",
            Self::LegalHold => "legal-hold",
            Self::Submission => "submission",
            Self::Draft => "draft",
            Self::DiscardedDraft => "discarded-draft",
            Self::Upload => "upload",
            Self::DiscardedUpload => "discarded-upload",
            Self::Form => "form",
            Self::FormDraft => "form-draft",
            Self::DiscardedFormDraft => "discarded-form-draft",
            Self::InboxItem => "inbox-item",
            Self::Document => "document",
            Self::Bytes => "bytes",
            Self::Notice => "notice",
        }
    }
}

/// What the act was about, beside the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The kind of record.
    pub kind: SubjectKind,
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
    pub fn about(mut self, kind: SubjectKind, id: Uuid) -> Self {
        self.subjects.push(Subject { kind, id });
        self
    }

    /// The same entry, naming several more of one kind.
    #[must_use]
    pub fn about_each(self, kind: SubjectKind, ids: impl IntoIterator<Item = Uuid>) -> Self {
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

#[cfg(test)]
mod tests {
    use super::SubjectKind as Kind;

    /// SEC-2: entries and records of deletions bear these; one that is called otherwise is not found any more.
    #[test]
    fn what_an_entry_is_about_keeps_its_name() {
        for (kind, code) in [
            (Kind::Account, "account"),
            (Kind::SignIn, "sign-in"),
            (Kind::Session, "session"),
            (Kind::AccessCode, "access-code"),
            (Kind::Token, "token"),
            (Kind::ProfileChange, "profile-change"),
            (Kind::Delegation, "delegation"),
            (Kind::Promised, "promised"),
            (Kind::Case, "case"),
            (Kind::FormerCounsel, "former-counsel"),
            (Kind::CounselOfRecord, "counsel-of-record"),
            (Kind::LegalHold, "legal-hold"),
            (Kind::Submission, "submission"),
            (Kind::Draft, "draft"),
            (Kind::DiscardedDraft, "discarded-draft"),
            (Kind::Upload, "upload"),
            (Kind::DiscardedUpload, "discarded-upload"),
            (Kind::Form, "form"),
            (Kind::FormDraft, "form-draft"),
            (Kind::DiscardedFormDraft, "discarded-form-draft"),
            (Kind::InboxItem, "inbox-item"),
            (Kind::Document, "document"),
            (Kind::Bytes, "bytes"),
            (Kind::Notice, "notice"),
        ] {
            assert_eq!(kind.code(), code);
        }
    }
}
