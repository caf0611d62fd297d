//! Who really asks, where a proxy stands in between: only a proxy that the operator named is believed, and of what it passes on only what
//! it added itself, from the right.

use std::net::IpAddr;

use ipnet::IpNet;
use poem::Request;
use poem::http::header::HeaderName;
use poem::http::{HeaderMap, HeaderValue};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The networks of the tribunal's own proxies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Of these networks.
    pub const fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Whether it is one of them.
    pub fn are_trusted(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whoever asked the outermost proxy that is trusted. Each proxy adds the address from which it was asked at the end; what is before that
    /// anybody may have made up.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let hops = headers.get_all(FORWARDED_FOR).iter();
        let hops: Vec<&str> = hops
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .collect();
        for hop in hops.into_iter().rev() {
            if !self.are_trusted(client) {
                break;
            }
            let Some(address) = address(hop.trim()) else {
                break;
            };
            client = address;
        }
        client
    }
}

/// An address, with a port or without.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let address = bare
        .parse()
        .or_else(|_| text.parse().map(|socket: std::net::SocketAddr| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// Whether a proxy says that it was asked without TLS. To be asked only of a trusted one.
pub(crate) fn was_plain(headers: &HeaderMap) -> bool {
    let last = headers.get_all(FORWARDED_PROTO).iter().next_back();
    let last = last.map(HeaderValue::to_str);
    last.is_some_and(|text| {
        text.is_ok_and(|text| text.rsplit(',').next().unwrap_or_default().trim() == "http")
    })
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    /// Whoever asks, as far as is known.
    pub(crate) client: Option<IpAddr>,
    /// Whether a trusted proxy passed it on.
    pub(crate) by_proxy: bool,
}

impl Origin {
    /// Of a request as it came in.
    pub(crate) fn of(request: &Request, proxies: &Proxies) -> Self {
        let peer = request.remote_addr().as_socket_addr();
        let peer = peer.map(std::net::SocketAddr::ip);
        Self {
            client: peer.map(|peer| proxies.client(peer, request.headers())),
            by_proxy: peer.is_some_and(|peer| proxies.are_trusted(peer)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let networks = ["10.0.0.0/8", "fd00::/8"];
        let proxies = Proxies::new(networks.map(|text| text.parse().unwrap()).into());
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_a_trusted_peer_says_who_asks() {
        assert_eq!(client("192.0.2.1", &["203.0.113.9"]), "192.0.2.1");
        assert_eq!(client("10.1.2.3", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client("::ffff:10.1.2.3", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client("10.1.2.3", &[]), "10.1.2.3");
    }

    #[test]
    fn what_the_asker_made_up_is_not_believed() {
        let forged = "198.51.100.7, 203.0.113.9";
        assert_eq!(client("10.1.2.3", &[forged]), "203.0.113.9");
        assert_eq!(
            client("10.1.2.3", &["198.51.100.7", "203.0.113.9, 10.4.4.4"]),
            "203.0.113.9"
        );
        assert_eq!(
            client("10.1.2.3", &["10.9.9.9, 203.0.113.9"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn what_is_no_address_ends_the_walk() {
        assert_eq!(client("10.1.2.3", &["203.0.113.9, unknown"]), "10.1.2.3");
        assert_eq!(client("10.1.2.3", &["203.0.113.9:1234"]), "203.0.113.9");
        assert_eq!(client("10.1.2.3", &["[2001:db8::1]:1234"]), "2001:db8::1");
        assert_eq!(client("fd00::1", &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn the_last_proxy_says_whether_it_was_asked_by_tls() {
        for (value, plain) in [("https", false), ("http", true), ("http, https", false)] {
            let mut headers = HeaderMap::new();
            headers.insert(FORWARDED_PROTO, value.parse().unwrap());
            assert_eq!(was_plain(&headers), plain, "{value}");
        }
        assert!(!was_plain(&HeaderMap::new()));
    }
}
