//! What every store promises of receipts and of the public log of them.

use std::sync::Arc;

use application::ports::audit_seals::{AuditSeals, Seal};
use application::ports::receipt_log::{
    Beginning, Growth, Head, Leaf, LeafOf, LogNumber, ReceiptLog, Which,
};
use application::ports::storage::{Storage, StorageError};
use domain::submission::SubmissionId;
use receipts::{Hash, Kind, SignedStatement, SigningKey, TileAt, Tiles};

use crate::put_off::assert_taken;
use crate::samples::{NOW, audit, id};

/// A store, with its log.
#[derive(Clone)]
pub struct Logged {
    /// Records.
    pub storage: Arc<dyn Storage>,
    /// The log.
    pub log: Arc<dyn ReceiptLog>,
    /// Seals.
    pub seals: Arc<dyn AuditSeals>,
}

fn receipt(text: &str) -> SignedStatement {
    let key = SigningKey::from_seed("contract.example/log".parse().unwrap(), &[3; 32]);
    SignedStatement::sign(Kind::Receipt, text.to_owned(), &key)
}

impl Logged {
    async fn insert(&self, number: u128, text: &str) -> Result<(), StorageError> {
        let mut tx = self.storage.begin().await?;
        tx.receipts_mut().insert(id(number), &receipt(text)).await?;
        tx.commit(audit()).await
    }

    /// What comes after `from` entries.
    async fn growth(&self, from: u64, of: &[LeafOf]) -> Growth {
        let mut tiles = Tiles::default();
        for (at, hashes) in self
            .log
            .tiles(Which::Newest, &TileAt::edge(from))
            .await
            .unwrap()
        {
            tiles.put(at, hashes, from);
        }
        let mut leaves = Vec::new();
        for (index, of) in (from..).zip(of) {
            let entry = [u8::try_from(index % 251).unwrap(); 32];
            tiles.append(index, &entry).unwrap();
            leaves.push(Leaf {
                index,
                of: *of,
                entry,
            });
        }
        let size = from + leaves.len() as u64;
        Growth {
            upon: self.log.head().await.unwrap(),
            leaves,
            tiles,
            head: Head {
                size,
                note: format!("head of {size}\n"),
            },
            at: NOW,
        }
    }

    async fn audit_entries(&self) -> u64 {
        let mut records = self.storage.read().await.unwrap();
        records.audit().count().await.unwrap()
    }

    async fn waiting(&self) -> Vec<SubmissionId> {
        let waiting = self.log.waiting(100).await.unwrap();
        waiting.into_iter().map(|(id, _)| id).collect()
    }
}

/// A receipt is given back byte for byte, there is one for each submission, and it waits from then on.
pub async fn a_receipt_is_kept_as_it_was_signed(logged: Logged) {
    let text = "{\"name\":\"Pièce “1”.pdf\",\"size\": 1}\u{1f4c4} ";
    logged.insert(1, text).await.unwrap();
    let mut tx = logged.storage.begin().await.unwrap();
    let again = tx.receipts_mut().insert(id(1), &receipt("other")).await;
    assert_taken(again, tx).await;
    let mut records = logged.storage.read().await.unwrap();
    assert_eq!(
        records.receipts().of(id(1)).await.unwrap(),
        Some(receipt(text))
    );
    assert_eq!(records.receipts().of(id(2)).await.unwrap(), None);
    drop(records);
    assert_eq!(logged.waiting().await, [id(1)]);
    let kept = logged.log.receipts(&[id(1), id(2)]).await.unwrap();
    assert_eq!(
        kept.into_iter().collect::<Vec<_>>(),
        [(id(1), receipt(text))]
    );
    assert_eq!(logged.log.out_of_line(10).await.unwrap(), []);
}

/// A receipt that was not committed does not wait either.
pub async fn what_was_not_committed_does_not_wait(logged: Logged) {
    let mut tx = logged.storage.begin().await.unwrap();
    tx.receipts_mut()
        .insert(id(1), &receipt("a"))
        .await
        .unwrap();
    drop(tx);
    assert_eq!(logged.waiting().await, []);
}

