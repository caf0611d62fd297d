//! What every store promises of registrations, access codes, rolls and the accounts and sign-ins that they lead to.

use std::sync::Arc;

use application::ports::records::{Legible, PageRequest, ProfileChangeQuery, RegistrationQuery};
use application::ports::storage::{Storage, StorageError};
use domain::access_code::{CodeHash, IssuedCode};
use domain::account::Account;
use domain::code::Code;
use domain::delegation::{Delegation, Invitee, Promised, Running};
use domain::invitation_number::InvitationNumber;
use domain::membership::{MembershipNumber, RollEntry};
use domain::person::EmailAddress;
use domain::profile_change::{Decided, Outcome, ProfileChange};
use domain::registration::IdentityCheck;
use domain::sign_in::SignIn;
use time::{Duration, OffsetDateTime};

use crate::samples::{NOW, account, audit, delegation, id, legible, profile_change, sign_in};

fn issued(number: u128) -> IssuedCode {
    IssuedCode {
        id: id(number),
        account: id(1),
        hash: CodeHash::new([u8::try_from(number).unwrap(); 32]),
        issued_at: NOW,
        expires_at: Some(NOW + Duration::hours(7)),
        voided_at: None,
        used_at: None,
    }
}

/// A code is found by its hash and by its account, the newest first, and keeps what became of it (REG-2).
pub async fn a_code_is_found_by_its_hash(storage: Arc<dyn Storage>) {
    let mut tx = storage.begin().await.unwrap();
    for number in [1, 2] {
        tx.access_codes_mut().insert(&issued(number)).await.unwrap();
    }
    let same_hash = IssuedCode {
        id: id(3),
        ..issued(2)
    };
    tx.commit(audit()).await.unwrap();
    let mut tx = storage.begin().await.unwrap();
    let refused = tx.access_codes_mut().insert(&same_hash).await;
    assert!(matches!(refused, Err(StorageError::Duplicate)));
    drop(tx);
    let mut tx = storage.begin().await.unwrap();
    let used = IssuedCode {
        used_at: Some(NOW + Duration::hours(1)),
        voided_at: Some(NOW),
        ..issued(1)
    };
    tx.access_codes_mut().update(&used).await.unwrap();
    let missing = tx.access_codes_mut().update(&issued(9)).await;
    assert!(matches!(missing, Err(StorageError::Missing)));
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    let codes = records.access_codes();
    assert_eq!(codes.by_hash(&used.hash).await.unwrap(), Some(used.clone()));
    assert_eq!(codes.by_hash(&CodeHash::new([7; 32])).await.unwrap(), None);
    assert_eq!(codes.of_account(id(1)).await.unwrap(), [issued(2), used]);
    assert_eq!(codes.of_account(id(2)).await.unwrap(), []);
}

