//! What must hold, whatever happens: looked at after every commit, and once more when all is quiet.

use std::collections::{BTreeMap, BTreeSet};

use application::audit_trail::verify_audit_trail;
use application::inbox::{ListInbox, list_inbox};
use application::ports::documents::Documents;
use application::ports::records::{InboxOrder, PageRequest, SubmissionQuery};
use application::ports::storage::Snapshot;
use application::verify_log::verify_log;
use domain::account::AccountId;
use domain::case::CaseId;
use domain::delegation::{Delegation, DelegationId};
use domain::document::{DocumentId, Sha256};
use domain::id::Id;
use domain::inbox::InboxItemId;
use domain::notice::About;
use domain::policy::{Actor, Means};
use domain::submission::SubmissionId;
use futures_util::TryStreamExt;
use sha2::Digest;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use crate::world::{COUNSEL, World};

const EVERYTHING: PageRequest = PageRequest {
    after: None,
    limit: 500,
};

/// A delegation, with every term that it ever had.
pub struct SeenDelegation {
    pub now: Delegation,
    pub terms: Vec<OffsetDateTime>,
}

/// A submission, as it must stay.
struct SeenSubmission {
    number: String,
    sha256: Sha256,
    document: DocumentId,
    sender: AccountId,
}

/// Everything that was ever on record.
#[derive(Default)]
pub struct Seen {
    pub delegations: BTreeMap<DelegationId, SeenDelegation>,
    /// How often a delegation changed.
    pub changes: u64,
    pub items: BTreeMap<InboxItemId, (CaseId, AccountId)>,
    documents: BTreeMap<InboxItemId, DocumentId>,
    deleted: BTreeSet<InboxItemId>,
    readings: BTreeSet<(InboxItemId, AccountId)>,
    submissions: BTreeMap<SubmissionId, SeenSubmission>,
    told: BTreeMap<u64, (SubmissionId, String)>,
}

impl Seen {
    /// Whether somebody may act for a counsel at an instant, as far as the record goes.
    pub fn may(
        &self,
        world: &World,
        who: AccountId,
        counsel: AccountId,
        at: OffsetDateTime,
    ) -> bool {
        let term = world.calm.terms.delegation;
        let gives_access = |one: &&SeenDelegation| {
            one.now.counsel == counsel
                && one.now.delegate() == Some(who)
                && one.now.ended_at.is_none()
                && one.terms.iter().any(|began| at < *began + term)
        };
        who == counsel || self.delegations.values().any(|one| gives_access(&one))
    }

    /// After a commit: what it changed must have been allowed.
    pub async fn look(&mut self, world: &World) {
        let mut records = world.calm.storage.read().await.unwrap();
        self.look_at_submissions(world, &mut *records).await;
        self.look_at_inboxes(world, &mut *records).await;
        self.look_at_delegations(world, &mut *records).await;
    }

    async fn look_at_submissions(&mut self, world: &World, records: &mut dyn Snapshot) {
        let query = SubmissionQuery {
            acknowledged: None,
            page: EVERYTHING,
        };
        let all = records.submissions().list(&query).await.unwrap().items;
        if all.len() < self.submissions.len() {
            world
                .stage
                .promise_broken("a submission is gone".to_owned());
        }
        for filed in all {
            let new = filed.submission;
            let (number, sender) = (
                new.confirmation_number.to_string(),
                new.submitted_by.account,
            );
            if self.submissions.contains_key(&new.id) {
                continue;
            }
            let case = records.cases().by_id(new.case).await.unwrap().unwrap();
            let counsel = new.on_behalf_of.account;
            if case.counsel_of_record != Some(counsel)
                || !self.may(world, sender, counsel, new.received_at)
            {
                let told = format!("{number}: {sender} had no access to {counsel} (Q-4)");
                world.stage.promise_broken(told);
            }
            let [file] = &new.files[..] else {
                unreachable!("one file")
            };
            let same = |one: &SeenSubmission| one.number == number || one.sha256 == file.sha256;
            if self.submissions.values().any(same) {
                let told = format!("{number} was received or given twice (Q-2)");
                world.stage.promise_broken(told);
            }
            let seen = SeenSubmission {
                number,
                sha256: file.sha256,
                document: file.document,
                sender,
            };
            self.submissions.insert(new.id, seen);
        }
    }

    async fn look_at_inboxes(&mut self, world: &World, records: &mut dyn Snapshot) {
        let mut there = 0;
        for (case, _) in &world.people.cases {
            let sent = records.inbox().sent_on(*case, &EVERYTHING).await.unwrap();
            there += sent.items.len();
            for filed in sent.items {
                let item = filed.item;
                self.items.insert(item.id, (item.case, item.counsel));
                self.documents.insert(item.id, item.sent.document);
                if item.deleted_at.is_some() {
                    self.deleted.insert(item.id);
                }
                for reading in &item.readings {
                    let reader = reading.by.account;
                    if self.readings.insert((item.id, reader))
                        && !self.may(world, reader, item.counsel, reading.at)
                    {
                        let told = format!("{reader} read {} without access (Q-5)", item.id);
                        world.stage.promise_broken(told);
                    }
                }
            }
        }
        if there < self.items.len() {
            let told = "something is gone from a case's inbox (BOX-3)";
            world.stage.promise_broken(told.to_owned());
        }
    }

