//! How people look for a case by what they remember or paste of it (CASE-4): the words that they typed, in whatever order, and the text that is
//! looked through, brought to the same form. Knows no database.

use crate::case::folded;

/// What may stand between the parts of a name or a number. It is left away on both sides before they are compared.
pub const BETWEEN: [char; 2] = ['-', '\''];

/// How many words are looked for; what is typed after them narrows nothing.
const WORDS_AT_MOST: usize = 16;

/// The characters of a word that are looked for; no name or number comes near.
const LONGEST_WORD: usize = 100;

/// A text in the form in which it is looked through: folded, with one kind of hyphen, and without characters that nobody sees.
pub fn looked_through(text: &str) -> String {
    folded(&typed(text))
}

/// The words that are looked for: each is somewhere in what is found, once [`BETWEEN`] is left away there. A number is one word, whatever
/// separates its parts; a name with a hyphen is as many words as it has parts, since others write it without.
pub fn words(text: &str) -> Vec<String> {
    let text = looked_through(text);
    let mut words: Vec<String> = Vec::new();
    for typed in text.split_whitespace() {
        let parts: Vec<String> = if typed.chars().any(char::is_numeric) {
            vec![typed.replace(BETWEEN, "")]
        } else {
            typed.split(BETWEEN).map(str::to_owned).collect()
        };
        for part in parts {
            let word: String = part.chars().take(LONGEST_WORD).collect();
            if !word.is_empty() && !words.contains(&word) && words.len() < WORDS_AT_MOST {
                words.push(word);
            }
        }
    }
    words
}

/// What somebody meant to type: the hyphen for its relatives, which documents have in its place, and nothing that cannot be seen.
pub(crate) fn typed(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_ignorable(*c));
    seen.map(|c| if is_hyphen(c) { '-' } else { c }).collect()
}

/// Hyphens and dashes, the minus sign among them.
const fn is_hyphen(c: char) -> bool {
    matches!(
        c,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    )
}

/// Characters without a shape of their own: soft hyphens, marks of direction, joiners and the like (Unicode's `Default_Ignorable_Code_Point`).
const fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}
