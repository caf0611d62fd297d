//! `[server]`, `[metrics]`, `[database]`, `[documents]`, `[email]`, `[text_messages]`, `[rolls]`, `[secrets]`, `[receipts]` and `[sign_in]`
//! become what the adapters take.

use std::error::Error;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroU64};
use std::sync::Arc;

use ::documents::BucketSettings;
use email::SmtpSettings;
use listener::{Certificate, CertificateFiles, Limits};
use secrecy::{ExposeSecret, SecretString};
use sign_in_services::{
    Algorithm, AssertionAudience, AuthenticationSettings, NameSettings, PrivateKeySettings,
    RelyingParty, ServiceSettings, SettingsError, TransportSettings,
};
use storage::{Address, Settings};
use text_messages::{Gateway, GatewayError, GatewaySettings};
use web::{Proxies, Rate};

use super::findings::Findings;
use super::problem::At;
use super::quantity::Span;
use super::secret::{from_file, secret};
use super::text::{Line, Place};
use super::written;
use super::{Database, Documents, Email, Receipts, Rolls, Secrets, Server, SignIn};
use crate::chance::OsRandom;
use crate::keys::{TribunalKey, drawn_bytes};
use crate::signer::SignerError;

/// Where the portal listens, if TLS has both its files and says so.
pub(super) fn server(written: &written::Server, findings: &mut Findings<'_>) -> Option<Server> {
    let at = At::key("server.tls");
    let tls = &written.tls;
    let certificate = match (&tls.certificate_file, &tls.key_file) {
        (None, None) => None,
        (Some(certificate), Some(key)) => {
            let files = CertificateFiles {
                certificate: certificate.path().to_owned(),
                key: key.path().to_owned(),
            };
            let usable = Certificate::read(files.clone());
            let usable = usable.map_err(|error| match error.source() {
                Some(cause) => format!("{error}: {cause}"),
                None => error.to_string(),
            });
            findings.take(&at.then(["certificate_file"]), usable)?;
            Some(files)
        }
        (certificate, _) => {
            let (missing, there) = match certificate {
                Some(_) => ("key_file", "certificate"),
                None => ("certificate_file", "key"),
            };
            let what = format!("is missing, though there is a {there}");
            findings.tell_missing(&at.then([missing]), what);
            return None;
        }
    };
    if certificate.is_some() && !written.https {
        findings.tell(
            &At::key("server.https"),
            "must be true where there is server.tls",
        );
        return None;
    }
    let networks = written.trusted_proxies.iter();
    Some(Server {
        listen: written.listen,
        https: written.https,
        public_url: text(&written.public_url),
        proxies: Proxies::new(networks.map(|network| network.0).collect()),
        notice: written.notice.unsigned(),
        limits: limits(&written.limits, written.drain),
        rate: rate(&written.limits),
        certificate,
    })
}

/// How many requests may come from whom.
pub(super) fn rate(written: &written::Limits) -> Rate {
    let most = written
        .requests_per_minute
        .map(|most| most.or_most(u32::MAX));
    most.and_then(NonZeroU32::new)
        .map(Rate::per_minute)
        .unwrap_or_default()
}

/// How much is taken from whom, and how long it may take to end.
pub(super) fn limits(written: &written::Limits, drain: Span<3_600>) -> Limits {
    Limits {
        connections: written.connections.or_most(usize::MAX),
        connections_per_address: written.connections_per_address.or_most(usize::MAX),
        head: written.head.unsigned(),
        idle: written.idle.unsigned(),
        pause: written.pause.unsigned(),
        slowest: written.slowest.get(),
        drain: drain.unsigned(),
    }
}

/// The database, if its URL can be had and read.
pub(super) fn database(
    written: &written::Database,
    findings: &mut Findings<'_>,
) -> Option<Database> {
    let (at, file) = (At::key("database"), written.url_file.as_ref());
    let url = secret(&at, "url", written.url.as_ref(), file, findings)?;
    let key = url_key(written);
    let address = Address::of(url.expose_secret());
    if findings.take(&key, address)? == Address::Memory {
        findings.tell(&key, "a database in memory keeps nothing; name a file");
        return None;
    }
    let settings = Settings {
        connections: written.connections.or_most(u32::MAX),
        wait: written.wait.unsigned(),
        answer: written.answer.unsigned(),
    };
    Some(Database { url, settings })
}

