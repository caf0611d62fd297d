//! The rules of registration, cases, documents, inboxes and profiles, one by one.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

mod scene;

use std::collections::BTreeSet;

use domain::access_code::{AccessCode, CodeHash, IssuedCode, State as CodeState};
use domain::account::{Account, Role};
use domain::case::{Case, ClientId, FileNumber, Party, decided_too_long_ago, folded};
use domain::code::Code;
use domain::confirmation_number::ConfirmationNumber;
use domain::delegation::normalised_answer;
use domain::document::{FileName, MediaType, Sha256};
use domain::id::Id;
use domain::inbox::{Addressee, Inbox, InboxItem, SendRefused, Sent};
use domain::invitation_number::InvitationNumber;
use domain::lock::{Cause, Lock, LockCode};
use domain::membership::{
    Listing, Membership, MembershipNumber, NotAMembershipNumber, RollEntry, listing,
};
use domain::notice::{About, Notice, Recipient};
use domain::person::{EmailAddress, PersonName};
use domain::policy::{Action, CounselWork, Refusal, authorize};
use domain::profile_change::{
    CHANGES_PER_DAY, Changes, Outcome, Overtaken, ProfileChange, ProfileChangeRefused,
    State as ChangeState,
};
use domain::registration::{Entry, RedeemRefused, Redemption, redeem, redeem_as_delegate};
use domain::searching;
use domain::sign_in::SignIn;
use domain::submission::{SubmissionRefused, Wish};
use domain::terms::Terms;
use domain::tribunal::{Named, SubmittableType, Tribunal};
use domain::tribunal_time::TribunalDay;
use proptest::prelude::*;
use scene::{
    START, account, addressee, case, counsel, item, itself, moment, permit, person, sign_in,
    tribunal,
};
use time::macros::date;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

fn stranger() -> SignIn {
    sign_in(5)
}

fn issued() -> IssuedCode {
    IssuedCode::issue(
        &permit(START),
        Id::new(Uuid::nil()),
        &counsel(),
        CodeHash::new([1; 32]),
        &Terms::default(),
    )
}

fn enter(sign_in: &SignIn, hash: u8, code: &IssuedCode, at: OffsetDateTime) -> Redemption {
    let account = domain::account::Account {
        registered_at: None,
        ..counsel()
    };
    let entry = Entry {
        hash: CodeHash::new([hash; 32]),
        found: Some((code, &account)),
        opened_by: 0,
        privacy_statement: Some("1"),
        lock_code: LockCode::from_random([3; 32]),
    };
    redeem(&permit(at), sign_in, entry, &Terms::default())
}

/// REG-2, REG-3: the right code binds the sign-in until, and not at, 24 hours after issue; used once, it never works again.
#[test]
fn a_code_works_once_within_a_day() {
    let (code, terms, day) = (issued(), Terms::default(), Duration::hours(24));
    let Redemption::Bound(bound) = enter(&stranger(), 1, &code, START + day - Duration::seconds(1))
    else {
        panic!("in time")
    };
    assert_eq!(bound.sign_in.account(), Some(counsel().id));
    assert!(bound.account.registered_at.is_some());
    assert_eq!(bound.code.state(START, &terms), CodeState::Used);
    assert!(matches!(
        enter(&stranger(), 1, &bound.code, START),
        Redemption::Refused {
            why: RedeemRefused::Wrong { .. },
            ..
        }
    ));
    assert!(matches!(
        enter(&stranger(), 1, &code, START + day),
        Redemption::Refused {
            why: RedeemRefused::Expired,
            ..
        }
    ));
    let voided = code.voided(START);
    assert!(matches!(
        enter(&stranger(), 1, &voided, START),
        Redemption::Refused {
            why: RedeemRefused::Wrong { .. },
            ..
        }
    ));
}

