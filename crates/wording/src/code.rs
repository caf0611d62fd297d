//! The Rust source of the texts. It names what it uses by full path, so it can be included anywhere.

use crate::file::File;
use crate::text::{Kind, Text, rust_name};

/// Texts name the functions and parameters, so the lints on names have no say in them.
const HEAD: &str = r#"// Written from the Fluent files by the build script: change those, not this.
pub use self::generated::*;

mod generated {
    #![allow(
        clippy::inherent_to_string,
        clippy::iter_not_returning_iterator,
        clippy::many_single_char_names,
        clippy::new_ret_no_self,
        clippy::should_implement_trait,
        clippy::similar_names,
        clippy::too_many_arguments,
        clippy::wrong_self_convention,
        reason = "the texts name the functions and their parameters"
    )]

    use ::fluent_bundle::concurrent::FluentBundle;
    use ::fluent_bundle::{FluentArgs, FluentResource, FluentValue};
    use ::std::sync::LazyLock;

    /// All texts in one language.
    pub struct Texts {
        language: &'static str,
        bundle: FluentBundle<FluentResource>,
        /// Those that take no arguments, as they are said.
        plain: Vec<String>,
    }

    impl ::std::fmt::Debug for Texts {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_tuple("Texts").field(&self.language).field(&self.plain.len()).finish()
        }
    }

    fn read(language: &'static str, files: &[&str]) -> Texts {
        // The languages are known to be well-formed, the files to be readable and without an id said twice.
        let locale = language.parse::<::unic_langid::LanguageIdentifier>().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        bundle.set_use_isolating(false);
        let _ = bundle.add_builtins();
        for file in files {
            let resource = FluentResource::try_new((*file).to_owned());
            bundle.add_resource_overriding(resource.unwrap_or_else(|(readable, _)| readable));
        }
        let plain = PLAIN.iter().map(|id| say(&bundle, id, [])).collect();
        Texts { language, bundle, plain }
    }

    fn say<const N: usize>(
        bundle: &FluentBundle<FluentResource>,
        id: &str,
        arguments: [(&'static str, FluentValue<'_>); N],
    ) -> String {
        let arguments: FluentArgs<'_> = arguments.into_iter().collect();
        let pattern = bundle.get_message(id).and_then(|message| message.value());
        // The arguments have the right names and kinds; should Fluent complain all the same, what it could write stands.
        let mut complaints = Vec::new();
        pattern.map_or_else(
            || id.to_owned(),
            |pattern| bundle.format_pattern(pattern, Some(&arguments), &mut complaints).into_owned(),
        )
    }
"#;

/// Writes the source: the files of both languages, one function per text, and the lookup of those in `by_id`.
pub(crate) fn write(french: &[File], english: &[File], texts: &[Text], by_id: &[&Text]) -> String {
    let lookup = if by_id.is_empty() { "" } else { BY_ID };
    let is_plain = |text: &&Text| text.arguments.is_empty();
    let plain: Vec<_> = texts.iter().filter(is_plain).collect();
    let mut parts = vec![
        HEAD.to_owned(),
        list_of_plain(&plain),
        language("french", "French", "fr-CA", french),
        language("english", "English", "en-CA", english),
    ];
    // What no text needs would be dead code in the package.
    if texts
        .iter()
        .any(|text| text.arguments.values().any(|kind| *kind == Kind::Number))
    {
        parts.push(NUMBER.to_owned());
    }
    if !by_id.is_empty() {
        parts.push(ids(by_id));
    }
    parts.push("\n    impl Texts {".to_owned());
    if !plain.is_empty() {
        parts.push(SAID.to_owned());
    }
    let place = |text: &Text| plain.iter().position(|plain| plain.id == text.id);
    parts.extend(texts.iter().map(|text| match place(text) {
        Some(place) => plain_function(text, place),
        None => function(text),
    }));
    parts.push(format!("{lookup}    }}\n}}\n"));
    parts.concat()
}

fn language(function: &str, name: &str, tag: &str, files: &[File]) -> String {
    let files = lines(files, |file| {
        let path = format!("/{}", file.path);
        format!("                include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?})),")
    });
    format!(
        r#"
    /// The texts in {name}.
    pub fn {function}() -> &'static Texts {{
        static TEXTS: LazyLock<Texts> = LazyLock::new(|| {{
            read("{tag}", &[
{files}            ])
        }});
        &TEXTS
    }}
