//! The streams of an HTTP/2 connection, each a task of its own: one whose answer nobody reads is reset alone, and the others go on.

use std::sync::Arc;
use std::time::Duration;

use hyper::rt::Executor;

use crate::deadline::until;
use crate::pace::Reader;

/// Bytes that a stream is given at a time.
pub(crate) const PIECE: usize = 16 * 1024;

/// Bytes that a stream may keep unsent: the slowest line has taken them before its connection, with nothing else under way, is idle for too long.
pub(crate) const UNSENT: usize = 32 * 1024;

tokio::task_local! {
    static READER: Arc<Reader>;
}

/// Runs streams, each until its reader has taken nothing for so long. Dropping one makes the protocol reset it.
#[derive(Clone, Copy)]
pub(crate) struct Streams {
    pub(crate) pause: Duration,
}

impl<Stream> Executor<Stream> for Streams
where
    Stream: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, stream: Stream) {
        let (pause, reader) = (self.pause, Arc::new(Reader::default()));
        let of_stream = reader.clone();
        let kept_up = until(stream, move || Some(of_stream.since()? + pause));
        tokio::spawn(READER.scope(reader, kept_up));
    }
}

/// Who reads the answer of the stream whose task this is; `None` where a connection has no streams.
pub(crate) fn reader() -> Option<Arc<Reader>> {
    READER.try_with(Arc::clone).ok()
}
