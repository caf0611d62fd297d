//! The audit trail's seals (SEC-2): one job puts new entries in line and seals them with a chain of keyed hashes; another finds whatever
//! was edited, removed or put elsewhere afterwards, and names it. Without the tribunal's key nobody can make a chain that holds. Where the key
//! was changed, former ones vouch for what came before, and for nothing after the first seal under a newer one.

use domain::policy::Job;
use time::OffsetDateTime;

use crate::by::By;
use crate::ports::audit_seals::Seal;
use crate::ports::keys::{KeyedHash, Purpose};
use crate::ports::records::AuditRecord;
use crate::ports::storage::StorageError;
use crate::{Application, UseCaseError};

/// How many entries are looked at together.
const AT_A_TIME: u32 = 1_000;

/// What a pass of sealing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sealed {
    /// Entries that were sealed.
    pub entries: u64,
    /// Where the pass ended before the last entry: the last seal, on the entry of that position, holds by none of this process's keys. It was made
    /// with a newer key, after which none of these may go on with the trail, or something was changed.
    pub stopped_at: Option<i64>,
}

/// Seals new entries. By hand also after a seal that holds by no known key, which somebody has looked at: a key that is lost vouches for nothing.
///
/// # Errors
/// [`UseCaseError::Storage`].
pub async fn seal_audit_trail(app: &Application, by: By) -> Result<Sealed, UseCaseError> {
    app.may_run(Job::SealAudit, &app.moment())?;
    let last = app.audit_seals.last().await?;
    let near = last.map_or(0, |seal| seal.position.saturating_sub(LATE));
    seal_after(app, near, by).await
}

/// Since when the oldest entry that has no seal has been waiting for one.
///
/// # Errors
/// [`StorageError`].
pub async fn oldest_unsealed(app: &Application) -> Result<Option<OffsetDateTime>, StorageError> {
    let last = app.audit_seals.last().await?;
    let near = last.map_or(0, |seal| seal.position.saturating_sub(LATE));
    let unsealed = app.audit_seals.unsealed(near, 1).await?;
    Ok(unsealed.first().map(|entry| entry.at))
}

/// A transaction that takes long commits an entry whose position is behind those that were sealed meanwhile: so far behind is looked each
/// time. What comes even later is sealed when the whole trail is verified.
const LATE: i64 = 10_000;

async fn seal_after(app: &Application, position: i64, by: By) -> Result<Sealed, UseCaseError> {
    let mut sealed = Sealed::default();
    while !app.halt.is_called() {
        let entries = app.audit_seals.unsealed(position, AT_A_TIME).await?;
        if entries.is_empty() {
            return Ok(sealed);
        }
        let last = app.audit_seals.last().await?;
        if let (By::Schedule, Some(last)) = (by, last)
            && !holds(app, &last).await?
        {
            sealed.stopped_at = Some(last.position);
            return Ok(sealed);
        }
        let (mut number, mut link) = last.map_or((0, [0; 32]), |seal| (seal.number, seal.link));
        let mut seals = Vec::with_capacity(entries.len());
        for entry in &entries {
            number += 1;
            link = link_of(&*app.keys, &link, number, entry);
            seals.push(Seal {
                number,
                position: entry.position,
                link,
            });
        }
        match app.audit_seals.append(&seals).await {
            Ok(()) => sealed.entries += seals.len() as u64,
            // Another worker seals them.
            Err(StorageError::Contention) => return Ok(sealed),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(sealed)
}

/// Whether the last seal holds by a key of this process.
async fn holds(app: &Application, last: &Seal) -> Result<bool, StorageError> {
    let before = last.number.saturating_sub(1);
    let both = app.audit_seals.after(before.saturating_sub(1), 2).await?;
    let of = |number: i64| both.iter().find(move |(seal, _)| seal.number == number);
    let link = of(before).map_or([0; 32], |(seal, _)| seal.link);
    let entry = of(last.number).and_then(|(_, entry)| entry.as_ref());
    Ok(judge(&*app.keys, before, &link, last, entry, usize::MAX).is_ok())
}

/// What is wrong with the trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The entry at this position is not what was sealed: it was edited, or stands in another's place.
    Changed(i64),
    /// The entry at this position is gone.
    Removed(i64),
    /// Seals from this number on are gone, up to the next that is there.
    SealRemoved(i64),
}

/// What a look through the whole trail found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Entries that were looked at.
    pub entries: u64,
    /// What is wrong, in order; at most [`FINDINGS_AT_MOST`].
    pub findings: Vec<Finding>,
}

