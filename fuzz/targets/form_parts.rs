//! A form with files, as browsers and programs send it (SUB-1), in pieces of any length: how it is cut changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use web::fuzzing::take_form;

fuzz_target!(|bytes: &[u8]| {
    let Some((length, form)) = bytes.split_first() else {
        return;
    };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else {
        return;
    };
    let whole = runtime.block_on(take_form(form, usize::MAX));
    let in_pieces = runtime.block_on(take_form(form, usize::from(*length)));
    assert_eq!(whole, in_pieces);
});