/// REG-2: until when a code works stays as it was written down, and is written down once for each that has nothing yet and still could work.
pub async fn until_when_a_code_works_is_written_down_once(storage: Arc<dyn Storage>) {
    let before_it_was = |number| IssuedCode {
        expires_at: None,
        ..issued(number)
    };
    let used = IssuedCode {
        used_at: Some(NOW),
        ..before_it_was(3)
    };
    let voided = IssuedCode {
        voided_at: Some(NOW),
        ..before_it_was(4)
    };
    let all = [before_it_was(1), issued(2), used, voided, before_it_was(5)];
    let mut tx = storage.begin().await.unwrap();
    for one in &all {
        tx.access_codes_mut().insert(one).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let mut tx = storage.begin().await.unwrap();
    let hours = Duration::hours(2);
    for written in [vec![id(1)], vec![id(5)], vec![]] {
        let promised = tx.access_codes_mut().promise(hours, 1).await.unwrap();
        assert_eq!(promised, written);
    }
    for one in all {
        let expected = match one.id {
            known if known == id(1) || known == id(5) => IssuedCode {
                expires_at: Some(NOW + hours),
                ..one
            },
            _ => one,
        };
        let found = tx.access_codes().by_hash(&expected.hash).await.unwrap();
        assert_eq!(found, Some(expected));
    }
    tx.commit(audit()).await.unwrap();
}

/// Accounts are found by lock code, and by e-mail and membership whatever is in capitals there; sign-ins by lock code and by account (SEC-1, REG-1).
pub async fn accounts_are_found_by_what_people_know(storage: Arc<dyn Storage>) {
    let mut tx = storage.begin().await.unwrap();
    let blocked = account(1);
    let stranger = sign_in(1);
    tx.accounts_mut().insert(&blocked).await.unwrap();
    tx.sign_ins_mut().insert(&stranger).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    let loud = EmailAddress::parse(&blocked.email.as_str().to_uppercase()).unwrap();
    let found = records.accounts().by_email(&loud).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&blocked));
    let lock_code = &blocked.lock.block.as_ref().unwrap().lock_code;
    let found = records.accounts().by_lock_code(lock_code).await.unwrap();
    assert_eq!(found.as_ref(), Some(&blocked));
    let membership = blocked.membership.as_ref().unwrap();
    let number = membership.number.as_ref().unwrap();
    let found = records
        .accounts()
        .by_membership(&membership.order, number)
        .await
        .unwrap();
    assert_eq!(found.as_ref(), Some(&blocked));
    for (said, expected) in [
        (number.as_str().to_ascii_lowercase(), Some(&blocked)),
        (number.as_str().to_ascii_uppercase(), Some(&blocked)),
        ("another".to_owned(), None),
    ] {
        let said = MembershipNumber::parse(&said).unwrap();
        let accounts = records.accounts();
        let found = accounts.by_membership(&membership.order, &said).await;
        assert_eq!(found.unwrap().as_ref(), expected, "{said}");
    }
    let lock_code = &stranger.lock.block.as_ref().unwrap().lock_code;
    let found = records.sign_ins().by_lock_code(lock_code).await.unwrap();
    assert_eq!(found.as_ref(), Some(&stranger));
    let of = stranger.account().unwrap();
    assert_eq!(records.sign_ins().of_account(of).await.unwrap(), [stranger]);
}

/// An address with other letters than those from A to Z is found as it was given, and in ASCII's other case, on every database alike
/// (REG-6, DEL-2).
pub async fn addresses_of_all_letters_are_found(storage: Arc<dyn Storage>) {
    let address = |text: &str| EmailAddress::parse(text).unwrap();
    let written = Account {
        email: address("Élise.Côté@example.test"),
        ..account(1)
    };
    let invited = delegation(1);
    let invited = Delegation {
        running: None,
        ended_at: None,
        invitee: Invitee {
            email: written.email.clone(),
            ..invited.invitee
        },
        ..invited
    };
    let mut tx = storage.begin().await.unwrap();
    tx.accounts_mut().insert(&written).await.unwrap();
    tx.delegations_mut().insert(&invited).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    for (asked, is_found) in [
        ("Élise.Côté@example.test", true),
        ("ÉLISE.CôTé@EXAMPLE.TEST", true),
        ("Élise.côté@example.test", true),
        ("élise.côté@example.test", false),
        ("Elise.Cote@example.test", false),
    ] {
        let asked = address(asked);
        let accounts = records.accounts().by_email(&asked).await.unwrap();
        let invitations = records.delegations().invitations_to(&asked).await.unwrap();
        assert_eq!(accounts.len(), usize::from(is_found), "{}", asked.as_str());
        assert_eq!(
            invitations.len(),
            usize::from(is_found),
            "{}",
            asked.as_str()
        );
        assert_eq!(asked.same_box(&written.email), is_found);
    }
}

/// REG-6: a sign-in comes with the account that it opens, and without one where it opens none.
pub async fn a_sign_in_comes_with_its_account(storage: Arc<dyn Storage>) {
    let stranger = SignIn {
        bound: None,
        ..sign_in(2)
    };
    let mut tx = storage.begin().await.unwrap();
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    tx.sign_ins_mut().insert(&sign_in(1)).await.unwrap();
    tx.sign_ins_mut().insert(&stranger).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let mut records = storage.glance().await.unwrap();
    let found = records.sign_ins().with_account(id(1)).await.unwrap();
    assert_eq!(found, Some((sign_in(1), Some(account(1)))));
    let found = records.sign_ins().with_account(id(2)).await.unwrap();
    assert_eq!(found, Some((stranger, None)));
    let found = records.sign_ins().with_account(id(3)).await.unwrap();
    assert_eq!(found, None);
}