/// REG-2, SEC-1: the fifth wrong code blocks; then not even the right one helps, and the lock code is told.
#[test]
fn the_fifth_wrong_code_blocks() {
    let (mut sign_in, code) = (stranger(), issued());
    for tries_left in [4, 3, 2, 1] {
        let Redemption::Refused {
            sign_in: after,
            why,
        } = enter(&sign_in, 9, &code, START)
        else {
            panic!("wrong")
        };
        assert_eq!(why, RedeemRefused::Wrong { tries_left });
        sign_in = *after;
    }
    let Redemption::Refused {
        sign_in,
        why: RedeemRefused::Blocked(told),
    } = enter(&sign_in, 9, &code, START)
    else {
        panic!("blocked")
    };
    assert_eq!(sign_in.lock.block.as_ref().unwrap().lock_code, told);
    assert!(matches!(
        enter(&sign_in, 1, &code, START),
        Redemption::Refused {
            why: RedeemRefused::Blocked(_),
            ..
        }
    ));
    let unblocked = SignIn {
        lock: Lock::lifted(),
        ..*sign_in
    };
    assert!(matches!(
        enter(&unblocked, 1, &code, START),
        Redemption::Bound(_)
    ));
}

/// REG-1: a counsel who lost good standing may neither register nor act.
#[test]
fn good_standing_is_needed_to_act() {
    let mut fallen = counsel();
    fallen.membership = fallen
        .membership
        .map(|membership| membership.as_listed(false, START));
    let representation = itself(&fallen);
    let action = Action::OfCounsel(&representation, CounselWork::SeeCases);
    let refused = authorize(
        &person(fallen.clone(), START),
        &action,
        &moment(START),
        &Terms::default(),
    )
    .unwrap_err();
    assert_eq!(refused.why, Refusal::LostGoodStanding);
    assert_eq!(
        refused.into_audit_entry().refused(),
        Some("counsel-not-standing"),
        "SEC-2: refusals can be recorded"
    );
}

/// REG-6: a sign-in that was reset opens nothing.
#[test]
fn a_reset_sign_in_opens_nothing() {
    let bound = stranger().bound_to(&counsel(), START);
    assert!(bound.account().is_some());
    assert_eq!(bound.unbound().account(), None);
}

/// CASE-1: a case that is another counsel's does not exist for this one.
#[test]
fn anothers_case_does_not_exist() {
    let (counsel, case) = (
        counsel(),
        Case {
            counsel_of_record: Some(account(2, Role::Counsel).id),
            ..case()
        },
    );
    let representation = itself(&counsel);
    let action = Action::OfCounsel(&representation, CounselWork::SeeCase(&case));
    let refused = authorize(
        &person(counsel.clone(), START),
        &action,
        &moment(START),
        &Terms::default(),
    )
    .unwrap_err();
    assert_eq!(refused.why, Refusal::NotTheirs);
}

/// CASE-3: a client ID has 8 or 10 digits.
#[test]
fn a_client_id_has_eight_or_ten_digits() {
    assert_eq!(ClientId::parse("1234-5678").unwrap().grouped(), "1234-5678");
    assert_eq!(
        ClientId::parse("1234567890").unwrap().grouped(),
        "12-3456-7890"
    );
    for wrong in ["123456789", "1234567", "12345678901", "12345678a", ""] {
        assert!(ClientId::parse(wrong).is_err(), "{wrong}");
    }
}

/// BOX-1, BOX-3: a document reaches both inboxes; deletion takes it from the general one and never from the case's.
#[test]
fn deletion_never_reaches_the_cases_inbox() {
    let item = item();
    assert!(item.listed_in(Inbox::General) && item.listed_in(Inbox::OfCase));
    let deleted = item.deleted(&permit(START));
    assert!(!deleted.listed_in(Inbox::General) && deleted.listed_in(Inbox::OfCase));
}

/// BOX-1: what is sent is of a type that the tribunal sends, has a title, and goes to somebody.
#[test]
fn what_is_sent_has_a_type_a_title_and_a_counsel() {
    let (tribunal, case, good) = (tribunal(), case(), item().sent);
    let put = |sent: &Sent, case: &Case, tribunal: &Tribunal| {
        let (id, by, to) = (Id::new(Uuid::nil()), item().sent_by, addressee(case)?);
        InboxItem::send(&permit(START), id, &to, sent.clone(), by, tribunal)
            .map(|item| item.counsel)
    };
    let counsel = case.counsel_of_record.unwrap();
    assert_eq!(put(&good, &case, &tribunal), Ok(counsel));
    let sends_nothing = Tribunal {
        tribunal_document_types: Vec::new(),
        ..tribunal.clone()
    };
    assert_eq!(
        put(&good, &case, &sends_nothing),
        Err(SendRefused::UnknownDocumentType)
    );
    for (title, why) in [
        (" ".to_owned(), SendRefused::TitleMissing),
        ("é".repeat(201), SendRefused::TitleTooLong),
    ] {
        let bad = Sent {
            title,
            ..good.clone()
        };
        assert_eq!(put(&bad, &case, &tribunal), Err(why));
    }
    let unrepresented = Case {
        counsel_of_record: None,
        ..case
    };
    assert_eq!(
        put(&good, &unrepresented, &tribunal),
        Err(SendRefused::NoCounselOfRecord)
    );
}