/// The log grows by what waits: entries, tiles and head are there together, and what is in it waits no longer.
pub async fn the_log_grows_by_what_waits(logged: Logged) {
    assert_eq!(logged.log.head().await.unwrap(), None);
    let empty = logged.growth(0, &[]).await;
    logged.log.grow(&empty).await.unwrap();
    assert_eq!(logged.log.head().await.unwrap(), Some(empty.head.clone()));
    for (number, text) in [(3, "c"), (1, "a"), (2, "b")] {
        logged.insert(number, text).await.unwrap();
    }
    assert_eq!(logged.waiting().await, [id(1), id(2), id(3)]);
    assert_eq!(logged.log.waiting(2).await.unwrap().len(), 2);
    let seal = Seal {
        number: 7,
        position: 1,
        link: [9; 32],
    };
    logged.seals.append(&[seal]).await.unwrap();
    let of = [
        LeafOf::Receipt(id(1)),
        LeafOf::Receipt(id(3)),
        LeafOf::Seal(7),
    ];
    let growth = logged.growth(0, &of).await;
    logged.log.grow(&growth).await.unwrap();
    assert_eq!(logged.waiting().await, [id(2)]);
    assert_eq!(logged.log.head().await.unwrap(), Some(growth.head.clone()));
    assert_eq!(logged.log.place_of(id(3)).await.unwrap(), Some(1));
    assert_eq!(logged.log.place_of(id(2)).await.unwrap(), None);
    assert_eq!(logged.log.last_seal().await.unwrap(), Some(7));
    let links = logged.log.links(&[7, 8]).await.unwrap();
    assert_eq!(links.into_iter().collect::<Vec<_>>(), [(7, [9; 32])]);
    assert_eq!(
        logged.log.leaves(Which::Newest, 1, 10).await.unwrap(),
        growth.leaves[1..]
    );
    assert_eq!(
        logged.log.leaves(Which::Newest, 0, 1).await.unwrap(),
        growth.leaves[..1]
    );
    let heads = [empty.head, growth.head];
    assert_eq!(
        logged.log.heads(Which::Newest, None, 10).await.unwrap(),
        heads
    );
    assert_eq!(
        logged.log.heads(Which::Newest, Some(0), 10).await.unwrap(),
        heads[1..]
    );
    assert_eq!(
        logged.log.heads(Which::Newest, None, 1).await.unwrap(),
        heads[..1]
    );
    assert_eq!(logged.log.out_of_line(10).await.unwrap(), []);
}

/// A tile grows in its place, over the edge of a full one into the next and up a level.
pub async fn tiles_grow(logged: Logged) {
    let mut size = 0;
    for many in [200, 56, 1, 300] {
        let seals: Vec<LeafOf> = (1..=many)
            .map(|more| LeafOf::Seal(i64::try_from(size).unwrap() + more))
            .collect();
        let growth = logged.growth(size, &seals).await;
        size = growth.head.size;
        logged.log.grow(&growth).await.unwrap();
        let places: Vec<TileAt> = growth.tiles.iter().map(|(at, _)| at).collect();
        let mut kept = logged.log.tiles(Which::Newest, &places).await.unwrap();
        kept.sort_by_key(|(at, _)| *at);
        let grown: Vec<(TileAt, Vec<Hash>)> = growth
            .tiles
            .iter()
            .map(|(at, hashes)| (at, hashes.to_vec()))
            .collect();
        assert_eq!(kept, grown);
    }
    let at = |level, number| TileAt { level, number };
    let widths = [at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1)];
    let mut kept = logged.log.tiles(Which::Newest, &widths).await.unwrap();
    kept.sort_by_key(|(at, _)| *at);
    let widths: Vec<_> = kept
        .iter()
        .map(|(at, hashes)| (*at, hashes.len()))
        .collect();
    assert_eq!(
        widths,
        [
            (at(0, 0), 256),
            (at(0, 1), 256),
            (at(0, 2), 45),
            (at(1, 0), 2)
        ]
    );
    assert_eq!(logged.log.tiles(Which::Newest, &[]).await.unwrap(), []);
}

