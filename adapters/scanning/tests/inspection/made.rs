//! Files made for the tests: good ones, and from them everything else.

use std::sync::Arc;

use lopdf::encryption::crypt_filters::{Aes128CryptFilter, CryptFilter};
use lopdf::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions, SaveOptions,
    Stream, StringFormat, dictionary,
};

/// A document with so many pages, not yet written.
fn document(pages: u32) -> Document {
    document_of(pages, |n| {
        format!("BT /F1 12 Tf 72 720 Td (Page {n}) Tj ET")
    })
}

/// The same, with those instructions on each page.
fn document_of(pages: u32, drawn_on: impl Fn(u32) -> String) -> Document {
    let mut made = Document::with_version("1.7");
    let tree = made.new_object_id();
    let kids: Vec<Object> = (0..pages)
        .map(|n| {
            let drawn = drawn_on(n).into_bytes();
            let drawn = made.add_object(Stream::new(Dictionary::new(), drawn));
            made.add_object(dictionary! {
                "Type" => "Page", "Parent" => tree, "Contents" => drawn,
                "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
            })
            .into()
        })
        .collect();
    made.set_object(
        tree,
        dictionary! { "Type" => "Pages", "Count" => pages, "Kids" => kids },
    );
    let root = made.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    made.trailer.set("Root", root);
    let id = Object::String(b"0123456789abcdef".to_vec(), StringFormat::Hexadecimal);
    made.trailer.set("ID", vec![id.clone(), id]);
    made
}

fn written(mut made: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    made.save_to(&mut bytes).unwrap();
    bytes
}

/// A good PDF.
pub fn pdf(pages: u32) -> Vec<u8> {
    written(document(pages))
}

/// A good PDF as newer programs write it: pages in packed streams of objects, the table in a stream.
pub fn modern_pdf(pages: u32) -> Vec<u8> {
    written_newly(document(pages))
}

/// The same, with pages that show nothing.
pub fn modern_blank_pdf(pages: u32) -> Vec<u8> {
    written_newly(document_of(pages, |_| "q Q".to_owned()))
}

fn written_newly(mut made: Document) -> Vec<u8> {
    let options = SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .build();
    let mut bytes = Vec::new();
    made.save_with_options(&mut bytes, options).unwrap();
    bytes
}

/// A good PDF with one page and a picture of so many bytes on it.
pub fn large_pdf(size: usize) -> Vec<u8> {
    let mut made = document(3);
    made.add_object(Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Image" },
        (0..size).map(|n| (n % 251) as u8).collect(),
    ));
    written(made)
}

/// With a password; the old way of protecting.
pub fn protected_pdf(user_password: &str) -> Vec<u8> {
    let mut made = document(2);
    let version = EncryptionVersion::V2 {
        document: &made,
        owner_password: "owner",
        user_password,
        key_length: 128,
        permissions: Permissions::PRINTABLE,
    };
    let state = EncryptionState::try_from(version).unwrap();
    made.encrypt(&state).unwrap();
    written(made)
}

/// With a password; a newer way.
pub fn newly_protected_pdf(user_password: &str) -> Vec<u8> {
    let mut made = document(2);
    let filter: Arc<dyn CryptFilter> = Arc::new(Aes128CryptFilter);
    let version = EncryptionVersion::V4 {
        document: &made,
        encrypt_metadata: true,
        crypt_filters: [(b"StdCF".to_vec(), filter)].into(),
        stream_filter: b"StdCF".to_vec(),
        string_filter: b"StdCF".to_vec(),
        owner_password: "owner",
        user_password,
        permissions: Permissions::PRINTABLE,
    };
    let state = EncryptionState::try_from(version).unwrap();
    made.encrypt(&state).unwrap();
    written(made)
}

/// Protected in a way that only some company's reader knows.
pub fn foreign_protected_pdf() -> Vec<u8> {
    let mut made = document(2);
    let lock = made.add_object(dictionary! { "Filter" => "Some.Company", "V" => 99, "R" => 99 });
    made.trailer.set("Encrypt", lock);
    written(made)
}

