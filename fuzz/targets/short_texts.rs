//! Numbers, codes and names as people type them: what is read reads as itself.
#![no_main]

use domain::access_code::AccessCode;
use domain::address::PostalCode;
use domain::case::{ClientId, FileNumber};
use domain::confirmation_number::ConfirmationNumber;
use domain::delegation::normalised_answer;
use domain::document::{FileName, Sha256};
use domain::invitation_number::InvitationNumber;
use domain::lock::LockCode;
use domain::person::{EmailAddress, Telephone};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(number) = FileNumber::parse(text) {
        assert_eq!(FileNumber::parse(number.as_str()).as_ref(), Ok(&number));
    }
    if let Ok(client) = ClientId::parse(text) {
        assert_eq!(ClientId::parse(&client.grouped()).as_ref(), Ok(&client));
    }
    let name = FileName::from_sender(text);
    assert!(!name.as_str().is_empty() && name.as_str().chars().count() <= 150);
    assert!(!name.as_str().contains(['/', '\\', '"', '\0', '\r', '\n']));
    assert_eq!(FileName::from_sender(name.as_str()), name);
    let _ = ConfirmationNumber::parse(text);
    let _ = InvitationNumber::parse(text);
    let _ = LockCode::parse(text);
    let _ = AccessCode::typed(text);
    let _ = Sha256::from_hex(text);
    let _ = normalised_answer(text);
    let _ = EmailAddress::parse(text);
    let _ = Telephone::parse(text);
    let _ = PostalCode::parse(text);
});
