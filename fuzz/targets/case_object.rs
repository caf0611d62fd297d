//! The case object of the API and of files of cases (CASE-1): any bytes, then what was read against the rules.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(sent) = case_object::read(bytes) {
        // Every field of the wrong form is told; none is lost without a word.
        let _ = format!("{:?}", sent.unreadable);
    }
});
