//! Whatever somebody presents as a receipt, a note, a checkpoint, a proof or a tile's address: an answer, and never "signed".
#![no_main]

use libfuzzer_sys::fuzz_target;
use receipts::receipt::Receipt;
use receipts::{Checkpoint, KeyName, LogProof, ReceiptFile, SigningKey, TilePath, VerifierKey};

fuzz_target!(|text: &str| {
    let Ok(name) = "portal.example/log".parse::<KeyName>() else {
        return;
    };
    let keys = [SigningKey::from_seed(name, &[7; 32]).verifier().clone()];
    let _ = text.parse::<VerifierKey>();
    let _ = text.parse::<LogProof>();
    let _ = text.parse::<TilePath>();
    let _ = Receipt::from_text(text);
    let _ = Checkpoint::open(text, &keys);
    if let Ok(file) = ReceiptFile::from_json(text) {
        assert!(file.verified(&keys).is_err(), "nobody signed this");
        let _ = file.place(&keys);
    }
});