/// The key that says where the database is.
pub(super) fn url_key(written: &written::Database) -> At {
    match written.url {
        Some(_) => At::key("database.url"),
        None => At::key("database.url_file"),
    }
}

/// What is said of a key that is none.
const NO_KEY: &str =
    "must be 64 hexadecimal digits that nobody can guess; `openssl rand -hex 32` makes them";

/// Where documents are kept, if the keys and the bucket are what they should be.
pub(super) fn documents(
    written: &written::Documents,
    findings: &mut Findings<'_>,
) -> Option<Documents> {
    let (at, file) = (At::key("documents"), written.key_file.as_ref());
    let key = secret(&at, "key", written.key.as_ref(), file, findings);
    let from = if file.is_some() { "key_file" } else { "key" };
    let key = key.and_then(|key| {
        let parsed = drawn_bytes(&key).map_err(|_| NO_KEY).map(|_| key);
        findings.take(&at.then([from]), parsed)
    });
    let at_former = at.then(["former_key_files"]);
    let former_keys = former_keys(&at_former, &written.former_key_files, findings)?;
    let bucket = match &written.bucket.name {
        Some(name) => Some(bucket(name, &written.bucket, findings)?),
        None => None,
    };
    Some(Documents {
        folder: written.folder.path().to_owned(),
        key: key?,
        former_keys,
        bucket,
    })
}

/// No two listeners of one machine have one address.
pub(super) fn listeners_differ(written: &written::Written, findings: &mut Findings<'_>) {
    let portal = ("server.listen", Some(written.server.listen));
    let metrics = ("metrics.listen", written.metrics.listen);
    let jobs = ("metrics.listen_jobs", written.metrics.listen_jobs);
    for ((key, address), others) in [(metrics, vec![portal]), (jobs, vec![portal, metrics])] {
        // Port 0 is whichever is free.
        let taken = |other: &(&str, Option<SocketAddr>)| other.1 == address;
        let given = address.filter(|address| address.port() != 0);
        if let (Some(_), Some((other, _))) = (given, others.into_iter().find(taken)) {
            let what = format!("must be another address than {other}");
            findings.tell(&At::key(key), what);
        }
    }
}

/// The bucket of that name, if everything else about it is there.
fn bucket(
    name: &Line,
    written: &written::Bucket,
    findings: &mut Findings<'_>,
) -> Option<BucketSettings> {
    let at = At::key("documents.bucket");
    let file = written.secret_access_key_file.as_ref();
    let (key, direct) = ("secret_access_key", written.secret_access_key.as_ref());
    let secret_access_key = secret(&at, key, direct, file, findings);
    let mut needed = |key, value: Option<String>| {
        if value.is_none() {
            findings.tell_missing(&at.then([key]), "is missing, though there is a bucket");
        }
        value
    };
    let endpoint = written.endpoint.as_ref();
    let endpoint = needed("endpoint", endpoint.map(|address| address.0.to_string()));
    let access_key_id = needed("access_key_id", written.access_key_id.as_ref().map(text));
    Some(BucketSettings {
        endpoint: endpoint?,
        region: text(&written.region),
        name: text(name),
        access_key_id: access_key_id?,
        secret_access_key: secret_access_key?,
        timeout: written.timeout.unsigned(),
    })
}

