//! a PDF of which no page shows anything is blank; whatever may show something passes.

use domain::document::{FileProblem, MediaType};

use crate::{good, made, problem};

/// A PDF of one page with those entries, and what they refer to: objects from `4 0` on. Where they name no instructions, there are some that leave no
/// mark.
fn page_with(entries: &str, objects: &[Vec<u8>]) -> Vec<u8> {
    if entries.contains("/Contents") {
        return pdf("", entries, objects);
    }
    let named = format!("{entries} /Contents {} 0 R", objects.len() + 4);
    let all = [objects, &[made::stream("", b"q Q")]].concat();
    pdf("", &named, &all)
}

/// The same, with entries of the catalog.
fn pdf(of_catalog: &str, of_page: &str, objects: &[Vec<u8>]) -> Vec<u8> {
    let catalog = format!("<< /Type /Catalog /Pages 2 0 R {of_catalog} >>");
    let tree = "<< /Type /Pages /Count 1 /Kids [3 0 R] >>";
    let page = format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] {of_page} >>");
    let first = [catalog.as_bytes(), tree.as_bytes(), page.as_bytes()];
    let further = objects.iter().map(Vec::as_slice);
    let all: Vec<&[u8]> = first.into_iter().chain(further).collect();
    made::handmade_pdf(&all)
}

/// A PDF of one page with those instructions.
fn drawn(instructions: &str) -> Vec<u8> {
    page_with(
        "/Contents 4 0 R",
        &[made::stream("", instructions.as_bytes())],
    )
}

/// A PDF of one page with those bytes for its instructions, to be unpacked by those filters.
fn drawn_packed(filters: &str, bytes: &[u8]) -> Vec<u8> {
    page_with("/Contents 4 0 R", &[made::stream(filters, bytes)])
}

/// Instructions that leave no mark, long enough to be packed.
fn nothing() -> Vec<u8> {
    b"q 1 0 0 rg Q ".repeat(40)
}

async fn is_blank(bytes: &[u8], why: &str) {
    assert_eq!(problem(bytes, "a.pdf").await, FileProblem::Blank, "{why}");
}

async fn passes(bytes: &[u8], why: &str) {
    let found = good(bytes, "a.pdf").await;
    assert_eq!(found, (MediaType::Pdf, Some(1)), "{why}");
}

#[tokio::test]
async fn a_page_without_instructions_passes() {
    for entries in ["", "/Contents []", "/Contents null", "/Annots []"] {
        passes(&pdf("", entries, &[]), entries).await;
    }
}

#[tokio::test]
async fn a_page_whose_notes_are_gone_is_blank() {
    for entries in ["/Annots []", "/Annots null"] {
        is_blank(&page_with(entries, &[]), entries).await;
    }
}

#[tokio::test]
async fn a_page_whose_instructions_leave_no_mark_is_blank() {
    for instructions in [
        "",
        "\n",
        "q Q",
        "q 1 0 0 rg Q",
        "0.5 w /G1 gs 1 0 0 1 9 9 cm",
        "0 0 m 9 9 l 1 2 3 4 5 6 c h n",
        "0 0 9 9 re W* n",
        "BT /F1 12 Tf 72 720 Td ET",
        "/Artifact << /Type /Pagination >> BDC EMC",
        "q % a word: Tj\nQ",
    ] {
        is_blank(&drawn(instructions), instructions).await;
    }
    let parts = [made::stream("", b"q 1 0"), made::stream("", b"0 rg Q")];
    is_blank(&page_with("/Contents [4 0 R 5 0 R]", &parts), "two parts").await;
    let list = [b"[5 0 R]".to_vec(), made::stream("", b"q Q")];
    is_blank(&page_with("/Contents 4 0 R", &list), "a list elsewhere").await;
}

#[tokio::test]
async fn packed_instructions_that_leave_no_mark_are_blank_too() {
    let packed = made::packed(nothing());
    let by_line = [&packed[..], b"\r\n"].concat();
    for bytes in [&packed, &by_line] {
        is_blank(&drawn_packed("/Filter /FlateDecode", bytes), "packed").await;
        is_blank(&drawn_packed("/Filter [/FlateDecode]", bytes), "in a list").await;
    }
    let digits: Vec<String> = packed.iter().map(|byte| format!("{byte:02x}")).collect();
    let as_text = drawn_packed(
        "/Filter [/ASCIIHexDecode /FlateDecode]",
        digits.concat().as_bytes(),
    );
    is_blank(&as_text, "as text").await;
    is_blank(&drawn_packed("/Filter []", b"q Q"), "not packed").await;
    is_blank(&made::modern_blank_pdf(30), "pages in packed streams").await;
}

