//! What the demonstration brings with it.

use crate::portal::Demonstration;

/// DEL-2, BOX-1: whoever is invited in the demonstration's own data, and whoever is sent a document there, has been told.
#[tokio::test]
async fn the_demonstration_tells_of_its_own_data() {
    let demonstration = Demonstration::start();
    let mut told: Vec<(String, String)> = Vec::new();
    for mail in demonstration.mailbox().await {
        let text = |field: &str| mail[field].as_str().unwrap().to_owned();
        told.push((text("to"), text("subject")));
    }
    let to = |told: &[(String, String)], what: &str| {
        let of = told.iter().filter(|(_, subject)| subject.contains(what));
        let mut keys: Vec<String> = of
            .map(|(to, _)| to.split('@').next().unwrap().to_owned())
            .collect();
        keys.sort();
        keys
    };
    assert_eq!(to(&told, "Invitation"), ["new-delegate"], "{told:?}");
    let readers = ["counsel-a", "counsel-b", "delegate-a", "delegate-ab"];
    assert_eq!(to(&told, "New document"), readers, "{told:?}");
    let demonstration = demonstration.again();
    assert_eq!(demonstration.mailbox().await.len(), told.len(), "once");
}
