//! A counsel's membership of a professional order, and whether it is in good standing (REG-1, DEL-8).

use time::OffsetDateTime;

use crate::code::Code;

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
