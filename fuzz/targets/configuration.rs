//! The operator's file: whatever is in it, it is read, or told what is wrong with it.
#![no_main]

use std::path::PathBuf;

use assembly::configuration::Configuration;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = PathBuf::from(format!("/dev/shm/configuration-{}", std::process::id()));
    if std::fs::write(&file, bytes).is_err() {
        return;
    }
    if let Err(error) = Configuration::read(Some(&file)) {
        assert!(!error.problems.is_empty() && !error.to_string().is_empty());
    }
    let _ = Configuration::warnings(Some(&file));
});
