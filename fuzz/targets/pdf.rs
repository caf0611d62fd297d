//! What the child process does with a PDF (SUB-1, X-10). A parser that panics has been given a damaged file; what it may not do is to take down
//! the process or to go on for ever.
#![no_main]

use std::sync::Once;

use libfuzzer_sys::fuzz_target;

static QUIET: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
    scanning::fuzzing::open_pdf(bytes);
});
