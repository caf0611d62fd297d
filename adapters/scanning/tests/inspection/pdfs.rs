//! PDFs, good and bad.

use domain::document::{FileProblem, MediaType};

use crate::{good, made, problem};

#[tokio::test]
async fn the_pages_of_a_good_pdf_are_counted() {
    for pages in [1, 2, 150] {
        let found = Some(pages);
        let name = "evidence.pdf";
        assert_eq!(good(&made::pdf(pages), name).await, (MediaType::Pdf, found));
        assert_eq!(
            good(&made::modern_pdf(pages), name).await,
            (MediaType::Pdf, found)
        );
    }
}

#[tokio::test]
async fn the_name_of_a_good_file_does_not_matter() {
    let found = (MediaType::Pdf, Some(1));
    for name in [
        "evidence",
        "evidence.PDF",
        "evidence.docx",
        "évidence.pdf.exe",
    ] {
        assert_eq!(good(&made::pdf(1), name).await, found);
    }
}

#[tokio::test]
async fn blanks_after_the_end_and_a_little_before_the_beginning_are_borne() {
    let mut after = made::pdf(2);
    after.extend([0; 5000]);
    assert_eq!(good(&after, "a.pdf").await.1, Some(2));
    let mut before = b"\xef\xbb\xbf\r\n".to_vec();
    before.extend(made::pdf(2));
    assert_eq!(good(&before, "b.pdf").await.1, Some(2));
}

#[tokio::test]
async fn a_pdf_without_its_end_is_cut_off() {
    for whole in [made::pdf(5), made::modern_pdf(5)] {
        for left in [9, 100, whole.len() / 2, whole.len() - 30, whole.len() - 3] {
            assert_eq!(
                problem(&whole[..left], "a.pdf").await,
                FileProblem::Truncated,
                "{left}"
            );
        }
    }
}

/// An upload that lost its middle, or a file that says itself how long it was.
#[tokio::test]
async fn a_pdf_whose_table_lies_beyond_its_end_is_cut_off() {
    let whole = made::pdf(20);
    let shorter = [&whole[..200], &whole[whole.len() - 150..]].concat();
    assert_eq!(problem(&shorter, "a.pdf").await, FileProblem::Truncated);
    let linear =
        b"%PDF-1.7\n1 0 obj\n<< /Linearized 1 /L 99999 /N 3 >>\nendobj\nstartxref\n0\n%%EOF\n";
    assert_eq!(problem(linear, "a.pdf").await, FileProblem::Truncated);
}

#[tokio::test]
async fn a_pdf_with_a_password_is_protected() {
    for bytes in [
        made::protected_pdf("secret"),
        made::newly_protected_pdf("secret"),
        made::foreign_protected_pdf(),
    ] {
        assert_eq!(problem(&bytes, "a.pdf").await, FileProblem::Encrypted);
    }
}

/// It opens without a password, but not everything can be done with it.
#[tokio::test]
async fn a_pdf_that_withholds_rights_is_protected() {
    for bytes in [made::protected_pdf(""), made::newly_protected_pdf("")] {
        assert_eq!(problem(&bytes, "a.pdf").await, FileProblem::Encrypted);
    }
}

#[tokio::test]
async fn a_pdf_that_cannot_be_opened_is_damaged() {
    let end = b"startxref\n20\n%%EOF\n";
    let noise: Vec<u8> = (0..5000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    for bytes in [
        [&b"%PDF-1.7\n"[..], &noise, end].concat(),
        [&b"%PDF-1.7\n"[..], end].concat(),
        made::handmade_pdf(&[b"<< /Type /Catalog >>"]),
        made::handmade_pdf(&[
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 0 /Kids [] >>",
        ]),
    ] {
        assert_eq!(problem(&bytes, "a.pdf").await, FileProblem::Damaged);
    }
}

/// Evidence of which pages are lost is not taken as if it were whole.
#[tokio::test]
async fn a_pdf_that_lost_pages_is_damaged() {
    let bytes = made::handmade_pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 3 /Kids [3 0 R 4 0 R 5 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R >>",
        b"<< /Type /Page ",
    ]);
    assert_eq!(problem(&bytes, "a.pdf").await, FileProblem::Damaged);
}
