//! Documents that the tribunal has sent in the demonstration, so that nobody finds empty inboxes.

use std::fmt::Write;

use application::Application;
use application::receive_document::{IncomingFile, Intake, ReceiveError, receive_document};
use application::send_document::tell_of_documents;
use domain::account::{Account, AccountId};
use domain::case::FileNumber;
use domain::code::Code;
use domain::document::FileName;
use domain::id::Id;
use domain::inbox::{Addressee, InboxItem, Sent};

use super::{LoadError, may_load};

/// File number, type, title, file name, and the lines in it.
const LETTERS: &[(&str, &str, &str, &str, &[&str])] = &[
    (
        "MC4-01001",
        "notice-to-appear",
        "Avis de convocation",
        "Avis de convocation.pdf",
        &[
            "Avis de convocation",
            "Vous êtes convoqué à une séance. Ce document est inventé.",
        ],
    ),
    (
        "MC4-01002",
        "letter",
        "Demande de documents additionnels",
        "Demande de documents additionnels.pdf",
        &[
            "Demande de documents additionnels",
            "Ce document est inventé.",
        ],
    ),
    (
        "TC4-03001",
        "notice-to-appear",
        "Notice to appear",
        "Notice to appear.pdf",
        &[
            "Notice to appear",
            "You are called to a sitting. This document is invented.",
        ],
    ),
];

/// Puts them there, as sent by the demonstration's registry officer, and has those told to whom they are sent.
pub(super) async fn put(app: &Application, registry: AccountId) -> Result<(), LoadError> {
    let wrong = |error: &dyn std::error::Error| LoadError::Data(error.to_string());
    let intake = Intake::of(may_load(app)?);
    let mut letters = Vec::with_capacity(LETTERS.len());
    for (number, document_type, title, name, lines) in LETTERS {
        let bytes = futures_util::stream::once(std::future::ready(Ok(letter(lines).into())));
        let incoming = IncomingFile {
            name: FileName::from_sender(name),
            title: None,
            bytes: Box::pin(bytes),
        };
        let received =
            receive_document(app, &intake, incoming)
                .await
                .map_err(|error| match error {
                    ReceiveError::NotScanned(why) => LoadError::Scanner(why),
                    error => wrong(&error),
                })?;
        let file = received.facts();
        app.documents
            .keep(file.document)
            .await
            .map_err(|error| wrong(&error))?;
        let sent = Sent {
            document: file.document,
            name: file.name.clone(),
            media_type: file.media_type,
            size: file.size,
            sha256: file.sha256,
            document_type: Code::parse(document_type).map_err(|error| wrong(&error))?,
            title: (*title).to_owned(),
        };
        letters.push((
            FileNumber::parse(number).map_err(|error| wrong(&error))?,
            sent,
        ));
    }
    let permit = may_load(app)?;
    let moment = app.moment();
    let mut tx = app.storage.begin().await?;
    let mut told: Vec<Account> = Vec::new();
    for (number, sent) in letters {
        if let Some(case) = tx.cases().by_file_number(&number).await? {
            let id = Id::new(app.random.uuid(permit.at()));
            let counsel = match case.counsel_of_record {
                Some(counsel) => tx.accounts().by_id(counsel).await?,
                None => None,
            };
            let to = Addressee::of(&case, counsel.as_slice(), &moment, &app.terms)
                .map_err(|error| wrong(&error))?;
            let item = InboxItem::send(&permit, id, &to, sent, registry, &app.tribunal)
                .map_err(|error| wrong(&error))?;
            tx.inbox_mut().insert(&item).await?;
            let anew = counsel.filter(|one| told.iter().all(|other| other.id != one.id));
            told.extend(anew);
        }
    }
    tell_of_documents(app, &mut *tx, told, &moment).await?;
    tx.commit(permit.into_audit_entry()).await?;
    Ok(())
}

/// A PDF of one page with those lines, the first as its heading, in letters of western Europe.
fn letter(lines: &[&str]) -> Vec<u8> {
    let shown = lines.iter().enumerate().map(|(number, line)| {
        let font = if number == 0 {
            "/F1 18 Tf"
        } else {
            "/F1 12 Tf"
        };
        format!("{font} ({}) Tj T*", escaped(line))
    });
    let text = format!(
        "BT 72 720 Td 24 TL {} ET",
        shown.collect::<Vec<_>>().join(" ")
    );
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{text}\nendstream", text.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let size = objects.len() + 1;
    let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
    for (object, number) in objects.iter().zip(1..) {
        // Writing to a String cannot fail.
        let _ = writeln!(table, "{:010} 00000 n ", pdf.len());
        let _ = writeln!(pdf, "{number} 0 obj{object}endobj");
    }
    let begin = pdf.len();
    let end = format!("trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{begin}\n%%EOF\n");
    [pdf, table, end].concat().into_bytes()
}

/// As a PDF's text holds it: what is not ASCII by its number in Latin 1.
fn escaped(line: &str) -> String {
    let letter = |c: char| match u8::try_from(c) {
        Ok(b'(' | b')' | b'\\') => format!("\\{c}"),
        Ok(byte) if byte.is_ascii() => c.to_string(),
        Ok(byte) => format!("\\{byte:03o}"),
        Err(_) => "?".to_owned(),
    };
    line.chars().map(letter).collect()
}
