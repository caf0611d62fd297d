//! Looks through every log that there ever was, whole: whether every receipt and audit seal in it is still what it was, whether
//! every tile and every head that was ever published follows from the entries, and whether each receipt says what the record of its submission
//! says. A former log does not grow any more; what was published of it must stay true all the same.

use std::collections::{BTreeMap, VecDeque};

use domain::policy::Job;
use domain::submission::{Submission, SubmissionId};
use receipts::receipt::Receipt;
use receipts::{Checkpoint, MissingTile, SignedStatement, TileAt, Tiles, seal_entry};

use crate::ports::receipt_log::{Head, Leaf, LeafOf, LogNumber, Which};
use crate::ports::storage::StorageError;
use crate::receipt::{agree, corrupt_log};
use crate::{Application, UseCaseError};

/// How many entries or heads are looked at together.
const AT_A_TIME: u32 = 1_000;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFinding {
    /// The receipt of this submission is in the log, and its record is gone.
    ReceiptMissing(SubmissionId),
    /// The receipt of this submission is not the one that is in the log.
    ReceiptChanged(SubmissionId),
    /// No key of the tribunal signed the receipt of this submission.
    ReceiptUntrue(SubmissionId),
    /// The receipt of this submission is neither in the log nor waits for it.
    OutOfLine(SubmissionId),
    /// The submission is gone; its receipt is not.
    SubmissionMissing(SubmissionId),
    /// The record of the submission says something else than its receipt.
    SubmissionChanged(SubmissionId),
    /// The audit seal of this number is gone, or not the one that is in the log.
    SealChanged(i64),
    /// The entry at this place is gone.
    EntryMissing(u64),
    /// The entries do not make this tile.
    TileChanged(TileAt),
    /// The entries do not make the head of this size, or nobody of ours signed it.
    HeadChanged(u64),
}

/// So many findings say enough.
pub const FINDINGS_AT_MOST: usize = 1_000;

/// What a look through every log found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogVerified {
    /// The one that grows.
    pub present: Looked,
    /// Those whose place others took, the oldest first.
    pub former: Vec<Looked>,
}

/// What a look through one log found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looked {
    /// What its newest head calls it; its number where that says nothing.
    pub name: String,
    /// Entries that were looked at.
    pub entries: u64,
    /// Heads that were looked at.
    pub heads: u64,
    /// What is wrong, in order; at most [`FINDINGS_AT_MOST`].
    pub findings: Vec<LogFinding>,
}

impl Looked {
    fn found(&mut self, finding: LogFinding) {
        if self.findings.len() < FINDINGS_AT_MOST {
            self.findings.push(finding);
        }
    }
}

/// Looks through each log, up to the newest head that it has. A look that is called to a halt found what it found until then.
///
/// # Errors
/// [`UseCaseError::Storage`].
pub async fn verify_log(app: &Application) -> Result<LogVerified, UseCaseError> {
    app.may_run(Job::VerifyLog, &app.moment())?;
    let mut former = Vec::new();
    for (number, newest) in app.log.last_heads().await? {
        former.push(look_through(app, number, &newest).await?);
    }
    let mut present = former.pop().unwrap_or_default();
    for id in app.log.out_of_line(AT_A_TIME).await? {
        present.found(LogFinding::OutOfLine(id));
    }
    Ok(LogVerified { present, former })
}

async fn look_through(
    app: &Application,
    number: LogNumber,
    newest: &Head,
) -> Result<Looked, StorageError> {
    let name = Checkpoint::claimed_origin(&newest.note);
    let name = name.map_or_else(|| format!("log {}", number.0), |name| name.to_string());
    let mut look = Look {
        app,
        log: Which::Numbered(number),
        looked: Looked {
            name,
            ..Looked::default()
        },
        heads: VecDeque::new(),
        last_head: None,
        tiles: Tiles::default(),
        size: 0,
    };
    look.through(newest.size).await?;
    Ok(look.looked)
}

/// A look that is under way: the tree as it grew so far.
struct Look<'a> {
    app: &'a Application,
    log: Which,
    looked: Looked,
    /// Heads that are still to be compared.
    heads: VecDeque<Head>,
    /// The size of the last head that was read.
    last_head: Option<u64>,
    tiles: Tiles,
    size: u64,
}

