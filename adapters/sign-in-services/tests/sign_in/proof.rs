//! The portal proves itself to its services: by a secret, in the way each takes it, or by its own key; and each code by its proof key.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};
use sign_in_services::ServiceSettings;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::made_provider::{Asked, METADATA, MadeProvider, Said, TOKEN, but};
use crate::portal::{Away, CLIENT, PORTAL, SECRET, portal};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

/// How the portal asks for a token, with that authentication, at a provider that takes it in those ways.
async fn asked(authentication: Value, ways: Value) -> (MadeProvider, Away, Asked) {
    let provider = MadeProvider::start().await;
    let name = "token_endpoint_auth_methods_supported";
    let metadata = but(&provider.metadata(), name, ways);
    provider.says(METADATA, Said::json(&metadata));
    let settings = ServiceSettings {
        authentication: serde_json::from_value(authentication).unwrap(),
        ..provider.settings("gckey")
    };
    let portal = portal(vec![settings]);
    let away = Away::for_service(&portal, "gckey", NOW).await;
    provider.vouches(&provider.claims(&away));
    away.back(&portal).await.unwrap();
    let asked = provider.asked();
    (provider, away, asked)
}

#[tokio::test]
async fn a_code_is_exchanged_with_the_proof_key_of_its_departure() {
    let (_, away, asked) = asked(json!({ "client_secret": SECRET }), Value::Null).await;
    assert_eq!(asked.form["grant_type"], "authorization_code");
    assert_eq!(asked.form["code"], "code");
    let callback = format!("{PORTAL}/sign-in/gckey/callback");
    assert_eq!(asked.form["redirect_uri"], callback);
    let verifier = &asked.form["code_verifier"];
    let digest = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest);
    assert_eq!(away.asked("code_challenge"), Some(challenge));
    assert!(!away.address.as_str().contains(verifier));
}

#[tokio::test]
async fn the_secret_goes_into_the_header_unless_the_service_takes_it_in_the_body_alone() {
    let both = json!(["client_secret_post", "client_secret_basic"]);
    for ways in [Value::Null, both] {
        let (_, _, asked) = asked(json!({ "client_secret": SECRET }), ways).await;
        let encoded = BASE64_STANDARD.encode(format!("{CLIENT}:{SECRET}"));
        assert_eq!(asked.authorization, Some(format!("Basic {encoded}")));
        assert!(!asked.form.contains_key("client_secret"));
    }
    let ways = json!(["client_secret_post"]);
    let (_, _, asked) = asked(json!({ "client_secret": SECRET }), ways).await;
    assert_eq!(asked.authorization, None);
    assert_eq!(asked.form["client_id"], CLIENT);
    assert_eq!(asked.form["client_secret"], SECRET);
}

#[tokio::test]
async fn a_secret_is_read_from_its_file_without_the_line_end() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, format!("{SECRET}\r\n")).unwrap();
    let authentication = json!({ "client_secret_file": file.path() });
    let (_, _, asked) = asked(authentication, json!(["client_secret_post"])).await;
    assert_eq!(asked.form["client_secret"], SECRET);
}

/// `private_key_jwt`: one statement for one request, to one reader, for five minutes.
#[tokio::test]
async fn a_key_signs_a_statement_for_one_request() {
    let (file, public) = key_file();
    for (audience, path) in [(json!("issuer"), ""), (json!("token_endpoint"), TOKEN)] {
        let key = json!({ "file": file.path(), "algorithm": "ES256", "audience": audience, "id": "2026" });
        let (provider, _, asked) = asked(json!({ "private_key": key }), Value::Null).await;
        assert_eq!(asked.authorization, None);
        assert_eq!(asked.form["client_id"], CLIENT);
        assert!(!asked.form.contains_key("client_secret"));
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        assert_eq!(asked.form["client_assertion_type"], kind);
        let (said, signature) = asked.form["client_assertion"].rsplit_once('.').unwrap();
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &public)
            .verify(said.as_bytes(), &signature)
            .unwrap();
        let [header, claims] = [0, 1].map(|part| {
            let part = said.split('.').nth(part).unwrap();
            let part = BASE64_URL_SAFE_NO_PAD.decode(part).unwrap();
            serde_json::from_slice::<Value>(&part).unwrap()
        });
        assert_eq!(
            header,
            json!({ "alg": "ES256", "typ": "JWT", "kid": "2026" })
        );
        assert_eq!(claims["jti"].as_str().unwrap().len(), 43);
        let expected = json!({
            "iss": CLIENT,
            "sub": CLIENT,
            "aud": format!("{}{path}", provider.issuer),
            "iat": NOW.unix_timestamp(),
            "exp": NOW.unix_timestamp() + 300,
        });
        assert_eq!(but(&claims, "jti", Value::Null), expected);
    }
}

/// A private key in PEM, and its public half.
fn key_file() -> (tempfile::NamedTempFile, Vec<u8>) {
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    let chance = ring::rand::SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let der = EcdsaKeyPair::generate_pkcs8(algorithm, &chance).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, der.as_ref(), &chance).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let base64 = BASE64_STANDARD.encode(der.as_ref());
    let label = "PRIVATE KEY";
    let pem = format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n");
    std::fs::write(&file, pem).unwrap();
    (file, pair.public_key().as_ref().to_vec())
}
