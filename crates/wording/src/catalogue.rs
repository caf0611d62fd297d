//! All that is said in one language, and what can be wrong with it without looking at the other.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Attribute, Entry, Message, Pattern, Resource};
use fluent_syntax::{parser, serializer};

use crate::file::{File, Place};
use crate::mentions::{Forbidden, Mentions, Uses};
use crate::mistake::Mistake;
use crate::text::is_good_name;

/// One message or term.
#[derive(Debug)]
pub(crate) struct Said<'f> {
    pub(crate) place: Place,
    /// The entry as Fluent writes it.
    pub(crate) as_written: String,
    mentions: Mentions<'f>,
}

/// The messages and terms of one language by id; a term's id keeps its hyphen.
#[derive(Debug, Default)]
pub(crate) struct Catalogue<'f> {
    said: BTreeMap<String, Said<'f>>,
}

impl<'f> Catalogue<'f> {
    /// Reads all files of a language.
    ///
    /// # Errors
    /// Everything the parser could not read: whatever else could be said of those files would be guesswork.
    pub(crate) fn read(
        files: &'f [File],
        mistakes: &mut Vec<Mistake>,
    ) -> Result<Self, Vec<Mistake>> {
        let mut unreadable = Vec::new();
        let mut catalogue = Self::default();
        for file in files {
            match parser::parse(file.content.as_str()) {
                Ok(resource) => {
                    for entry in resource.body {
                        catalogue.add(file, entry, mistakes);
                    }
                }
                Err((_, errors)) => {
                    unreadable.extend(errors.into_iter().map(|reason| not_fluent(file, reason)));
                }
            }
        }
        if unreadable.is_empty() {
            catalogue.check(mistakes);
            Ok(catalogue)
        } else {
            Err(unreadable)
        }
    }

    /// What is said under `id`.
    pub(crate) fn get(&self, id: &str) -> Option<&Said<'f>> {
        self.said.get(id)
    }

    /// Everything said, by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Said<'f>)> {
        self.said.iter().map(|(id, said)| (id.as_str(), said))
    }

    /// The arguments of a text, with those of the texts it refers to.
    pub(crate) fn arguments(&self, id: &str) -> BTreeMap<&'f str, Uses> {
        let mut arguments: BTreeMap<&'f str, Uses> = BTreeMap::new();
        for part in self.within(id).iter().map(String::as_str).chain([id]) {
            if let Some(said) = self.said.get(part) {
                for (name, uses) in &said.mentions.arguments {
                    arguments.entry(name).or_default().add(*uses);
                }
            }
        }
        arguments
    }

    /// The ids a text refers to, and those these refer to; its own only if it refers back to itself.
    pub(crate) fn within(&self, id: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![id.to_owned()];
        while let Some(next) = open.pop() {
            let references = self.said.get(&next).map(|said| &said.mentions.references);
            for reference in references.into_iter().flatten() {
                if found.insert(reference.clone()) {
                    open.push(reference.clone());
                }
            }
        }
        found
    }

    fn add(&mut self, file: &'f File, entry: Entry<&'f str>, mistakes: &mut Vec<Mistake>) {
        match entry {
            Entry::Message(message) => {
                let id = message.id.name.to_owned();
                let place = file.place_of(message.id.name);
                let value = message.value.as_ref();
                let said = Said::new(place, &id, value, &message.attributes, mistakes);
                self.insert(id, said.written(message), mistakes);
            }
            Entry::Term(term) => {
                let id = format!("-{}", term.id.name);
                let place = file.place_of(term.id.name);
                let said = Said::new(place, &id, Some(&term.value), &term.attributes, mistakes);
                self.insert(id, said, mistakes);
            }
            Entry::Comment(_)
            | Entry::GroupComment(_)
            | Entry::ResourceComment(_)
            | Entry::Junk { .. } => {}
        }
    }

    fn insert(&mut self, id: String, said: Said<'f>, mistakes: &mut Vec<Mistake>) {
        if let Some(first) = self.said.get(&id) {
            mistakes.push(Mistake::Twice {
                place: said.place,
                id,
                first: first.place.clone(),
            });
        } else {
            self.said.insert(id, said);
        }
    }

    /// Checks what only shows once everything is read.
    fn check(&self, mistakes: &mut Vec<Mistake>) {
        for (id, said) in &self.said {
            for reference in &said.mentions.references {
                if !self.said.contains_key(reference) {
                    mistakes.push(Mistake::Unknown {
                        place: said.place.clone(),
                        id: id.clone(),
                        reference: reference.clone(),
                    });
                }
            }
            if self.within(id).contains(id) {
                mistakes.push(Mistake::Circle {
                    place: said.place.clone(),
                    id: id.clone(),
                });
            }
            if id.starts_with('-') {
                self.check_term(id, said, mistakes);
            } else {
                check_names(id, said, mistakes);
            }
        }
    }

    /// A term sees no argument of the message it stands in, not even through a message it refers to.
    fn check_term(&self, id: &str, said: &Said<'f>, mistakes: &mut Vec<Mistake>) {
        if !self.arguments(id).is_empty() {
            mistakes.push(Mistake::TermWithArgument {
                place: said.place.clone(),
                id: id.to_owned(),
                term: id.to_owned(),
            });
        }
    }
}

impl<'f> Said<'f> {
    fn new(
        place: Place,
        id: &str,
        value: Option<&Pattern<&'f str>>,
        attributes: &[Attribute<&'f str>],
        mistakes: &mut Vec<Mistake>,
    ) -> Self {
        let mut mentions = Mentions::default();
        if let Some(value) = value {
            mentions.read(value);
        }
        for attribute in attributes {
            mentions
                .forbidden
                .push(Forbidden::Attribute(attribute.id.name));
        }
        for forbidden in mentions.forbidden.drain(..) {
            mistakes.push(refused(place.clone(), id.to_owned(), forbidden));
        }
        Self {
            place,
            as_written: String::new(),
            mentions,
        }
    }

    /// Keeps the message as Fluent writes it, with its comment: the documentation of its function.
    fn written(mut self, message: Message<&'f str>) -> Self {
        let resource = Resource {
            body: vec![Entry::Message(message)],
        };
        serializer::serialize(&resource)
            .trim_end_matches('\n')
            .clone_into(&mut self.as_written);
        self
    }
}

fn check_names(id: &str, said: &Said<'_>, mistakes: &mut Vec<Mistake>) {
    let arguments = said.mentions.arguments.keys().copied();
    for name in [id].into_iter().chain(arguments) {
        if !is_good_name(name) {
            mistakes.push(Mistake::Name {
                place: said.place.clone(),
                id: id.to_owned(),
                name: name.to_owned(),
            });
        }
    }
}

fn refused(place: Place, id: String, forbidden: Forbidden<'_>) -> Mistake {
    match forbidden {
        Forbidden::Function(function) => Mistake::Function {
            place,
            id,
            function: function.to_owned(),
        },
        Forbidden::Attribute(attribute) => Mistake::Attribute {
            place,
            id,
            attribute: attribute.to_owned(),
        },
        Forbidden::TermArguments(term) => Mistake::TermWithArgument { place, id, term },
    }
}

/// Points to the start of the entry: the parser often gives up on a later line than the one to correct.
fn not_fluent(file: &File, reason: parser::ParserError) -> Mistake {
    let junk = reason
        .slice
        .clone()
        .and_then(|slice| file.content.get(slice));
    let entry = junk.unwrap_or(&file.content).trim_start();
    Mistake::NotFluent {
        place: file.place_of(entry),
        start: entry.lines().next().unwrap_or_default().to_owned(),
        reason,
    }
}