impl Look<'_> {
    async fn through(&mut self, end: u64) -> Result<(), StorageError> {
        while self.size < end && !self.app.halt.is_called() {
            let left = u32::try_from(end - self.size).unwrap_or(AT_A_TIME);
            let log = &self.app.log;
            let leaves = log.leaves(self.log, self.size, left.min(AT_A_TIME)).await?;
            self.subjects(&leaves).await?;
            if leaves.is_empty() {
                self.looked.found(LogFinding::EntryMissing(self.size));
                return Ok(());
            }
            for leaf in &leaves {
                if leaf.index != self.size {
                    // Without it nothing that comes after can be computed.
                    self.looked.found(LogFinding::EntryMissing(self.size));
                    return Ok(());
                }
                self.compare_heads(end).await?;
                self.tiles
                    .append(self.size, &leaf.entry)
                    .map_err(corrupt_log)?;
                self.size += 1;
                self.looked.entries += 1;
            }
            self.compare_tiles().await?;
        }
        self.compare_heads(end).await
    }

    /// The heads of the size that the tree has now.
    async fn compare_heads(&mut self, end: u64) -> Result<(), StorageError> {
        loop {
            if self.heads.is_empty() && self.last_head.is_none_or(|last| last < end) {
                let log = &self.app.log;
                let heads = log.heads(self.log, self.last_head, AT_A_TIME).await?;
                self.last_head = Some(heads.last().map_or(end, |head| head.size));
                self.heads = heads.into();
            }
            let due = self
                .heads
                .front()
                .is_some_and(|head| head.size <= self.size);
            let Some(head) = due.then(|| self.heads.pop_front()).flatten() else {
                return Ok(());
            };
            let root: Result<_, MissingTile> = self.tiles.root(head.size);
            let signed = Checkpoint::open(&head.note, self.app.signer.keys());
            let same = signed.is_ok_and(|signed| {
                signed.size == head.size && root.is_ok_and(|root| root == signed.root)
            });
            self.looked.heads += 1;
            if !same {
                self.looked.found(LogFinding::HeadChanged(head.size));
            }
        }
    }

    /// The tiles that the entries so far make; those that are full are not needed any more.
    async fn compare_tiles(&mut self) -> Result<(), StorageError> {
        let places: Vec<TileAt> = self.tiles.iter().map(|(at, _)| at).collect();
        let kept = self.app.log.tiles(self.log, &places).await?;
        let kept: BTreeMap<_, _> = kept.into_iter().collect();
        for (at, hashes) in self.tiles.iter() {
            let same = kept.get(&at).is_some_and(|kept| kept.starts_with(hashes));
            if !same && !hashes.is_empty() {
                self.looked.found(LogFinding::TileChanged(at));
            }
        }
        self.tiles.drop_full();
        Ok(())
    }

    /// What the entries are of.
    async fn subjects(&mut self, leaves: &[Leaf]) -> Result<(), StorageError> {
        let of_receipt = |leaf: &Leaf| match leaf.of {
            LeafOf::Receipt(id) => Some(id),
            LeafOf::Seal(_) => None,
        };
        let ids: Vec<SubmissionId> = leaves.iter().filter_map(of_receipt).collect();
        let receipts = self.app.log.receipts(&ids).await?;
        let mut records = self.app.storage.read().await?;
        let submissions: BTreeMap<SubmissionId, Submission> = records
            .submissions()
            .several(&ids)
            .await?
            .into_iter()
            .map(|filed| (filed.submission.id, filed.submission))
            .collect();
        // The receipts were read before: what went in between is gone in one of the two only.
        let missing: Vec<SubmissionId> = ids
            .iter()
            .copied()
            .filter(|id| !receipts.contains_key(id) || !submissions.contains_key(id))
            .collect();
        let deleted = records.retention().deleted(&missing).await?;
        drop(records);
        let of_seal = |leaf: &Leaf| match leaf.of {
            LeafOf::Seal(number) => Some(number),
            LeafOf::Receipt(_) => None,
        };
        let seals: Vec<i64> = leaves.iter().filter_map(of_seal).collect();
        let links = self.app.log.links(&seals).await?;
        for leaf in leaves {
            match leaf.of {
                // Its period was over: the digest stays in the log, and what it was of is gone (PRIV-1).
                LeafOf::Receipt(id) if deleted.contains(&id) => {}
                LeafOf::Receipt(id) => {
                    let (receipt, submission) = (receipts.get(&id), submissions.get(&id));
                    if let Some(finding) = self.judge(leaf, id, receipt, submission) {
                        self.looked.found(finding);
                    }
                }
                LeafOf::Seal(number) => {
                    let link = links.get(&number);
                    if link.is_none_or(|link| seal_entry(number, link) != leaf.entry) {
                        self.looked.found(LogFinding::SealChanged(number));
                    }
                }
            }
        }
        Ok(())
    }

    fn judge(
        &self,
        leaf: &Leaf,
        id: SubmissionId,
        receipt: Option<&SignedStatement>,
        submission: Option<&Submission>,
    ) -> Option<LogFinding> {
        let Some(receipt) = receipt else {
            return Some(LogFinding::ReceiptMissing(id));
        };
        if receipt.entry() != leaf.entry {
            return Some(LogFinding::ReceiptChanged(id));
        }
        let key = receipt.named(self.app.signer.keys());
        if !key.is_some_and(|key| receipt.is_signed_by(key)) {
            return Some(LogFinding::ReceiptUntrue(id));
        }
        let Some(submission) = submission else {
            return Some(LogFinding::SubmissionMissing(id));
        };
        let agreed = Receipt::from_text(receipt.text()).is_ok_and(|said| agree(&said, submission));
        (!agreed).then_some(LogFinding::SubmissionChanged(id))
    }
}
