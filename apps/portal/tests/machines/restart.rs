//! Two portals behind a proxy are restarted one after the other while counsel work, and nobody notices.

use rehearsal::postgres;

use crate::load::{Load, all_are_there};
use crate::proxy::Proxy;
use crate::site::{Site, pause};

/// Each portal is taken out of rotation, told to stop with SIGTERM, ends what is under way, comes back, says that it is ready, and is put back.
/// No request fails, no number is given twice, and everything that was confirmed is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_fails_no_request() {
    let site = Site::new(
        postgres("machines_restart").await,
        tempfile::tempdir().unwrap(),
    );
    let people = site.people().await;
    let mut portals = [Some(site.portal(None).await), Some(site.portal(None).await)];
    let ports = [0, 1].map(|index: usize| portals[index].as_ref().unwrap().port);
    let proxy = Proxy::before(ports).await;
    let load = Load::begin(
        &site.client,
        &format!("http://{}/api/v1", proxy.address),
        &people,
    );
    load.until(6).await;
    for round in 0..2 {
        for index in 0..2 {
            proxy.rotate(index, false);
            // A connection that the proxy just made is taken by then; slow uploads are still under way.
            pause(200).await;
            let stopped = portals[index].take().unwrap().stop().await;
            assert!(stopped, "portal {index} stopped in order, round {round}");
            portals[index] = Some(site.portal(Some(ports[index])).await);
            proxy.rotate(index, true);
            load.until(load.so_far().len() + 3).await;
        }
    }
    let confirmed = load.end().await;
    let portal = portals[0].as_ref().unwrap();
    all_are_there(&site, portal, &people, &confirmed).await;
}
