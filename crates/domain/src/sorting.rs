//! The order in which people look for names, as a key that every database and every list compares byte by byte (CASE-4). In the manner of
//! the Canadian alphabetic order (CAN/CSA Z243.4.1), which is the same for French and English: letters first, accents only where the
//! letters are alike, and then from the end of the word. Knows no database.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::case::folded;

/// Ends the letters; smaller than anything in them, so that a name comes before a longer one that begins with it.
const END: char = '\u{1}';
/// A letter without an accent, among the accents.
const PLAIN: char = '\u{2}';

/// The key of a text: letters without accents or case, hyphens and apostrophes as spaces; then the accents, from the last letter.
pub fn sort_key(text: &str) -> String {
    let mut key = letters(text);
    let accents = accents(text);
    if !accents.is_empty() {
        key.push(END);
        key.push_str(&accents);
    }
    key
}

fn letters(text: &str) -> String {
    let folded = folded(text).replace(is_separator, " ");
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '\'' | '\u{2010}' | '\u{2011}' | '\u{2013}')
}

/// The accents from the end; what is plain after the last of them says nothing, and is left away.
fn accents(text: &str) -> String {
    let mut of_letters: Vec<String> = Vec::new();
    for c in text.nfd() {
        if !is_combining_mark(c) {
            if !is_separator(c) && !c.is_whitespace() && c != '’' {
                of_letters.push(PLAIN.to_string());
            }
        } else if let Some(last) = of_letters.last_mut() {
            if last.starts_with(PLAIN) {
                last.clear();
            }
            last.push(rank(c));
        }
    }
    let from_the_end: String = of_letters.iter().rev().map(String::as_str).collect();
    from_the_end.trim_end_matches(PLAIN).to_owned()
}

/// Acute, grave, circumflex, diaeresis, as dictionaries have them; then every other mark.
const fn rank(mark: char) -> char {
    match mark {
        '\u{301}' => '\u{3}',
        '\u{300}' => '\u{4}',
        '\u{302}' => '\u{5}',
        '\u{308}' => '\u{6}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_order(names: &[&str]) -> bool {
        names.windows(2).all(|two| match two {
            [one, next] => sort_key(one) < sort_key(next),
            _ => true,
        })
    }

    /// CASE-4: É stands next to E, and accents decide only between words that are otherwise alike, from their ends.
    #[test]
    fn names_stand_where_people_look_for_them() {
        assert!(in_order(&[
            "Eastman", "Élise", "Elisée", "Émond", "Etienne", "Œuvrard", "Zoé"
        ]));
        assert!(in_order(&["cote", "côte", "coté", "côté"]));
        assert!(in_order(&[
            "Saint Aubin",
            "Saint-Jean",
            "Saint Paul",
            "Sainte-Marie"
        ]));
        assert!(in_order(&["D’Amour", "D'Arcy", "Da Silva", "Dallaire"]));
        assert!(in_order(&["Nguyen", "Nguyễn", "Nguyen Thi"]));
    }

    /// Composed or not, large or small, with one kind of apostrophe or the other: the same name.
    #[test]
    fn one_name_has_one_key() {
        assert_eq!(sort_key("Élise"), sort_key("E\u{301}LISE"));
        assert_eq!(sort_key("d’Arcy"), sort_key("D'Arcy"));
        assert_eq!(sort_key("  Saint-Jean "), sort_key("saint jean"));
        assert_eq!(sort_key(""), "");
    }
}
