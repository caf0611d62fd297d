//! What files are, and what is wrong with those that are no PDF.

use std::collections::BTreeSet;
use std::path::Path;

use application::ports::inspector::{InspectError, Inspector};
use domain::document::{FileName, FileProblem, MediaType};
use scanning::Inspection;

use crate::made::WORD;
use crate::{all, good, inspect_with, made, problem, settings};

#[tokio::test]
async fn no_bytes_are_empty() {
    for name in ["a.pdf", "a.docx", "a"] {
        assert_eq!(problem(b"", name).await, FileProblem::Empty);
    }
}

#[tokio::test]
async fn what_is_called_a_pdf_and_is_none_is_told_apart_from_what_is_not_accepted() {
    let page = b"<!DOCTYPE html><html><body>Please sign in</body></html>";
    for other in [
        page.to_vec(),
        made::zip(&["a.txt"], 0),
        b"?".to_vec(),
        made::png(),
        vec![0; 9000],
    ] {
        assert_eq!(problem(&other, "a.Pdf").await, FileProblem::NotAPdf);
    }
    for other in [
        page.to_vec(),
        made::zip(&["a.txt"], 0),
        b"?".to_vec(),
        b"MZ\x90\x00".to_vec(),
        made::office_shell()[..1024].to_vec(),
    ] {
        assert_eq!(problem(&other, "a.docx").await, FileProblem::NotAccepted);
    }
}

#[tokio::test]
async fn what_the_tribunal_does_not_take_is_not_accepted() {
    let only = |kind| BTreeSet::from([kind]);
    for (bytes, accepted) in [
        (made::png(), only(MediaType::Pdf)),
        (made::zip(&WORD, 0), only(MediaType::Pdf)),
        (made::office_shell(), only(MediaType::Pdf)),
        (made::pdf(1), only(MediaType::Png)),
        (made::pdf(1), BTreeSet::new()),
    ] {
        let refused = inspect_with(settings(), &bytes, "a", &accepted).await;
        assert!(matches!(
            refused,
            Err(InspectError::Problem(FileProblem::NotAccepted))
        ));
    }
}

#[tokio::test]
async fn images_are_known_by_content() {
    assert_eq!(good(&made::png(), "a").await, (MediaType::Png, None));
    assert_eq!(good(&made::jpeg(), "a").await, (MediaType::Jpeg, None));
    assert_eq!(
        good(&made::tiff(1, true), "a").await,
        (MediaType::Tiff, Some(1))
    );
    assert_eq!(
        good(&made::tiff(7, false), "a").await,
        (MediaType::Tiff, Some(7))
    );
}

#[tokio::test]
async fn images_without_their_end_are_cut_off() {
    for (image, least) in [
        (made::png(), 12),
        (made::jpeg(), 12),
        (made::tiff(3, true), 12),
        (made::tiff(3, false), 12),
    ] {
        for left in [least, image.len() / 2, image.len() - 1] {
            assert_eq!(
                problem(&image[..left], "a").await,
                FileProblem::Truncated,
                "{left}"
            );
        }
    }
}

/// A directory that leads back to itself, and parts that are none.
#[tokio::test]
async fn images_that_make_no_sense_are_damaged() {
    let mut round = made::tiff(1, true);
    let last = round.len() - 4;
    round[last] = 8;
    let mut noise = made::png();
    noise[12..16].fill(0);
    let mut astray = made::jpeg();
    astray[20] = 0;
    for bytes in [round, noise, astray] {
        assert_eq!(problem(&bytes, "a").await, FileProblem::Damaged);
    }
}

#[tokio::test]
async fn a_word_document_is_known_by_what_is_inside() {
    assert_eq!(
        good(&made::zip(&WORD, 0), "a").await,
        (MediaType::Docx, None)
    );
    let mut reordered = WORD;
    reordered.reverse();
    assert_eq!(
        good(&made::zip(&reordered, 0), "a").await.0,
        MediaType::Docx
    );
    for other in [
        &["[Content_Types].xml", "xl/workbook.xml"][..],
        &["word/document.xml"],
        &["[Content_Types].xml", "word/"],
        &[
            "[Content_Types].xml",
            "word/document.xml",
            "word/vbaProject.bin",
        ],
    ] {
        assert_eq!(
            problem(&made::zip(other, 0), "a.docx").await,
            FileProblem::NotAccepted,
            "{other:?}"
        );
    }
}

#[tokio::test]
async fn word_documents_are_cut_off_protected_or_damaged_too() {
    let whole = made::zip(&WORD, 0);
    assert_eq!(
        problem(&whole[..whole.len() - 30], "a.docx").await,
        FileProblem::Truncated
    );
    assert_eq!(
        problem(&made::zip(&WORD, 1), "a.docx").await,
        FileProblem::Encrypted
    );
    assert_eq!(
        problem(&made::office_shell(), "a.docx").await,
        FileProblem::Encrypted
    );
    let mut damaged = whole.clone();
    let list = whole.len() - 6;
    damaged[list] ^= 1;
    assert_eq!(problem(&damaged, "a.docx").await, FileProblem::Damaged);
}

/// A file that is away is not a bad file.
#[tokio::test]
async fn a_file_that_is_away_is_an_outage() {
    let inspected = Inspection::new(settings())
        .inspect(
            Path::new("/nowhere"),
            &FileName::from_sender("a.pdf"),
            &all(),
        )
        .await;
    assert!(matches!(inspected, Err(InspectError::Unavailable(_))));
}