    async fn look_at_delegations(&mut self, world: &World, records: &mut dyn Snapshot) {
        let latest = world.stage.state().latest;
        for counsel in &world.people.accounts[..COUNSEL] {
            let held = records.delegations().of_counsel(*counsel).await.unwrap();
            let holding: Vec<&Delegation> = held
                .iter()
                .filter(|one| one.state(latest, &world.calm.terms).holds_a_place())
                .collect();
            let people: BTreeSet<&str> = holding
                .iter()
                .map(|one| one.invitee.email.as_str())
                .collect();
            if holding.len() > world.calm.terms.delegates_at_most || people.len() < holding.len() {
                let told = format!(
                    "{} places for {} people (DEL-1)",
                    holding.len(),
                    people.len()
                );
                world.stage.promise_broken(told);
            }
            for one in held {
                self.see_delegation(world, one);
            }
        }
    }

    fn see_delegation(&mut self, world: &World, one: Delegation) {
        let began = one.running.map(|running| running.term_began_at);
        let Some(before) = self.delegations.get_mut(&one.id) else {
            self.changes += 1;
            let terms = began.into_iter().collect();
            self.delegations
                .insert(one.id, SeenDelegation { now: one, terms });
            return;
        };
        if before.now != one {
            self.changes += 1;
            if before.now.ended_at.is_some() {
                let told = format!("{} was ended and is not (DEL-3)", one.id);
                world.stage.promise_broken(told);
            }
            let last = before.now.running.map(|running| running.term_began_at);
            before.terms.extend(began.filter(|_| began != last));
            before.now = one;
        }
    }

    /// A client was told a number; each time it must be the same.
    pub fn told(&mut self, world: &World, key: u64, id: SubmissionId, number: &str) {
        let told = self.told.entry(key).or_insert((id, number.to_owned()));
        if *told != (id, number.to_owned()) {
            let told = format!("{key} was told {told:?}, and then {number} (Q-2)");
            world.stage.promise_broken(told);
        }
    }

    pub fn submissions(&self) -> usize {
        self.submissions.len()
    }

    /// When all is quiet: everything that was told is there, and nothing else lies about.
    pub async fn look_back(&mut self, world: &World) {
        self.look(world).await;
        for (id, number) in self.told.values() {
            if self
                .submissions
                .get(id)
                .is_none_or(|seen| seen.number != *number)
            {
                world
                    .stage
                    .promise_broken(format!("{number} is lost (Q-1)"));
            }
        }
        self.documents_are_there(world).await;
        self.inboxes_are_whole(world).await;
        self.everybody_was_told(world).await;
        let audit = verify_audit_trail(&world.calm).await.unwrap();
        if audit.entries == 0 || !audit.findings.is_empty() {
            world.stage.promise_broken(format!("{audit:?} (Q-10)"));
        }
        let log = verify_log(&world.calm).await.unwrap().present;
        if log.heads == 0 || !log.findings.is_empty() {
            world.stage.promise_broken(format!("{log:?} (Q-10)"));
        }
    }

    /// Q-1, SUB-2: every record has its bytes, and no bytes are without a record.
    async fn documents_are_there(&self, world: &World) {
        let mut named = BTreeSet::new();
        for seen in self.submissions.values() {
            named.insert(seen.document);
            let bytes = match world.documents.open(seen.document).await {
                Ok(stream) => stream.try_collect::<Vec<_>>().await.ok(),
                Err(_) => None,
            };
            let whole = bytes.map(|bytes| sha2::Sha256::digest(bytes.concat()).into());
            if whole.map(Sha256::new) != Some(seen.sha256) {
                let told = format!("{} does not have its bytes (Q-1)", seen.number);
                world.stage.promise_broken(told);
            }
        }
        for (item, document) in &self.documents {
            named.insert(*document);
            if world.documents.open(*document).await.is_err() {
                let told = format!("{item} does not have its bytes (Q-1)");
                world.stage.promise_broken(told);
            }
        }
        let first = Id::new(Uuid::nil());
        let end_of_days = datetime!(2200-01-01 00:00 UTC);
        let there = world
            .documents
            .written_before(end_of_days, first, 1_000)
            .await;
        for document in there.unwrap() {
            if !named.contains(&document) {
                let told = format!("no record names document {document} (Q-1)");
                world.stage.promise_broken(told);
            }
        }
    }