/// Registrations are those whose identity check is kept, the newest first, open or done (REG-1).
pub async fn registrations_are_listed_by_progress(storage: Arc<dyn Storage>) {
    let check = IdentityCheck {
        document_kind: "passport".to_owned(),
        checked_by: id(9),
        checked_at: NOW,
    };
    let mut tx = storage.begin().await.unwrap();
    for number in 1..=4 {
        let mut account = account(number);
        account.lock = domain::lock::Lock::default();
        account.registered_at = (number == 2).then_some(NOW);
        tx.accounts_mut().insert(&account).await.unwrap();
        if number < 4 {
            tx.registrations_mut()
                .insert(account.id, &check)
                .await
                .unwrap();
        }
    }
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    let kept = records.registrations().identity_check(id(1)).await.unwrap();
    assert_eq!(kept, Some(check.clone()));
    assert_eq!(
        records.registrations().identity_check(id(4)).await.unwrap(),
        None
    );
    drop(records);
    let later = IdentityCheck {
        document_kind: "another kind".into(),
        checked_by: id(8),
        checked_at: NOW + Duration::days(1),
    };
    let mut tx = storage.begin().await.unwrap();
    let again = tx.registrations_mut().insert(id(1), &later).await;
    assert!(matches!(again, Err(StorageError::Duplicate)));
    drop(tx);
    let mut tx = storage.begin().await.unwrap();
    tx.registrations_mut().renew(id(1), &later).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    let kept = records.registrations().identity_check(id(1)).await.unwrap();
    assert_eq!(kept, Some(later));
    let kept = records.registrations().identity_check(id(2)).await.unwrap();
    assert_eq!(kept, Some(check));
    let mut query = RegistrationQuery {
        registered: None,
        page: PageRequest {
            after: None,
            limit: 2,
        },
    };
    let mut seen = Vec::new();
    loop {
        let part = records.registrations().list(&query).await.unwrap();
        seen.extend(part.items.into_iter().map(|account| account.id));
        query.page.after = part.next;
        if query.page.after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [id(3), id(2), id(1)]);
    query.registered = Some(false);
    let open = records.registrations().list(&query).await.unwrap();
    assert_eq!(open.items.len(), 2);
}

/// A roll takes the place of the one before, whole; another order's stays (REG-1).
pub async fn a_roll_replaces_the_one_before(storage: Arc<dyn Storage>) {
    let order = Code::parse("cicc").unwrap();
    let other = Code::parse("barreau-du-quebec").unwrap();
    let numbered = |text: &str| MembershipNumber::parse(text).unwrap();
    let entry = |number: &str, family: &str| RollEntry {
        number: Some(numbered(number)),
        given_name: "Zoé".to_owned(),
        family_name: family.to_owned(),
        in_good_standing: number != "R2",
    };
    let big: Vec<RollEntry> = (0..2_500)
        .map(|n| entry(&format!("B{n}"), "Côté"))
        .collect();
    let mut tx = storage.begin().await.unwrap();
    tx.rolls_mut().replace(&other, &big, NOW).await.unwrap();
    tx.rolls_mut()
        .replace(&order, &[entry("R1", "Li")], NOW)
        .await
        .unwrap();
    tx.commit(audit()).await.unwrap();
    let mut tx = storage.begin().await.unwrap();
    let second = [entry("R2", "Li"), entry("R3", "Côté")];
    let later = NOW + Duration::days(1);
    tx.rolls_mut()
        .replace(&order, &second, later)
        .await
        .unwrap();
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    let rolls = records.rolls();
    assert_eq!(rolls.by_number(&order, &numbered("R1")).await.unwrap(), []);
    assert_eq!(
        rolls.by_number(&order, &numbered("R2")).await.unwrap(),
        [entry("R2", "Li")]
    );
    assert_eq!(
        rolls.by_number(&order, &numbered("r3")).await.unwrap(),
        [entry("R3", "Côté")],
        "whatever is in capitals"
    );
    assert_eq!(
        rolls.by_family_name(&order, "cote").await.unwrap(),
        [entry("R3", "Côté")]
    );
    assert_eq!(
        rolls.by_family_name(&other, "cote").await.unwrap().len(),
        2_500
    );
    assert_eq!(rolls.imported_at(&order).await.unwrap(), Some(later));
    assert_eq!(
        rolls
            .imported_at(&Code::parse("none").unwrap())
            .await
            .unwrap(),
        None
    );
}

