//! A kept document on its way out: each piece is opened and found true before a byte of it goes on.

use std::io;
use std::sync::Arc;

use application::ports::documents::{ByteStream, DocumentsError};
use bytes::{Bytes, BytesMut};
use domain::document::DocumentId;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::master::ENVELOPE;
use crate::sealed::{Altered, Pieces, SEALED_PIECE};

/// Stored bytes of which the beginning was read.
pub(crate) struct Stored {
    bytes: ByteStream<'static>,
    waiting: BytesMut,
}

impl Stored {
    /// Nothing read yet.
    pub(crate) fn new(bytes: ByteStream<'static>) -> Self {
        Self {
            bytes,
            waiting: BytesMut::new(),
        }
    }

    /// The next `length` bytes; fewer only at the end.
    async fn take(&mut self, length: usize) -> io::Result<BytesMut> {
        while self.waiting.len() < length {
            let Some(next) = self.bytes.next().await else {
                break;
            };
            self.waiting.extend_from_slice(&next?);
        }
        let length = length.min(self.waiting.len());
        Ok(self.waiting.split_to(length))
    }

    /// The envelope at the beginning.
    pub(crate) async fn envelope(&mut self) -> Result<Bytes, DocumentsError> {
        let envelope = self.take(ENVELOPE).await;
        Ok(envelope.map_err(crate::unavailable)?.freeze())
    }

    /// The document's bytes, after the envelope.
    pub(crate) fn opened(self, pieces: Arc<Pieces>) -> ByteStream<'static> {
        Box::pin(stream::try_unfold(
            (self, pieces, 0),
            |(mut stored, pieces, number)| async move {
                if number >= pieces.count() {
                    return Ok(None);
                }
                let sealed = stored.take(SEALED_PIECE).await?;
                let plain = pieces.open(number, &sealed).map_err(altered)?;
                Ok(Some((Bytes::from(plain), (stored, pieces, number + 1))))
            },
        ))
    }

    /// Reads everything after the envelope, and says whether it is what was stored.
    pub(crate) async fn verify(
        self,
        id: DocumentId,
        pieces: Arc<Pieces>,
    ) -> Result<(), DocumentsError> {
        let read = self
            .opened(pieces)
            .try_for_each(|_| std::future::ready(Ok(())));
        read.await.map_err(|error| {
            let is_altered = error
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<Altered>);
            if is_altered {
                DocumentsError::Altered(id)
            } else {
                crate::unavailable(error)
            }
        })
    }
}

fn altered(altered: Altered) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, altered)
}
