//! What a key is called, what it means and what it takes. A section's struct and its keys come from the same lines, so that what is read,
//! what is checked and what is printed cannot differ. Knows nothing of any one key.

use std::net::SocketAddr;

use figment::value::Value;
use serde::de::DeserializeOwned;

/// A key of a section.
pub(super) struct Key {
    /// Its name in the section.
    pub(super) name: &'static str,
    /// What it is for.
    pub(super) meaning: String,
    /// A value to show where there is no default.
    pub(super) example: Option<Example>,
    /// Whether there may be no value at all.
    pub(super) optional: bool,
    /// What is written there.
    pub(super) kind: Kind,
}

/// A value that shows what a key is for.
#[derive(Clone, Copy)]
pub(super) enum Example {
    /// One that an operator sets.
    Usual(&'static str),
    /// One that some set, instead of another or beside it.
    Further(&'static str),
}

/// What is written at a key.
pub(super) enum Kind {
    /// A table with keys of its own.
    Section(Section),
    /// A list of tables with these keys.
    Entries(Section),
    /// One value, or a list of plain ones.
    Value(Form),
}

/// A table's keys.
pub(super) struct Section {
    /// What the table is for.
    pub(super) about: String,
    /// Its keys, as they stand in the struct.
    pub(super) keys: Vec<Key>,
}

/// What a value must look like.
pub(super) struct Form {
    /// What fits, as in "must be …".
    pub(super) takes: String,
    /// Whether a variable's text is the value itself, also where it looks like a number.
    pub(super) literal: bool,
    /// Whether nobody may see it.
    pub(super) secret: bool,
    /// Whether a value fits.
    pub(super) fits: fn(&Value) -> bool,
}

/// What can stand at a key.
pub(super) trait Setting {
    /// Whether there may be none.
    const OPTIONAL: bool = false;

    /// What is written.
    fn kind() -> Kind;
}

impl Key {
    /// A key whose value becomes an `Of`; `meaning` in the lines of a doc comment.
    pub(super) fn of<Of: Setting>(
        name: &'static str,
        meaning: &[&str],
        example: Option<Example>,
    ) -> Self {
        Self {
            name,
            meaning: paragraph(meaning),
            example,
            optional: Of::OPTIONAL,
            kind: Of::kind(),
        }
    }
}

impl Form {
    /// What can be read as an `Of`.
    pub(super) fn of<Of: DeserializeOwned>(takes: impl Into<String>) -> Self {
        Self {
            takes: takes.into(),
            literal: false,
            secret: false,
            fits: |value| value.deserialize::<Of>().is_ok(),
        }
    }

    /// The same, written as text.
    pub(super) fn literal(self) -> Self {
        Self {
            literal: true,
            ..self
        }
    }

    /// The same, and nobody may see it.
    pub(super) fn secret(self) -> Self {
        Self {
            secret: true,
            ..self
        }
    }
}

/// A value that does not fit; what would, [`Form::takes`] says.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the value does not fit")]
pub(super) struct DoesNotFit;

/// A doc comment's lines in one.
pub(super) fn paragraph(lines: &[&str]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| line.trim()).collect();
    lines.join(" ")
}

impl<Of: Setting> Setting for Option<Of> {
    const OPTIONAL: bool = true;

    fn kind() -> Kind {
        Of::kind()
    }
}

impl<Of: Setting + DeserializeOwned> Setting for Vec<Of> {
    fn kind() -> Kind {
        match Of::kind() {
            Kind::Section(section) | Kind::Entries(section) => Kind::Entries(section),
            Kind::Value(form) => Kind::Value(Form::of::<Self>(format!("a list of {}", form.takes))),
        }
    }
}

impl Setting for bool {
    fn kind() -> Kind {
        Kind::Value(Form::of::<Self>("true or false"))
    }
}

impl Setting for SocketAddr {
    fn kind() -> Kind {
        Kind::Value(Form::of::<Self>("an address and a port, such as 127.0.0.1:8080").literal())
    }
}

/// Declares a section: its struct, read by serde, and its keys, from the same doc comments. A key without a default has an `example`, or a
/// `further` one where most files do without the key.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        $(#[expect($($lint:tt)+)])?
        $Name:ident {
            $(
                $(#[doc = $meaning:literal])*
                $(#[example = $example:literal])?
                $(#[further = $further:literal])?
                $key:ident: $Of:ty,
            )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        $(#[expect($($lint)+)])?
        pub(super) struct $Name {
            $($(#[doc = $meaning])* pub(super) $key: $Of,)+
        }

        impl $crate::configuration::key::Setting for $Name {
            fn kind() -> $crate::configuration::key::Kind {
                use $crate::configuration::key::{Example, Key, Kind, Section, paragraph};
                let first = |examples: &[Example]| examples.first().copied();
                Kind::Section(Section {
                    about: paragraph(&[$($about),+]),
                    keys: vec![
                        $(Key::of::<$Of>(
                            stringify!($key),
                            &[$($meaning),*],
                            first(&[$(Example::Usual($example),)? $(Example::Further($further),)?]),
                        ),)+
                    ],
                })
            }
        }
    };
}
pub(super) use section;