/// The delegations of a list, which is told with the end of each.
fn ending(
    found: Result<Vec<(OffsetDateTime, Legible<Delegation>)>, StorageError>,
) -> Vec<Delegation> {
    let (ends, found): (Vec<_>, Vec<_>) = found.unwrap().into_iter().unzip();
    let found = legible(found);
    for (ends, one) in ends.iter().zip(&found) {
        let lasts = one.promised.unwrap().term;
        assert_eq!(*ends, one.running.unwrap().term_began_at + lasts);
    }
    found
}

/// Invitations are found by address whatever its case, until they are accepted or withdrawn; terms by when they end (DEL-2, DEL-3).
pub async fn delegations_are_found_by_address_and_term(storage: Arc<dyn Storage>) {
    let mut tx = storage.begin().await.unwrap();
    let running = delegation(1);
    let ends = running.running.unwrap().term_began_at + running.promised.unwrap().term;
    let open = Delegation {
        id: id(2),
        running: None,
        ended_at: None,
        ..running.clone()
    };
    let withdrawn = Delegation {
        id: id(3),
        ended_at: Some(NOW),
        ..open.clone()
    };
    let alive = Delegation {
        id: id(4),
        ended_at: None,
        ..running.clone()
    };
    for one in [&running, &open, &withdrawn, &alive] {
        tx.delegations_mut().insert(one).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    let loud = EmailAddress::parse(&open.invitee.email.as_str().to_uppercase()).unwrap();
    let found = records.delegations().invitations_to(&loud).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&open));
    for one in [&open, &withdrawn, &alive] {
        let number = InvitationNumber::of(one.id);
        let found = records.delegations().invitations_of_number(&number).await;
        assert_eq!(found.unwrap(), std::slice::from_ref(one), "{number}");
    }
    let before = ends - Duration::SECOND;
    let delegations = records.delegations();
    let found = delegations.terms_ending(before, ends, None, 10).await;
    let found = ending(found);
    assert!(found.contains(&alive) && !found.iter().any(|one| one.ended_at.is_some()));
    assert_eq!(
        ending(
            delegations
                .terms_ending(ends, ends + Duration::DAY, None, 10)
                .await
        ),
        []
    );
    assert_eq!(
        ending(
            delegations
                .terms_ending(before, ends, Some((ends, alive.id)), 10)
                .await
        ),
        []
    );
    // Of a greater id, and yet behind: the term tells first.
    let later = Some((ends - Duration::MICROSECOND, id(u128::MAX)));
    let found = delegations.terms_ending(before, ends, later, 10).await;
    assert!(ending(found).contains(&alive));
}

