//! A proxy before two portals, as small as one can be: each connection goes to the next portal that is in rotation.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

struct Portal {
    port: u16,
    in_rotation: AtomicBool,
}

/// Where clients connect to.
#[derive(Clone)]
pub struct Proxy {
    pub address: SocketAddr,
    portals: Arc<[Portal; 2]>,
}

impl Proxy {
    pub async fn before(ports: [u16; 2]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            portals: Arc::new(ports.map(|port| Portal {
                port,
                in_rotation: AtomicBool::new(true),
            })),
        };
        let portals = proxy.portals.clone();
        tokio::spawn(async move {
            let next = AtomicUsize::new(0);
            while let Ok((mut client, _)) = listener.accept().await {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                let wanted = [turn % 2, (turn + 1) % 2].map(|index| &portals[index]);
                let chosen = wanted
                    .into_iter()
                    .find(|one| one.in_rotation.load(Ordering::SeqCst));
                let port = chosen.expect("one portal is always in rotation").port;
                tokio::spawn(async move {
                    let mut portal = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                    let _ = copy_bidirectional(&mut client, &mut portal).await;
                });
            }
        });
        proxy
    }

    /// Takes a portal out of rotation, or puts it back.
    pub fn rotate(&self, index: usize, in_rotation: bool) {
        self.portals[index]
            .in_rotation
            .store(in_rotation, Ordering::SeqCst);
    }
}
