//! What the model keeps of people, accounts, codes and delegations, and how time changes it by the requirements' own tables.

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

#[derive(Debug, Clone, Copy, Default)]
pub struct Tries {
    pub wrong: u32,
    pub blocked: bool,
}

impl Tries {
    /// REG-2, SEC-1: the fifth wrong one blocks.
    pub fn wrong_one(&mut self) {
        self.wrong += 1;
        self.blocked = self.wrong == 5;
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Person {
    pub opens: Option<usize>,
    pub tries: Tries,
}

#[derive(Debug, Clone, Copy)]
pub struct Account {
    pub counsel: bool,
    pub good_standing: bool,
    pub registered: Option<i64>,
    /// By whose invitation it was registered, and whose address it has since.
    pub invitee: Option<u8>,
    pub tries: Tries,
}

#[derive(Debug, Clone, Copy)]
pub struct Code {
    pub account: usize,
    pub issued: i64,
    pub void: bool,
    pub used: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct Delegation {
    pub counsel: usize,
    pub invitee: u8,
    pub invited: i64,
    /// The delegate's account, and when the sixty days began.
    pub running: Option<(usize, i64)>,
    pub wrong_answers: u8,
    pub ended: bool,
}

impl Code {
    /// REG-2.
    pub fn state(&self, now: i64) -> &'static str {
        match self {
            Self { used: true, .. } => "used",
            Self { void: true, .. } => "voided",
            _ if now - self.issued >= 24 * HOUR => "expired",
            _ => "usable",
        }
    }
}

impl Delegation {
    /// DEL-2 and the table of DEL-3.
    pub fn state(&self, now: i64) -> &'static str {
        match self.running {
            _ if self.ended => "ended",
            None if now - self.invited < 10 * DAY => "invited",
            None => "lapsed",
            Some((_, began)) => match (now - began) / DAY {
                0..50 => "active",
                50..60 => "renewal-due",
                60..70 => "expired",
                _ => "lapsed",
            },
        }
    }

    /// DEL-1.
    pub fn holds_a_place(&self, now: i64) -> bool {
        !["lapsed", "ended"].contains(&self.state(now))
    }

    pub fn opens_cases_to(&self, account: usize, now: i64) -> bool {
        let open = ["active", "renewal-due"].contains(&self.state(now));
        open && self.running.is_some_and(|(whose, _)| whose == account)
    }
}
