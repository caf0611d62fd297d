//! A counsel's membership of a professional order, and whether it is in good standing (REG-1, DEL-8).

use std::fmt;

use time::OffsetDateTime;

use crate::case::folded;
use crate::code::Code;
use crate::person::PersonName;

/// A professional order that the tribunal lists: a bar, the College, the Law Society, the Chambre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {}

/// The number that an order gives to a member, as it is written. Each order has its own way of writing them, so that any text with something in
/// it may be one. Whether two are the same number is asked of [`agrees_with`](Self::agrees_with); records are found by it capitals aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipNumber(String);

/// Why a text is no membership number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a membership number has something in it")]
pub struct NotAMembershipNumber;

impl MembershipNumber {
    /// Reads a membership number; white space at the ends is dropped.
    ///
    /// # Errors
    /// [`NotAMembershipNumber`] for a text with nothing in it.
    pub fn parse(text: &str) -> Result<Self, NotAMembershipNumber> {
        let text = text.trim();
        if text.is_empty() {
            Err(NotAMembershipNumber)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What numbers are compared by, capitals and accents aside: two that agree have the same.
    pub fn folded(&self) -> String {
        folded(&self.0)
    }

    /// Whether both are one number, however each is written.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.folded() == other.folded()
    }
}

impl fmt::Display for MembershipNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A member of an order, as the order's roll last said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The order.
    pub order: Code<Order>,
    /// The number that the order gave, where it gives one.
    pub number: Option<MembershipNumber>,
    /// Since when the roll no longer lists the member in good standing; `None` while it does.
    pub lost_standing_at: Option<OffsetDateTime>,
}

impl Membership {
    /// Whether the member is in good standing at `at` (REG-1).
    pub fn in_good_standing(&self, at: OffsetDateTime) -> bool {
        self.lost_standing_at.is_none_or(|lost| at < lost)
    }

    /// The membership as a roll read at `at` says it is. Losing keeps the first instant; regaining clears it.
    #[must_use]
    pub fn as_listed(&self, listed_in_good_standing: bool, at: OffsetDateTime) -> Self {
        let lost_standing_at = if listed_in_good_standing {
            None
        } else {
            Some(self.lost_standing_at.map_or(at, |lost| lost.min(at)))
        };
        Self {
            lost_standing_at,
            ..self.clone()
        }
    }

    /// What a roll says of this member, whose name on record is `name`. Where the order gave a number, it alone says whose line it is: a
    /// name changes, and the roll and the portal hear of it on different days (DEL-8). Where it gave none, both names must agree.
    pub fn listed_on(&self, roll: &[RollEntry], name: &PersonName) -> Listing {
        let Some(number) = &self.number else {
            return listing(roll, None, name);
        };
        summed_up(roll.iter().filter(|entry| entry.bears(number)))
    }
}

/// A member as an order's roll lists them (REG-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollEntry {
    /// The membership number, where the order issues one.
    pub number: Option<MembershipNumber>,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Whether the roll says so.
    pub in_good_standing: bool,
}

/// What an order's roll says of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// A member in good standing.
    InGoodStanding,
    /// A member, not in good standing.
    NotInGoodStanding,
    /// Not on the roll.
    NotListed,
}

impl RollEntry {
    /// Whether the line bears that membership number.
    pub fn bears(&self, number: &MembershipNumber) -> bool {
        let listed = self.number.as_ref();
        listed.is_some_and(|listed| listed.agrees_with(number))
    }

    /// Whether this line is about a person of that name and number, who is not on record yet. The family name must agree with the number,
    /// so that a slip of a digit does not make somebody a member. Where an order issues no number, both names must agree.
    pub fn is_about(&self, number: Option<&MembershipNumber>, name: &PersonName) -> bool {
        let family = same(&self.family_name, name.family());
        match number {
            Some(number) => family && self.bears(number),
            None => self.number.is_none() && family && same(&self.given_name, name.given()),
        }
    }
}

fn same(listed: &str, said: &str) -> bool {
    folded(listed.trim()) == folded(said.trim())
}

/// What a roll says of a person of that name and number who asks to be registered (REG-1). Who is on record is looked for with
/// [`Membership::listed_on`].
pub fn listing(
    roll: &[RollEntry],
    number: Option<&MembershipNumber>,
    name: &PersonName,
) -> Listing {
    summed_up(roll.iter().filter(|entry| entry.is_about(number, name)))
}

/// What the lines about one person say together.
fn summed_up<'a>(about: impl Iterator<Item = &'a RollEntry>) -> Listing {
    let mut about = about.peekable();
    if about.peek().is_none() {
        return Listing::NotListed;
    }
    // Twice on the roll, once struck: struck.
    if about.all(|entry| entry.in_good_standing) {
        Listing::InGoodStanding
    } else {
        Listing::NotInGoodStanding
    }
}

/// Whether so many losing standing at once, of so many who have it, says more of the roll than of them: a file that was cut off, most likely. The
/// few of a small order are no sign of that.
pub const fn are_too_many_at_once(lose: u64, have: u64) -> bool {
    const AT_LEAST: u64 = 10;
    lose >= AT_LEAST && lose.saturating_mul(5) > have
}

#[cfg(test)]
mod tests {
    use super::are_too_many_at_once;

    /// REG-1, DEL-8: half a roll is taken for half a roll; what orders do in an hour is not.
    #[test]
    fn half_a_roll_is_not_taken_for_a_whole_one() {
        for (lose, have) in [(9, 9), (10, 50), (2_000, 10_000), (0, 0)] {
            assert!(!are_too_many_at_once(lose, have), "{lose} of {have}");
        }
        for (lose, have) in [(10, 10), (10, 49), (2_001, 10_000)] {
            assert!(are_too_many_at_once(lose, have), "{lose} of {have}");
        }
    }
}
