//! Codes that people read aloud, type from a phone, or copy by hand: one alphabet without look-alikes and one check character.
//! Confirmation numbers, access codes and lock codes are made of it.

/// Thirty-one symbols: no `0` or `O`, no `1`, `I` or `L`. Thirty-one is prime, so the check character catches every single wrong
/// symbol and every two symbols swapped.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Why a text is no readable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReadable {
    /// Too short or too long.
    #[error("the code has the wrong length")]
    Length,
    /// A character that no code contains.
    #[error("the code contains a character that is never used")]
    Symbol,
    /// The check character does not fit the rest.
    #[error("the code was copied wrongly")]
    Check,
}

/// `length` symbols, the last a check character, from random bytes. The bias of taking remainders of 128 bits is below 2⁻⁶⁰ for the
/// lengths in use.
pub(crate) fn from_random(random: [u8; 32], length: usize) -> String {
    let mut rest = random
        .first_chunk::<16>()
        .map_or(0, |bytes| u128::from_be_bytes(*bytes));
    let mut values = Vec::with_capacity(length);
    for _ in 1..length {
        values.push(u32::try_from(rest % 31).unwrap_or_default());
        rest /= 31;
    }
    values.push(check_of(&values));
    values.into_iter().map(symbol).collect()
}

/// Reads what a person typed: small letters, spaces and hyphens are forgiven.
pub(crate) fn parse(text: &str, length: usize) -> Result<String, NotReadable> {
    let typed: Vec<char> = text
        .chars()
        .filter(|c| !c.is_whitespace() && !is_hyphen(*c))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if typed.len() != length {
        return Err(NotReadable::Length);
    }
    let values = typed
        .iter()
        .map(|c| value(*c))
        .collect::<Option<Vec<u32>>>()
        .ok_or(NotReadable::Symbol)?;
    match values.split_last() {
        Some((check, data)) if *check == check_of(data) => Ok(typed.into_iter().collect()),
        _ => Err(NotReadable::Check),
    }
}

/// The code in groups of four, as it is shown.
pub(crate) fn grouped(code: &str) -> String {
    let mut shown = String::with_capacity(code.len() + code.len() / 4);
    for (position, c) in code.chars().enumerate() {
        if position > 0 && position % 4 == 0 {
            shown.push('-');
        }
        shown.push(c);
    }
    shown
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}')
}

fn symbol(value: u32) -> char {
    usize::try_from(value)
        .ok()
        .and_then(|at| ALPHABET.get(at))
        .map_or('?', |byte| char::from(*byte))
}

fn value(c: char) -> Option<u32> {
    ALPHABET
        .iter()
        .position(|byte| char::from(*byte) == c)
        .and_then(|at| u32::try_from(at).ok())
}

/// The weights 1, 2, 3 … are distinct modulo 31 for every length in use.
fn check_of(values: &[u32]) -> u32 {
    values
        .iter()
        .zip(1..)
        .map(|(value, weight)| value * weight)
        .sum::<u32>()
        % 31
}
