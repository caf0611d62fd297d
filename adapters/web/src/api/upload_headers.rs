//! What the headers of the tus protocol mean: read here and nowhere else.

use application::uploads::Checksum;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::document::FileName;

use crate::problem::{Kind, Problem};

fn unusable(header: &'static str) -> Problem {
    Problem::from(Kind::UploadHeaderUnusable).with("header", header)
}

/// A count of bytes: digits alone.
pub(crate) fn number(header: &'static str, text: Option<&str>) -> Result<u64, Problem> {
    text.filter(|text| text.bytes().all(|digit| digit.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| unusable(header))
}

/// The file's name in `Upload-Metadata`: pairs of a key and a value in base64, separated by commas.
pub(crate) fn file_name(metadata: Option<&str>) -> Result<FileName, Problem> {
    let header = "Upload-Metadata";
    let pairs = metadata.unwrap_or_default().split(',');
    let mut pairs = pairs.filter_map(|pair| pair.trim().split_once(' '));
    let (_, value) = pairs
        .find(|(key, _)| matches!(*key, "filename" | "name"))
        .ok_or_else(|| unusable(header))?;
    let bytes = STANDARD.decode(value.trim());
    let bytes = bytes.map_err(|_| unusable(header))?;
    let text = String::from_utf8(bytes).map_err(|_| unusable(header))?;
    Ok(FileName::from_sender(&text))
}

/// An algorithm, a space, and the digest in base64.
pub(crate) fn checksum(text: &str) -> Result<Checksum, Problem> {
    let header = "Upload-Checksum";
    let (algorithm, digest) = text.split_once(' ').ok_or_else(|| unusable(header))?;
    let digest = STANDARD.decode(digest.trim());
    let digest = digest.map_err(|_| unusable(header))?;
    Checksum::new(algorithm, digest).map_err(|_| unusable(header))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// the headers of the protocol mean what it says, and nothing else passes.
    #[test]
    fn headers_are_read_as_the_protocol_says() {
        assert_eq!(number("h", Some("100")).ok(), Some(100));
        for wrong in [
            None,
            Some(""),
            Some("-1"),
            Some("+1"),
            Some("1e3"),
            Some("99999999999999999999"),
        ] {
            assert!(number("h", wrong).is_err(), "{wrong:?}");
        }
        let name = |text| file_name(text).ok().map(|name| name.as_str().to_owned());
        assert_eq!(
            name(Some("filetype eA==,filename UGnDqGNlIDEucGRm")).as_deref(),
            Some("Pièce 1.pdf")
        );
        assert_eq!(name(Some("name YS5wZGY=")).as_deref(), Some("a.pdf"));
        for wrong in [
            None,
            Some(""),
            Some("filename"),
            Some("filename %"),
            Some("filename /w=="),
        ] {
            assert_eq!(name(wrong), None, "{wrong:?}");
        }
        assert!(checksum("sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=").is_ok());
        for wrong in [
            "",
            "sha1",
            "md5 kAFQmDzST7DWlj99KOF/cg==",
            "sha1 AAAA",
            "sha1 %",
        ] {
            assert!(checksum(wrong).is_err(), "{wrong}");
        }
    }
}
