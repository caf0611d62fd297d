//! Texts, each of which must be what its key is for: a line, a code, a telephone number, a zone, a path, a secret.

use std::path::{Path, PathBuf};

use domain::code::Code;
use domain::document::MediaType;
use domain::person::Telephone;
use domain::tribunal_time::ZoneName;
use email::Encryption;
use ipnet::IpNet;
use poem::http::Uri;
use scanning::ClamdAddress;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use time_zones::TzDatabase;

use super::key::{DoesNotFit, Form, Kind, Setting};

/// The longest line of text, in characters.
const LONGEST_LINE: usize = 200;

/// One line of text that says something; white space around it is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Line(String);

impl Line {
    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Line {
    type Error = DoesNotFit;

    fn try_from(text: String) -> Result<Self, DoesNotFit> {
        let text = text.trim();
        let fits = (1..=LONGEST_LINE).contains(&text.chars().count());
        if fits && !text.contains(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(DoesNotFit)
        }
    }
}

impl Setting for Line {
    fn kind() -> Kind {
        Kind::Value(
            Form::of::<Self>(format!("a line of text of 1 to {LONGEST_LINE} characters")).literal(),
        )
    }
}

/// A file or a folder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Place(PathBuf);

impl Place {
    /// The path.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl TryFrom<String> for Place {
    type Error = DoesNotFit;

    fn try_from(path: String) -> Result<Self, DoesNotFit> {
        if path.is_empty() || path.contains('\0') {
            Err(DoesNotFit)
        } else {
            Ok(Self(path.into()))
        }
    }
}

impl Setting for Place {
    fn kind() -> Kind {
        Kind::Value(Form::of::<Self>("a path").literal())
    }
}

/// A network, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Network(pub(super) IpNet);

impl TryFrom<String> for Network {
    type Error = DoesNotFit;

    fn try_from(text: String) -> Result<Self, DoesNotFit> {
        let text = text.trim();
        let network = text
            .parse()
            .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from));
        network.map(Self).map_err(|_| DoesNotFit)
    }
}

impl Setting for Network {
    fn kind() -> Kind {
        let takes = "an address or a network, such as 10.0.0.0/8";
        Kind::Value(Form::of::<Self>(takes).literal())
    }
}

/// The address of something on the web that is asked: a collector, a bucket's store.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct WebAddress(pub(super) Uri);

impl TryFrom<String> for WebAddress {
    type Error = DoesNotFit;

    fn try_from(text: String) -> Result<Self, DoesNotFit> {
        let address: Uri = text.trim().parse().map_err(|_| DoesNotFit)?;
        let scheme = matches!(address.scheme_str(), Some("http" | "https"));
        // Who asks is said in no address: it would be in logs.
        let host = address
            .authority()
            .is_some_and(|authority| !authority.as_str().contains('@'));
        if scheme && host && address.query().is_none() {
            Ok(Self(address))
        } else {
            Err(DoesNotFit)
        }
    }
}

impl Setting for WebAddress {
    fn kind() -> Kind {
        let takes = "an http or https address without a query";
        // One that is refused may have a password in it.
        Kind::Value(Form::of::<Self>(takes).literal().secret())
    }
}

/// A text that nobody may see.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "SecretString")]
pub(super) struct Secret(pub(super) SecretString);

impl TryFrom<SecretString> for Secret {
    type Error = DoesNotFit;

    fn try_from(secret: SecretString) -> Result<Self, DoesNotFit> {
        if secret.expose_secret().is_empty() {
            Err(DoesNotFit)
        } else {
            Ok(Self(secret))
        }
    }
}

impl Setting for Secret {
    fn kind() -> Kind {
        Kind::Value(Form::of::<Self>("text, kept secret").literal().secret())
    }
}

impl Setting for Encryption {
    fn kind() -> Kind {
        Kind::Value(Form::of::<Self>("none, tls or start-tls").literal())
    }
}

impl Setting for ClamdAddress {
    fn kind() -> Kind {
        Kind::Value(Form::of::<Self>("unix:/path or tcp:host:port").literal())
    }
}

/// What becomes of a file while the virus scanner is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenDown {
    /// It is refused at once.
    Refuse,
    /// It waits for a while, and is refused then.
    Wait,
}

impl Setting for WhenDown {
    fn kind() -> Kind {
        Kind::Value(Form::of::<Self>("refuse or wait").literal())
    }
}

/// A type of file, by the usual ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct FileType(pub(super) MediaType);

impl TryFrom<String> for FileType {
    type Error = DoesNotFit;

