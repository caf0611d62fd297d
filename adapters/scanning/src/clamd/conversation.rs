//! One conversation with clamd: a command that ends in NUL, the bytes in pieces with their lengths before them, an empty piece, and one
//! line that ends in NUL, after which clamd closes the connection.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// How much is sent at a time.
const PIECE: usize = 64 * 1024;

/// The longest answer that is read. A signature's name has some dozens of characters.
const LONGEST_ANSWER: u64 = 1024;

/// What clamd said of a stream, in words that leave no doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing is in it.
    Clean,
    /// Something is in it, by that name.
    Found(String),
}

/// Why there was no verdict.
#[derive(Debug, thiserror::Error)]
pub(super) enum TalkError {
    #[error("cannot be reached: {0}")]
    Unreachable(io::Error),
    #[error("the connection broke off: {0}")]
    BrokenOff(io::Error),
    #[error("closed the connection without an answer")]
    Silent,
    #[error("gave no answer within {} seconds", .0.as_secs())]
    Late(Duration),
    #[error("gave an answer that is no verdict: {0:?}")]
    NotUnderstood(String),
    #[error("the file cannot be read: {0}")]
    Unreadable(io::Error),
}

impl TalkError {
    /// Whether it may be over by itself.
    pub(super) const fn is_away(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::BrokenOff(_) | Self::Silent | Self::Late(_) => true,
            Self::NotUnderstood(_) | Self::Unreadable(_) => false,
        }
    }

    /// Whether clamd was there and did not like what was sent.
    pub(super) const fn is_about_the_stream(&self) -> bool {
        matches!(
            self,
            Self::BrokenOff(_) | Self::Silent | Self::NotUnderstood(_)
        )
    }
}

/// Ends what takes too long.
pub(super) async fn within<T>(
    limit: Duration,
    talk: impl Future<Output = Result<T, TalkError>>,
) -> Result<T, TalkError> {
    tokio::time::timeout(limit, talk)
        .await
        .unwrap_or(Err(TalkError::Late(limit)))
}

/// Sends all the bytes and reads the verdict.
pub(super) async fn stream(
    mut peer: impl AsyncRead + AsyncWrite + Unpin,
    bytes: impl AsyncRead + Unpin,
) -> Result<Verdict, TalkError> {
    match send(&mut peer, bytes).await {
        Ok(()) => verdict(&answer(&mut peer).await?),
        // It may have said why it listens no longer. Whatever it said, it has not heard everything.
        Err(TalkError::BrokenOff(why)) => match answer(&mut peer).await {
            Ok(said) => Err(TalkError::NotUnderstood(readable(&said))),
            Err(_) => Err(TalkError::BrokenOff(why)),
        },
        Err(other) => Err(other),
    }
}

/// Whether anybody is there.
pub(super) async fn ping(mut peer: impl AsyncRead + AsyncWrite + Unpin) -> Result<(), TalkError> {
    let sent = peer.write_all(b"zPING\0").await;
    sent.map_err(TalkError::BrokenOff)?;
    let said = answer(&mut peer).await?;
    if said == b"PONG\0" {
        Ok(())
    } else {
        Err(TalkError::NotUnderstood(readable(&said)))
    }
}

async fn send(
    peer: &mut (impl AsyncWrite + Unpin),
    mut bytes: impl AsyncRead + Unpin,
) -> Result<(), TalkError> {
    let broken = TalkError::BrokenOff;
    peer.write_all(b"zINSTREAM\0").await.map_err(broken)?;
    let mut piece = vec![0; PIECE];
    loop {
        let filled = bytes
            .read(&mut piece)
            .await
            .map_err(TalkError::Unreadable)?;
        let length = u32::try_from(filled).unwrap_or(u32::MAX).to_be_bytes();
        peer.write_all(&length).await.map_err(broken)?;
        match piece.get(..filled) {
            Some([]) | None => break,
            Some(filled) => peer.write_all(filled).await.map_err(broken)?,
        }
    }
    peer.flush().await.map_err(broken)
}

/// Everything that is said until the connection is closed.
async fn answer(peer: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, TalkError> {
    let mut said = Vec::new();
    let mut bounded = peer.take(LONGEST_ANSWER);
    match bounded.read_to_end(&mut said).await {
        Ok(_) if said.is_empty() => Err(TalkError::Silent),
        Ok(_) => Ok(said),
        Err(why) => Err(TalkError::BrokenOff(why)),
    }
}

fn verdict(said: &[u8]) -> Result<Verdict, TalkError> {
    let not_understood = || TalkError::NotUnderstood(readable(said));
    if said == b"stream: OK\0" {
        return Ok(Verdict::Clean);
    }
    let name = said
        .strip_prefix(b"stream: ")
        .and_then(|rest| rest.strip_suffix(b" FOUND\0"))
        .ok_or_else(not_understood)?;
    let printable = |byte: &u8| matches!(byte, b' '..=b'~');
    if name.is_empty() || !name.iter().all(printable) {
        return Err(not_understood());
    }
    Ok(Verdict::Found(readable(name)))
}

fn readable(said: &[u8]) -> String {
    String::from_utf8_lossy(said)
        .trim_end_matches('\0')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_words_are_a_verdict() {
        assert!(matches!(verdict(b"stream: OK\0"), Ok(Verdict::Clean)));
        assert_eq!(
            verdict(b"stream: Eicar-Test-Signature FOUND\0").ok(),
            Some(Verdict::Found("Eicar-Test-Signature".to_owned()))
        );
        for said in [
            b"stream: OK".as_slice(),
            b"stream: OK\n",
            b"stream: OK\0\0",
            b"stream: OK \0",
            b" stream: OK\0",
            b"stream: ok\0",
            b"OK\0",
            b"1: stream: OK\0",
            b"stream: OK\0stream: Eicar FOUND\0",
            b"stream: Eicar FOUND\0stream: OK\0",
            b"stream: Eicar FOUND",
            b"stream:  FOUND\0x",
            b"stream: FOUND\0",
            b"stream: \xff FOUND\0",
            b"INSTREAM size limit exceeded. ERROR\0",
            b"INSTREAM size limit exceeded. ERROR\0stream: OK\0",
            b"stream: Can't allocate memory ERROR\0",
            b"UNKNOWN COMMAND\0",
            b"\0",
            b"PONG\0",
        ] {
            let unclear = matches!(verdict(said), Err(TalkError::NotUnderstood(_)));
            assert!(unclear, "{}", readable(said));
        }
    }
}
