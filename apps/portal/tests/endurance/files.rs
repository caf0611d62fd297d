//! Files as people send them, each with a content of its own: pictures, which are looked into in the portal's process, and PDFs, which are
//! opened in one of their own.

use std::fmt::Write;

use domain::document::Sha256;
use sha2::Digest;

use crate::chance::Chance;

/// A file, its name and its digest in hexadecimal digits.
#[derive(Clone)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
    pub sha256: String,
}

/// The digest of some bytes in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::new(sha2::Sha256::digest(bytes).into()).to_string()
}

impl File {
    fn new(name: String, bytes: Vec<u8>) -> Self {
        Self {
            sha256: sha256(&bytes),
            name,
            bytes,
        }
    }

    /// A JPEG with a comment of so many bytes, at most 64 KiB.
    pub fn picture(chance: &mut Chance, comment: u16) -> Self {
        let length = comment.max(8);
        // Its end must not be read into the comment.
        let filler = std::iter::repeat_with(|| chance.next().to_be_bytes()).flatten();
        let filler = filler.map(|byte| byte & 0x7f).take(usize::from(length));
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xfe];
        bytes.extend((length + 2).to_be_bytes());
        bytes.extend(filler);
        bytes.extend([0xff, 0xda, 0x00, 0x02, 0x01, 0xff, 0xd9]);
        Self::new("scan.jpeg".to_owned(), bytes)
    }

    /// A PDF of one page with a line on it, and a title that no other has.
    pub fn pdf(chance: &mut Chance) -> Self {
        let title = format!("4 0 obj<</Title (Exhibit {:016x})>>endobj\n", chance.next());
        let objects = [
            "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
            "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
            "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 5 0 R>>endobj\n",
            &title,
            "5 0 obj<</Length 15>>stream\n9 9 m 99 99 l S\nendstream endobj\n",
        ];
        let (mut text, mut table) = ("%PDF-1.4\n".to_owned(), String::new());
        for object in objects {
            writeln!(table, "{:010} 00000 n ", text.len()).unwrap();
            text.push_str(object);
        }
        let at = text.len();
        write!(text,
            "xref\n0 6\n0000000000 65535 f \n{table}trailer<</Size 6/Root 1 0 R/Info 4 0 R>>\nstartxref\n{at}\n%%EOF\n"
        ).unwrap();
        Self::new("exhibit.pdf".to_owned(), text.into_bytes())
    }
}
