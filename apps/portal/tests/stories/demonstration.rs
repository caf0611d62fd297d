//! What the demonstration brings with it, and what is configured for it (X-5, HELP-1).

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

/// HELP-1, REG-1: who may register is what is configured, in the page's language.
#[tokio::test]
async fn home_and_help_name_the_configured_orders() {
    let orders = r#"[{ code = "bar", french = "Barreau de l’Île", english = "Island Bar", issues_numbers = true }]"#;
    let folder = tempfile::tempdir().unwrap();
    let of = ("MONDOSSIER__TRIBUNAL__ORDERS", orders);
    let demonstration = Demonstration::start_with(folder, &[of]);
    for (path, order) in [
        ("/fr", "Barreau de l’Île"),
        ("/fr/help", "Barreau de l’Île"),
        ("/en", "Island Bar"),
        ("/en/help", "Island Bar"),
    ] {
        let page = demonstration.client.get(demonstration.page(path));
        let page = page.send().await.unwrap().text().await.unwrap();
        assert!(page.contains(order), "{path}: {page}");
        for theirs in ["Québec", "Quebec", "Ontario", "GCKey", "CléGC"] {
            let main = page.split("<main").nth(1).unwrap();
            assert!(!main.contains(theirs), "{theirs} in {path}: {page}");
        }
    }
}
