//! The first look into a file that somebody sends (SUB-1): types by content, archives, images.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    scanning::fuzzing::glance_at(bytes);
});