/// Of several workers that add to the same log at once one succeeds, and nothing of the others stays.
pub async fn one_of_several_publishers_succeeds(logged: Logged) {
    for number in 1..=4_u128 {
        logged.insert(number, "a").await.unwrap();
    }
    let mut tries = Vec::new();
    for number in 1..=4_u128 {
        let of: Vec<LeafOf> = (0..number)
            .map(|less| LeafOf::Receipt(id(number - less)))
            .collect();
        let growth = logged.growth(0, &of).await;
        let log = logged.log.clone();
        tries.push(tokio::spawn(
            async move { (log.grow(&growth).await, growth) },
        ));
    }
    let mut won = Vec::new();
    for one in tries {
        match one.await.unwrap() {
            (Ok(()), growth) => won.push(growth),
            (refused, _) => {
                assert!(
                    matches!(refused, Err(StorageError::Contention)),
                    "{refused:?}"
                );
            }
        }
    }
    assert_eq!(won.len(), 1);
    let winner = &won[0];
    assert_eq!(
        logged.log.leaves(Which::Newest, 0, 10).await.unwrap(),
        winner.leaves
    );
    let heads = logged.log.heads(Which::Newest, None, 10).await.unwrap();
    assert_eq!(heads, std::slice::from_ref(&winner.head));
    assert_eq!(logged.waiting().await.len(), 4 - winner.leaves.len());
    let place = [TileAt {
        level: 0,
        number: 0,
    }];
    let kept = logged.log.tiles(Which::Newest, &place).await.unwrap();
    assert_eq!(kept[0].1.len(), winner.leaves.len());
    let twice = logged
        .growth(winner.head.size, &[winner.leaves[0].of])
        .await;
    let twice = logged.log.grow(&twice).await;
    assert!(matches!(twice, Err(StorageError::Contention)), "{twice:?}");
}

/// What is on top of another head than the newest is refused, whatever it adds: somebody else grew or replaced the log meanwhile.
pub async fn nothing_grows_from_another_head(logged: Logged) {
    logged.insert(1, "a").await.unwrap();
    let stale = logged.growth(0, &[LeafOf::Receipt(id(1))]).await;
    let empty = logged.growth(0, &[]).await;
    logged.log.grow(&empty).await.unwrap();
    let refused = logged.log.grow(&stale).await;
    assert!(
        matches!(refused, Err(StorageError::Contention)),
        "{refused:?}"
    );
    assert_eq!(logged.waiting().await, [id(1)]);
}

