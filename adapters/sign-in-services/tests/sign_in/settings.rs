//! Settings that cannot be used are refused when the portal starts, with the service that they are of.

use std::slice;
use std::sync::Arc;

use application::ports::clock::Random;
use application::ports::sign_in_services::SignInServices as _;
use figment::Figment;
use figment::providers::{Format as _, Serialized, Toml};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sign_in_services::{
    Algorithm, AssertionAudience, AuthenticationSettings, RelyingParty, ServiceFault,
    ServiceSettings, SettingsError, TransportSettings,
};

use crate::made_provider::but;
use crate::portal::{CLIENT, PORTAL, SECRET};

struct NoChance;

impl Random for NoChance {
    fn bytes(&self) -> [u8; 32] {
        [0; 32]
    }
}

fn good() -> Value {
    json!({
        "key": "gckey",
        "name": { "french": "CléGC", "english": "GCKey" },
        "issuer": "https://gckey.example",
        "client_id": CLIENT,
        "authentication": { "client_secret": SECRET },
    })
}

fn start_with(services: &[Value], own_address: &str) -> Result<RelyingParty, SettingsError> {
    let services = services
        .iter()
        .map(|service| serde_json::from_value(service.clone()).unwrap())
        .collect();
    let transport = TransportSettings::default();
    RelyingParty::new(services, own_address, transport, Arc::new(NoChance))
}

/// What is wrong with one service.
#[track_caller]
fn fault(services: &[Value]) -> ServiceFault {
    match start_with(services, PORTAL).err() {
        Some(SettingsError::Service { fault, .. }) => fault,
        other => panic!("{other:?}"),
    }
}

fn fault_with(name: &str, value: Value) -> ServiceFault {
    fault(&[but(&good(), name, value)])
}

/// REG-5: the services are offered by name, in the configured order.
#[test]
fn services_are_offered_in_the_configured_order() {
    let services = ["zeta", "alpha", "gckey"].map(|key| {
        let issuer = json!(format!("https://{key}.example"));
        but(&but(&good(), "key", json!(key)), "issuer", issuer)
    });
    let offer = start_with(&services, PORTAL).unwrap().on_offer();
    let keys: Vec<&str> = offer.iter().map(|service| service.key.as_str()).collect();
    assert_eq!(keys, ["zeta", "alpha", "gckey"]);
    assert_eq!(offer[0].name.french, "CléGC");
    assert_eq!(offer[0].name.english, "GCKey");
}

/// Whose sessions are listed is told which service vouched for each, and no wrong one: of two with one issuer, none.
#[test]
fn an_issuer_has_the_name_of_its_only_service() {
    let one = but(&good(), "issuer", json!("https://one.example"));
    let [another, same] = ["another", "same"].map(|key| but(&good(), "key", json!(key)));
    let named = |services: &[Value], issuer| {
        let portal = start_with(services, PORTAL).unwrap();
        portal.name_of(issuer).map(|name| name.french)
    };
    let two = [one.clone(), another.clone()];
    assert_eq!(named(&two, "https://one.example").unwrap(), "CléGC");
    assert_eq!(named(&two, "https://nobody.example"), None);
    let three = [one, another, same];
    assert!(named(&three, "https://one.example").is_some());
    assert_eq!(named(&three, "https://gckey.example"), None);
}

/// As an operator writes them, read as the portal reads its configuration.
#[test]
fn settings_are_written_in_toml() {
    let settings: ServiceSettings = read(
        r#"
        key = "partner"
        name = { french = "Partenaire de connexion", english = "Sign-In Partner" }
        issuer = "https://partner.example"
        client_id = "portal"
        acr_values = ["urn:loa:3", "urn:loa:2"]
        algorithms = ["PS256"]
        scopes = ["openid", "profile"]

        [authentication.private_key]
        file = "/run/secrets/partner.pem"
        id = "2026-11"
        algorithm = "PS256"
        audience = "token_endpoint"
        "#,
    )
    .unwrap();
    assert_eq!(settings.acr_values, ["urn:loa:3", "urn:loa:2"]);
    let AuthenticationSettings::PrivateKey(key) = settings.authentication else {
        panic!("{:?}", settings.authentication);
    };
    assert_eq!(key.audience, AssertionAudience::TokenEndpoint);
    assert_eq!(key.algorithm, Algorithm::PS256);
    let least: ServiceSettings = serde_json::from_value(good()).unwrap();
    assert_eq!(least.algorithms, Algorithm::ALL);
    assert!(least.acr_values.is_empty() && least.scopes.is_empty());
    let transport: TransportSettings = read("").unwrap();
    assert_eq!(transport.timeout_seconds, 10);
}

fn read<T: DeserializeOwned>(toml: &str) -> Option<T> {
    Figment::from(Toml::string(toml)).extract().ok()
}