/// How notices go out, if user and password are there together.
pub(super) fn email(written: &written::Email, findings: &mut Findings<'_>) -> Option<Email> {
    let (at, smtp) = (At::key("email.smtp"), &written.smtp);
    let (password, file) = (smtp.password.as_ref(), smtp.password_file.as_ref());
    let (user, password) = match &smtp.user {
        Some(user) => (
            Some(user.as_str().to_owned()),
            Some(secret(&at, "password", password, file, findings)?),
        ),
        None if password.is_none() && file.is_none() => (None, None),
        None => {
            let what = "is missing, though there is a password";
            findings.tell_missing(&at.then(["user"]), what);
            return None;
        }
    };
    Some(Email {
        from: written.from.0.clone(),
        smtp: SmtpSettings {
            host: smtp.host.as_str().to_owned(),
            port: smtp.port.or_most(u16::MAX),
            encryption: smtp.encryption,
            authority: smtp.authority.as_ref().map(|place| place.path().to_owned()),
            user,
            password,
            // Configuration refuses less than a second.
            timeout_seconds: NonZeroU64::new(smtp.timeout.unsigned().as_secs())
                .unwrap_or(NonZeroU64::MIN),
        },
    })
}

/// The gateway of text messages, if it can be set up.
pub(super) fn text_messages(
    written: &written::TextMessages,
    findings: &mut Findings<'_>,
) -> Option<GatewaySettings> {
    let (at, file) = (At::key("text_messages"), written.api_key_file.as_ref());
    let settings = GatewaySettings {
        url: written.url.as_str().to_owned(),
        api_key: secret(&at, "api_key", written.api_key.as_ref(), file, findings)?,
        access_code_template_fr: written.access_code_template_fr.as_str().to_owned(),
        access_code_template_en: written.access_code_template_en.as_str().to_owned(),
        timeout_seconds: written.timeout.unsigned().as_secs(),
    };
    let gateway = Gateway::new(settings.clone()).map_err(|error| match error {
        GatewayError::Address => "must be an https address".to_owned(),
        GatewayError::Client(error) => format!("no client can be set up: {error}"),
        GatewayError::Tls(error) => format!("TLS cannot be set up: {error}"),
    });
    findings.take(&at.then(["url"]), gateway)?;
    Some(settings)
}

/// The sign-in services, if they can be used.
pub(super) fn sign_in(written: &written::Written, findings: &mut Findings<'_>) -> Option<SignIn> {
    let at = At::key("sign_in.services");
    let mut services = Vec::new();
    for service in &written.sign_in.services {
        services.push(findings.take(&at, service_settings(service))?);
    }
    let sign_in = SignIn {
        public_url: written.server.public_url.as_str().to_owned(),
        services,
        transport: TransportSettings {
            timeout_seconds: written.sign_in.timeout.unsigned().as_secs().max(1),
        },
    };
    let usable = relying_party(&sign_in);
    let key = match &usable {
        Err(SettingsError::OwnAddress(_)) => At::key("server.public_url"),
        _ => at,
    };
    findings.take(&key, usable)?;
    Some(sign_in)
}

/// The relying party of those services.
pub(crate) fn relying_party(sign_in: &SignIn) -> Result<RelyingParty, SettingsError> {
    RelyingParty::new(
        sign_in.services.clone(),
        &sign_in.public_url,
        sign_in.transport,
        Arc::new(OsRandom),
    )
}

/// A service's settings, if it is said in one way how the portal proves that it is the portal.
fn service_settings(written: &written::SignInService) -> Result<ServiceSettings, String> {
    let path = |place: &Place| place.path().to_owned();
    let authentication = match (
        &written.client_secret,
        &written.client_secret_file,
        &written.private_key_file,
    ) {
        (Some(secret), None, None) => AuthenticationSettings::ClientSecret(secret.0.clone()),
        (None, Some(file), None) => AuthenticationSettings::ClientSecretFile(path(file)),
        (None, None, Some(file)) => AuthenticationSettings::PrivateKey(PrivateKeySettings {
            file: path(file),
            id: written.private_key_id.as_ref().map(text),
            algorithm: Algorithm::RS256,
            audience: AssertionAudience::Issuer,
        }),
        _ => {
            let key = written.key.as_str();
            return Err(format!(
                "{key} needs one of client_secret, client_secret_file and private_key_file, and only one"
            ));
        }
    };
    Ok(ServiceSettings {
        key: text(&written.key),
        name: NameSettings {
            french: text(&written.french),
            english: text(&written.english),
        },
        issuer: text(&written.issuer),
        client_id: text(&written.client_id),
        authentication,
        acr_values: written.acr_values.iter().flatten().map(text).collect(),
        algorithms: Algorithm::ALL.to_vec(),
        scopes: Vec::new(),
    })
}

