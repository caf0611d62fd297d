//! How many connections there may be at the same time: in all, and from one address. Whoever leaves gives the place back.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::Uncounted;

/// The places, taken and free.
pub struct Places {
    all: Arc<Semaphore>,
    most: usize,
    most_per_address: usize,
    uncounted: Uncounted,
    per_address: Mutex<BTreeMap<IpAddr, usize>>,
    scarce: AtomicBool,
    /// Told to everybody when places grow scarce.
    pub(crate) grew_scarce: Notify,
    open: AtomicUsize,
    accepted: AtomicU64,
    refused: AtomicU64,
}

/// A place that somebody has.
pub(crate) struct Place {
    of: Arc<Places>,
    address: Option<IpAddr>,
    room: Option<OwnedSemaphorePermit>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.of.open.fetch_sub(1, Ordering::Relaxed);
        drop(self.room.take());
        self.of.count_free();
        let Some(address) = self.address else { return };
        let mut per_address = self.of.counts();
        if let Some(count) = per_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                per_address.remove(&address);
            }
        }
    }
}

impl Places {
    pub(crate) fn new(most: usize, most_per_address: usize, uncounted: Uncounted) -> Self {
        let most = most.min(Semaphore::MAX_PERMITS);
        Self {
            all: Arc::new(Semaphore::new(most)),
            most,
            most_per_address,
            uncounted,
            per_address: Mutex::default(),
            scarce: AtomicBool::new(false),
            grew_scarce: Notify::new(),
            open: AtomicUsize::new(0),
            accepted: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// Connections that are open now.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Connections that were ever taken.
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Connections that were closed at once, as there were too many from their address.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Whether hardly a place is left: those who do nothing had better go.
    pub(crate) fn are_scarce(&self) -> bool {
        self.scarce.load(Ordering::Relaxed)
    }

    /// They are scarce from the last tenth on, until a fifth is free again: somebody who comes and goes at one limit does not wake everybody
    /// each time.
    fn count_free(&self) {
        // One at a time, so that whoever counts last has the last word.
        let counting = self.counts();
        let free = self.all.available_permits();
        let grew_scarce = if free <= self.most / 10 {
            !self.scarce.swap(true, Ordering::Relaxed)
        } else {
            if free > self.most / 5 {
                self.scarce.store(false, Ordering::Relaxed);
            }
            false
        };
        drop(counting);
        if grew_scarce {
            self.grew_scarce.notify_waiters();
        }
    }

    /// Waits until there is room for one more. `None` never comes: the semaphore is not closed.
    pub(crate) async fn room(&self) -> Option<OwnedSemaphorePermit> {
        let room = self.all.clone().acquire_owned().await.ok();
        self.count_free();
        room
    }

    /// The room for a connection from there, or nothing if there are too many of them.
    pub(crate) fn take(
        self: &Arc<Self>,
        room: Option<OwnedSemaphorePermit>,
        address: IpAddr,
    ) -> Option<Place> {
        let uncounted = (self.uncounted)(address.to_canonical());
        let address = counted_as(address);
        let place = |address| {
            self.open.fetch_add(1, Ordering::Relaxed);
            Place {
                of: self.clone(),
                address,
                room,
            }
        };
        self.accepted.fetch_add(1, Ordering::Relaxed);
        if uncounted {
            return Some(place(None));
        }
        let mut per_address = self.counts();
        let count = per_address.entry(address).or_default();
        if *count >= self.most_per_address {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        *count += 1;
        drop(per_address);
        Some(place(Some(address)))
    }

    fn counts(&self) -> std::sync::MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        self.per_address
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever has an IPv6 address has a network of them.
fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(most: usize, per_address: usize) -> Arc<Places> {
        let proxies: [IpAddr; 2] = ["10.0.0.1", "fd00::5"].map(|text| text.parse().unwrap());
        Arc::new(Places::new(
            most,
            per_address,
            Arc::new(move |address| proxies.contains(&address)),
        ))
    }

    #[tokio::test]
    async fn one_address_has_so_many_places_and_a_proxy_as_many_as_there_are() {
        let places = places(20, 2);
        let mut held = Vec::new();
        let mut take = async |address: &str| {
            let room = places.room().await;
            let place = places.take(room, address.parse().unwrap());
            let taken = place.is_some();
            held.extend(place);
            taken
        };
        assert!(take("192.0.2.1").await && take("192.0.2.1").await);
        assert!(!take("192.0.2.1").await && !take("::ffff:192.0.2.1").await);
        assert!(take("192.0.2.2").await);
        assert!(take("2001:db8::1").await && take("2001:db8::2").await);
        assert!(!take("2001:db8::3").await && take("2001:db8:0:1::").await);
        for proxy in ["10.0.0.1", "::ffff:10.0.0.1", "fd00::5"] {
            assert!(take(proxy).await && take(proxy).await && take(proxy).await);
        }
        assert_eq!((places.open(), places.refused()), (15, 3));
        held.clear();
        assert_eq!(places.open(), 0);
        assert!(places.counts().is_empty());
    }

    #[tokio::test]
    async fn they_are_scarce_from_the_last_tenth_until_a_fifth_is_free() {
        let places = places(20, 20);
        let told = places.grew_scarce.notified();
        let mut held = Vec::new();
        while held.len() < 17 {
            let room = places.room().await;
            held.extend(places.take(room, "192.0.2.1".parse().unwrap()));
        }
        assert!(!places.are_scarce());
        let room = places.room().await;
        assert!(places.are_scarce());
        let in_time = tokio::time::timeout(std::time::Duration::from_secs(5), told);
        in_time.await.expect("nobody was told");
        drop(room);
        held.pop();
        assert!(places.are_scarce(), "four of twenty are free");
        held.pop();
        assert!(!places.are_scarce());
    }
}
