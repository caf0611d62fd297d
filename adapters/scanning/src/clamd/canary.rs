//! What a scanner is examined with: a harmless text, the EICAR test virus, that virus at the end of a large archive, and that virus where
//! no scanner looks.

use tokio::io::{AsyncRead, AsyncReadExt, repeat};

/// The two halves of the EICAR test virus. Together they would make scanners find this program.
const EICAR: [&[u8]; 2] = [
    br"X5O!P%@AP[4\PZX54(P^)7CC)7}$",
    b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
];

/// The unit of tar archives.
const BLOCK: u64 = 512;

/// Archives in archives, more than clamd can be told to open (`MaxRecursion`, at most 100).
const TOO_DEEP: u8 = 120;

/// What a tar archive says of a member's size has eleven octal digits.
const MEMBER_MOST: u64 = 0o77_777_777_777 / BLOCK * BLOCK;

/// Nothing is in it.
pub(super) fn harmless() -> impl AsyncRead + Unpin {
    b"nothing is wrong with this text\n".as_slice()
}

/// The test virus alone.
pub(super) fn eicar() -> impl AsyncRead + Unpin {
    let [begin, end] = EICAR;
    begin.chain(end)
}

/// A tar archive of no more than `bytes` (if that is more than a few blocks): zeros, then the test virus.
pub(super) fn eicar_in_archive(bytes: u64) -> impl AsyncRead + Unpin {
    let virus = EICAR.concat();
    // Two heads, the virus' own block, and two empty ones at the end.
    let around = 5 * BLOCK;
    let padding = (bytes.saturating_sub(around) / BLOCK * BLOCK).min(MEMBER_MOST);
    let rest = BLOCK - virus.len() as u64 + 2 * BLOCK;
    let (first, second) = (
        head("padding", padding),
        head("eicar.com", virus.len() as u64),
    );
    std::io::Cursor::new(first)
        .chain(repeat(0).take(padding))
        .chain(std::io::Cursor::new([second, virus].concat()))
        .chain(repeat(0).take(rest))
}

/// The test virus in an archive in an archive, and so on, where a scanner gives up on its way.
pub(super) fn eicar_too_deep() -> impl AsyncRead + Unpin {
    let mut inner = EICAR.concat();
    for _ in 0..TOO_DEEP {
        let mut archive = head("inner.tar", inner.len() as u64);
        archive.append(&mut inner);
        let whole = archive.len().next_multiple_of(512) + 1024;
        archive.resize(whole, 0);
        inner = archive;
    }
    std::io::Cursor::new(inner)
}

/// A member's head, as POSIX has it.
fn head(name: &str, size: u64) -> Vec<u8> {
    let field = |text: &str, width: usize| {
        let mut field = text.as_bytes().to_vec();
        field.resize(width, 0);
        field
    };
    let with_sum = |sum: &str| {
        [
            field(name, 100),
            field("0000644", 8),
            field("0000000", 8),
            field("0000000", 8),
            field(&format!("{size:011o}"), 12),
            field("00000000000", 12),
            field(sum, 8),
            field("0", 1),
            field("", 100),
            field("ustar", 6),
            field("00", 2),
            field("", 247),
        ]
        .concat()
    };
    let sum: u32 = with_sum("        ")
        .iter()
        .map(|byte| u32::from(*byte))
        .sum();
    with_sum(&format!("{sum:06o}\0 "))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(mut bytes: impl AsyncRead + Unpin) -> Vec<u8> {
        let mut all = Vec::new();
        bytes.read_to_end(&mut all).await.unwrap();
        all
    }

    #[tokio::test]
    async fn the_archive_is_as_large_as_asked_and_ends_with_the_virus() {
        for bytes in [2_560, 3_071, 3_072, 100_000, 1_000_000] {
            let archive = read(eicar_in_archive(bytes)).await;
            assert!(archive.len() as u64 <= bytes && bytes - (archive.len() as u64) < BLOCK);
            let virus = archive.len() - 3 * 512;
            assert!(archive[virus..].starts_with(&read(eicar()).await));
        }
        assert_eq!(read(eicar()).await.len(), 68);
    }
}