fn text(line: &Line) -> String {
    line.as_str().to_owned()
}

/// Where the rolls are.
pub(super) fn rolls(written: &written::Rolls) -> Rolls {
    Rolls {
        folder: written.folder.path().to_owned(),
    }
}

/// The tribunal's key, if it is one.
pub(super) fn secrets(written: &written::Secrets, findings: &mut Findings<'_>) -> Option<Secrets> {
    let (at, file) = (At::key("secrets"), written.key_file.as_ref());
    let key = secret(&at, "key", written.key.as_ref(), file, findings)?;
    let from = if file.is_some() { "key_file" } else { "key" };
    let parsed = TribunalKey::parse(&key).map_err(|_| NO_KEY);
    findings.take(&at.then([from]), parsed)?;
    let at_former = at.then(["former_key_files"]);
    let former_keys = former_keys(&at_former, &written.former_key_files, findings)?;
    Some(Secrets { key, former_keys })
}

/// Keys that others took the place of, each in a file of its own.
fn former_keys(at: &At, files: &[Place], findings: &mut Findings<'_>) -> Option<Vec<SecretString>> {
    let mut former_keys = Vec::new();
    for file in files {
        let former = findings.take(at, from_file(file.path()))?;
        let parsed = drawn_bytes(&former).map_err(|_| NO_KEY).map(|_| former);
        former_keys.push(findings.take(at, parsed)?);
    }
    Some(former_keys)
}

/// Tells of two of the keys of documents, of the tribunal and of receipts, in this order, that are one: whoever gets hold of it has both, and to
/// change one for a reason of its own is to change the other.
pub(super) fn keys_differ(
    written: &written::Written,
    keys: [Option<&SecretString>; 3],
    findings: &mut Findings<'_>,
) {
    let sections = [
        ("documents", written.documents.key_file.is_some()),
        ("secrets", written.secrets.key_file.is_some()),
        ("receipts", written.receipts.key_file.is_some()),
    ];
    let name = |(section, in_file): (&'static str, bool)| {
        let key = if in_file { "key_file" } else { "key" };
        At::key(section).then([key])
    };
    let drawn = keys.map(|key| key.and_then(|key| drawn_bytes(key).ok()));
    let named = sections.into_iter().map(name).zip(drawn);
    let mut before: Vec<(At, [u8; 32])> = Vec::new();
    for (at, key) in named {
        let Some(key) = key else { continue };
        if let Some((other, _)) = before.iter().find(|(_, other)| *other == key) {
            findings.tell(&at, format!("must be another key than {}", other.dotted()));
        }
        before.push((at, key));
    }
}

/// How receipts are signed, if name and keys are what they should be.
pub(super) fn receipts(
    written: &written::Receipts,
    findings: &mut Findings<'_>,
) -> Option<Receipts> {
    let (at, file) = (At::key("receipts"), written.key_file.as_ref());
    let receipts = Receipts {
        origin: text(&written.origin),
        key: secret(&at, "key", written.key.as_ref(), file, findings)?,
        former_keys: written.former_keys.iter().map(text).collect(),
    };
    let signer = receipts.signer();
    let from = match &signer {
        Err(SignerError::Origin(_)) => "origin",
        Err(SignerError::Former(_)) => "former_keys",
        _ if file.is_some() => "key_file",
        _ => "key",
    };
    let signer = signer.map_err(|error| match error {
        SignerError::Origin(error) => error.to_string(),
        SignerError::Former(error) => error.to_string(),
        SignerError::Seed(_) => NO_KEY.to_owned(),
    });
    findings.take(&at.then([from]), signer)?;
    Some(receipts)
}
