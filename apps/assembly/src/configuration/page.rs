//! The page about configuration, `docs/configuration.md`: every section and key as the code has them, and a whole file to begin with.

use std::fmt::{self, Display, Formatter, Write};

use toml::{Table, Value};

use super::key::{Example, Form, Key, Kind, Section};
use super::keys;
use super::problem::At;
use crate::reference;

const INTRODUCTION: &str = "\
# Configuration

`portal` and `jobs` read one TOML file, named with `--config`, or else by the variable `MONDOSSIER_CONFIG`. `portal check-config --config FILE`
says whether it can be used: every problem on a line, with the key, where its value comes from and what to do. It looks for the database and the
folders too, so run it as the user that runs the portal. This page is what `portal configuration` prints.

- Where the file says nothing, the default holds: the values of the reference tribunal, Canada's Immigration and Refugee Board.
- Each key can be set in the environment, above the file: `MONDOSSIER__SECTION__KEY`, in capitals, with two underscores between the parts.
- There need be no file: where none is named, the environment must have every key that has no default.
- A list is taken whole: the file's replaces the default one, and a variable replaces the file's. In a variable it is written as in
  `[{code = \"RPD\", french = \"…\", english = \"…\"}, …]`.
- A duration is a whole number and its unit: `60d`, `24h`, `15m`, `30s`.
- A secret can stand in a file of its own, as containers get theirs; the key is then the one that ends in `_file`. No message repeats a
  secret.
- A key that is not on this page is refused.
- The demonstration has no file: `portal demo` takes the defaults, and `[server.limits]` and `drain`, `[scanning]`, `[tribunal]`,
  `[terms]`, `[submissions]` and `[retention]` from the environment.
";

/// The page, to print.
pub fn page() -> impl Display {
    Page {
        keys: keys(),
        defaults: reference::TOML.parse().unwrap_or_default(),
    }
}

struct Page {
    keys: Vec<Key>,
    defaults: Table,
}

impl Display for Page {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(INTRODUCTION)?;
        describe(f, &self.keys, &self.defaults, &At::default())?;
        f.write_str("\n## A whole file\n\nLines with a key after `#` are for those who need them.\n\n```toml\n")?;
        f.write_str(&self.file())?;
        f.write_str("```\n")
    }
}

impl Page {
    /// A whole file: what an operator sets, and the defaults.
    fn file(&self) -> String {
        let mut file = String::new();
        // Writing to a string cannot fail.
        let _ = write_sections(&mut file, &self.keys, &self.defaults, &At::default());
        file.trim_start().to_owned()
    }
}

/// A chapter for each section.
fn describe(f: &mut impl Write, keys: &[Key], defaults: &Table, at: &At) -> fmt::Result {
    for key in keys {
        let here = at.then([key.name]);
        match &key.kind {
            Kind::Value(_) => {}
            Kind::Section(section) => {
                let defaults = table_of(defaults, key);
                writeln!(f, "\n## `[{}]`\n\n{}\n", here.dotted(), section.about)?;
                f.write_str("| key | what it is for | what it takes | default | in the environment |\n|---|---|---|---|---|\n")?;
                for (key, form) in values(section) {
                    let default = default(&defaults, key);
                    let variable = here.then([key.name]).variable();
                    writeln!(f, "{} {default} | `{variable}` |", row(key, form))?;
                }
                describe(f, &section.keys, &defaults, &here)?;
            }
            Kind::Entries(section) => {
                let (dotted, variable) = (here.dotted(), here.variable());
                writeln!(f, "\n## `[[{dotted}]]`\n\n{}", section.about)?;
                writeln!(
                    f,
                    "In the environment: `{variable}`. Default: as in the file below.\n"
                )?;
                f.write_str("| key | what it is for | what it takes |\n|---|---|---|\n")?;
                for (key, form) in values(section) {
                    writeln!(f, "{}", row(key, form))?;
                }
            }
        }
    }
    Ok(())
}

fn row(key: &Key, form: &Form) -> String {
    format!("| `{}` | {} | {} |", key.name, key.meaning, form.takes)
}

fn default(defaults: &Table, key: &Key) -> String {
    match defaults.get(key.name) {
        Some(default) => format!("`{default}`"),
        None if key.optional => "none".to_owned(),
        None => "none: it must be set".to_owned(),
    }
}

/// The keys of a section that take a value.
fn values(section: &Section) -> impl Iterator<Item = (&Key, &Form)> {
    section.keys.iter().filter_map(|key| match &key.kind {
        Kind::Value(form) => Some((key, form)),
        Kind::Section(_) | Kind::Entries(_) => None,
    })
}

/// The sections of a file, each with its values first: after another section, TOML would count them to that one.
fn write_sections(f: &mut impl Write, keys: &[Key], defaults: &Table, at: &At) -> fmt::Result {
    for key in keys {
        let here = at.then([key.name]);
        match &key.kind {
            Kind::Value(_) => {}
            Kind::Section(section) => {
                let defaults = table_of(defaults, key);
                f.write_char('\n')?;
                write_comment(f, &section.about)?;
                writeln!(f, "[{}]", here.dotted())?;
                write_values(f, section, &defaults, true)?;
                write_sections(f, &section.keys, &defaults, &here)?;
            }
            Kind::Entries(section) => {
                for (number, entry) in entries_of(defaults, key).enumerate() {
                    f.write_char('\n')?;
                    if number == 0 {
                        write_comment(f, &section.about)?;
                    }
                    writeln!(f, "[[{}]]", here.dotted())?;
                    write_values(f, section, entry, number == 0)?;
                }
            }
        }
    }
    Ok(())
}

fn write_values(
    f: &mut impl Write,
    section: &Section,
    defaults: &Table,
    with_comments: bool,
) -> fmt::Result {
    for (key, _) in values(section) {
        let (sign, value) = match (defaults.get(key.name), key.example) {
            (Some(default), _) => ("", default.clone()),
            (None, Some(Example::Usual(example))) => ("", value_of(example)),
            (None, Some(Example::Further(example))) => ("# ", value_of(example)),
            (None, None) => continue,
        };
        if with_comments {
            write_comment(f, &key.meaning)?;
        }
        writeln!(f, "{sign}{} = {value}", key.name)?;
    }
    Ok(())
}

/// An example as TOML has it.
fn value_of(example: &str) -> Value {
    let number = example.parse().map(Value::Integer);
    number.unwrap_or_else(|_| Value::String(example.to_owned()))
}

/// The table of defaults at a key.
fn table_of(defaults: &Table, key: &Key) -> Table {
    let table = defaults.get(key.name).and_then(Value::as_table);
    table.cloned().unwrap_or_default()
}

/// The default entries at a key.
fn entries_of<'a>(defaults: &'a Table, key: &Key) -> impl Iterator<Item = &'a Table> {
    let entries = defaults.get(key.name).and_then(Value::as_array);
    entries.into_iter().flatten().filter_map(Value::as_table)
}

/// The longest line of a comment, in characters.
const WIDTH: usize = 100;

/// A text as lines of comment.
fn write_comment(f: &mut impl Write, text: &str) -> fmt::Result {
    let mut room = 0;
    for (number, word) in text.split(' ').enumerate() {
        let length = 1 + word.chars().count();
        if number == 0 || length > room {
            f.write_str(if number == 0 { "#" } else { "\n#" })?;
            room = WIDTH - 1;
        }
        write!(f, " {word}")?;
        room = room.saturating_sub(length);
    }
    f.write_char('\n')
}
