//! What use cases need from outside, in their own words. A port's docs say what an implementation MUST do; the contract suite has a
//! test for each such sentence.

pub mod answers;
pub mod audit_seals;
pub mod case_lines;
pub mod clock;
pub mod demonstration;
pub mod documents;
pub mod form_writer;
pub mod given_up;
pub mod inspector;
pub mod job_runs;
pub mod keys;
pub mod mailer;
pub mod outbox;
pub mod receipt_log;
pub mod records;
pub mod roll_files;
pub mod sessions;
pub mod sign_in_services;
pub mod signer;
pub mod storage;
pub mod tally;
pub mod text_messages;
pub mod throttle;
pub mod token_uses;
pub mod uploads;
pub mod virus_scanner;