/// X-8, BOX-1, CASE-2: nothing is made available to nobody: the case is in the portal on that day of the tribunal's, and its counsel registered
/// and is in good standing. A block passes, and the document waits.
#[test]
fn what_is_sent_reaches_its_counsel() {
    let terms = Terms::default();
    let decided = Case {
        final_decision_on: Some(START.date()),
        ..case()
    };
    let to = |case: &Case, counsels: &[Account], at| {
        Addressee::of(case, counsels, &moment(at), &terms).map(drop)
    };
    for (days, answer) in [(44, Ok(())), (45, Err(SendRefused::CaseLeft))] {
        let at = START + Duration::days(days);
        assert_eq!(to(&decided, &[counsel()], at), answer, "day {days}");
    }
    let mut struck = counsel();
    let membership = struck.membership.as_mut().unwrap();
    membership.lost_standing_at = Some(START);
    let unregistered = Account {
        registered_at: None,
        ..counsel()
    };
    let no_counsel = Account {
        roles: BTreeSet::from([Role::Delegate]),
        ..counsel()
    };
    for out in [&[struck][..], &[unregistered], &[no_counsel], &[]] {
        let answer = to(&case(), out, START);
        assert_eq!(answer, Err(SendRefused::CounselCannotReach), "{out:?}");
    }
    let blocked = counsel().blocked(&permit(START), LockCode::from_random([7; 32]));
    assert_eq!(to(&case(), &[blocked], START), Ok(()));
}

/// BOX-2: reading is recorded per person, the first time.
#[test]
fn the_first_reading_of_each_person_counts() {
    let (counsel, delegate) = (counsel(), account(2, Role::Delegate));
    let later = START + Duration::hours(1);
    let read = item()
        .read_by(&permit(START), &counsel)
        .read_by(&permit(later), &counsel)
        .read_by(&permit(later), &delegate);
    let readings: Vec<_> = read
        .readings
        .iter()
        .map(|reading| (reading.by.account, reading.at))
        .collect();
    assert_eq!(readings, [(counsel.id, START), (delegate.id, later)]);
}

/// PRO-1: a change is pending for 48 hours, then overdue; a refusal needs a reason; an applied one shows in the account.
#[test]
fn a_profile_change_waits_and_is_decided_once() {
    let (terms, me) = (Terms::default(), counsel());
    let changes = Changes {
        language: Some(domain::person::Language::English),
        ..Changes::default()
    };
    let asked = ProfileChange::ask(
        &permit(START),
        Id::new(Uuid::nil()),
        &me,
        changes.clone(),
        &[],
    )
    .unwrap();
    let due = START + Duration::hours(48);
    assert_eq!(
        asked.state(due - Duration::seconds(1), &terms),
        ChangeState::Pending
    );
    assert_eq!(asked.state(due, &terms), ChangeState::Overdue);
    let again = ProfileChange::ask(
        &permit(START),
        Id::new(Uuid::nil()),
        &me,
        changes,
        std::slice::from_ref(&asked),
    );
    assert_eq!(again, Err(ProfileChangeRefused::AnotherPending));
    let withdrawn = vec![asked.withdraw(&permit(START)).unwrap(); CHANGES_PER_DAY];
    let ask = |at, earlier: &[ProfileChange]| {
        let permit = permit(at);
        ProfileChange::ask(
            &permit,
            Id::new(Uuid::nil()),
            &me,
            asked.changes.clone(),
            earlier,
        )
    };
    let a_day_later = START + Duration::DAY;
    let before = a_day_later - Duration::SECOND;
    assert_eq!(
        ask(before, &withdrawn),
        Err(ProfileChangeRefused::TooManyToday)
    );
    assert!(ask(before, &withdrawn[1..]).is_ok());
    assert!(ask(a_day_later, &withdrawn).is_ok());
    let mute = Outcome::Refused { reason: " ".into() };
    assert_eq!(
        asked.decide(&permit(START), me.id, mute, &me).unwrap_err(),
        ProfileChangeRefused::ReasonMissing
    );
    let (decided, after) = asked
        .decide(&permit(START), me.id, Outcome::Applied, &me)
        .unwrap();
    assert_eq!(after.language, domain::person::Language::English);
    assert_eq!(
        decided
            .decide(&permit(START), me.id, Outcome::Applied, &me)
            .unwrap_err(),
        ProfileChangeRefused::DecidedAlready
    );
}

