//! Ways in for fuzz targets: what reads the bytes that browsers, programs and proxies send, without the routes around it. Not in the portal.

use std::io;
use std::net::IpAddr;

use application::ports::clock::Random;
use application::uploads::Checksum;
use bytes::Bytes;
use domain::document::{FileName, Sha256};
use domain::person::Language;
use futures_util::stream;
use poem::http::header;
use poem::{Body, FromRequest, Request};

use crate::api::upload_headers;
use crate::download::Part;
use crate::observed::RequestId;
use crate::pages::{own_page, wished};
use crate::parts::Parts;
use crate::{Proxies, caller, download, proxies, same_origin};

/// Takes a form of `multipart/form-data` with the boundary `b`, which comes in pieces of that length: how many bytes of text were in it. `None`
/// where it is refused.
pub async fn take_form(form: &[u8], piece: usize) -> Option<usize> {
    let pieces: Vec<_> = form
        .chunks(piece.max(1))
        .map(|piece| Ok::<_, io::Error>(Bytes::copy_from_slice(piece)))
        .collect();
    let request = Request::builder()
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .body(Body::from_bytes_stream(stream::iter(pieces)));
    let (request, mut body) = request.split();
    let mut parts = Parts::from_request(&request, &mut body).await.ok()?;
    let mut taken = 0;
    while let Some(part) = parts.next().await.ok()? {
        let name = part.file_name().map(FileName::from_sender);
        taken += name.map_or(0, |name| name.as_str().len());
        taken += parts.text(part).await.ok()?.len();
    }
    Some(taken)
}

/// What a request's head was understood to say.
#[derive(Debug)]
pub struct Head {
    /// Whoever asks.
    pub client: IpAddr,
    /// The last proxy was asked without TLS.
    pub was_plain: bool,
    /// By which the log means the request.
    pub number: String,
    /// The language wished for.
    pub language: Language,
    /// How long the session's secret is.
    pub session: Option<usize>,
    /// How long the token is.
    pub token: Option<usize>,
    /// A browser says that another site asks.
    pub from_elsewhere: bool,
    /// Bytes from the first until before the other; `None` where the range is refused.
    pub part: Option<(u64, u64)>,
    /// Bytes of an upload.
    pub length: Option<u64>,
    /// The upload's name.
    pub name: Option<FileName>,
    /// The digest of an upload's bytes.
    pub checksum: Option<Checksum>,
}

/// Reads a head, a header on each line, as it comes from that peer, about a document of so many bytes. Lines that HTTP does not let through
/// are left out.
pub fn read_head(lines: &[u8], peer: IpAddr, proxies: &Proxies, size: u64) -> Head {
    let mut request = Request::builder();
    for line in lines.split(|byte| *byte == b'\n') {
        let mut pair = line.splitn(2, |byte| *byte == b':');
        let (Some(name), Some(value)) = (pair.next(), pair.next()) else {
            continue;
        };
        let name = header::HeaderName::from_bytes(name);
        let value = header::HeaderValue::from_bytes(value.trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            request = request.header(name, value);
        }
    }
    let request = request.finish();
    let headers = request.headers();
    let length = |secret: application::Secret| secret.reveal().len();
    let part = Part::asked_for(headers, size, Sha256::new([1; 32]));
    Head {
        client: proxies.client(peer, headers),
        was_plain: proxies::was_plain(headers),
        number: RequestId::of(&request, proxies.are_trusted(peer), &Zeros).to_string(),
        language: wished(&request),
        session: caller::presented(&request, true).map(length),
        token: caller::bearer(&request).map(length),
        from_elsewhere: same_origin::is_from_elsewhere(&request),
        part: part.ok().map(Part::bounds),
        length: upload_headers::number("Upload-Length", request.header("upload-length")).ok(),
        name: upload_headers::file_name(request.header("upload-metadata")).ok(),
        checksum: request
            .header("upload-checksum")
            .and_then(|text| upload_headers::checksum(text).ok()),
    }
}

/// The header under which a document of that name is saved.
pub fn saved_as(name: &FileName) -> String {
    download::attachment(name)
}

/// Whether somebody can come back to that address.
pub fn can_be_come_back_to(address: &str) -> bool {
    own_page(address).is_some()
}

/// No chance at all: what is drawn is the same in each run.
struct Zeros;

impl Random for Zeros {
    fn bytes(&self) -> [u8; 32] {
        [0; 32]
    }
}
