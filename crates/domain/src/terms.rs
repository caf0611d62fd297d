//! Every time limit and count of the rules, in one value: the reference tribunal's as defaults, configuration above them.

use time::Duration;

use crate::retention::{self, Retention};

/// Time limits and counts. Build with [`Terms::default`] and change; [`Terms::checked`] once before use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Delegates that one counsel may have at a time (DEL-1).
    pub delegates_at_most: usize,
    /// How long a delegation runs from acceptance or renewal (DEL-3).
    pub delegation: Duration,
    /// How long before its end the counsel is reminded (DEL-3).
    pub reminder: Duration,
    /// How long after its end it can still be renewed (DEL-3).
    pub renewal_grace: Duration,
    /// How long an invitation may wait to be accepted (DEL-2).
    pub invitation: Duration,
    /// How long an access code is valid (REG-2).
    pub access_code: Duration,
    /// Wrong codes or answers before a block (REG-2, SEC-1).
    pub wrong_tries_at_most: u32,
    /// Wrong tries to answer one invitation before it is closed, whoever makes them (DEL-2).
    pub wrong_answers_at_most: u32,
    /// Invitations that one counsel may send within a day.
    pub invitations_per_day: u32,
    /// Whole days that a case stays after the date of its final decision (CASE-2).
    pub case_days_after_decision: u16,
    /// Within which the tribunal decides a profile change (PRO-1).
    pub profile_change: Duration,
    /// How recent a sign-in must be for the actions of REG-8.
    pub recent_sign_in: Duration,
    /// A session ends when unused for this long.
    pub session_idle: Duration,
    /// A session ends this long after sign-in, whatever happens.
    pub session_longest: Duration,
    /// How long before its end a person is told that a session ends (HELP-2).
    pub session_warning: Duration,
    /// Files in one submission (SUB-1, SUB-7).
    pub files_at_most: usize,
    /// Bytes in one file (SUB-1, SUB-7).
    pub file_bytes_at_most: u64,
    /// Characters in the note that goes with a submission.
    pub note_characters_at_most: usize,
    /// How long a submission that was begun and not sent is kept.
    pub draft: Duration,
    /// Submissions that one person may have begun for a counsel and not sent at a time, and as many forms.
    pub drafts_at_most: usize,
    /// How long an upload may take, and wait to be submitted.
    pub upload: Duration,
    /// Uploads that one person may have at a time.
    pub uploads_at_most: usize,
    /// Sign-ins, codes, answers or wrong tokens from one network address within [`Terms::tries_window`].
    pub tries_per_address: u32,
    /// Codes or answers from one sign-in within [`Terms::tries_window`].
    pub tries_per_sign_in: u32,
    /// Within which tries are counted.
    pub tries_window: Duration,
    /// How long an API token works at most.
    pub token_longest: Duration,
    /// For how long what is kept (PRIV-1).
    pub retention: Retention,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            delegates_at_most: 4,
            delegation: Duration::days(60),
            reminder: Duration::days(10),
            renewal_grace: Duration::days(10),
            invitation: Duration::days(10),
            access_code: Duration::hours(24),
            wrong_tries_at_most: 5,
            wrong_answers_at_most: 10,
            invitations_per_day: 20,
            case_days_after_decision: 45,
            profile_change: Duration::hours(48),
            recent_sign_in: Duration::minutes(15),
            session_idle: Duration::minutes(30),
            session_longest: Duration::hours(12),
            session_warning: Duration::minutes(5),
            files_at_most: 20,
            file_bytes_at_most: 100 * 1_000_000,
            note_characters_at_most: 2_000,
            draft: Duration::hours(24),
            drafts_at_most: 20,
            upload: Duration::hours(24),
            uploads_at_most: 50,
            tries_per_address: 100,
            tries_per_sign_in: 20,
            tries_window: Duration::minutes(10),
            token_longest: Duration::days(365),
            retention: Retention::default(),
        }
    }
}

/// Why a set of terms cannot be worked with. Each names the key that configuration uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsRefused {
    /// A duration or count that must be more than nothing.
    #[error("{0} must be more than zero")]
    Zero(&'static str),
    /// A reminder that would come before the delegation begins.
    #[error("reminder must be shorter than delegation")]
    ReminderTooLong,
    /// A session that could not be used to its end.
    #[error("session_idle must not be longer than session_longest")]
    IdleTooLong,
    /// No duration here is longer than ten years; a slip of units is likelier.
    #[error("{0} is longer than ten years")]
    TooLong(&'static str),
    /// What it deletes is gone, and a slip of units is likelier.
    #[error("the period for {0} is shorter than thirty days or longer than a hundred years")]
    RetentionUnusable(&'static str),
    /// Nothing that people still see may go.
    #[error("cases are kept in the portal for longer than they are retained")]
    RetentionTooShort,
}

impl Terms {
    /// The same terms, if they can be worked with.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn checked(self) -> Result<Self, TermsRefused> {
        let durations = [
            ("delegation", self.delegation),
            ("reminder", self.reminder),
            ("renewal_grace", self.renewal_grace),
            ("invitation", self.invitation),
            ("access_code", self.access_code),
            ("profile_change", self.profile_change),
            ("recent_sign_in", self.recent_sign_in),
            ("session_idle", self.session_idle),
            ("session_longest", self.session_longest),
            ("draft", self.draft),
            ("upload", self.upload),
            ("session_warning", self.session_warning),
            ("tries_window", self.tries_window),
            ("token_longest", self.token_longest),
        ];
        for (key, duration) in durations {
            if duration <= Duration::ZERO {
                return Err(TermsRefused::Zero(key));
            }
            if duration > Duration::days(3_660) {
                return Err(TermsRefused::TooLong(key));
            }
        }
        let counts = [
            ("delegates_at_most", self.delegates_at_most == 0),
            ("wrong_tries_at_most", self.wrong_tries_at_most == 0),
            ("wrong_answers_at_most", self.wrong_answers_at_most == 0),
            ("invitations_per_day", self.invitations_per_day == 0),
            ("files_at_most", self.files_at_most == 0),
            ("drafts_at_most", self.drafts_at_most == 0),
            ("uploads_at_most", self.uploads_at_most == 0),
            ("tries_per_address", self.tries_per_address == 0),
            ("tries_per_sign_in", self.tries_per_sign_in == 0),
            ("file_bytes_at_most", self.file_bytes_at_most == 0),
        ];
        if let Some((key, _)) = counts.into_iter().find(|(_, zero)| *zero) {
            return Err(TermsRefused::Zero(key));
        }
        if self.reminder >= self.delegation {
            return Err(TermsRefused::ReminderTooLong);
        }
        if self.session_idle > self.session_longest {
            return Err(TermsRefused::IdleTooLong);
        }
        let usable = retention::SHORTEST..=retention::LONGEST;
        let periods = self.retention.each();
        if let Some((key, _)) = periods.iter().find(|(_, period)| !usable.contains(period)) {
            return Err(TermsRefused::RetentionUnusable(key));
        }
        if self.retention.cases <= Duration::days(i64::from(self.case_days_after_decision)) {
            return Err(TermsRefused::RetentionTooShort);
        }
        Ok(self)
    }
}