/// PRO-1: whoever asked takes a change back while it waits, and can ask for another then; what was decided stays, and what was taken back is
/// decided by nobody.
#[test]
fn a_change_is_withdrawn_while_it_waits() {
    let (terms, me) = (Terms::default(), counsel());
    let wish = || Changes {
        language: Some(domain::person::Language::English),
        ..Changes::default()
    };
    let ask = |earlier: &[ProfileChange]| {
        ProfileChange::ask(&permit(START), Id::new(Uuid::nil()), &me, wish(), earlier)
    };
    let asked = ask(&[]).unwrap();
    let withdrawn = asked.withdraw(&permit(START)).unwrap();
    let late = START + Duration::hours(48);
    assert_eq!(withdrawn.state(late, &terms), ChangeState::Withdrawn);
    assert_eq!(withdrawn.changes, asked.changes);
    assert_eq!(withdrawn.decided.as_ref().unwrap().by, me.id);
    assert!(ask(std::slice::from_ref(&withdrawn)).is_ok());

    let refused = Err(ProfileChangeRefused::DecidedAlready);
    let applied = asked.decide(&permit(START), me.id, Outcome::Applied, &me);
    let (applied, _) = applied.unwrap();
    assert_eq!(applied.withdraw(&permit(START)), refused);
    assert_eq!(withdrawn.withdraw(&permit(START)), refused);
    let decided = withdrawn.decide(&permit(START), me.id, Outcome::Applied, &me);
    assert_eq!(decided.unwrap_err(), ProfileChangeRefused::DecidedAlready);
}

/// PRO-1, SEC-1, REG-6: nothing is applied to an account that is blocked, and a change is refused there; what a reset overtakes is refused with
/// the reason, and what was decided before stays.
#[test]
fn a_change_of_a_blocked_account_is_not_applied() {
    let (permit, me) = (permit(START), counsel());
    let changes = Changes {
        language: Some(domain::person::Language::English),
        ..Changes::default()
    };
    let asked = ProfileChange::ask(&permit, Id::new(Uuid::nil()), &me, changes, &[]).unwrap();
    let blocked = me.blocked(&permit, LockCode::from_random([3; 32]));
    let refused = asked.decide(&permit, me.id, Outcome::Applied, &blocked);
    assert_eq!(refused, Err(ProfileChangeRefused::AccountBlocked));
    let reason = Outcome::Refused {
        reason: "Not this way.".into(),
    };
    let (refused, after) = asked.decide(&permit, me.id, reason, &blocked).unwrap();
    assert_eq!(after, blocked);
    assert_eq!(
        refused.overtaken(&permit, me.id, Overtaken::SignInReset),
        refused
    );
    let overtaken = asked.overtaken(&permit, me.id, Overtaken::SignInReset);
    assert_eq!(
        overtaken.state(START, &Terms::default()),
        ChangeState::Refused
    );
}

fn numbered(text: &str) -> MembershipNumber {
    MembershipNumber::parse(text).unwrap()
}

fn line(number: Option<&str>, given: &str, family: &str, in_good_standing: bool) -> RollEntry {
    RollEntry {
        number: number.map(numbered),
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        in_good_standing,
    }
}

/// REG-3, REG-6, PRIV-1: whoever comes back with another access code is registered since they first were, and has accepted the statement that was
/// shown to them now.
#[test]
fn who_comes_back_has_accepted_the_present_statement() {
    let before = counsel().registered(&permit(START), "1");
    let later = START + Duration::days(400);
    let after = before.registered(&permit(later), "2");
    assert_eq!(after.registered_at, before.registered_at);
    assert_eq!(after.privacy_statement.as_deref(), Some("2"));
}

