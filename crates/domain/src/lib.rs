//! What is true: counsel, delegates, cases, access codes, delegations, submissions, and who may do what.
//!
//! Pure: no I/O, no clock, no randomness, no async, and no knowledge of databases, web pages or wire formats. Instants, days and
//! random bytes come in as arguments; decisions go out as values.

pub mod access_code;
pub mod account;
pub mod address;
pub mod audit;
pub mod case;
pub mod case_feed;
pub mod clocks;
pub mod code;
pub mod confirmation_number;
pub mod delegation;
pub mod document;
pub mod form;
pub mod id;
pub mod inbox;
pub mod invitation_number;
pub mod legal_hold;
pub mod lock;
pub mod membership;
pub mod notice;
pub mod numbering;
pub mod person;
pub mod policy;
pub mod profile_change;
pub mod readable_code;
pub mod registration;
pub mod retention;
pub mod searching;
pub mod session;
pub mod sign_in;
pub mod sorting;
pub mod submission;
pub mod terms;
pub mod token;
pub mod tribunal;
pub mod tribunal_time;
pub mod upload;
