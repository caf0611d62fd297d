//! Files of cases (CASE-1): lines are counted as they stand, whatever is on them.
#![no_main]

use std::io::Cursor;

use application::ports::case_lines::CaseLines;
use case_files::CaseFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else {
        return;
    };
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    runtime.block_on(async {
        let mut file = CaseFile::of(Cursor::new(bytes.to_vec()));
        let mut last = 0;
        while let Ok(part) = file.next(7).await {
            if part.is_empty() {
                break;
            }
            for sent in part {
                assert!(last < sent.line && sent.line <= lines);
                last = sent.line;
            }
        }
    });
});