/// REG-3, REG-4, REG-6: a delegate's sign-in goes over to the account of a counsel that no sign-in opens, new or reset, and to no other; wrong
/// codes count on the delegate's account.
#[test]
fn only_an_account_that_nobody_opens_takes_a_delegates_sign_in() {
    let delegate = account(3, Role::Delegate);
    let theirs = sign_in(3).bound_to(&delegate, START);
    let code = issued();
    let enter = |hash, account: &domain::account::Account, opened_by| {
        let entry = Entry {
            hash: CodeHash::new([hash; 32]),
            found: Some((&code, account)),
            opened_by,
            privacy_statement: Some("1"),
            lock_code: LockCode::from_random([3; 32]),
        };
        redeem_as_delegate(&permit(START), &delegate, &theirs, entry, &Terms::default())
    };
    let new = domain::account::Account {
        registered_at: None,
        ..counsel()
    };
    for unopened in [&new, &counsel()] {
        let Redemption::Bound(bound) = enter(1, unopened, 0) else {
            panic!("refused");
        };
        assert_eq!(bound.sign_in.account(), Some(new.id));
    }
    let of_staff = domain::account::Account {
        roles: [Role::HelpDeskAgent].into(),
        ..new.clone()
    };
    for (other, opened_by) in [(counsel(), 1), (of_staff, 0)] {
        let Redemption::Refused { sign_in, why } = enter(1, &other, opened_by) else {
            panic!("bound");
        };
        assert_eq!(why, RedeemRefused::RegisteredAlready);
        assert_eq!(sign_in.lock, delegate.lock);
    }
    let Redemption::Refused { sign_in, why } = enter(9, &new, 0) else {
        panic!("bound");
    };
    assert_eq!(why, RedeemRefused::Wrong { tries_left: 4 });
    assert_eq!(sign_in.lock.wrong_tries, delegate.lock.wrong_tries + 1);
}

/// REG-1: a membership number has something in it, and is the same whatever is in capitals or around it.
#[test]
fn a_membership_number_has_something_in_it() {
    for blank in ["", " ", "\t\u{a0}"] {
        assert_eq!(MembershipNumber::parse(blank), Err(NotAMembershipNumber));
    }
    let written = numbered(" R-12é ");
    assert_eq!(written.as_str(), "R-12é");
    assert!(written.agrees_with(&numbered("r-12E")));
    assert!(!written.agrees_with(&numbered("R12é")));
}

/// REG-1, DEL-8: whoever asks to be registered is found by number and family name together; a member on record by the number alone, and by
/// both names where the order issues none.
#[test]
fn a_member_on_record_is_known_by_the_number() {
    let member = |number: Option<&str>| Membership {
        order: Code::parse("bar").unwrap(),
        number: number.map(numbered),
        lost_standing_at: None,
    };
    let name = PersonName::new("Ada", "Roy").unwrap();
    let renamed = [line(Some("A12"), "Ada", "Roy-Byron", true)];
    let on_record = member(Some("a12"));
    let asked = numbered("A12");
    assert_eq!(listing(&renamed, Some(&asked), &name), Listing::NotListed);
    assert_eq!(
        on_record.listed_on(&renamed, &name),
        Listing::InGoodStanding
    );
    let another = [line(Some("A21"), "Ada", "Roy", true)];
    assert_eq!(on_record.listed_on(&another, &name), Listing::NotListed);
    let twice = [&renamed[..], &[line(Some("A12"), "Ada", "Roy", false)]].concat();
    assert_eq!(
        on_record.listed_on(&twice, &name),
        Listing::NotInGoodStanding
    );

    let unnumbered = member(None);
    let listed = |given, family| unnumbered.listed_on(&[line(None, given, family, true)], &name);
    assert_eq!(listed("ada", "ROY"), Listing::InGoodStanding);
    assert_eq!(listed("Ada", "Roy-Byron"), Listing::NotListed);
    assert_eq!(listed("Adam", "Roy"), Listing::NotListed);
    assert_eq!(unnumbered.listed_on(&another, &name), Listing::NotListed);
}

