//! A request's head: who asks behind which proxies, by which session or token, from where, for which bytes, about which upload.
#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use libfuzzer_sys::fuzz_target;
use web::Proxies;
use web::fuzzing::{read_head, saved_as};

const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
const SIZE: u64 = 1000;

fuzz_target!(|lines: &[u8]| {
    let Ok(network) = "10.0.0.0/8".parse() else {
        return;
    };
    let proxies = Proxies::new(vec![network]);
    let head = read_head(lines, STRANGER, &proxies, SIZE);
    assert_eq!(head.client, STRANGER, "nobody but a proxy is believed");
    assert_eq!(
        head.number, "0000-0000-0000-0000",
        "nobody but a proxy gives numbers"
    );
    let head = read_head(lines, PROXY, &proxies, SIZE);
    assert!(head.number.len() <= 64 && head.number.is_ascii());
    if let Some((from, until)) = head.part {
        assert!(from <= until && until <= SIZE);
    }
    if let Some(name) = head.name {
        let header = saved_as(&name);
        assert!(header.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        assert_eq!(header.matches('"').count(), 2);
    }
});