/// DEL-1: what is promised stays as it was written down, and is written down once for each delegation that has none yet.
pub async fn what_is_promised_is_written_down_once(storage: Arc<dyn Storage>) {
    let before_it_was = |number| Delegation {
        promised: None,
        ended_at: None,
        ..delegation(number)
    };
    let now = Promised {
        invitation: Duration::days(1),
        term: Duration::days(2),
        renewal_grace: Duration::days(3),
    };
    let mut tx = storage.begin().await.unwrap();
    for one in [before_it_was(1), delegation(2), before_it_was(3)] {
        tx.delegations_mut().insert(&one).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let mut tx = storage.begin().await.unwrap();
    let delegations = tx.delegations();
    assert_eq!(
        delegations.by_id(id(1)).await.unwrap(),
        Some(before_it_was(1))
    );
    for written in [vec![id(1)], vec![id(3)], vec![]] {
        let promised = tx.delegations_mut().promise(now, 1).await.unwrap();
        assert_eq!(promised, written);
    }
    let expected = [
        Delegation {
            promised: Some(now),
            ..before_it_was(1)
        },
        delegation(2),
        Delegation {
            promised: Some(now),
            ..before_it_was(3)
        },
    ];
    for one in &expected {
        let found = tx.delegations().by_id(one.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(one));
    }
    // A term moves its end along, whoever renews.
    let began = NOW + Duration::days(20);
    let [renewed, ..] = expected;
    let renewed = Delegation {
        running: renewed.running.map(|running| Running {
            term_began_at: began,
            ..running
        }),
        ..renewed
    };
    tx.delegations_mut().update(&renewed).await.unwrap();
    let found = tx.delegations();
    let found = found.terms_ending(began, began + now.term, None, 10).await;
    assert_eq!(ending(found), [renewed]);
    tx.commit(audit()).await.unwrap();
}

/// PRO-1: a change keeps every field, is found by its account and in the registry's queue, and keeps what became of it.
pub async fn profile_changes_wait_and_are_decided(storage: Arc<dyn Storage>) {
    let mut tx = storage.begin().await.unwrap();
    for number in 1..=4 {
        let change = profile_change(number);
        tx.profile_changes_mut().insert(&change).await.unwrap();
    }
    let again = profile_change(3);
    let decided = ProfileChange {
        decided: Some(Decided {
            outcome: Outcome::Refused {
                reason: "Pièce manquante".into(),
            },
            by: id(9),
            at: NOW,
        }),
        ..profile_change(2)
    };
    tx.profile_changes_mut().decide(&decided).await.unwrap();
    let withdrawn = ProfileChange {
        decided: Some(Decided {
            outcome: Outcome::Withdrawn,
            by: id(1),
            at: NOW,
        }),
        ..profile_change(4)
    };
    tx.profile_changes_mut().decide(&withdrawn).await.unwrap();
    let missing = profile_change(7);
    let missing = tx.profile_changes_mut().decide(&missing).await;
    assert!(matches!(missing, Err(StorageError::Missing)), "{missing:?}");
    tx.commit(audit()).await.unwrap();
    let mut tx = storage.begin().await.unwrap();
    let twice = tx.profile_changes_mut().insert(&again).await;
    assert!(matches!(twice, Err(StorageError::Duplicate)), "{twice:?}");
    drop(tx);
    let mut records = storage.read().await.unwrap();
    let changes = records.profile_changes();
    assert_eq!(changes.by_id(id(1)).await.unwrap(), Some(profile_change(1)));
    assert_eq!(changes.by_id(id(2)).await.unwrap(), Some(decided.clone()));
    assert_eq!(changes.by_id(id(9)).await.unwrap(), None);
    let of_account = changes.of_account(id(1), 3).await.unwrap();
    assert_eq!(of_account, [withdrawn.clone(), again, decided.clone()]);
    assert_eq!(changes.of_account(id(2), 2).await.unwrap(), []);
    let query = |decided, after| ProfileChangeQuery {
        decided,
        page: PageRequest { after, limit: 1 },
    };
    let first = changes.list(&query(Some(false), None)).await.unwrap();
    assert_eq!(first.items[0].id, id(1));
    let rest = changes.list(&query(Some(false), first.next)).await.unwrap();
    assert_eq!((rest.items[0].id, rest.next), (id(3), None));
    let done = changes.list(&query(Some(true), None)).await.unwrap();
    assert_eq!(done.items, [decided]);
    let rest = changes.list(&query(Some(true), done.next)).await.unwrap();
    assert_eq!((rest.items, rest.next), (vec![withdrawn], None));
}

/// Every promise against one store. `$fresh` is an async expression that gives an empty `Arc<dyn Storage>`.
#[macro_export]
macro_rules! registration_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::registration, $fresh;
            a_code_is_found_by_its_hash,
            until_when_a_code_works_is_written_down_once,
            accounts_are_found_by_what_people_know,
            addresses_of_all_letters_are_found,
            a_sign_in_comes_with_its_account,
            registrations_are_listed_by_progress,
            a_roll_replaces_the_one_before,
            delegations_are_found_by_address_and_term,
            what_is_promised_is_written_down_once,
            profile_changes_wait_and_are_decided,
        );
    };
}