proptest! {
    /// CASE-2: visible on day 44 after the final decision, gone on day 45, on whatever date; what storage filters by says the same.
    #[test]
    fn a_case_leaves_on_day_45(start in 0..40_000_i64, days in 0..90_i64) {
        let decided = date!(1970-01-01) + Duration::days(start);
        let today = TribunalDay(decided + Duration::days(days));
        let terms = Terms::default();
        let case = Case { final_decision_on: Some(decided), ..case() };
        prop_assert_eq!(case.in_portal_on(today, &terms), days < 45);
        prop_assert_eq!(decided > decided_too_long_ago(today, &terms), days < 45);
        let open = Case { final_decision_on: None::<Date>, ..case };
        prop_assert!(open.in_portal_on(today, &terms));
    }

    /// SUB-2: a confirmation number survives being read aloud; one wrong symbol or two swapped are caught.
    #[test]
    fn a_number_copied_wrongly_is_caught(random in prop::array::uniform32(0..=255_u8), at in 0..12_usize, other in 0..31_usize) {
        let number = ConfirmationNumber::from_random(random);
        let spoken = number.as_str().to_lowercase().replace('-', " ");
        prop_assert_eq!(ConfirmationNumber::parse(&spoken), Ok(number.clone()));
        let mut symbols: Vec<char> = number.as_str().replace('-', "").chars().collect();
        let wrong = "23456789ABCDEFGHJKMNPQRSTUVWXYZ".chars().nth(other).unwrap();
        if symbols[at] != wrong {
            let right = std::mem::replace(&mut symbols[at], wrong);
            prop_assert!(ConfirmationNumber::parse(&symbols.iter().collect::<String>()).is_err());
            symbols[at] = right;
        }
        let next = (at + 1) % 12;
        if symbols[at] != symbols[next] {
            symbols.swap(at, next);
            prop_assert!(ConfirmationNumber::parse(&symbols.iter().collect::<String>()).is_err());
        }
    }

    /// REG-2: what people type of a code is brought into the form that was sent.
    #[test]
    fn a_typed_code_is_the_code(random in prop::array::uniform32(0..=255_u8)) {
        let code = AccessCode::from_random(random);
        let typed = AccessCode::typed(&format!(" {} ", code.reveal().to_lowercase().replace('-', "")));
        prop_assert_eq!(typed.reveal(), code.reveal());
    }

    /// SEC-1: however many tries, a block comes with the fifth and keeps its lock code; neither a right try nor staff change it.
    #[test]
    fn a_block_comes_with_the_fifth_try(tries in 0..12_u8) {
        let terms = Terms::default();
        let code = |number| LockCode::from_random([number; 32]);
        let lock = (0..tries).fold(Lock::default(), |lock, number| lock.wrong_try(START, Cause::WrongAccessCodes, code(number), &terms));
        prop_assert_eq!(lock.block.is_some(), tries >= 5);
        if let Some(block) = &lock.block {
            prop_assert_eq!(&block.lock_code, &code(4));
            prop_assert_eq!(lock.right_try(), lock.clone());
            prop_assert_eq!(lock.blocked_by_staff(START, code(99)), lock);
        }
    }

    /// SUB-1, BOX-4: whatever a sender calls a file, its name is one plain, bounded component.
    #[test]
    fn a_file_name_is_one_plain_component(sent in "\\PC{0,300}|.{0,40}") {
        let name = FileName::from_sender(&sent);
        let shown = name.as_str();
        prop_assert!(!shown.is_empty() && shown.chars().count() <= 150);
        let plain = !shown.contains(['/', '\\', '"', '\0', '\n', '\u{202e}']);
        prop_assert!(plain && shown != ".." && shown != ".");
        prop_assert_eq!(FileName::from_sender(shown), name.clone());
    }

    /// SUB-1, BOX-4: a name that is a device on some machines, or ends where those would cut it off, becomes one that is not.
    #[test]
    fn a_file_name_is_no_device(device in "(?i)(con|prn|aux|nul|com[1-9]|lpt[1-9])", rest in r"( |\.|\.[a-z]{1,200}){0,2}") {
        let name = FileName::from_sender(&format!("{device}{rest}"));
        prop_assert!(name.as_str().starts_with('_'), "{}", name.as_str());
        prop_assert!(!name.as_str().ends_with(['.', ' ']) && name.as_str().chars().count() <= 150);
        prop_assert_eq!(FileName::from_sender(name.as_str()), name.clone());
        let none = FileName::from_sender("console.pdf");
        prop_assert_eq!(none.as_str(), "console.pdf");
    }

    /// BOX-4: whatever a sender called it, a file is given out under an ending of its own type: the ending that it has, if it is one.
    #[test]
    fn a_file_is_given_out_under_an_ending_of_its_type(
        sent in r"\PC{0,200}|[a-z. ]{0,12}(\.(pdf|PDF|html|htm|docx|exe|jpg|tif|png)| ){0,4}",
        kind in prop::sample::select([&MediaType::ALL[..], &[MediaType::Html]].concat()),
    ) {
        let name = FileName::from_sender(&sent);
        let given = name.of_type(kind);
        let ending = given.as_str().rsplit('.').next().map(str::to_ascii_lowercase);
        let ending = ending.unwrap_or_default();
        let mine = match kind {
            MediaType::Jpeg => ["jpeg", "jpg", "jpe", "jfif"].contains(&ending.as_str()),
            MediaType::Tiff => ["tiff", "tif"].contains(&ending.as_str()),
            MediaType::Html => ["html", "htm"].contains(&ending.as_str()),
            other => ending == other.ending(),
        };
        prop_assert!(mine && given.as_str().contains('.'), "{} for {:?}", given, kind);
        prop_assert!(given.as_str().chars().count() <= 150);
        prop_assert_eq!(given.of_type(kind), given.clone());
        prop_assert_eq!(FileName::from_sender(given.as_str()), given);
    }

    /// X-2: no text makes a reader of numbers and codes fail otherwise than in words, and what is read reads as itself.
    #[test]
    fn readers_of_short_texts_have_an_answer_for_everything(text in r"\PC{0,40}|.{0,60}|[0-9 -]{0,14}|[A-Za-z0-9-]{0,24}") {
        let again = |read: Option<String>, parse: &dyn Fn(&str) -> Option<String>| {
            read.is_none_or(|read| parse(&read) == Some(read.clone()))
        };
        let number = |text: &str| FileNumber::parse(text).ok().map(|read| read.to_string());
        let client = |text: &str| ClientId::parse(text).ok().map(|read| read.grouped());
        let code = |text: &str| Code::<()>::parse(text).ok().map(|read| read.to_string());
        for parse in [&number as &dyn Fn(&str) -> Option<String>, &client, &code] {
            prop_assert!(again(parse(&text), parse), "{}", text);
        }
        let _ = (ConfirmationNumber::parse(&text), InvitationNumber::parse(&text), LockCode::parse(&text));
        let _ = (AccessCode::typed(&text), Sha256::from_hex(&text), normalised_answer(&text));
        let _ = (EmailAddress::parse(&text), domain::address::PostalCode::parse(&text));
    }

    /// CASE-4: what somebody types of a name is found in it, in whatever order, case and with whatever hyphens; typing more finds no more.
    #[test]
    fn a_case_is_found_by_what_is_in_it(
        name in "[\\PC]{0,30}|[A-Za-zéÉ'\u{2019} \u{2011}\u{ad}-]{0,30}",
        other in "[\\PC]{0,12}",
        hyphen in prop::sample::select(vec!["-", "\u{2010}", "\u{2011}", "\u{2013}", "\u{200f}-"]),
    ) {
        let one = Case {
            parties: vec![Party { name: name.clone(), role: Code::parse("claimant").unwrap() }],
            ..case()
        };
        let text = one.search_text().replace(searching::BETWEEN, "");
        let is_found = |typed: &str| searching::words(typed).iter().all(|word| text.contains(word.as_str()));
        prop_assert!(is_found(&name), "{:?}", name);
        prop_assert!(is_found(&name.replace('-', hyphen)), "{:?}", name);
        let parts: Vec<&str> = name.split_whitespace().rev().collect();
        prop_assert!(is_found(&parts.join("  ")), "{:?}", name);
        prop_assert!(is_found(&one.file_number.bare()) && is_found(one.file_number.as_str()));
        let more = [name.as_str(), other.as_str()].join(" ");
        prop_assert!(!is_found(&more) || is_found(&other), "{:?}", more);
        let typed = one.file_number.as_str().replace('-', hyphen);
        prop_assert_eq!(FileNumber::typed(&typed), Ok(one.file_number));
    }

    /// CASE-4: folding does not depend on case or accents.
    #[test]
    fn folding_ignores_case_and_accents(text in "[a-zA-Zéèêëàçôîïùû' -]{0,20}") {
        prop_assert_eq!(folded(&text.to_uppercase()), folded(&text));
        prop_assert_eq!(folded("Élise"), "elise");
    }
}

