//! What operators do with whole machines: take a backup under load and put it back, restart one portal after the other, run jobs
//! as of another instant; and uploads that go from one machine to another.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "these are tests, though not all are marked as such"
)]

mod backup;
mod later;
mod load;
mod proxy;
mod restart;
mod site;
mod uploads;
