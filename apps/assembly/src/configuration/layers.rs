//! Where values come from: the reference tribunal's, a file above them, variables of the environment above that. Remembers the source of
//! each, so that whoever made a mistake is told where.

use std::collections::BTreeMap;
use std::path::Path;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use serde::de::DeserializeOwned;

use super::PREFIX;
use super::key::{Key, Kind};
use super::problem::{At, Problem, Step};
use crate::reference;

/// What one source says.
struct Layer {
    source: String,
    values: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.source.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// Values in layers, the later above the earlier. Of a table, each key counts by itself; a list is taken whole.
pub(super) struct Layers {
    values: Figment,
    have_file: bool,
}

impl Layers {
    /// What holds where nobody says anything.
    ///
    /// # Errors
    /// [`Problem`], which a test shows never to happen.
    pub(super) fn defaults() -> Result<Self, Problem> {
        let values = parse(reference::TOML, Path::new("reference.toml"))?;
        let source = "the default".to_owned();
        Ok(Self {
            values: Figment::from(Layer { source, values }),
            have_file: false,
        })
    }

    /// With a file above.
    ///
    /// # Errors
    /// The file cannot be read, or is no TOML.
    pub(super) fn file(self, file: &Path) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| Problem::of_file(file, format!("the file cannot be read: {error}")))?;
        let values = parse(&text, file)?;
        let source = format!("in {}", file.display());
        Ok(Self {
            values: self.values.merge(Layer { source, values }),
            have_file: true,
        })
    }

    /// With the variables above that begin with [`PREFIX`]; `keys` say which of them are text as it stands.
    pub(super) fn variables(
        self,
        variables: impl IntoIterator<Item = (String, String)>,
        keys: &[Key],
    ) -> Self {
        // In the order of their names, so that a part stands above the table that it is part of, whatever the environment's order.
        let variables: BTreeMap<String, String> = variables.into_iter().collect();
        let layer = |(name, text): (String, String)| {
            let path: Vec<_> = name
                .strip_prefix(PREFIX)?
                .split("__")
                .map(str::to_ascii_lowercase)
                .collect();
            let value = if is_literal(keys, &path) {
                Value::from(text)
            } else {
                text.parse().ok()?
            };
            let values = path
                .iter()
                .rev()
                .fold(value, |value, name| {
                    Dict::from([(name.clone(), value)]).into()
                })
                .into_dict()?;
            let source = format!("from {name}");
            Some(Layer { source, values })
        };
        let layers = variables.into_iter().filter_map(layer);
        Self {
            values: layers.fold(self.values, Figment::merge),
            ..self
        }
    }

    /// Whether one of them is a file.
    pub(super) const fn have_file(&self) -> bool {
        self.have_file
    }

    /// All values.
    pub(super) fn values(&self) -> Dict {
        let all = self.values.data().unwrap_or_default();
        all.get(&Profile::Default).cloned().unwrap_or_default()
    }

    /// All values as one type.
    ///
    /// # Errors
    /// [`Problem`], where `shape` found nothing wrong and should have.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        Value::from(self.values()).deserialize().map_err(|error| {
            let at = At::default().then(error.path.iter().map(String::as_str));
            // The error's own words would repeat the value, which may be a secret.
            Problem::new(&at, self.source_at(&at).as_deref(), "cannot be read")
        })
    }

    /// Where the value at a key comes from: that of the table or list around it, if it has none of its own.
    pub(super) fn source_at(&self, at: &At) -> Option<String> {
        let mut here = Value::from(self.values());
        let mut source = None;
        for step in at.steps() {
            let inner = match (here, step) {
                (Value::Dict(_, mut keys), Step::Name(name)) => keys.remove(name),
                (Value::Array(_, entries), Step::Entry(number)) => entries.into_iter().nth(*number),
                _ => None,
            };
            let Some(inner) = inner else { break };
            source = self.source(&inner).or(source);
            here = inner;
        }
        source
    }

    /// Where a value comes from.
    pub(super) fn source(&self, value: &Value) -> Option<String> {
        let metadata = self.values.get_metadata(value.tag())?;
        Some(metadata.name.clone().into_owned())
    }
}

/// Reads TOML. What is wrong is told by its line, and not by what stands there: it may be a secret.
fn parse(text: &str, file: &Path) -> Result<Dict, Problem> {
    Toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = 1 + before.map_or(0, |before| before.matches('\n').count());
        let what = format!("line {line} is no TOML: {}", error.message());
        Problem::of_file(file, what)
    })
}

/// Whether a variable's text is the value itself, and not to be read as a number, a list or the like. Of a key that nobody knows nothing
/// is made.
fn is_literal(keys: &[Key], path: &[String]) -> bool {
    let Some((name, inner)) = path.split_first() else {
        return true;
    };
    match keys
        .iter()
        .find(|key| key.name == name)
        .map(|key| &key.kind)
    {
        Some(Kind::Section(section)) if !inner.is_empty() => is_literal(&section.keys, inner),
        Some(Kind::Section(_) | Kind::Entries(_)) => false,
        Some(Kind::Value(form)) => form.literal,
        None => true,
    }
}