/// So many findings say enough.
pub const FINDINGS_AT_MOST: usize = 1_000;

/// Looks through the whole trail. Entries that are not sealed yet are sealed first, where they may be.
///
/// # Errors
/// [`UseCaseError::Storage`].
pub async fn verify_audit_trail(app: &Application) -> Result<Verified, UseCaseError> {
    app.may_run(Job::VerifyAudit, &app.moment())?;
    seal_after(app, 0, By::Schedule).await?;
    let mut verified = Verified::default();
    let (mut number, mut link, mut oldest) = (0, [0; 32], usize::MAX);
    loop {
        let part = app.audit_seals.after(number, AT_A_TIME).await?;
        if part.is_empty() || app.halt.is_called() {
            return Ok(verified);
        }
        for (seal, entry) in part {
            verified.entries += 1;
            match judge(&*app.keys, number, &link, &seal, entry.as_ref(), oldest) {
                Ok(key) => oldest = key,
                Err(finding) if verified.findings.len() < FINDINGS_AT_MOST => {
                    verified.findings.push(finding);
                }
                Err(_) => {}
            }
            // Goes on from what is there, so that one change is one finding.
            (number, link) = (seal.number, seal.link);
        }
    }
}

/// By which key the seal holds, counted from the present one back, or what is wrong: it may be no older than `oldest`, the key of the seal
/// before, or a former key that was stolen could go on with the trail.
fn judge(
    keys: &dyn KeyedHash,
    before: i64,
    link: &[u8; 32],
    seal: &Seal,
    entry: Option<&AuditRecord>,
    oldest: usize,
) -> Result<usize, Finding> {
    if seal.number != before + 1 {
        return Err(Finding::SealRemoved(before + 1));
    }
    let Some(entry) = entry else {
        return Err(Finding::Removed(seal.position));
    };
    let message = message_of(link, seal.number, entry);
    if keys.hash(Purpose::AuditTrail, &message) == seal.link {
        return Ok(0);
    }
    let former = keys.former_hashes(Purpose::AuditTrail, &message);
    let key = former.iter().position(|link| *link == seal.link);
    key.map(|key| key + 1)
        .filter(|key| *key <= oldest)
        .ok_or(Finding::Changed(seal.position))
}

/// The keyed hash of the link before and of everything that an entry says.
fn link_of(keys: &dyn KeyedHash, before: &[u8; 32], number: i64, entry: &AuditRecord) -> [u8; 32] {
    keys.hash(Purpose::AuditTrail, &message_of(before, number, entry))
}

/// The link before and everything that an entry says. Each part is preceded by its length, so that parts cannot run together.
fn message_of(before: &[u8; 32], number: i64, entry: &AuditRecord) -> Vec<u8> {
    let AuditRecord {
        position,
        at,
        who,
        who_id,
        from,
        action,
        on_behalf_of,
        case,
        subjects,
        refused,
    } = entry;
    let mut message = before.to_vec();
    let mut add = |part: Option<&[u8]>| match part {
        Some(bytes) => {
            message.extend((bytes.len() as u64 + 1).to_be_bytes());
            message.extend(bytes);
        }
        None => message.extend(0_u64.to_be_bytes()),
    };
    add(Some(&number.to_be_bytes()));
    add(Some(&position.to_be_bytes()));
    add(Some(&at.unix_timestamp_nanos().to_be_bytes()));
    add(Some(who.as_bytes()));
    add(who_id.as_deref().map(str::as_bytes));
    add(from.as_deref().map(str::as_bytes));
    add(Some(action.as_bytes()));
    add(on_behalf_of
        .map(|id| *id.uuid().as_bytes())
        .as_ref()
        .map(<[u8; 16]>::as_slice));
    add(case
        .map(|id| *id.uuid().as_bytes())
        .as_ref()
        .map(<[u8; 16]>::as_slice));
    add(Some(subjects.as_bytes()));
    add(refused.as_deref().map(str::as_bytes));
    message
}