    fn try_from(ending: String) -> Result<Self, DoesNotFit> {
        MediaType::from_ending(&ending).map(Self).ok_or(DoesNotFit)
    }
}

impl Setting for FileType {
    fn kind() -> Kind {
        let endings = MediaType::ALL.map(MediaType::ending);
        Kind::Value(Form::of::<Self>(endings.join(", ")).literal())
    }
}

/// A code, whatever it is for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct CodeText(String);

impl CodeText {
    /// The code as it is written.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CodeText {
    type Error = DoesNotFit;

    fn try_from(text: String) -> Result<Self, DoesNotFit> {
        match Code::<Self>::parse(&text) {
            Ok(_) => Ok(Self(text)),
            Err(_) => Err(DoesNotFit),
        }
    }
}

impl Setting for CodeText {
    fn kind() -> Kind {
        let takes = "a code of 1 to 64 letters, digits, hyphens, underscores or full stops";
        Kind::Value(Form::of::<Self>(takes).literal())
    }
}

/// A telephone number, as people write it.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Phone(pub(super) Telephone);

impl TryFrom<String> for Phone {
    type Error = DoesNotFit;

    fn try_from(text: String) -> Result<Self, DoesNotFit> {
        Telephone::parse(&text).map(Self).map_err(|_| DoesNotFit)
    }
}

impl Setting for Phone {
    fn kind() -> Kind {
        let takes = "a telephone number: ten digits, or + and the country's code before the rest";
        Kind::Value(Form::of::<Self>(takes).literal())
    }
}

/// A zone that exists.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Zone(pub(super) ZoneName);

impl TryFrom<String> for Zone {
    type Error = DoesNotFit;

    fn try_from(text: String) -> Result<Self, DoesNotFit> {
        let zone = ZoneName::parse(&text, &TzDatabase::new());
        zone.map(Self).map_err(|_| DoesNotFit)
    }
}

impl Setting for Zone {
    fn kind() -> Kind {
        let takes = "a time zone of the tz database, such as America/Toronto";
        Kind::Value(Form::of::<Self>(takes).literal())
    }
}

/// Whom a notice is from.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Sender(pub(super) String);

impl TryFrom<String> for Sender {
    type Error = DoesNotFit;

    fn try_from(text: String) -> Result<Self, DoesNotFit> {
        if email::can_send_from(&text) {
            Ok(Self(text))
        } else {
            Err(DoesNotFit)
        }
    }
}

impl Setting for Sender {
    fn kind() -> Kind {
        let takes = "an e-mail address, or a name and an address in angle brackets";
        Kind::Value(Form::of::<Self>(takes).literal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits<T: TryFrom<String>>(text: &str) -> bool {
        T::try_from(text.to_owned()).is_ok()
    }

    #[test]
    fn a_text_must_be_what_its_key_is_for() {
        assert!(fits::<Line>(" Commission ") && fits::<Line>(&"é".repeat(200)));
        for text in [" ", "two\nlines", &"x".repeat(201)] {
            assert!(!fits::<Line>(text), "{text}");
        }
        assert!(fits::<CodeText>("basis-of-claim") && !fits::<CodeText>("basis of claim"));
        assert!(fits::<Phone>("1 833 777 2433") && !fits::<Phone>("833 777"));
        assert!(fits::<Network>("10.0.0.0/8") && fits::<Network>("2001:db8::1"));
        assert!(!fits::<Network>("10.0.0.0/33") && !fits::<Network>("proxy.example"));
        assert!(fits::<Place>("data") && !fits::<Place>(""));
        assert!(fits::<FileType>("pdf") && !fits::<FileType>("exe"));
        assert!(fits::<Sender>("no-reply@tribunal.example"));
        assert!(fits::<Sender>(
            "Mon dossier / My Case <no-reply@tribunal.example>"
        ));
        assert!(!fits::<Sender>("Mon dossier") && !fits::<Sender>("a@b\r\nBcc: c@d"));
    }

    /// SUB-6: timeliness is judged by zones, so there must be one of that name.
    #[test]
    fn a_zone_must_exist() {
        assert!(fits::<Zone>("America/Vancouver"));
        for text in ["America/Vancouvre", "", "EST5EDT4", "../etc/passwd"] {
            assert!(!fits::<Zone>(text), "{text}");
        }
    }

    #[test]
    fn a_secret_is_not_empty_and_not_shown() {
        assert!(Secret::try_from(SecretString::from("")).is_err());
        let secret = Secret::try_from(SecretString::from("hunter2")).unwrap();
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
}