#[tokio::test]
async fn whatever_draws_passes() {
    for instructions in [
        "BT /F1 12 Tf (a) Tj ET",
        "BT /F1 12 Tf [(a) 9 (b)] TJ ET",
        "BT (a) ' ET",
        "BT 1 2 (a) \" ET",
        "q 9 0 0 9 0 0 cm /Im1 Do Q",
        "q BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q",
        "q BI /W 9 /H 9 /F /CCF ID abc EI Q",
        "0 0 m 9 9 l S",
        "0 0 m 9 9 l s",
        "0 0 9 9 re f",
        "0 0 9 9 re F",
        "0 0 9 9 re f*",
        "0 0 9 9 re B",
        "0 0 9 9 re B*",
        "0 0 9 9 re b",
        "0 0 9 9 re b*",
        "/Sh1 sh",
    ] {
        passes(&drawn(instructions), instructions).await;
    }
    let packed = made::packed(b"0 0 m 9 9 l S ".repeat(40));
    passes(&drawn_packed("/Filter /FlateDecode", &packed), "packed").await;
    let parts = [made::stream("", b"q Q"), made::stream("", b"(a) Tj")];
    passes(&page_with("/Contents [4 0 R 5 0 R]", &parts), "the second").await;
}

/// Notes, stamps, signatures and the fields of forms lie on the page, not in its instructions.
#[tokio::test]
async fn a_page_with_an_annotation_passes() {
    let field = "<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] >>";
    let list = format!("[{field}]").into_bytes();
    passes(&page_with(&format!("/Annots [{field}]"), &[]), "here").await;
    passes(&page_with("/Annots 4 0 R", &[list]), "elsewhere").await;
    passes(&page_with("/Annots 9 0 R", &[]), "nowhere").await;
}

/// What readers show beside pages: forms that are drawn when they are opened, and files in the file.
#[tokio::test]
async fn what_is_shown_beside_pages_passes() {
    let made = |catalog| pdf(catalog, "/Contents 4 0 R", &[made::stream("", b"q Q")]);
    for catalog in [
        "/AcroForm << /Fields [] /XFA 4 0 R >>",
        "/Names << /EmbeddedFiles << /Names [] >> >>",
    ] {
        passes(&made(catalog), catalog).await;
    }
    for catalog in [
        "/AcroForm << /Fields [] >>",
        "/Names << /Dests << /Names [] >> >>",
    ] {
        is_blank(&made(catalog), catalog).await;
    }
}

/// Blank backs of pages are usual in scans.
#[tokio::test]
async fn a_pdf_passes_with_one_page_that_draws() {
    let [draws, blank] = [made::stream("", b"(a) Tj"), made::stream("", b"q Q")];
    let two = |contents: &[u8]| {
        made::handmade_pdf(&[
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R >>",
            b"<< /Type /Page /Parent 2 0 R /Contents 6 0 R >>",
            &blank,
            contents,
        ])
    };
    let found = good(&two(&draws), "a.pdf").await;
    assert_eq!(found, (MediaType::Pdf, Some(2)));
    is_blank(&two(&blank), "both").await;
}

/// No evidence is refused for a doubt.
#[tokio::test]
async fn what_cannot_be_read_passes() {
    for instructions in ["q xyz Q", "q (a", "q ] Q", "1 0 0", "q \u{fffd} Q", "<<"] {
        passes(&drawn(instructions), instructions).await;
    }
    let packed = made::packed(nothing());
    let mut altered = packed.clone();
    let last = altered.len() - 1;
    altered[last] ^= 1;
    for (filters, bytes, why) in [
        (
            "/Filter /FlateDecode",
            &packed[..packed.len() - 5],
            "cut off",
        ),
        ("/Filter /FlateDecode", &altered[..], "another sum"),
        ("/Filter /FlateDecode", &b"q Q"[..], "not packed"),
        ("/Filter /FlateDecode", &b""[..], "nothing to unpack"),
        ("/Filter /JBIG2Decode", &packed[..], "a picture's filter"),
        ("/Filter /LZWDecode", &packed[..], "a filter without a sum"),
        ("/Filter 9 0 R", &packed[..], "a filter that is nowhere"),
        (
            "/Filter /FlateDecode /DecodeParms << /Predictor 12 >>",
            &packed[..],
            "a predictor",
        ),
        ("/F (elsewhere)", &b"q Q"[..], "in another file"),
    ] {
        passes(&drawn_packed(filters, bytes), why).await;
    }
    passes(&page_with("/Contents 9 0 R", &[]), "nowhere").await;
    passes(&page_with("/Contents [9 0 R]", &[]), "nowhere, in a list").await;
    passes(&page_with("/Contents (q Q)", &[]), "no stream").await;
}

/// Nor for a limit.
#[tokio::test]
async fn what_is_too_long_to_be_read_passes() {
    passes(&drawn(&" ".repeat(5_000)), "a long part").await;
    let packed = made::packed(vec![b' '; 100_000]);
    let long = drawn_packed("/Filter /FlateDecode", &packed);
    passes(&long, "a part that becomes long").await;
    let many = format!("/Contents [{}]", "4 0 R ".repeat(20_000));
    let part = [made::stream("", b"q Q")];
    passes(&page_with(&many, &part), "many parts").await;
}
