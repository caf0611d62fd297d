//! Where a list goes on, as callers bring it back: what is read is written as a cursor that is read as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use storage::fuzzing::read_cursor;

fuzz_target!(|text: &str| {
    if let Some(cursor) = read_cursor(text, "cases") {
        assert_eq!(read_cursor(&cursor, "cases").as_ref(), Some(&cursor));
        assert_eq!(read_cursor(&cursor, "inbox"), None);
    }
});