"#
    )
}

fn ids(by_id: &[&Text]) -> String {
    let count = by_id.len();
    let ids = lines(by_id, |text| format!("        {:?},", text.id));
    let functions = lines(by_id, |text| format!("        Texts::{},", text.function()));
    format!(
        "
    /// The ids `by_id` finds, sorted.
    pub const IDS: &[&str] = &[
{ids}    ];

    /// Their functions, in the same order.
    const BY_ID: [fn(&'static Texts) -> &'static str; {count}] = [
{functions}    ];
"
    )
}

fn list_of_plain(plain: &[&Text]) -> String {
    let ids = lines(plain, |text| format!("        {:?},", text.id));
    format!(
        "
    /// The ids of the texts that take no arguments: they are said once, when the texts are read.
    const PLAIN: &[&str] = &[
{ids}    ];
"
    )
}

fn lines<T>(items: &[T], line: impl Fn(&T) -> String) -> String {
    let lines: Vec<_> = items.iter().map(|item| line(item) + "\n").collect();
    lines.concat()
}

/// Templates pass references, and references to them within a loop; Rust passes counts of any width.
const NUMBER: &str = "
    /// A whole number, or a reference to one.
    pub trait Number {
        /// The number as Fluent takes it.
        fn fluent(self) -> FluentValue<'static>;
    }

    impl<T: Number + Copy> Number for &T {
        fn fluent(self) -> FluentValue<'static> {
            (*self).fluent()
        }
    }

    macro_rules! numbers {
        ($($whole:ty)*) => {
            $(impl Number for $whole {
                fn fluent(self) -> FluentValue<'static> {
                    FluentValue::from(self)
                }
            })*
        };
    }

    numbers!(u8 u16 u32 u64 usize i32 i64);
";

/// What is said is as long a list as the ids that it is made from.
const SAID: &str = "
        fn said(&'static self, place: usize) -> &'static str {
            self.plain.get(place).map_or(\"\", String::as_str)
        }
";

/// Uses both lists, so that neither is dead code where only this function is called.
const BY_ID: &str = "
        /// The text with this id, if it is one of [`IDS`].
        pub fn by_id(&'static self, id: &str) -> Option<&'static str> {
            let position = IDS.binary_search(&id).ok()?;
            BY_ID.get(position).map(|text| text(self))
        }
";

fn function(text: &Text) -> String {
    let mut parameters = vec!["&self".to_owned()];
    let mut values = Vec::new();
    for (argument, kind) in &text.arguments {
        let parameter = rust_name(argument);
        let (kind, value) = match kind {
            Kind::Text => (
                "impl AsRef<str>",
                format!("FluentValue::from({parameter}.as_ref())"),
            ),
            Kind::Number => ("impl Number", format!("{parameter}.fluent()")),
        };
        parameters.push(format!("{parameter}: {kind}"));
        values.push(format!("({argument:?}, {value})"));
    }
    format!(
        "
        #[doc = {documentation:?}]
        pub fn {function}({parameters}) -> String {{
            say(&self.bundle, {id:?}, [{values}])
        }}
",
        documentation = documentation(text),
        function = text.function(),
        parameters = parameters.join(", "),
        id = text.id,
        values = values.join(", "),
    )
}

/// One that takes no arguments is the same each time, and is only lent.
fn plain_function(text: &Text, place: usize) -> String {
    format!(
        "
        #[doc = {documentation:?}]
        pub fn {function}(&'static self) -> &'static str {{
            self.said({place})
        }}
",
        documentation = documentation(text),
        function = text.function(),
    )
}

/// What is said in English, as a block.
fn documentation(text: &Text) -> String {
    let fence = fence_for(&text.english);
    format!("{fence}text\n{}\n{fence}", text.english)
}

/// Back-ticks that open and close a code block around `content`: one more than it has itself.
fn fence_for(content: &str) -> String {
    let mut fence = String::from("```");
    while content.contains(&fence) {
        fence.push('`');
    }
    fence
}
