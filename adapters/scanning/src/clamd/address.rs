//! Where clamd listens: a socket on this machine, or a port of another. What is sent to a port is not encrypted.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

use super::conversation::TalkError;

/// `unix:/run/clamav/clamd.ctl` or `tcp:host:3310`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ClamdAddress {
    /// A socket in the file system.
    Unix(PathBuf),
    /// A host, by name or number, and its port.
    Tcp(String, u16),
}

/// A text that names neither socket nor port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be unix:/path or tcp:host:port")]
pub struct NoAddress;

impl FromStr for ClamdAddress {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        if let Some(path) = text.strip_prefix("unix:") {
            let path = PathBuf::from(path);
            let named = path.is_absolute() && path.file_name().is_some();
            return if named {
                Ok(Self::Unix(path))
            } else {
                Err(NoAddress)
            };
        }
        let (host, port) = text
            .strip_prefix("tcp:")
            .and_then(|rest| rest.rsplit_once(':'))
            .ok_or(NoAddress)?;
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        // A number of IP version 6 has colons of its own, and stands in brackets.
        let host = match bare {
            Some(number) if number.parse::<std::net::Ipv6Addr>().is_ok() => number,
            None if !host.is_empty() && !host.contains([':', '/', '[', ']', ' ']) => host,
            _ => return Err(NoAddress),
        };
        match port.parse() {
            Ok(port) if port != 0 => Ok(Self::Tcp(host.to_owned(), port)),
            _ => Err(NoAddress),
        }
    }
}

impl TryFrom<String> for ClamdAddress {
    type Error = NoAddress;

    fn try_from(text: String) -> Result<Self, NoAddress> {
        text.parse()
    }
}

impl fmt::Display for ClamdAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp(host, port) if host.contains(':') => write!(f, "tcp:[{host}]:{port}"),
            Self::Tcp(host, port) => write!(f, "tcp:{host}:{port}"),
        }
    }
}

/// Both kinds of connection.
pub(super) trait Peer: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Peer for T {}

impl ClamdAddress {
    pub(super) async fn connect(&self) -> Result<Box<dyn Peer>, TalkError> {
        let connected: std::io::Result<Box<dyn Peer>> = match self {
            Self::Unix(path) => UnixStream::connect(path)
                .await
                .map(|peer| Box::new(peer) as _),
            Self::Tcp(host, port) => TcpStream::connect((host.as_str(), *port))
                .await
                .map(|peer| Box::new(peer) as _),
        };
        connected.map_err(TalkError::Unreachable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_socket_or_a_port_and_reads_back_as_it_is_written() {
        for text in [
            "unix:/run/clamav/clamd.ctl",
            "tcp:scanner.tribunal.example:3310",
            "tcp:127.0.0.1:3310",
            "tcp:[::1]:3310",
        ] {
            let address: ClamdAddress = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
        }
        for text in [
            "",
            "unix:",
            "unix:clamd.ctl",
            "unix:/",
            "/run/clamav/clamd.ctl",
            "tcp:3310",
            "tcp::3310",
            "tcp:host",
            "tcp:host:0",
            "tcp:host:65536",
            "tcp:::1:3310",
            "tcp:[host]:3310",
            "tcp:http://host:3310",
            "http:host:3310",
        ] {
            assert_eq!(text.parse::<ClamdAddress>(), Err(NoAddress), "{text}");
        }
    }
}
