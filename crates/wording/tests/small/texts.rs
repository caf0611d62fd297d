// Written from the Fluent files by the build script: change those, not this.
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

    /// The ids of the texts that take no arguments: they are said once, when the texts are read.
    const PLAIN: &[&str] = &[
        "new",
        "problem-gone",
        "problem-no-place-left",
        "question",
        "title",
    ];

    /// The texts in French.
    pub fn french() -> &'static Texts {
        static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
            read("fr-CA", &[
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/small/texts/fr/page.ftl")),
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/small/texts/fr/problems.ftl")),
            ])
        });
        &TEXTS
    }

    /// The texts in English.
    pub fn english() -> &'static Texts {
        static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
            read("en-CA", &[
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/small/texts/en/page.ftl")),
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/small/texts/en/problems.ftl")),
            ])
        });
        &TEXTS
    }

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

    /// The ids `by_id` finds, sorted.
    pub const IDS: &[&str] = &[
        "problem-gone",
        "problem-no-place-left",
    ];

    /// Their functions, in the same order.
    const BY_ID: [fn(&'static Texts) -> &'static str; 2] = [
        Texts::problem_gone,
        Texts::problem_no_place_left,
    ];

    impl Texts {
        fn said(&'static self, place: usize) -> &'static str {
            self.plain.get(place).map_or("", String::as_str)
        }

        #[doc = "```text\ndelegation-ends-on = The delegation of { $name } ends on { $date }.\n```"]
        pub fn delegation_ends_on(&self, date: impl AsRef<str>, name: impl AsRef<str>) -> String {
            say(&self.bundle, "delegation-ends-on", [("date", FluentValue::from(date.as_ref())), ("name", FluentValue::from(name.as_ref()))])
        }

        #[doc = "```text\nnew = New\n```"]
        pub fn new(&'static self) -> &'static str {
            self.said(0)
        }

        #[doc = "```text\nplaces-left =\n    { $places ->\n        [0] No place is left.\n        [one] One place is left.\n       *[other] { $places } places are left.\n    }\n```"]
        pub fn places_left(&self, places: impl Number) -> String {
            say(&self.bundle, "places-left", [("places", places.fluent())])
        }

        #[doc = "```text\nproblem-gone = This page no longer exists.\n```"]
        pub fn problem_gone(&'static self) -> &'static str {
            self.said(1)
        }

        #[doc = "```text\nproblem-no-place-left = No place is left.\n```"]
        pub fn problem_no_place_left(&'static self) -> &'static str {
            self.said(2)
        }

        #[doc = "```text\nquestion = End the delegation?\n```"]
        pub fn question(&'static self) -> &'static str {
            self.said(3)
        }

        #[doc = "```text\n# Of every page.\ntitle = { -service } – Tribunal\n```"]
        pub fn title(&'static self) -> &'static str {
            self.said(4)
        }

        /// The text with this id, if it is one of [`IDS`].
        pub fn by_id(&'static self, id: &str) -> Option<&'static str> {
            let position = IDS.binary_search(&id).ok()?;
            BY_ID.get(position).map(|text| text(self))
        }
    }
}