/// BOX-4: a PDF never arrives as `name.pdf.html`, and nothing of its name but a wrong ending is lost.
#[test]
fn a_pdf_arrives_as_a_pdf() {
    for (sent, given) in [
        ("avis.pdf.html", "avis.pdf"),
        ("avis.pdf.HTM", "avis.pdf"),
        ("avis.PDF.docx.html", "avis.PDF"),
        ("avis.docx", "avis.pdf"),
        ("avis.html", "avis.pdf"),
        ("avis .html", "avis.pdf"),
        ("avis.exe", "avis.exe.pdf"),
        ("avis", "avis.pdf"),
        ("Avis no. 5", "Avis no. 5.pdf"),
        ("html", "html.pdf"),
        ("Avis.Pdf", "Avis.Pdf"),
    ] {
        let name = FileName::from_sender(sent).of_type(MediaType::Pdf);
        assert_eq!(name.as_str(), given, "{sent}");
    }
    let photo = FileName::from_sender("photo.JPG");
    assert_eq!(photo.of_type(MediaType::Jpeg), photo);
}

/// X-9, PRO-1: a notice that is sent again goes to the address that its person has now; that the address changed is still told to the old
/// one, where it was for the old one.
#[test]
fn what_was_for_the_old_address_is_not_sent_to_the_new_one() {
    let before = account(7, Role::Delegate);
    let after = domain::account::Account {
        email: EmailAddress::parse("new@example.test").unwrap(),
        ..before.clone()
    };
    let notice = |about| Notice {
        id: Id::new(Uuid::nil()),
        to: Recipient::owner_of(&before),
        about,
        written_at: START,
        once: None,
    };
    let again = |about| notice(about).address_now(Some(&after));
    assert_eq!(again(About::DocumentFromTribunal), after.email);
    assert_eq!(again(About::EmailAddressChanged), before.email);
    let nobodys = notice(About::DocumentFromTribunal).address_now(None);
    assert_eq!(nobodys, before.email);
}

