//! Which texts the package's sources use: by calling their function, by family, or inside another text that is used.

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;
use crate::mistake::Mistake;
use crate::text::Text;

/// The texts that are looked up by id: those without arguments whose id starts with a family's prefix.
pub(crate) fn found_by_id<'t>(texts: &'t [Text], families: &[String]) -> Vec<&'t Text> {
    texts
        .iter()
        .filter(|text| text.arguments.is_empty())
        .filter(|text| families.iter().any(|prefix| text.id.starts_with(prefix)))
        .collect()
}

/// The ids of the texts that need a function: those called, and those of families. A text that only stands inside others
/// needs none. Reports the texts that nothing uses, and the families without a text.
pub(crate) fn with_function(
    texts: &[Text],
    families: &[String],
    sources: &[String],
    languages: [&Catalogue<'_>; 2],
    mistakes: &mut Vec<Mistake>,
) -> BTreeSet<String> {
    let mut used: BTreeSet<String> = found_by_id(texts, families)
        .into_iter()
        .map(|text| text.id.clone())
        .collect();
    for prefix in families {
        if !used.iter().any(|id| id.starts_with(prefix)) {
            mistakes.push(Mistake::EmptyFamily {
                prefix: prefix.clone(),
            });
        }
    }
    let called = texts.iter().filter(|text| {
        let function = text.function();
        sources.iter().any(|source| calls(source, &function))
    });
    used.extend(called.map(|text| text.id.clone()));
    let inside = used
        .iter()
        .flat_map(|id| languages.map(|language| language.within(id)));
    let inside: BTreeSet<String> = inside.flatten().collect();
    for text in texts {
        if !used.contains(&text.id) && !inside.contains(&text.id) {
            mistakes.push(Mistake::Unused {
                place: text.place.clone(),
                id: text.id.clone(),
                function: text.function(),
            });
        }
    }
    used
}

/// Whether a Rust source or a template calls `.function(` or names `::function`. A mere word does not count: `title` and
/// `date` are in every source.
fn calls(source: &str, function: &str) -> bool {
    source.match_indices(function).any(|(at, _)| {
        let (before, rest) = source.split_at(at);
        let after = rest.strip_prefix(function).unwrap_or_default();
        let goes_on = after.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        (before.ends_with('.') && after.starts_with('(')) || (before.ends_with("::") && !goes_on)
    })
}
