//! What use cases need from outside, in their own words. A port's docs say what an implementation MUST do; the contract suite has a
//! test for each such sentence.

pub mod clock;
pub mod demonstration;
pub mod documents;
pub mod inspector;
pub mod mailer;
pub mod outbox;
pub mod records;
pub mod sessions;
pub mod sign_in_services;
pub mod storage;
