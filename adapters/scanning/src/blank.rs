//! Whether a PDF shows nothing at all: its pages lost what was on them when they were saved, or a scanner left them out as white.
//! Only what is certain is blank. Whatever cannot be read, is not known, or is more than a blank page needs counts as shown, so that nobody's
//! evidence is refused for a doubt.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

/// How long a part of a page's instructions may be in the file, in bytes. Hardly a blank page has longer ones.
const PACKED_BYTES: usize = 4 * 1024;

/// How long the instructions of one page may be once they are unpacked.
const PAGE_BYTES: usize = 64 * 1024;

/// How long those of all pages may be: the time that a hostile file gets.
const ALL_BYTES: usize = 4 * 1024 * 1024;

/// What a part counts for at least, since short ones take time too.
const PART_BYTES: usize = 256;

/// Instructions that leave no mark on a page: state, colours, paths that are not painted, and the like. Any other may leave one.
const MARKLESS: &[&str] = &[
    "q", "Q", "cm", "w", "J", "j", "M", "d", "ri", "i", "gs", "m", "l", "c", "v", "y", "h", "re",
    "n", "W", "W*", "BT", "ET", "Tc", "Tw", "Tz", "TL", "Tf", "Tr", "Ts", "Td", "TD", "Tm", "T*",
    "CS", "cs", "SC", "SCN", "sc", "scn", "G", "g", "RG", "rg", "K", "k", "MP", "DP", "BMC", "BDC",
    "EMC", "BX", "EX",
];

/// Something is shown, or it is not certain that nothing is.
struct Shown;

impl From<lopdf::Error> for Shown {
    fn from(_: lopdf::Error) -> Self {
        Self
    }
}

/// Whether it is certain that no page of the document shows anything.
pub(crate) fn is_blank(document: &Document) -> bool {
    let look = Look {
        document,
        left: ALL_BYTES,
    };
    let look = || look.at_everything().is_ok();
    // A parser that panics over a page's instructions has counted the pages before, and that stands.
    catch_unwind(AssertUnwindSafe(look)).unwrap_or(false)
}

/// Whether a stream may be what a blank page has, and is needed here.
pub(crate) fn may_be_of_a_blank_page(stream: &Stream) -> bool {
    let length = stream.dict.get(b"Length").and_then(Object::as_i64);
    // The parser leaves a stream empty whose length it did not find.
    let whole = length.is_ok_and(|length| usize::try_from(length) == Ok(stream.content.len()));
    whole && stream.content.len() <= PACKED_BYTES
}

/// A look at all that a document shows.
struct Look<'a> {
    document: &'a Document,
    /// How many more bytes of instructions are read.
    left: usize,
}

impl Look<'_> {
    fn at_everything(mut self) -> Result<(), Shown> {
        self.beside_the_pages()?;
        let document = self.document;
        for page in document.page_iter() {
            self.at_a_page(page)?;
        }
        Ok(())
    }

    /// Readers show more than pages: a form that is only drawn when it is opened, and files within the file.
    fn beside_the_pages(&self) -> Result<(), Shown> {
        let catalog = self.document.catalog()?;
        for (place, shown) in [("AcroForm", "XFA"), ("Names", "EmbeddedFiles")] {
            let place = entry(self.document, catalog, place.as_bytes())?;
            if !place.is_null() && place.as_dict()?.has(shown.as_bytes()) {
                return Err(Shown);
            }
        }
        Ok(())
    }

    fn at_a_page(&mut self, page: ObjectId) -> Result<(), Shown> {
        let document = self.document;
        let page = document.get_dictionary(page)?;
        // Notes, stamps, signatures and the fields of forms.
        let annotations = entry(document, page, b"Annots")?;
        if !annotations.is_null() && !annotations.as_array()?.is_empty() {
            return Err(Shown);
        }
        let parts = match entry(document, page, b"Contents")? {
            // No program of offices or scanners writes a page that has no instructions at all: it is what vendors try a connection with.
            Object::Null => return Err(Shown),
            Object::Array(parts) if parts.is_empty() => return Err(Shown),
            Object::Array(parts) => parts.as_slice(),
            one => slice::from_ref(one),
        };
        let mut instructions = Vec::new();
        for part in parts {
            let (_, part) = document.dereference(part)?;
            instructions.extend(self.unpacked(part.as_stream()?)?);
            // No word goes on from one part to the next.
            instructions.push(b'\n');
            if instructions.len() > PAGE_BYTES {
                return Err(Shown);
            }
        }
        leave_no_mark(&instructions)
    }

    fn unpacked(&mut self, part: &Stream) -> Result<Vec<u8>, Shown> {
        let bytes = unpacked_whole(part)?;
        let taken = bytes.len().max(PART_BYTES);
        self.left = self.left.checked_sub(taken).ok_or(Shown)?;
        Ok(bytes)
    }
}

