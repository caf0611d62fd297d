//! Whether the values have the shape of the sections: no key that there is none of, none missing that is needed, none that does not fit.
//! Everything that is wrong is told at once.

use figment::value::{Dict, Value};

use super::key::{Form, Key, Kind};
use super::layers::Layers;
use super::problem::{At, Problem};

/// Keys that there are none of, and values that do not fit.
pub(super) fn wrong(keys: &[Key], layers: &Layers) -> Vec<Problem> {
    let mut look = Look {
        layers,
        problems: Vec::new(),
    };
    look.wrong(keys, &layers.values(), &At::default());
    look.problems
}

/// Keys that are needed and are not there.
pub(super) fn missing(keys: &[Key], layers: &Layers) -> Vec<Problem> {
    let mut look = Look {
        layers,
        problems: Vec::new(),
    };
    look.missing(keys, &layers.values(), &At::default());
    look.problems
}

struct Look<'a> {
    layers: &'a Layers,
    problems: Vec<Problem>,
}

impl Look<'_> {
    fn tell(&mut self, at: &At, value: &Value, what: String) {
        let source = self.layers.source(value);
        self.problems
            .push(Problem::new(at, source.as_deref(), what));
    }

    fn wrong(&mut self, keys: &[Key], table: &Dict, at: &At) {
        for (name, value) in table {
            let here = at.then([name.as_str()]);
            match keys.iter().find(|key| key.name == name) {
                None => self.tell(&here, value, there_is_none(keys, at)),
                Some(key) => self.wrong_at(&key.kind, value, &here),
            }
        }
    }

    fn wrong_at(&mut self, kind: &Kind, value: &Value, here: &At) {
        match (kind, value) {
            (Kind::Section(section), Value::Dict(_, table)) => {
                self.wrong(&section.keys, table, here);
            }
            (Kind::Section(_), _) => {
                self.tell(here, value, format!("must be a table, [{}]", here.dotted()));
            }
            (Kind::Entries(section), Value::Array(_, entries)) => {
                for (number, entry) in entries.iter().enumerate() {
                    match entry {
                        Value::Dict(_, table) => {
                            self.wrong(&section.keys, table, &here.entry(number));
                        }
                        other => self.tell(&here.entry(number), other, "must be a table".into()),
                    }
                }
            }
            (Kind::Entries(_), _) => {
                let what = format!("must be a list of tables, each [[{}]]", here.dotted());
                self.tell(here, value, what);
            }
            (Kind::Value(form), value) => {
                if !(form.fits)(value) {
                    self.tell(here, value, must_be(form, value));
                }
            }
        }
    }

    fn missing(&mut self, keys: &[Key], table: &Dict, at: &At) {
        for key in keys {
            let here = at.then([key.name]);
            match (&key.kind, table.get(key.name)) {
                (Kind::Section(section), Some(Value::Dict(_, inner))) => {
                    self.missing(&section.keys, inner, &here);
                }
                (Kind::Section(section), None) => {
                    self.missing(&section.keys, &Dict::new(), &here);
                }
                (Kind::Entries(section), Some(Value::Array(_, entries))) => {
                    for (number, entry) in entries.iter().enumerate() {
                        if let Value::Dict(_, inner) = entry {
                            self.missing(&section.keys, inner, &here.entry(number));
                        }
                    }
                }
                (Kind::Value(form), None) if !key.optional => {
                    self.problems.push(self.is_missing(form, &here, at));
                }
                _ => {}
            }
        }
    }
}

impl Look<'_> {
    fn is_missing(&self, form: &Form, here: &At, section: &At) -> Problem {
        let takes = &form.takes;
        if here.is_in_a_list() {
            let source = self.layers.source_at(section);
            Problem::new(
                here,
                source.as_deref(),
                format!("is missing; it must be {takes}"),
            )
        } else {
            let (section, variable) = (section.dotted(), here.variable());
            let what = format!("is missing; set it in [{section}] or as {variable}, to {takes}");
            Problem::new(here, None, what)
        }
    }
}

fn there_is_none(keys: &[Key], at: &At) -> String {
    let names: Vec<_> = keys.iter().map(|key| key.name).collect();
    let names = names.join(", ");
    match at.dotted().as_str() {
        "" => format!("there is no such section; there are {names}"),
        section => format!("there is no such key; [{section}] has {names}"),
    }
}

fn must_be(form: &Form, value: &Value) -> String {
    if form.secret {
        format!("must be {}", form.takes)
    } else {
        format!("must be {}, not {}", form.takes, shown(value))
    }
}

/// A value as it was written, or what it is where that is long.
fn shown(value: &Value) -> String {
    match value {
        Value::String(_, text) if text.chars().count() <= 60 => format!("\"{text}\""),
        Value::String(..) => "so long a text".to_owned(),
        Value::Char(_, one) => format!("\"{one}\""),
        Value::Bool(_, yes) => yes.to_string(),
        Value::Num(_, number) => match (number.to_i128(), number.to_u128(), number.to_f64()) {
            (Some(whole), _, _) => whole.to_string(),
            (_, Some(whole), _) => whole.to_string(),
            (_, _, fraction) => fraction.map_or_else(String::new, |fraction| fraction.to_string()),
        },
        Value::Array(_, entries) if entries.len() < 10 => {
            let entries: Vec<_> = entries.iter().map(shown).collect();
            format!("[{}]", entries.join(", "))
        }
        Value::Array(..) => "so long a list".to_owned(),
        Value::Dict(..) => "a table".to_owned(),
        Value::Empty(..) => "nothing".to_owned(),
    }
}
