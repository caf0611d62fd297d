//! Files that come in piece by piece, by the tus protocol 1.0.0: core, creation, checksum, expiration, termination. The pages' script
//! and programs call the same operations.

use application::Application;
use application::ports::documents::ByteStream;
use application::uploads::{
    Algorithm, Sent, Uploader, append, begin_upload, list_uploads, see_upload, terminate,
};
use domain::id::Id;
use domain::upload::Upload;
use futures_util::StreamExt;
use poem::web::Data;
use poem::{Body, Request, RequestBody};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiResponse, Object, OpenApi};
use time::OffsetDateTime;
use time::macros::format_description;
use uuid::Uuid;

use super::Group;
use super::as_it_comes::{AsItComes, Coming};
use super::paging::part;
use super::shapes::rfc3339;
use super::upload_headers::{checksum, file_name, number};
use crate::caller::{SignedIn, Uploading};
use crate::problem::{Kind, Problem};
use crate::upload_protocol::VERSION;

/// What is offered beyond its core.
const EXTENSIONS: &str = "creation,checksum,expiration,termination";

/// How bytes are sent.
const CONTENT_TYPE: &str = "application/offset+octet-stream";

pub(super) struct Uploads;

/// An upload.
#[derive(Object)]
#[oai(rename = "Upload")]
struct Shown {
    /// Identifier; what a submission's `upload` takes.
    id: Uuid,
    /// Name of the file.
    name: String,
    /// Bytes of the file.
    size: u64,
    /// Bytes that came.
    offset: u64,
    /// `incomplete`, `unchecked` until the file was looked into, or `ready` to be submitted.
    state: String,
    /// Pages, where they can be counted.
    pages: Option<u32>,
    /// Digest of the whole file.
    sha256: Option<String>,
    /// Until when it is kept.
    expires_at: String,
}

impl Shown {
    fn new(upload: &Upload, app: &Application) -> Self {
        let file = upload.file.as_ref();
        Self {
            id: upload.id.uuid(),
            name: upload.name.as_str().to_owned(),
            size: upload.length,
            offset: upload.offset,
            state: match (upload.is_whole(), file) {
                (_, Some(_)) => "ready",
                (true, None) => "unchecked",
                (false, None) => "incomplete",
            }
            .to_owned(),
            pages: file.and_then(|file| file.pages),
            sha256: file.map(|file| file.sha256.to_string()),
            expires_at: rfc3339(upload.expires_at(&app.terms)),
        }
    }
}

/// Somebody's uploads on a case.
#[derive(Object)]
struct UploadList {
    items: Vec<Shown>,
    next_cursor: Option<String>,
}

#[derive(ApiResponse)]
enum Offered {
    /// What the protocol's server can do
    #[oai(status = 204)]
    Here(
        #[oai(header = "Tus-Version")] String,
        #[oai(header = "Tus-Extension")] String,
        #[oai(header = "Tus-Max-Size")] u64,
        #[oai(header = "Tus-Checksum-Algorithm")] String,
    ),
}

#[derive(ApiResponse)]
enum Begun {
    /// The upload has begun
    #[oai(status = 201)]
    Created(
        #[oai(header = "Location")] String,
        #[oai(header = "Upload-Expires")] String,
    ),
}

#[derive(ApiResponse)]
enum Stands {
    /// So many bytes came
    #[oai(status = 200)]
    At(
        #[oai(header = "Upload-Offset")] u64,
        #[oai(header = "Upload-Length")] u64,
        #[oai(header = "Upload-Expires")] String,
    ),
}

#[derive(ApiResponse)]
enum Added {
    /// The bytes are on durable storage
    #[oai(status = 204)]
    Here(
        #[oai(header = "Upload-Offset")] u64,
        #[oai(header = "Upload-Expires")] String,
    ),
}

#[derive(ApiResponse)]
enum Ended {
    /// The upload is gone
    #[oai(status = 204)]
    Gone,
}