/// What a dictionary says under a key: nothing, if it does not have it. What is named and not there is a doubt.
fn entry<'a>(
    document: &'a Document,
    dictionary: &'a Dictionary,
    key: &[u8],
) -> Result<&'a Object, Shown> {
    let Ok(object) = dictionary.get(key) else {
        return Ok(&Object::Null);
    };
    let (_, object) = document.dereference(object)?;
    Ok(object)
}

/// What a stream holds, where it is certain that this is all of it: of one that is damaged, the parser gives what it could unpack, and says
/// nothing.
fn unpacked_whole(stream: &Stream) -> Result<Vec<u8>, Shown> {
    // Bytes that lie in another file, and parameters, which are for pictures.
    if stream.dict.has(b"F") || stream.dict.has(b"DecodeParms") {
        return Err(Shown);
    }
    let filters = if stream.dict.has(b"Filter") {
        stream.filters()?
    } else {
        Vec::new()
    };
    let packed = match filters.as_slice() {
        [] => return Ok(stream.content.clone()),
        [b"FlateDecode"] => stream.content.clone(),
        // Some programs write what they packed as text.
        [as_text, b"FlateDecode"] => through(as_text, &stream.content)?,
        _ => return Err(Shown),
    };
    let unpacked = through(b"FlateDecode", &packed)?;
    if ends_with_its_sum(&packed, &unpacked) {
        Ok(unpacked)
    } else {
        Err(Shown)
    }
}

/// What comes out of one filter.
fn through(filter: &[u8], bytes: &[u8]) -> Result<Vec<u8>, Shown> {
    let mut about = Dictionary::new();
    about.set("Filter", Object::Name(filter.to_vec()));
    let stream = Stream::new(about, bytes.to_vec());
    Ok(stream.decompressed_content_with_limit(PAGE_BYTES)?)
}

/// Whether packed bytes end with the sum of what came out of them, as they do if nothing is missing (RFC 1950). The end of a line may follow.
fn ends_with_its_sum(packed: &[u8], unpacked: &[u8]) -> bool {
    let sum = adler_32(unpacked).to_be_bytes();
    let end = packed.len().saturating_sub(sum.len() + 2);
    let end = packed.get(end..).unwrap_or_default();
    end.windows(sum.len()).any(|bytes| bytes == sum)
}

fn adler_32(bytes: &[u8]) -> u32 {
    const BELOW: u32 = 65_521;
    let (sum, of_sums) = bytes.iter().fold((1, 0), |(sum, of_sums), &byte| {
        let sum = (sum + u32::from(byte)) % BELOW;
        (sum, (of_sums + sum) % BELOW)
    });
    (of_sums << 16) | sum
}

/// Reads the instructions to their end: what the parser cannot read may draw.
fn leave_no_mark(instructions: &[u8]) -> Result<(), Shown> {
    let content = Content::decode_strict(instructions)?;
    let mut operators = content.operations.iter().map(|one| one.operator.as_str());
    if operators.all(|operator| MARKLESS.contains(&operator)) {
        Ok(())
    } else {
        Err(Shown)
    }
}
