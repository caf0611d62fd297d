//! The registry's side of submissions: list, download, acknowledge (SUB-5).

use std::fmt::Write;

use application::Application;
use application::acknowledge_submission::acknowledge_submission;
use application::ports::records::SubmissionQuery;
use application::registry_submissions::{download_submission, registry_submissions};
use domain::document::FileName;
use domain::id::Id;
use poem::Body;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use super::Group;
use super::paging::page;
use super::shapes::{Submission, SubmissionPage};
use crate::caller::SignedIn;
use crate::problem::Problem;

pub(super) struct Registry;

/// A file's bytes.
#[derive(ApiResponse)]
enum Download {
    /// The file as it was submitted
    #[oai(status = 200)]
    Bytes(
        Binary<Body>,
        /// The file's own type
        #[oai(header = "Content-Type")]
        String,
        /// Its name
        #[oai(header = "Content-Disposition")]
        String,
        /// Bytes
        #[oai(header = "Content-Length")]
        u64,
    ),
}

#[OpenApi]
impl Registry {
    /// Submissions, the oldest first
    #[oai(
        path = "/registry/submissions",
        method = "get",
        operation_id = "registrySubmissions",
        tag = "Group::Registry"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// Only those taken over, or not yet
        acknowledged: Query<Option<bool>>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<SubmissionPage>, Problem> {
        let query = SubmissionQuery {
            acknowledged: acknowledged.0,
            page: page(cursor.0, limit.0)?,
        };
        let found = registry_submissions(&app, &who.0, &query).await?;
        let items = found
            .items
            .iter()
            .map(|filed| Submission::filed(filed, &app))
            .collect();
        Ok(Json(SubmissionPage {
            items,
            next_cursor: found.next.map(|cursor| cursor.0),
        }))
    }

    /// Download a file of a submission, counted from 1
    #[oai(
        path = "/registry/submissions/:id/files/:number",
        method = "get",
        operation_id = "downloadSubmission",
        tag = "Group::Registry"
    )]
    async fn download(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The submission
        id: Path<Uuid>,
        /// Which file
        number: Path<u32>,
    ) -> Result<Download, Problem> {
        let number = usize::try_from(number.0).unwrap_or(usize::MAX);
        let found = download_submission(&app, &who.0, Id::new(id.0), number).await?;
        let body = Body::from_bytes_stream(found.bytes);
        let file = found.file;
        Ok(Download::Bytes(
            Binary(body),
            file.media_type.mime().to_owned(),
            attachment(&file.name),
            file.size,
        ))
    }

    /// Take a submission over
    #[oai(
        path = "/registry/submissions/:id/acknowledgement",
        method = "post",
        operation_id = "acknowledgeSubmission",
        tag = "Group::Registry"
    )]
    async fn acknowledge(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The submission
        id: Path<Uuid>,
    ) -> Result<Json<Submission>, Problem> {
        let filed = acknowledge_submission(&app, &who.0, Id::new(id.0)).await?;
        Ok(Json(Submission::filed(&filed, &app)))
    }
}

/// A `Content-Disposition` that saves under that name (RFC 6266): plain letters for old programs, UTF-8 for the rest.
fn attachment(name: &FileName) -> String {
    let plain: String = name
        .as_str()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || " .-_()".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use domain::document::FileName;

    use super::attachment;

    /// BOX-4: a download arrives under its right name, whatever letters are in it.
    #[test]
    fn a_name_survives_the_header() {
        let header = attachment(&FileName::from_sender("Pièce \"1\".pdf"));
        assert_eq!(
            header,
            "attachment; filename=\"Pi_ce _1_.pdf\"; filename*=UTF-8''Pi%C3%A8ce%20_1_.pdf"
        );
    }
}