/// SUB-1, SUB-7: a submission has as many files, and its note as many characters, as the terms say, and not one more; a statement of service is
/// made where the type asks for it.
#[test]
fn a_submission_holds_what_the_terms_say_and_no_more() {
    let terms = Terms {
        files_at_most: 2,
        note_characters_at_most: 3,
        ..Terms::default()
    };
    let kind = |code, asks_for_service| SubmittableType {
        named: Named {
            code: Code::parse(code).unwrap(),
            name: tribunal().name,
        },
        asks_for_service,
    };
    let tribunal = Tribunal {
        document_types: vec![kind("other", false), kind("disclosure", true)],
        ..tribunal()
    };
    let checked = |code, note: &str, files| {
        let wish = Wish {
            document_type: Code::parse(code).unwrap(),
            note: note.to_owned(),
            service: None,
        };
        wish.check(files, &tribunal, &terms, TribunalDay(START.date()))
    };
    assert_eq!(checked("other", "été", 2), Ok(()));
    assert_eq!(
        checked("other", "étés", 2),
        Err(SubmissionRefused::NoteTooLong(3))
    );
    assert_eq!(
        checked("other", "", 5),
        Err(SubmissionRefused::TooManyFiles {
            limit: 2,
            surplus: 3
        })
    );
    assert_eq!(checked("other", "", 0), Err(SubmissionRefused::NoFile));
    let missing = Err(SubmissionRefused::ServiceStatementMissing);
    assert_eq!(checked("disclosure", "", 1), missing);
    let unknown = Err(SubmissionRefused::UnknownDocumentType);
    assert_eq!(checked("decision", "", 1), unknown);
}
