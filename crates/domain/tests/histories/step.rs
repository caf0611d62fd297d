//! What can happen in a history, what it can be answered, and what can be seen afterwards: the words that the model and the domain
//! are compared in.

use std::collections::BTreeSet;

/// How many people there are, each with one sign-in.
pub const PEOPLE: usize = 6;

/// What happens. Whoever and whatever it names, it names by number.
#[derive(Debug, Clone)]
pub enum Step {
    Wait(i64),
    RunJobs,
    OpenRegistration { in_good_standing: bool },
    IssueCode { account: usize },
    EnterCode { person: usize, code: usize },
    EnterWrongCodes { person: usize, times: u8 },
    StaffBlocks { account: usize },
    Unblock(Whose),
    ResetSignIn { account: usize },
    RollSays { counsel: usize, good: bool },
    CaseGoesTo { case: usize, counsel: usize },
    Invite(Invite),
    AnswerRightly { person: usize, delegation: usize },
    AnswerWrongly(WrongAnswers),
    Renew { person: usize, delegation: usize },
    End { person: usize, delegation: usize },
}

/// A person invites somebody on behalf of a counsel, who may be themselves.
#[derive(Debug, Clone, Copy)]
pub struct Invite {
    pub person: usize,
    pub counsel: usize,
    pub invitee: u8,
}

#[derive(Debug, Clone, Copy)]
pub struct WrongAnswers {
    pub person: usize,
    pub delegation: usize,
    pub times: u8,
}

/// Whose block the help desk is asked to lift.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    Person(usize),
    Account(usize),
}

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// At the door, with the reason's code.
    Shut(&'static str),
    NotInGoodStanding,
    WrongCode {
        tries_left: u32,
    },
    CodeExpired,
    NotBlocked,
    AlreadyDelegate,
    NoPlaceLeft,
    TooManyToday,
    NotOpen,
    WrongAnswer,
    Oneself,
    /// Whoever answers is a delegate of that counsel already.
    ActsAlready,
    /// Whoever answers has an account that their sign-in does not open.
    HasAccount,
    NotAccepted,
    Lapsed,
    Ended,
    OverAlready,
}

pub type Answer = Result<(), Why>;

/// Something that can be seen after a step.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    Code {
        number: usize,
        state: &'static str,
    },
    /// A person's sign-in: what it opens, and its own wrong tries and block.
    Person {
        number: usize,
        opens: Option<usize>,
        wrong_tries: u32,
        blocked: bool,
    },
    Account {
        number: usize,
        registered: Option<i64>,
        wrong_tries: u32,
        blocked: bool,
        /// Places held with delegates.
        places: usize,
    },
    Delegation {
        number: usize,
        state: &'static str,
        /// Once accepted: when the reminder is due, access ends, and renewal ends.
        deadlines: Option<[i64; 3]>,
    },
    /// A person sees a case that is a counsel's.
    Sees {
        person: usize,
        counsel: usize,
        case: usize,
    },
    /// An account may act for a counsel, who may be itself.
    ActsFor {
        account: usize,
        counsel: usize,
    },
}

/// Everything that can be seen after a step.
pub type Seen = BTreeSet<Fact>;