#[OpenApi]
impl Uploads {
    /// What the upload protocol offers
    #[oai(
        path = "/counsels/:counsel/cases/:case/uploads",
        method = "options",
        operation_id = "describeUploads",
        tag = "Group::Submissions"
    )]
    #[expect(clippy::unused_async, reason = "the framework's operations are async")]
    async fn describe(
        &self,
        app: Data<&Application>,
        /// The counsel's account
        #[oai(name = "counsel")]
        _counsel: Path<Uuid>,
        /// The case
        #[oai(name = "case")]
        _case: Path<Uuid>,
    ) -> Offered {
        Offered::Here(
            VERSION.to_owned(),
            EXTENSIONS.to_owned(),
            app.terms.file_bytes_at_most,
            Algorithm::ALL.map(Algorithm::name).join(","),
        )
    }

    /// Begin an upload
    ///
    /// By the tus protocol 1.0.0: send `Upload-Length`, and in `Upload-Metadata` the `filename`, in base64. Then send the bytes with PATCH to
    /// the `Location`, go on from `Upload-Offset` after a break, and submit the file with its id in a part `upload`.
    #[oai(
        path = "/counsels/:counsel/cases/:case/uploads",
        method = "post",
        operation_id = "beginUpload",
        tag = "Group::Submissions"
    )]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a header of the protocol"
    )]
    async fn begin(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// `1.0.0`
        #[oai(name = "Tus-Resumable")]
        version: Header<Option<String>>,
        /// Bytes of the file
        #[oai(name = "Upload-Length")]
        length: Header<Option<String>>,
        /// `filename` with the name in base64
        #[oai(name = "Upload-Metadata")]
        metadata: Header<Option<String>>,
    ) -> Result<Begun, Problem> {
        speaks(version.0.as_deref())?;
        let length = number("Upload-Length", length.0.as_deref())?;
        let name = file_name(metadata.0.as_deref())?;
        let who = Uploader {
            actor: who.0,
            counsel: Id::new(counsel.0),
            case: Id::new(case.0),
            finishing: None,
        };
        let upload = begin_upload(&app, &who, name, length).await?;
        let place = format!(
            "/api/v1/counsels/{}/cases/{}/uploads/{}",
            counsel.0, case.0, upload.id
        );
        Ok(Begun::Created(place, expires(&upload, &app)))
    }

    /// My uploads on a case
    #[oai(
        path = "/counsels/:counsel/cases/:case/uploads",
        method = "get",
        operation_id = "listUploads",
        tag = "Group::Submissions"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: Uploading,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<UploadList>, Problem> {
        let uploads = list_uploads(&app, &who.on(counsel.0, case.0)).await?;
        let items = uploads.iter().map(|upload| Shown::new(upload, &app));
        let (items, next_cursor) = part(items.collect(), cursor.0, limit.0, |one: &Shown| one.id)?;
        Ok(Json(UploadList { items, next_cursor }))
    }

    /// Where an upload stands
    #[oai(
        path = "/counsels/:counsel/cases/:case/uploads/:upload",
        method = "head",
        operation_id = "resumeUpload",
        tag = "Group::Submissions"
    )]
    async fn stands(
        &self,
        app: Data<&Application>,
        who: Uploading,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// The upload
        upload: Path<Uuid>,
        /// `1.0.0`
        #[oai(name = "Tus-Resumable")]
        version: Header<Option<String>>,
    ) -> Result<Stands, Problem> {
        speaks(version.0.as_deref())?;
        let who = who.on(counsel.0, case.0);
        let upload = see_upload(&app, &who, Id::new(upload.0)).await?;
        Ok(Stands::At(
            upload.offset,
            upload.length,
            expires(&upload, &app),
        ))
    }

    /// What is known of an upload
    #[oai(
        path = "/counsels/:counsel/cases/:case/uploads/:upload",
        method = "get",
        operation_id = "seeUpload",
        tag = "Group::Submissions"
    )]
    async fn see(
        &self,
        app: Data<&Application>,
        who: Uploading,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// The upload
        upload: Path<Uuid>,
    ) -> Result<Json<Shown>, Problem> {
        let who = who.on(counsel.0, case.0);
        let upload = see_upload(&app, &who, Id::new(upload.0)).await?;
        Ok(Json(Shown::new(&upload, &app)))
    }

    /// Add bytes to an upload
    ///
    /// Answered once they are on durable storage. With the last byte the file is looked into: what is wrong with it is the answer, and the
    /// upload is gone. Bytes with an `Upload-Checksum` (`sha256` or `sha1`) count only if they have it.
    #[oai(
        path = "/counsels/:counsel/cases/:case/uploads/:upload",
        method = "patch",
        operation_id = "continueUpload",
        tag = "Group::Submissions"
    )]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a header of the protocol"
    )]
    async fn add(
        &self,
        app: Data<&Application>,
        who: Uploading,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// The upload
        upload: Path<Uuid>,
        /// `1.0.0`
        #[oai(name = "Tus-Resumable")]
        version: Header<Option<String>>,
        /// Where the bytes belong: how many came
        #[oai(name = "Upload-Offset")]
        offset: Header<Option<String>>,
        /// An algorithm, a space, and the digest of the bytes in base64
        #[oai(name = "Upload-Checksum")]
        digest: Header<Option<String>>,
        bytes: AsItComes<Bytes>,
    ) -> Result<Added, Problem> {
        speaks(version.0.as_deref())?;
        let AsItComes(bytes) = bytes;
        if !bytes.has_type {
            return Err(Kind::UploadContentType.into());
        }
        let sent = Sent {
            offset: number("Upload-Offset", offset.0.as_deref())?,
            announced: bytes.announced,
            checksum: digest.0.as_deref().map(checksum).transpose()?,
            bytes: bytes.stream,
        };
        let who = who.on(counsel.0, case.0);
        let upload = append(&app, &who, Id::new(upload.0), sent).await?;
        Ok(Added::Here(upload.offset, expires(&upload, &app)))
    }

    /// End an upload, and remove what came
    #[oai(
        path = "/counsels/:counsel/cases/:case/uploads/:upload",
        method = "delete",
        operation_id = "endUpload",
        tag = "Group::Submissions"
    )]
    async fn end(
        &self,
        app: Data<&Application>,
        who: Uploading,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// The upload
        upload: Path<Uuid>,
        /// `1.0.0`
        #[oai(name = "Tus-Resumable")]
        version: Header<Option<String>>,
    ) -> Result<Ended, Problem> {
        speaks(version.0.as_deref())?;
        let who = who.on(counsel.0, case.0);
        terminate(&app, &who, Id::new(upload.0)).await?;
        Ok(Ended::Gone)
    }
}

