//! The promises of every mailer, kept by both.

use std::sync::Arc;

use contract::mailers::{Arrived, Post};

use crate::mailbox::mailbox;
use crate::server::Server;
use crate::wire::Read;

fn a_mail_server() -> Post {
    let server = Server::open(&[serde_json::json!({})]);
    let mailer = Arc::new(server.mailer(0));
    let arrived = async move {
        let taken = server.close().taken(0);
        let read = taken.iter().map(|message| Read::of(&message.content));
        read.map(|message| Arrived {
            identity: message.id,
            to: message.to.join(", "),
            subject: message.subject,
            body: message.body,
            date: message.date,
        })
        .collect()
    };
    (mailer, Box::pin(arrived))
}

async fn the_demonstrations_mailbox() -> Post {
    let folder = tempfile::TempDir::new().unwrap();
    let mailbox = Arc::new(mailbox(folder.path()).await);
    let mailer = mailbox.clone();
    let arrived = async move {
        let caught = mailbox.all().await.unwrap();
        drop(folder);
        // A box that keeps two tries as one message has one place for them.
        let in_places = caught.into_iter().enumerate();
        in_places
            .map(|(place, message)| Arrived {
                identity: place.to_string(),
                to: message.to,
                subject: message.subject,
                body: message.body,
                date: message.sent_at,
            })
            .collect()
    };
    (mailer, Box::pin(arrived))
}

mod through_a_mail_server {
    contract::mailers_contract!(std::future::ready(super::a_mail_server()));
}

mod into_the_demonstrations_mailbox {
    contract::mailers_contract!(super::the_demonstrations_mailbox());
}
