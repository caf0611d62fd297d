//! An order's roll (REG-1): it lists somebody, or every wrong line is named.
#![no_main]

use application::ports::roll_files::RollError;
use libfuzzer_sys::fuzz_target;
use rolls::read_roll;

fuzz_target!(|bytes: &[u8]| {
    match read_roll(bytes) {
        Ok(roll) => {
            assert!(!roll.is_empty());
            assert!(roll.iter().all(|entry| !entry.family_name.is_empty()));
        }
        Err(RollError::Lines(problems)) => {
            assert!(!problems.is_empty() && problems.len() <= 100);
        }
        Err(RollError::Unavailable(error)) => panic!("bytes in memory are there: {error}"),
    }
});
