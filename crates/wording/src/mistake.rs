//! Everything that can be wrong with the texts, each said with its place and what to do about it.

use std::io;
use std::path::PathBuf;

use fluent_syntax::parser::ParserError;
use thiserror::Error;

use crate::file::Place;

/// One reason why the build fails. Its words are for whoever wrote the text.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Mistake {
    /// Not run by Cargo.
    #[error("{variable} is not set: call this from a build script")]
    OutsideCargo {
        /// What Cargo sets for a build script.
        variable: &'static str,
    },
    /// A file or folder could not be read or written.
    #[error("{path}: {source}", path = path.display())]
    Storage {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A language without a file.
    #[error("{folder}: no .ftl file here: both languages need the same texts")]
    NoFile {
        /// The language's folder, in the package.
        folder: String,
    },
    /// Not Fluent's syntax.
    #[error("{place}: this is not Fluent, starting at `{start}`: {reason}")]
    NotFluent {
        /// Where the entry it is about starts.
        place: Place,
        /// The entry's first line.
        start: String,
        /// What it expected.
        reason: ParserError,
    },
    /// An id that has no function of its own, or an argument that cannot be a parameter.
    #[error(
        "{place}: {id}: `{name}` cannot name a function or a parameter: use lower-case words joined by hyphens, \
         and add a word where Rust has taken the name"
    )]
    Name {
        /// Where the text is.
        place: Place,
        /// The text's id.
        id: String,
        /// The id or the argument, as written.
        name: String,
    },
    /// The same id twice in a language.
    #[error("{place}: {id}: already said at {first}: remove one, or give it another id")]
    Twice {
        /// Where it is said again.
        place: Place,
        /// The id.
        id: String,
        /// Where it is said first.
        first: Place,
    },
    /// An id that the other language does not have.
    #[error("{place}: {id}: not in {missing}: write it there too")]
    OneLanguage {
        /// Where it is.
        place: Place,
        /// The id.
        id: String,
        /// The folder of the language that does not have it.
        missing: String,
    },
    /// An argument that the other language does not have.
    #[error(
        "{place}: {id}: `${argument}` is not used at {other}: use the same arguments in both languages"
    )]
    ArgumentOfOneLanguage {
        /// Where it is used.
        place: Place,
        /// The text's id.
        id: String,
        /// The argument.
        argument: String,
        /// The text in the other language.
        other: Place,
    },
    /// An argument that is called otherwise in the other language.
    #[error("{place}: {id}: `${argument}` is called `${other_argument}` at {other}: use one name")]
    ArgumentRenamed {
        /// The text in French.
        place: Place,
        /// The text's id.
        id: String,
        /// The argument in French.
        argument: String,
        /// The text in English.
        other: Place,
        /// The argument in English.
        other_argument: String,
    },
    /// An argument that would have to be a number and a text.
    #[error(
        "{place}: {id}: `${argument}` is used as a number (a plural, a number, NUMBER) and also chosen by word: use \
         two arguments"
    )]
    NumberAndWord {
        /// The text in French.
        place: Place,
        /// The text's id.
        id: String,
        /// The argument.
        argument: String,
    },
    /// A reference to what is not there.
    #[error(
        "{place}: {id}: refers to `{reference}`, which this language does not have: write it, or correct the name"
    )]
    Unknown {
        /// Where the reference is.
        place: Place,
        /// The id of the text that refers.
        id: String,
        /// What it refers to.
        reference: String,
    },
    /// A text that is part of itself.
    #[error("{place}: {id}: refers back to itself: break the circle")]
    Circle {
        /// Where it is.
        place: Place,
        /// The id.
        id: String,
    },
    /// `.attributes`, on a message or a term or referred to.
    #[error("{place}: {id}: attribute `.{attribute}`: make it a text of its own")]
    Attribute {
        /// Where it is.
        place: Place,
        /// The id.
        id: String,
        /// The attribute.
        attribute: String,
    },
    /// A function other than `NUMBER($argument)`.
    #[error(
        "{place}: {id}: `{function}(…)` is not known here: only NUMBER($argument) is; write dates and other values \
         before you pass them"
    )]
    Function {
        /// Where it is called.
        place: Place,
        /// The text's id.
        id: String,
        /// The function.
        function: String,
    },
    /// A term with an argument, inside it or where it is used.
    #[error(
        "{place}: {id}: `{term}` has an argument: a term takes none; write a message, or one term per wording"
    )]
    TermWithArgument {
        /// Where it is.
        place: Place,
        /// The id of the message or term.
        id: String,
        /// The term.
        term: String,
    },
    /// A text that nothing uses.
    #[error(
        "{place}: unused id: {id}: no source calls `.{function}(…)`: use it, or remove it from both languages"
    )]
    Unused {
        /// The text in French.
        place: Place,
        /// The id.
        id: String,
        /// The function nobody calls.
        function: String,
    },
    /// A family without a text.
    #[error(
        "no text without arguments starts with `{prefix}`: remove `used_by_name(\"{prefix}\")`"
    )]
    EmptyFamily {
        /// What its ids start with.
        prefix: String,
    },
}
