//! A document's bytes seen from outside: its name, type, size and digest, and what may be wrong with it (SUB-1, BOX-4).

use std::fmt;

use crate::id::Id;

/// The bytes of one document, wherever they are kept.
pub enum Document {}

/// The identifier under which a document's bytes are kept.
pub type DocumentId = Id<Document>;

/// The types of file that the portal holds: those that it can recognise by their content, and the one that it writes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaType {
    /// Portable Document Format.
    Pdf,
    /// Word document (Office Open XML).
    Docx,
    /// JPEG image.
    Jpeg,
    /// PNG image.
    Png,
    /// TIFF image.
    Tiff,
    /// A page, as the portal writes forms (FORM-1). Nobody may submit one.
    Html,
}

impl MediaType {
    /// Every type that can be submitted.
    pub const ALL: [Self; 5] = [Self::Pdf, Self::Docx, Self::Jpeg, Self::Png, Self::Tiff];

    /// The name of the type on the web.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
            Self::Html => "text/html",
        }
    }

    /// The usual ending of a file's name; also the code in configuration.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Tiff => "tiff",
            Self::Html => "html",
        }
    }

    /// Every ending that files of the type go by, in small letters; the usual one first.
    const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Jpeg => &["jpeg", "jpg", "jpe", "jfif"],
            Self::Png => &["png"],
            Self::Tiff => &["tiff", "tif"],
            Self::Html => &["html", "htm"],
        }
    }

    /// The type whose files go by that ending, whatever its case.
    fn of_ending(ending: &str) -> Option<Self> {
        let ending = ending.to_ascii_lowercase();
        let mut all = Self::ALL.into_iter().chain([Self::Html]);
        all.find(|kind| kind.endings().contains(&ending.as_str()))
    }

    /// The type of that name on the web.
    pub fn from_mime(mime: &str) -> Option<Self> {
        let written = [Self::Html];
        let mut all = Self::ALL.into_iter().chain(written);
        all.find(|kind| kind.mime() == mime)
    }

    /// The type that configuration calls by that ending.
    pub fn from_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.ending() == ending)
    }
}

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// From whoever computed it.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bare digest.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A file's name as it is shown and given back: one path component, no control characters, of bounded length (BOX-4). Made
/// from its own text again, it stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileName(String);

/// The longest name, in characters.
const LONGEST_NAME: usize = 150;

/// Names that are devices on some machines, whatever their ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_uppercase();
    let numbered = |device| {
        let number = stem.strip_prefix(device);
        number.is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
    };
    ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str()) || numbered("COM") || numbered("LPT")
}

impl FileName {
    /// Makes a usable name of whatever a browser or program sent. Folders are dropped; characters that a file system or a header
    /// cannot bear become `_`; a name that is too long keeps its ending.
    pub fn from_sender(text: &str) -> Self {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let cleaned: String = last
            .chars()
            .map(|c| {
                if c.is_control()
                    || is_separator(c)
                    || is_direction_mark(c)
                    || "<>:\"|?*".contains(c)
                {
                    '_'
                } else {
                    c
                }
            })
            .collect();
        let cleaned = cleaned.trim_matches(|c: char| c == '.' || c.is_whitespace());
        if cleaned.is_empty() {
            return Self("document".to_owned());
        }
        let plain = if is_device(cleaned) {
            format!("_{cleaned}")
        } else {
            cleaned.to_owned()
        };
        let cleaned = plain.as_str();
        if cleaned.chars().count() <= LONGEST_NAME {
            return Self(cleaned.to_owned());
        }
        let (stem, ending) = match cleaned.rsplit_once('.') {
            Some((stem, ending)) if (1..=8).contains(&ending.chars().count()) => {
                (stem, format!(".{ending}"))
            }
            _ => (cleaned, String::new()),
        };
        let room = LONGEST_NAME - ending.chars().count();
        let stem: String = stem.chars().take(room).collect();
        let stem = stem.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
        Self(format!("{stem}{ending}"))
    }

    /// The name under which a file of that type is given out (BOX-4): as it is if its ending is one of the type's. An ending of another type
    /// is dropped, any other is taken for a part of the name, and the type's own comes after it.
    #[must_use]
    pub fn of_type(&self, kind: MediaType) -> Self {
        let mut stem = self.0.as_str();
        while let Some((rest, ending)) = stem.rsplit_once('.') {
            match MediaType::of_ending(ending) {
                Some(ended) if ended == kind => return Self::from_sender(stem),
                Some(_) => stem = rest.trim_end_matches(|c: char| c == '.' || c.is_whitespace()),
                None => break,
            }
        }
        Self::from_sender(&format!("{stem}.{}", kind.ending()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Marks that turn the reading direction, with which `exe.fdp` can be shown as a PDF.
const fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The two characters that break a line without being control characters.
const fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is wrong with a file that somebody wants to submit (SUB-1, X-10). Each is told apart because each is mended differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// More bytes than the tribunal takes.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The content is of no accepted type, whatever the name says.
    #[error("the file is of a type that is not accepted")]
    NotAccepted,
    /// Named as a PDF, but the content is something else.
    #[error("the file is called a PDF and is none")]
    NotAPdf,
    /// The end is missing: an upload or a scan that was cut off.
    #[error("the file is cut off")]
    Truncated,
    /// A password is needed to open it.
    #[error("the file is protected by a password")]
    Encrypted,
    /// It cannot be opened for another reason.
    #[error("the file is damaged")]
    Damaged,
    /// It has pages, and none of them shows anything.
    #[error("the file has nothing but blank pages")]
    Blank,
    /// A virus or the like was found in it.
    #[error("the file is infected")]
    Infected,
    /// The virus scanner cannot see all of it: too much is packed into it, or a password is in the way.
    #[error("the file cannot be scanned whole")]
    NotScannable,
}

/// What a look inside a file found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inspected {
    /// The type by content.
    pub media_type: MediaType,
    /// Pages, where the type has pages that can be counted.
    pub pages: Option<u32>,
}
