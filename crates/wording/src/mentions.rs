//! What a pattern mentions: arguments and how it uses them, other texts, and what is not allowed here.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    CallArguments, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey,
};

/// The plural categories of Unicode, which Fluent compares a number with.
const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The only function of Fluent the texts may call.
const NUMBER: &str = "NUMBER";

/// How an argument is used; neither means that it is only written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Uses {
    /// It chooses a plural or a number, or goes through `NUMBER`.
    pub(crate) as_number: bool,
    /// It chooses among words.
    pub(crate) by_word: bool,
}

impl Uses {
    pub(crate) fn add(&mut self, more: Self) {
        self.as_number |= more.as_number;
        self.by_word |= more.by_word;
    }
}

/// What Fluent would accept and this project does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Forbidden<'f> {
    /// A call of this function.
    Function(&'f str),
    /// A reference to this attribute.
    Attribute(&'f str),
    /// A term called with arguments, with its hyphen.
    TermArguments(String),
}

/// All a pattern mentions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mentions<'f> {
    pub(crate) arguments: BTreeMap<&'f str, Uses>,
    /// Ids of messages, and of terms with their hyphen.
    pub(crate) references: BTreeSet<String>,
    pub(crate) forbidden: Vec<Forbidden<'f>>,
}

impl<'f> Mentions<'f> {
    /// Adds what `pattern` mentions.
    pub(crate) fn read(&mut self, pattern: &Pattern<&'f str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&'f str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                if let Some(argument) = chosen_by(selector) {
                    self.arguments
                        .entry(argument)
                        .or_default()
                        .add(uses_of(variants));
                }
                for variant in variants {
                    self.read(&variant.value);
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&'f str>) {
        match inline {
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
            InlineExpression::VariableReference { id } => {
                self.arguments.entry(id.name).or_default();
            }
            InlineExpression::FunctionReference { id, arguments } => {
                if let Some(argument) = counted(id.name, arguments) {
                    self.arguments.entry(argument).or_default().as_number = true;
                } else {
                    self.forbidden.push(Forbidden::Function(id.name));
                }
            }
            InlineExpression::MessageReference { id, attribute } => {
                self.references.insert(id.name.to_owned());
                if let Some(attribute) = attribute {
                    self.forbidden.push(Forbidden::Attribute(attribute.name));
                }
            }
            InlineExpression::TermReference {
                id,
                attribute,
                arguments,
            } => {
                let term = format!("-{}", id.name);
                self.references.insert(term.clone());
                if let Some(attribute) = attribute {
                    self.forbidden.push(Forbidden::Attribute(attribute.name));
                }
                if arguments.is_some() {
                    self.forbidden.push(Forbidden::TermArguments(term));
                }
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
        }
    }
}

/// The argument in `NUMBER($argument, …)`.
fn counted<'f>(function: &str, arguments: &CallArguments<&'f str>) -> Option<&'f str> {
    match arguments.positional.as_slice() {
        [InlineExpression::VariableReference { id }] if function == NUMBER => Some(id.name),
        _ => None,
    }
}

/// The argument a selector asks about.
fn chosen_by<'f>(selector: &InlineExpression<&'f str>) -> Option<&'f str> {
    match selector {
        InlineExpression::VariableReference { id } => Some(id.name),
        InlineExpression::FunctionReference { id, arguments } => counted(id.name, arguments),
        _ => None,
    }
}

/// What the variants make of the argument: a number if they are plurals and numbers, a word if they are words.
/// `other` alone says neither, since it is also the usual name of the last resort among words.
fn uses_of(variants: &[Variant<&str>]) -> Uses {
    let mut uses = Uses::default();
    for variant in variants {
        match variant.key {
            VariantKey::NumberLiteral { .. } => uses.as_number = true,
            VariantKey::Identifier { name: "other" } => {}
            VariantKey::Identifier { name } if PLURALS.contains(&name) => uses.as_number = true,
            VariantKey::Identifier { .. } => uses.by_word = true,
        }
    }
    if uses == Uses::default() {
        uses.as_number = true;
    }
    uses
}