/// A word that is not understood would be a protection that is not there.
#[test]
fn words_that_are_not_understood_are_refused() {
    let key = json!({ "file": "key.pem", "passphrase": "x" });
    let both = json!({ "client_secret": SECRET, "client_secret_file": "x" });
    let name = json!({ "french": "CléGC", "english": "GCKey", "inuktitut": "x" });
    for (name, value) in [
        ("acr", json!(["urn:loa:3"])),
        ("name", name),
        ("authentication", json!({ "private_key": key })),
        ("authentication", both),
        ("authentication", json!({ "password": SECRET })),
        ("authentication", json!({})),
        ("authentication", Value::Null),
        ("algorithms", json!(["none"])),
        ("algorithms", json!(["HS256"])),
        ("algorithms", json!(["RS256", "HS512"])),
    ] {
        let settings = but(&good(), name, value.clone());
        let read = Figment::from(Serialized::defaults(&settings)).extract::<ServiceSettings>();
        let error = read.expect_err(name).to_string();
        assert!(!error.contains(SECRET), "{error}");
    }
    assert!(read::<TransportSettings>("timeout = 1").is_none());
}

#[test]
fn keys_are_for_addresses_and_each_is_one_services_own() {
    let long = "x".repeat(41);
    for key in ["", "GCKey", "clé", "a b", "a/b", "..", &long] {
        assert!(
            matches!(fault_with("key", json!(key)), ServiceFault::Key),
            "{key}"
        );
    }
    let other = but(&good(), "issuer", json!("https://partner.example"));
    assert!(matches!(fault(&[good(), other]), ServiceFault::KeyTwice));
}

#[test]
fn issuers_and_the_portal_have_addresses_that_nobody_can_listen_to() {
    for address in [
        "",
        "gckey.example",
        "http://gckey.example",
        "http://127.0.0.1.example",
        "ftp://gckey.example",
        "https://gckey.example?x=1",
        "https://gckey.example#x",
        "https://user@gckey.example",
    ] {
        let fault = fault_with("issuer", json!(address));
        assert!(matches!(fault, ServiceFault::Issuer(_)), "{address}");
        let refused = start_with(&[good()], address).err();
        assert!(
            matches!(refused, Some(SettingsError::OwnAddress(_))),
            "{address}"
        );
    }
    for address in [
        "http://127.0.0.1:8080",
        "http://localhost:8080/",
        "http://[::1]:80",
    ] {
        let service = but(&good(), "issuer", json!(address));
        assert!(start_with(&[service], address).is_ok(), "{address}");
    }
    // An issuer may have a path; the portal's pages are at the root.
    let with_path = "https://example.ca/portal";
    let service = but(&good(), "issuer", json!(with_path));
    assert!(start_with(slice::from_ref(&service), PORTAL).is_ok());
    let refused = start_with(&[service], with_path).err();
    assert!(matches!(refused, Some(SettingsError::OwnAddress(_))));
}

/// Two ways to sign in may lead to one issuer, which then knows the portal by one name.
#[test]
fn one_issuer_knows_the_portal_by_one_name() {
    let second = but(&good(), "key", json!("partner"));
    assert!(start_with(&[good(), second.clone()], PORTAL).is_ok());
    let other = but(&second, "client_id", json!("portal-2"));
    assert!(matches!(fault(&[good(), other]), ServiceFault::TwoClients));
}

#[test]
fn what_is_empty_or_two_things_in_one_is_refused() {
    let nameless = json!({ "french": "CléGC", "english": " " });
    assert!(matches!(fault_with("name", nameless), ServiceFault::Name));
    let fault_is_client = fault_with("client_id", json!(""));
    assert!(matches!(fault_is_client, ServiceFault::ClientId));
    let none = fault_with("algorithms", json!([]));
    assert!(matches!(none, ServiceFault::NoAlgorithm));
    for name in ["acr_values", "scopes"] {
        for word in ["", "two words"] {
            let fault = fault_with(name, json!([word]));
            assert!(matches!(fault, ServiceFault::NotOneWord(_)), "{name}");
        }
    }
    let secret = fault_with("authentication", json!({ "client_secret": "" }));
    assert!(matches!(secret, ServiceFault::EmptySecret));
    let services = vec![serde_json::from_value(good()).unwrap()];
    let transport = TransportSettings { timeout_seconds: 0 };
    let refused = RelyingParty::new(services, PORTAL, transport, Arc::new(NoChance)).err();
    assert!(matches!(refused, Some(SettingsError::NoTime)));
}

#[test]
fn files_are_read_when_the_portal_starts() {
    let nowhere = json!({ "client_secret_file": "/nowhere/at/all" });
    let fault = fault_with("authentication", nowhere);
    assert!(matches!(fault, ServiceFault::File { .. }));
    let nowhere = json!({ "private_key": { "file": "/nowhere/at/all" } });
    let fault = fault_with("authentication", nowhere);
    assert!(matches!(fault, ServiceFault::File { .. }));
    let no_key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&no_key, SECRET).unwrap();
    for algorithm in ["RS256", "PS256", "ES256"] {
        let key = json!({ "private_key": { "file": no_key.path(), "algorithm": algorithm } });
        let fault = fault_with("authentication", key);
        assert!(matches!(fault, ServiceFault::PrivateKey { .. }));
        assert!(!format!("{fault:?} {fault}").contains(SECRET));
    }
}