/// A PDF written by hand: objects `1 0`, `2 0`…, the first of which is the catalog.
pub fn handmade_pdf(objects: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n", n + 1).bytes());
        bytes.extend_from_slice(object);
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    let size = objects.len() + 1;
    bytes.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let trailer = format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    bytes.extend(trailer.bytes());
    bytes
}

/// Bytes as `FlateDecode` unpacks them.
pub fn packed(bytes: Vec<u8>) -> Vec<u8> {
    let mut part = Stream::new(Dictionary::new(), bytes);
    part.compress().unwrap();
    assert!(part.dict.has(b"Filter"), "too short to be packed");
    part.content
}

/// A stream for a PDF written by hand, with those entries in its dictionary.
pub fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< {entries} /Length {} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// A small PDF, one part of which unpacks to so many bytes.
pub fn bomb(unpacked: usize) -> Vec<u8> {
    let object = stream(
        "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode",
        &packed(vec![b' '; unpacked]),
    );
    handmade_pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        &object,
    ])
}

/// An archive with these entries, not packed. `flags` are every entry's.
pub fn zip(names: &[&str], flags: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut list = Vec::new();
    for name in names {
        let place = u32::try_from(bytes.len()).unwrap();
        let length = u16::try_from(name.len()).unwrap();
        bytes.extend(b"PK\x03\x04\x14\x00");
        bytes.extend(flags.to_le_bytes());
        bytes.extend([0; 18]);
        bytes.extend(length.to_le_bytes());
        bytes.extend([0; 2]);
        bytes.extend(name.bytes());
        list.extend(b"PK\x01\x02\x14\x00\x14\x00");
        list.extend(flags.to_le_bytes());
        list.extend([0; 18]);
        list.extend(length.to_le_bytes());
        list.extend([0; 12]);
        list.extend(place.to_le_bytes());
        list.extend(name.bytes());
    }
    let (begin, size) = (bytes.len(), list.len());
    bytes.append(&mut list);
    bytes.extend(b"PK\x05\x06\x00\x00\x00\x00");
    let count = u16::try_from(names.len()).unwrap();
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(u32::try_from(size).unwrap().to_le_bytes());
    bytes.extend(u32::try_from(begin).unwrap().to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// What every Word document has inside.
pub const WORD: [&str; 4] = [
    "[Content_Types].xml",
    "_rels/.rels",
    "word/document.xml",
    "word/styles.xml",
];

/// The shell that Office puts around a document with a password.
pub fn office_shell() -> Vec<u8> {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(512, 0);
    bytes[30] = 9;
    bytes[48] = 1;
    bytes.resize(1024, 0);
    for name in ["Root Entry", "EncryptionInfo", "EncryptedPackage"] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(128, 0);
        bytes.append(&mut entry);
    }
    bytes
}

/// The smallest PNG that has its parts; nobody looks at the picture.
pub fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in [(b"IHDR", 13_u8), (b"IDAT", 200), (b"IEND", 0)] {
        bytes.extend([0, 0, 0, content]);
        bytes.extend(name);
        bytes.extend(vec![1; usize::from(content)]);
        bytes.extend([0; 4]);
    }
    bytes
}

/// A JPEG with a small picture before the real one, as cameras make them.
pub fn jpeg() -> Vec<u8> {
    let mut bytes =
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00".to_vec();
    bytes.extend(b"\xff\xe1\x00\x0a\xff\xd8tiny\xff\xd9");
    bytes.extend(b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00");
    bytes.extend(vec![0x55; 70_000]);
    bytes.extend(b"\xff\xd9");
    bytes
}

/// A TIFF of so many pages with one entry each; little-endian, or big-endian.
pub fn tiff(pages: u32, little: bool) -> Vec<u8> {
    let word = |n: u32| {
        if little {
            n.to_le_bytes()
        } else {
            n.to_be_bytes()
        }
    };
    let half = |n: u16| {
        if little {
            n.to_le_bytes()
        } else {
            n.to_be_bytes()
        }
    };
    let mut bytes = if little { b"II*\x00" } else { b"MM\x00*" }.to_vec();
    bytes.extend(word(8));
    for page in 1..=pages {
        bytes.extend(half(1));
        bytes.extend([1; 12]);
        bytes.extend(word(if page == pages { 0 } else { 8 + 18 * page }));
    }
    bytes
}
