//! A submission as it is sent: `multipart/form-data`, taken part by part, files streamed into quarantine as they come (SUB-1). No file is
//! ever whole in memory. Whatever goes wrong, what came in is discarded.

use application::Application;
use application::receive_document::{CheckedFile, IncomingFile, discard, receive_document};
use domain::code::Code;
use domain::document::FileName;
use domain::submission::{ServiceStatement, SubmissionRefused, Wish};
use futures_util::StreamExt;
use poem::web::{Field, Multipart};
use time::Date;
use time::macros::format_description;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use crate::problem::Problem;

/// The longest text of a part that is no file.
const LONGEST_TEXT: u64 = 64 * 1024;

/// What was sent, with its files in quarantine.
pub(crate) struct Sent {
    pub(crate) wish: Wish,
    pub(crate) files: Vec<CheckedFile>,
}

#[derive(Default)]
struct Parts {
    document_type: String,
    note: String,
    service_how: String,
    service_on: String,
    title: Option<String>,
    files: Vec<CheckedFile>,
}

/// Takes every part.
pub(crate) async fn take(app: &Application, multipart: Multipart) -> Result<Sent, Problem> {
    let mut parts = Parts::default();
    let taken = match take_parts(app, multipart, &mut parts).await {
        Ok(()) => wish(&parts),
        Err(problem) => Err(problem),
    };
    match taken {
        Ok(wish) => Ok(Sent {
            wish,
            files: parts.files,
        }),
        Err(problem) => {
            discard(app, &parts.files).await;
            Err(problem)
        }
    }
}

async fn take_parts(
    app: &Application,
    mut multipart: Multipart,
    parts: &mut Parts,
) -> Result<(), Problem> {
    let unreadable = |_| Problem::bad_request("The form cannot be read.");
    while let Some(field) = multipart.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            // A browser sends an empty part without a name where no file was chosen.
            "file" if field.file_name().is_none_or(str::is_empty) => drop(text(field).await?),
            "file" => {
                if parts.files.len() >= app.terms.files_at_most {
                    return Err(SubmissionRefused::TooManyFiles(app.terms.files_at_most).into());
                }
                let name = FileName::from_sender(field.file_name().unwrap_or_default());
                let bytes = ReaderStream::new(field.into_async_read()).boxed();
                let incoming = IncomingFile {
                    name,
                    title: parts.title.take(),
                    bytes,
                };
                parts.files.push(receive_document(app, incoming).await?);
            }
            "document_type" => parts.document_type = text(field).await?,
            "note" => parts.note = text(field).await?,
            "service_how" => parts.service_how = text(field).await?,
            "service_on" => parts.service_on = text(field).await?,
            "title" => parts.title = Some(text(field).await?),
            _ => drop(text(field).await?),
        }
    }
    Ok(())
}

async fn text(field: Field) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    let mut reader = Box::pin(field.into_async_read().take(LONGEST_TEXT + 1));
    reader
        .read_to_end(&mut bytes)
        .await
        .map_err(|_| Problem::bad_request("The form cannot be read."))?;
    if bytes.len() as u64 > LONGEST_TEXT {
        return Err(Problem::bad_request("A field of the form is too long."));
    }
    String::from_utf8(bytes).map_err(|_| Problem::bad_request("The form is not in UTF-8."))
}

fn wish(parts: &Parts) -> Result<Wish, Problem> {
    let document_type = Code::parse(parts.document_type.trim())
        .map_err(|_| SubmissionRefused::UnknownDocumentType)?;
    let service = match (parts.service_how.trim(), parts.service_on.trim()) {
        ("", "") => None,
        (how, on) => {
            let on = Date::parse(on, format_description!("[year]-[month]-[day]"));
            let on = on.map_err(|_| {
                Problem::bad_request(
                    "The date on which the other party was given a copy is YYYY-MM-DD.",
                )
            })?;
            Some(ServiceStatement {
                how: how.to_owned(),
                on,
            })
        }
    };
    Ok(Wish {
        document_type,
        note: parts.note.trim().to_owned(),
        service,
    })
}