    /// BOX-3: the case's inbox has everything that was sent on it to its counsel, and the general one what was not deleted.
    async fn inboxes_are_whole(&self, world: &World) {
        for counsel in &world.people.accounts[..COUNSEL] {
            let mut records = world.calm.storage.read().await.unwrap();
            let account = records.accounts().by_id(*counsel).await.unwrap().unwrap();
            let at = world.calm.clock.now();
            let actor = Actor::account(account, Means::SignIn { at }, None);
            let mut not_deleted = BTreeSet::new();
            for (case, _) in &world.people.cases {
                let case = records.cases().by_id(*case).await.unwrap().unwrap();
                if case.counsel_of_record != Some(*counsel) {
                    continue;
                }
                let sent: BTreeSet<InboxItemId> = self
                    .items
                    .iter()
                    .filter(|(_, of)| **of == (case.id, *counsel))
                    .map(|(item, _)| *item)
                    .collect();
                let seen = inbox(world, &actor, *counsel, Some(case.id)).await;
                if seen != sent {
                    let told = "a case's inbox has not what was sent on it (BOX-3)";
                    world.stage.promise_broken(told.to_owned());
                }
                not_deleted.extend(sent.difference(&self.deleted));
            }
            if inbox(world, &actor, *counsel, None).await != not_deleted {
                let told = "the general inbox has not what was not deleted (BOX-3)";
                world.stage.promise_broken(told.to_owned());
            }
        }
    }

    /// MAIL-2, MAIL-3: what happened was told once, and every notice reached the mail server.
    async fn everybody_was_told(&self, world: &World) {
        let waiting = world.calm.outbox.waiting(0).await.unwrap();
        let state = world.stage.state();
        let mut broken = Vec::new();
        if waiting.all > 0 {
            broken.push(format!("{} notices wait for ever", waiting.all));
        }
        for id in state
            .written
            .keys()
            .filter(|id| !state.taken.contains_key(id))
        {
            broken.push(format!("notice {id} is lost (Q-3)"));
        }
        for id in state
            .taken
            .keys()
            .filter(|id| !state.written.contains_key(id))
        {
            broken.push(format!("notice {id} tells what never happened (MAIL-3)"));
        }
        let written = || state.written.values();
        for seen in self.submissions.values() {
            let of_this = written().filter(|notice| {
                matches!(&notice.about, About::DocumentsReceived { confirmation_number, .. }
                    if confirmation_number.to_string() == seen.number)
            });
            let to: Vec<_> = of_this.map(|notice| notice.to.account).collect();
            if to != [Some(seen.sender)] {
                broken.push(format!("{} was told to {to:?} (SUB-3)", seen.number));
            }
        }
        let once: Vec<_> = written()
            .filter_map(|notice| notice.once.as_ref())
            .collect();
        if once.iter().collect::<BTreeSet<_>>().len() < once.len() {
            broken.push("what must be told once was told twice (MAIL-2)".to_owned());
        }
        for counsel in &world.people.accounts[..COUNSEL] {
            let told = written().filter(|notice| {
                notice.about == About::DocumentFromTribunal && notice.to.account == Some(*counsel)
            });
            let sent = self.items.values().filter(|(_, to)| to == counsel);
            let (told, sent) = (told.count(), sent.count());
            if told != sent {
                broken.push(format!("{told} notices of {sent} documents (BOX-1)"));
            }
        }
        let kinds = |kind: &str| {
            let at_once = |notice: &&domain::notice::Notice| {
                notice.about.kind() == kind && notice.once.is_none()
            };
            written().filter(at_once).count()
        };
        let delegations = || self.delegations.values();
        let renewals: usize = delegations()
            .map(|one| one.terms.len().saturating_sub(1))
            .sum();
        let closed =
            |one: &&SeenDelegation| one.now.wrong_answers >= world.calm.terms.wrong_answers_at_most;
        let ended = |accepted: bool| {
            let such = move |one: &&SeenDelegation| {
                one.now.ended_at.is_some()
                    && one.now.running.is_some() == accepted
                    && (accepted || !closed(one))
            };
            2 * delegations().filter(such).count()
        };
        for (kind, happened) in [
            ("delegate-invited", delegations().count()),
            ("delegation-renewed", renewals),
            ("delegation-ended", ended(true)),
            ("invitation-withdrawn", ended(false)),
            ("invitation-closed", delegations().filter(closed).count()),
        ] {
            if kinds(kind) != happened {
                let told = kinds(kind);
                broken.push(format!("{told} notices {kind} for {happened} (MAIL-2)"));
            }
        }
        drop(state);
        for what in broken {
            world.stage.promise_broken(what);
        }
    }
}

/// What somebody is shown of an inbox.
async fn inbox(
    world: &World,
    actor: &Actor,
    counsel: AccountId,
    case: Option<CaseId>,
) -> BTreeSet<InboxItemId> {
    let wish = ListInbox {
        counsel,
        case,
        only_unread: false,
        order: InboxOrder::default(),
        page: EVERYTHING,
    };
    let seen = list_inbox(&world.calm, actor, &wish).await.unwrap();
    seen.page.items.iter().map(|filed| filed.item.id).collect()
}