/// Another log begins with nothing in it, and every receipt waits for it; the former one is kept, and is read by whoever asks for it by its
/// number. What was signed to go on top of the former one goes nowhere.
pub async fn another_log_begins_in_the_place_of_the_former(logged: Logged) {
    for number in 1..=3_u128 {
        logged.insert(number, "a").await.unwrap();
    }
    let of = [
        LeafOf::Receipt(id(1)),
        LeafOf::Receipt(id(2)),
        LeafOf::Seal(4),
    ];
    let former = logged.growth(0, &of).await;
    logged.log.grow(&former).await.unwrap();
    let late = logged.growth(3, &[LeafOf::Receipt(id(3))]).await;
    let beginning = |after: &Head, note: &str| Beginning {
        after: after.clone(),
        head: Head {
            size: 0,
            note: note.to_owned(),
        },
        at: NOW,
        entry: audit(),
    };
    let elsewhere = Head {
        size: 2,
        ..former.head.clone()
    };
    let refused = logged.log.begin_anew(&beginning(&elsewhere, "x")).await;
    assert!(
        matches!(refused, Err(StorageError::Contention)),
        "{refused:?}"
    );
    assert_eq!(logged.log.head().await.unwrap(), Some(former.head.clone()));

    let before = logged.audit_entries().await;
    let begun = beginning(&former.head, "the other log\n");
    logged.log.begin_anew(&begun).await.unwrap();
    assert_eq!(logged.audit_entries().await, before + 1);
    assert_eq!(logged.log.head().await.unwrap(), Some(begun.head.clone()));
    assert_eq!(
        logged.log.heads(Which::Newest, None, 10).await.unwrap(),
        std::slice::from_ref(&begun.head)
    );
    let both = [
        (LogNumber(1), former.head.clone()),
        (LogNumber(2), begun.head.clone()),
    ];
    assert_eq!(logged.log.last_heads().await.unwrap(), both);
    assert_eq!(logged.waiting().await, [id(1), id(2), id(3)]);
    assert_eq!(logged.log.out_of_line(10).await.unwrap(), []);
    assert_eq!(logged.log.leaves(Which::Newest, 0, 10).await.unwrap(), []);
    assert_eq!(logged.log.place_of(id(1)).await.unwrap(), None);
    assert_eq!(logged.log.last_seal().await.unwrap(), None);
    let first = [TileAt {
        level: 0,
        number: 0,
    }];
    assert_eq!(logged.log.tiles(Which::Newest, &first).await.unwrap(), []);
    let refused = logged.log.grow(&late).await;
    assert!(
        matches!(refused, Err(StorageError::Contention)),
        "{refused:?}"
    );

    let of = [
        LeafOf::Receipt(id(2)),
        LeafOf::Seal(4),
        LeafOf::Receipt(id(3)),
    ];
    let growth = logged.growth(0, &of).await;
    logged.log.grow(&growth).await.unwrap();
    assert_eq!(logged.waiting().await, [id(1)]);
    assert_eq!(logged.log.place_of(id(3)).await.unwrap(), Some(2));
    assert_eq!(
        logged.log.leaves(Which::Newest, 0, 10).await.unwrap(),
        growth.leaves
    );
    let both = [
        (LogNumber(1), former.head.clone()),
        (LogNumber(2), growth.head),
    ];
    assert_eq!(logged.log.last_heads().await.unwrap(), both);
    let one = Which::Numbered(LogNumber(1));
    assert_eq!(logged.log.leaves(one, 0, 10).await.unwrap(), former.leaves);
    assert_eq!(
        logged.log.heads(one, None, 10).await.unwrap(),
        [former.head]
    );
    let kept = logged.log.tiles(one, &first).await.unwrap();
    let grown: Vec<(TileAt, Vec<Hash>)> = former
        .tiles
        .iter()
        .map(|(at, hashes)| (at, hashes.to_vec()))
        .collect();
    assert_eq!(
        kept, grown,
        "who asks for the former one by its number reads it"
    );
}

/// Somebody who grows the log while another begins a new one comes before or after: no receipt is lost between the two.
pub async fn growing_and_beginning_at_once_lose_no_receipt(logged: Logged) {
    for number in 1..=2_u128 {
        logged.insert(number, "a").await.unwrap();
    }
    let growth = logged.growth(0, &[LeafOf::Receipt(id(1))]).await;
    logged.log.grow(&growth).await.unwrap();
    let growing = logged.growth(1, &[LeafOf::Receipt(id(2))]).await;
    let beginning = Beginning {
        after: growth.head,
        head: Head {
            size: 0,
            note: "the other log\n".to_owned(),
        },
        at: NOW,
        entry: audit(),
    };
    let (one, other) = (logged.log.clone(), logged.log.clone());
    let grown = tokio::spawn(async move { one.grow(&growing).await });
    let begun = tokio::spawn(async move { other.begin_anew(&beginning).await });
    let (grown, begun) = (grown.await.unwrap(), begun.await.unwrap());
    let one_of_them = matches!(
        (&grown, &begun),
        (Ok(()), Err(StorageError::Contention)) | (Err(StorageError::Contention), Ok(()))
    );
    assert!(one_of_them, "{grown:?} {begun:?}");
    let waiting = logged.waiting().await;
    if begun.is_ok() {
        assert_eq!(waiting, [id(1), id(2)]);
    } else {
        assert_eq!(waiting, []);
    }
    assert_eq!(logged.log.out_of_line(10).await.unwrap(), []);
}

/// Every promise against one store. `$fresh` is an async expression that gives an empty [`Logged`](crate::log::Logged).
#[macro_export]
macro_rules! log_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::log, $fresh;
            a_receipt_is_kept_as_it_was_signed,
            what_was_not_committed_does_not_wait,
            the_log_grows_by_what_waits,
            tiles_grow,
            one_of_several_publishers_succeeds,
            nothing_grows_from_another_head,
            another_log_begins_in_the_place_of_the_former,
            growing_and_beginning_at_once_lose_no_receipt,
        );
    };
}