/// Whether a request's sender speaks the version that is spoken here.
fn speaks(version: Option<&str>) -> Result<(), Problem> {
    match version {
        Some(VERSION) => Ok(()),
        _ => Err(Kind::UploadProtocol.into()),
    }
}

/// Until when an upload is kept, as HTTP writes instants.
fn expires(upload: &Upload, app: &Application) -> String {
    http_date(upload.expires_at(&app.terms))
}

fn http_date(at: OffsetDateTime) -> String {
    let written = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    at.to_offset(time::UtcOffset::UTC)
        .format(written)
        .unwrap_or_default()
}

/// Bytes as they come, not taken yet.
struct Bytes {
    stream: ByteStream<'static>,
    announced: Option<u64>,
    has_type: bool,
}

impl Coming for Bytes {
    const CONTENT_TYPE: &'static str = CONTENT_TYPE;

    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")))
    }

    async fn begin(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let announced = request.header("content-length");
        let body = body.take().unwrap_or_else(|_| Body::empty());
        Ok(Self {
            stream: body.into_bytes_stream().boxed(),
            announced: announced.and_then(|text| text.parse().ok()),
            has_type: request.content_type() == Some(CONTENT_TYPE),
        })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    /// an instant is written as HTTP writes them, wherever it was.
    #[test]
    fn an_instant_is_written_as_http_does() {
        let written = http_date(datetime!(2026-11-05 09:05:07 -5));
        assert_eq!(written, "Thu, 05 Nov 2026 14:05:07 GMT");
    }
}
