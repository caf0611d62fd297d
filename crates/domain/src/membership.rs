//! A counsel's membership of a professional order, and whether it is in good standing (REG-1, DEL-8).

use time::OffsetDateTime;

use crate::case::folded;
use crate::code::Code;
use crate::person::PersonName;

/// A professional order that the tribunal lists: a bar, the College, the Law Society, the Chambre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {}

/// A member of an order, as the order's roll last said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The order.
    pub order: Code<Order>,
    /// The number that the order gave, where it gives one.
    pub number: Option<String>,
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
}

/// A member as an order's roll lists them (REG-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollEntry {
    /// The membership number, where the order issues one.
    pub number: Option<String>,
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
    /// Whether this line is about a person of that name and number. The number decides; the family name must agree with it, so that a
    /// slip of a digit does not make somebody a member. Where an order issues no number, both names must agree.
    pub fn is_about(&self, number: Option<&str>, name: &PersonName) -> bool {
        let same = |listed: &str, said: &str| folded(listed.trim()) == folded(said.trim());
        let family = same(&self.family_name, name.family());
        match (self.number.as_deref(), number) {
            (Some(listed), Some(said)) => family && same(listed, said),
            (None, None) => family && same(&self.given_name, name.given()),
            _ => false,
        }
    }
}

/// What a roll says of a person of that name and number.
pub fn listing(roll: &[RollEntry], number: Option<&str>, name: &PersonName) -> Listing {
    let mut about = roll
        .iter()
        .filter(|entry| entry.is_about(number, name))
        .peekable();
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
