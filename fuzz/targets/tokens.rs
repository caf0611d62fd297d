//! What anybody can send as a service's logout token, and what a token endpoint may give (REG-3): an answer, and belief only for what the
//! service signed. Whoever has the keys' private halves is nobody any more.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use secrecy::SecretString;
use sign_in_services::fuzzing::Tried;
use sign_in_services::{Algorithm, AuthenticationSettings, NameSettings, ServiceSettings};
use time::OffsetDateTime;
use time::macros::datetime;

const KEYS: &str = include_str!("tokens/keys.json");
const KEPT: &str = include_str!("tokens/kept.json");
const NOW: OffsetDateTime = datetime!(2026-11-29 12:00 UTC);

/// The ones that were signed: the seeds.
const SIGNED: [&str; 2] = [
    include_str!("../seeds/tokens/logout"),
    include_str!("../seeds/tokens/sign-in"),
];

static TRIED: LazyLock<Option<Tried>> = LazyLock::new(|| {
    let settings = ServiceSettings {
        key: "gckey".to_owned(),
        name: NameSettings {
            french: "CléGC".to_owned(),
            english: "GCKey".to_owned(),
        },
        issuer: "https://gckey.example".to_owned(),
        client_id: "portal".to_owned(),
        authentication: AuthenticationSettings::ClientSecret(SecretString::from("s")),
        acr_values: Vec::new(),
        algorithms: Algorithm::ALL.to_vec(),
        scopes: Vec::new(),
    };
    Tried::new(settings, KEYS, KEPT)
});

fuzz_target!(|text: &str| {
    let tried = TRIED.as_ref();
    let tried = tried.unwrap_or_else(|| panic!("the service's settings are good"));
    let [logout, sign_in] = SIGNED.map(str::trim_end);
    let text = text.trim_end();
    if tried.is_believed_to_end(text, NOW) {
        assert_eq!(text, logout);
    }
    if tried.is_believed_to_sign_in(text, NOW) {
        // White space and the order of names around the signed part are nobody's word.
        let signed = sign_in.split('"').max_by_key(|part| part.len());
        assert!(signed.is_some_and(|signed| text.contains(signed)));
    }
});
