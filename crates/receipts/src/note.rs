//! Signed notes (c2sp.org/signed-note): a text, an empty line, and a line for each signature.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::key::{SigningKey, VerifierKey};

/// How a signature line begins.
const MARK: &str = "\u{2014} ";

/// So many signatures are looked at; a note of more is none of ours.
const SIGNATURES_AT_MOST: usize = 64;

/// Why a note is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is no signed note.
    #[error("this is no signed note")]
    Malformed,
    /// None of the trusted keys signed it.
    #[error("none of the given keys signed this note")]
    UnknownKey,
    /// A trusted key is named, and did not sign this text.
    #[error("the note's signature is not true")]
    Untrue,
}

/// The text, which must end its last line, signed.
pub(crate) fn sign(text: &str, key: &SigningKey) -> String {
    let mut signature = key.verifier().id().to_vec();
    signature.extend(key.sign(text.as_bytes()));
    let name = key.verifier().name();
    format!("{text}\n{MARK}{name} {}\n", STANDARD.encode(signature))
}

/// The text of a note, and which of the trusted keys signed it: at least one. A trusted key whose signature is not true spoils the note.
pub(crate) fn open<'note, 'keys>(
    note: &'note str,
    keys: &'keys [VerifierKey],
) -> Result<(&'note str, Vec<&'keys VerifierKey>), NoteError> {
    if note.chars().any(|c| c < ' ' && c != '\n') {
        return Err(NoteError::Malformed);
    }
    let end = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
    let (text, signatures) = note.split_at_checked(end + 1).ok_or(NoteError::Malformed)?;
    let lines = signatures
        .strip_prefix('\n')
        .and_then(|lines| lines.strip_suffix('\n'))
        .ok_or(NoteError::Malformed)?;
    let mut signed_by = Vec::new();
    for (count, line) in lines.split('\n').enumerate() {
        let (name, id, signature) = signature(line).ok_or(NoteError::Malformed)?;
        if count >= SIGNATURES_AT_MOST {
            return Err(NoteError::Malformed);
        }
        let known = |key: &&VerifierKey| key.name().as_str() == name && key.id() == id;
        for key in keys.iter().filter(known) {
            let signature = signature
                .as_slice()
                .try_into()
                .map_err(|_| NoteError::Untrue)?;
            if !key.verifies(text.as_bytes(), signature) {
                return Err(NoteError::Untrue);
            }
            signed_by.push(key);
        }
    }
    if signed_by.is_empty() {
        return Err(NoteError::UnknownKey);
    }
    Ok((text, signed_by))
}

/// A signature line's key name, key id and signature.
fn signature(line: &str) -> Option<(&str, [u8; 4], Vec<u8>)> {
    let (name, encoded) = line.strip_prefix(MARK)?.split_once(' ')?;
    let is_name = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+');
    let decoded = STANDARD.decode(encoded).ok()?;
    let (id, signature) = decoded.split_first_chunk::<4>()?;
    (is_name && !signature.is_empty()).then(|| (name, *id, signature.to_vec()))
}
