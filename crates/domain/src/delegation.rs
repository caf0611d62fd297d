//! A delegation: one counsel lends one delegate their cases for sixty days (DEL-1 … DEL-8). The record keeps facts, what was promised
//! among them; its state is computed from them and an instant, so that access ends on time even if no job ever runs.

mod handing_over;

use std::collections::BTreeSet;

use secrecy::{ExposeSecret, SecretString};
use time::{Duration, OffsetDateTime};
use unicode_normalization::UnicodeNormalization;

pub use self::handing_over::{HandedOver, handed_over};
use crate::account::{Account, AccountId};
use crate::case::folded;
use crate::id::Id;
use crate::person::{EmailAddress, Language, PersonName};
use crate::policy::Permit;
use crate::terms::Terms;

/// The identifier of a [`Delegation`].
pub type DelegationId = Id<Delegation>;

/// The person whom counsel invites, as counsel describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitee {
    /// Name.
    pub name: PersonName,
    /// Where the invitation goes.
    pub email: EmailAddress,
    /// The language that comes first in the invitation.
    pub language: Language,
}

/// A question whose answer counsel and delegate share, and the slow salted hash of that answer (DEL-2).
#[derive(Debug, Clone)]
pub struct SecretQuestion {
    /// The question, in counsel's words.
    pub question: String,
    /// The hash, in the form that names its own parameters.
    pub answer_hash: SecretString,
}

impl PartialEq for SecretQuestion {
    fn eq(&self, other: &Self) -> bool {
        self.question == other.question
            && self.answer_hash.expose_secret() == other.answer_hash.expose_secret()
    }
}

impl Eq for SecretQuestion {}

/// An answer in the form that is hashed: small letters without accents, ligatures and spaces. Two people who agreed on an answer in
/// conversation do not spell it alike, and each wrong try counts (SEC-1).
pub fn normalised_answer(answer: &str) -> String {
    folded(answer).split_whitespace().collect()
}

/// An answer in every form in which its hash may have been kept: as it is hashed now, and as earlier versions of the portal did, which left
/// accents and single spaces in it. The second is another only where it matters.
pub fn forms_of_answer(answer: &str) -> Vec<String> {
    let now = normalised_answer(answer);
    let lower: String = answer.nfkc().collect::<String>().to_lowercase();
    let before = lower.split_whitespace().collect::<Vec<_>>().join(" ");
    if before == now {
        vec![now]
    } else {
        vec![now, before]
    }
}

/// How long a delegation lasts: as the tribunal's terms were at invitation, acceptance or the last renewal. Whoever changes the terms later
/// changes nothing of it: what is over does not come back, least of all when its place is somebody else's by now (DEL-1), and what both
/// were told of its end holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promised {
    /// How long the invitation waits to be accepted (DEL-2).
    pub invitation: Duration,
    /// How long a term runs from acceptance or renewal (DEL-3).
    pub term: Duration,
    /// How long after its term it can still be renewed (DEL-3).
    pub renewal_grace: Duration,
}

impl Promised {
    /// What is promised under these terms.
    pub const fn by(terms: &Terms) -> Self {
        Self {
            invitation: terms.invitation,
            term: terms.delegation,
            renewal_grace: terms.renewal_grace,
        }
    }
}

/// That the invitee accepted, and when the present sixty days began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// The delegate's account.
    pub delegate: AccountId,
    /// When the invitation was accepted.
    pub accepted_at: OffsetDateTime,
    /// When the present term began: acceptance or the last renewal.
    pub term_began_at: OffsetDateTime,
}

/// A delegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Identifier.
    pub id: DelegationId,
    /// Who delegates.
    pub counsel: AccountId,
    /// Who was invited.
    pub invitee: Invitee,
    /// What the invitee must answer.
    pub questions: Vec<SecretQuestion>,
    /// The version of the terms that counsel accepted.
    pub terms_version: String,
    /// When the invitation went out.
    pub invited_at: OffsetDateTime,
    /// How long it lasts. `None` where nobody has written that down yet: the present terms hold until a job does.
    pub promised: Option<Promised>,
    /// Set by acceptance.
    pub running: Option<Running>,
    /// Wrong tries to answer its questions, whoever made them (DEL-2).
    pub wrong_answers: u32,
    /// When counsel deleted it or withdrew the invitation, or too many wrong answers closed that.
    pub ended_at: Option<OffsetDateTime>,
}

/// Where a delegation stands at an instant (DEL-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Waiting for the invitee.
    Invited,
    /// Running.
    Active,
    /// Running, within ten days of its end.
    RenewalDue,
    /// Over; the counsel can still renew it.
    Expired,
    /// Over for good, or an invitation nobody took up: only a new invitation helps.
    Lapsed,
    /// Deleted by the counsel, or closed by wrong answers.
    Ended,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Invited,
        Self::Active,
        Self::RenewalDue,
        Self::Expired,
        Self::Lapsed,
        Self::Ended,
    ];

    /// As on wires.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::RenewalDue => "renewal-due",
            Self::Expired => "expired",
            Self::Lapsed => "lapsed",
            Self::Ended => "ended",
        }
    }

    /// Whether the delegate gets in (DEL-3).
    pub const fn gives_access(self) -> bool {
        matches!(self, Self::Active | Self::RenewalDue)
    }

    /// Whether it holds one of the counsel's places, and stands on their list (DEL-1).
    pub const fn holds_a_place(self) -> bool {
        matches!(
            self,
            Self::Invited | Self::Active | Self::RenewalDue | Self::Expired
        )
    }
}

/// Why an invitation is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InviteRefused {
    /// Every place is held (DEL-1).
    #[error("all {0} places are held")]
    NoPlaceLeft(usize),
    /// So many invitations were sent within a day, and each is an e-mail to somebody.
    #[error("{0} invitations were sent within a day")]
    TooManyToday(u32),
    /// That person is invited or a delegate already.
    #[error("this person holds a place already")]
    AlreadyDelegate,
    /// Counsel cannot be their own delegate.
    #[error("counsel cannot delegate to themselves")]
    Oneself,
    /// Without a question nobody could tell the invitee from a stranger.
    #[error("at least one secret question with its answer is needed")]
    NoQuestion,
    /// A question or an answer is empty, or two questions are the same.
    #[error("each question must be a different one, with an answer")]
    QuestionUnusable,
    /// The terms must be accepted.
    #[error("the terms of delegation must be accepted")]
    TermsNotAccepted,
}

/// Why an invitation cannot be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcceptRefused {
    /// It was accepted, withdrawn, or lapsed.
    #[error("the invitation is no longer open")]
    NotOpen,
    /// An answer is wrong or missing.
    #[error("an answer is wrong")]
    WrongAnswer,
    /// Counsel cannot be their own delegate.
    #[error("counsel cannot delegate to themselves")]
    Oneself,
    /// They are a delegate of that counsel already: one place and one end for each person (DEL-1).
    #[error("this person is a delegate of that counsel already")]
    AlreadyDelegate,
    /// Accepting would register somebody who has an account already (REG-4).
    #[error("this person has an account already")]
    HasAccount,
}

/// Why a renewal is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenewalRefused {
    /// The invitation has not been accepted yet.
    #[error("the invitation has not been accepted yet")]
    NotAccepted,
    /// Too late: the person must be invited anew.
    #[error("the delegation has lapsed")]
    Lapsed,
    /// The counsel deleted it.
    #[error("the delegation was ended")]
    Ended,
}

/// Why it cannot be ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndRefused {
    /// It is over already.
    #[error("the delegation is over already")]
    OverAlready,
}

/// What counsel enters to invite somebody.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Who.
    pub invitee: Invitee,
    /// What they must answer.
    pub questions: Vec<SecretQuestion>,
    /// Whether counsel accepts the terms.
    pub terms_accepted: bool,
    /// The version of the terms that were shown.
    pub terms_version: String,
}

/// The most questions that counsel may ask.
pub const QUESTIONS_AT_MOST: usize = 5;

/// Those of `held` that hold a place of a counsel.
fn holding<'a>(
    held: &'a [Delegation],
    counsel: AccountId,
    at: OffsetDateTime,
    terms: &'a Terms,
) -> impl Iterator<Item = &'a Delegation> {
    held.iter()
        .filter(move |one| one.counsel == counsel && one.state(at, terms).holds_a_place())
}

/// That a counsel has a place for one more beside those in `held` (DEL-1).
///
/// # Errors
/// [`InviteRefused::NoPlaceLeft`].
pub fn place_left(
    held: &[Delegation],
    counsel: AccountId,
    at: OffsetDateTime,
    terms: &Terms,
) -> Result<(), InviteRefused> {
    if holding(held, counsel, at, terms).count() >= terms.delegates_at_most {
        return Err(InviteRefused::NoPlaceLeft(terms.delegates_at_most));
    }
    Ok(())
}

/// That a counsel may send one more invitation beside those in `sent`, of which each is an e-mail to whatever address they entered (DEL-2). What
/// is over counts as an invitation of its day, too.
///
/// # Errors
/// [`InviteRefused::TooManyToday`].
pub fn few_enough_today(
    sent: &[Delegation],
    counsel: AccountId,
    at: OffsetDateTime,
    terms: &Terms,
) -> Result<(), InviteRefused> {
    let a_day_ago = at - Duration::DAY;
    let of_today = |one: &&Delegation| one.counsel == counsel && one.invited_at > a_day_ago;
    if sent.iter().filter(of_today).count() >= terms.invitations_per_day as usize {
        return Err(InviteRefused::TooManyToday(terms.invitations_per_day));
    }
    Ok(())
}

/// That a counsel has a place for somebody beside those in `held`, who is none of them (DEL-1): neither by the address that was typed when
/// they were invited, nor by the one that they have now.
fn room_beside(
    held: &[Delegation],
    delegates: &[Account],
    counsel: AccountId,
    invitee: &Invitee,
    at: OffsetDateTime,
    terms: &Terms,
) -> Result<(), InviteRefused> {
    let mut places = holding(held, counsel, at, terms);
    let has_this_address = |one: &Delegation| {
        let account = delegates.iter().find(|them| one.is_of(them.id));
        let now = account.is_some_and(|them| them.email.same_box(&invitee.email));
        now || one.invitee.email.same_box(&invitee.email)
    };
    if places.any(has_this_address) {
        return Err(InviteRefused::AlreadyDelegate);
    }
    place_left(held, counsel, at, terms)
}

/// Whether an invitation can ask these: at least one, and each another (DEL-2).
///
/// # Errors
/// [`InviteRefused::NoQuestion`] or [`InviteRefused::QuestionUnusable`].
pub fn can_be_asked<'a>(
    questions: impl ExactSizeIterator<Item = &'a str>,
) -> Result<(), InviteRefused> {
    let count = questions.len();
    if count == 0 {
        return Err(InviteRefused::NoQuestion);
    }
    if count > QUESTIONS_AT_MOST || !unusable_questions(questions).is_empty() {
        return Err(InviteRefused::QuestionUnusable);
    }
    Ok(())
}

/// The places of questions that cannot be asked: they say nothing, or are as one before them (DEL-2).
pub fn unusable_questions<'a>(questions: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut asked: BTreeSet<String> = BTreeSet::new();
    let cannot_be = |question: &str| {
        let question = normalised_answer(question);
        question.is_empty() || !asked.insert(question)
    };
    let cannot = questions.map(cannot_be).enumerate();
    cannot
        .filter_map(|(at, cannot)| cannot.then_some(at))
        .collect()
}

impl Delegation {
    /// Invites one more person beside those in `held`, whose delegates' accounts are `delegates` (DEL-1, DEL-2). What is over counts as an
    /// invitation of its day, too.
    ///
    /// # Errors
    /// [`InviteRefused`] says which rule stands against it.
    pub fn invite(
        permit: &Permit,
        id: DelegationId,
        counsel: &Account,
        invitation: Invitation,
        held: &[Self],
        delegates: &[Account],
        terms: &Terms,
    ) -> Result<Self, InviteRefused> {
        let Invitation {
            invitee,
            questions,
            terms_accepted,
            terms_version,
        } = invitation;
        if !terms_accepted {
            return Err(InviteRefused::TermsNotAccepted);
        }
        can_be_asked(questions.iter().map(|asked| asked.question.as_str()))?;
        if invitee.email.same_box(&counsel.email) {
            return Err(InviteRefused::Oneself);
        }
        let at = permit.at();
        room_beside(held, delegates, counsel.id, &invitee, at, terms)?;
        few_enough_today(held, counsel.id, at, terms)?;
        Ok(Self {
            id,
            counsel: counsel.id,
            invitee,
            questions,
            terms_version,
            invited_at: at,
            promised: Some(Promised::by(terms)),
            running: None,
            wrong_answers: 0,
            ended_at: None,
        })
    }

    /// The invitation after one more wrong try to answer (DEL-2). Whoever signs in anew is somebody else to the portal, and has tries of their
    /// own; the invitation has only so many, and is closed by the last.
    #[must_use]
    pub fn answered_wrongly(&self, permit: &Permit, terms: &Terms) -> Self {
        let wrong_answers = self.wrong_answers.saturating_add(1);
        let is_closed = wrong_answers >= terms.wrong_answers_at_most;
        Self {
            wrong_answers,
            ended_at: is_closed.then(|| permit.at()).or(self.ended_at),
            ..self.clone()
        }
    }

    /// How many wrong tries to answer are left until it is closed.
    pub const fn tries_left(&self, terms: &Terms) -> u32 {
        terms
            .wrong_answers_at_most
            .saturating_sub(self.wrong_answers)
    }

    /// Where it stands at `at` (DEL-3). Ended is ended: a machine whose clock runs behind the one that ended it does not open it again.
    pub fn state(&self, at: OffsetDateTime, terms: &Terms) -> State {
        if self.ended_at.is_some() {
            return State::Ended;
        }
        let Some(ends_at) = self.ends_at(terms) else {
            return if at < self.lapses_at(terms) {
                State::Invited
            } else {
                State::Lapsed
            };
        };
        if at < ends_at - terms.reminder {
            State::Active
        } else if at < ends_at {
            State::RenewalDue
        } else if at < ends_at + self.lasts(terms).renewal_grace {
            State::Expired
        } else {
            State::Lapsed
        }
    }

    /// How long it lasts.
    fn lasts(&self, terms: &Terms) -> Promised {
        self.promised.unwrap_or(Promised::by(terms))
    }

    /// When an invitation that nobody takes up lapses (DEL-2).
    pub fn lapses_at(&self, terms: &Terms) -> OffsetDateTime {
        self.invited_at + self.lasts(terms).invitation
    }

    /// The instant from which access is blocked; `None` before acceptance (DEL-3).
    pub fn ends_at(&self, terms: &Terms) -> Option<OffsetDateTime> {
        self.running
            .map(|running| running.term_began_at + self.lasts(terms).term)
    }

    /// Until when, and not including, the counsel can renew; `None` before acceptance (DEL-3).
    pub fn renewable_until(&self, terms: &Terms) -> Option<OffsetDateTime> {
        self.ends_at(terms)
            .map(|ends_at| ends_at + self.lasts(terms).renewal_grace)
    }

    /// When the counsel is reminded of this term's end; `None` before acceptance (DEL-3).
    pub fn reminder_at(&self, terms: &Terms) -> Option<OffsetDateTime> {
        self.ends_at(terms).map(|ends_at| ends_at - terms.reminder)
    }

    /// Whether accepting may register the invited person: whoever has one of `accounts` comes in with that, and gets no second one (REG-4).
    ///
    /// # Errors
    /// [`AcceptRefused::HasAccount`].
    pub fn may_register_invitee(&self, accounts: &[Account]) -> Result<(), AcceptRefused> {
        let mut accounts = accounts.iter();
        let is_theirs = |account: &Account| {
            account.is_from_outside() && account.email.same_box(&self.invitee.email)
        };
        if accounts.any(is_theirs) {
            return Err(AcceptRefused::HasAccount);
        }
        Ok(())
    }

    /// The delegate's account, once there is one.
    pub fn delegate(&self) -> Option<AccountId> {
        self.running.map(|running| running.delegate)
    }

    /// Whether that account is its delegate.
    fn is_of(&self, account: AccountId) -> bool {
        self.delegate() == Some(account)
    }

    /// Whether it still has its place among those in `held`. A machine whose clock runs ahead may have seen it lapse, and have given its
    /// place to somebody else, or its person another one; on a machine that runs behind it must not come back (DEL-1). Only somebody who was
    /// invited after that can have its place: where a tribunal allows fewer delegates than before, those whom counsel has stay.
    fn has_its_place(&self, held: &[Self], at: OffsetDateTime, terms: &Terms) -> bool {
        let others = || holding(held, self.counsel, at, terms).filter(|one| one.id != self.id);
        let gone_at = self
            .renewable_until(terms)
            .unwrap_or_else(|| self.lapses_at(terms));
        let given_away = others().any(|one| one.invited_at >= gone_at)
            && others().count() >= terms.delegates_at_most;
        let same_person = others().any(|one| {
            let same_delegate = self.delegate().is_some_and(|delegate| one.is_of(delegate));
            same_delegate || one.invitee.email.same_box(&self.invitee.email)
        });
        !given_away && !same_person
    }

    /// Accepted by `delegate`, who answered each question rightly or not (DEL-2). Starts the sixty days, as long as `terms` promise now.
    /// `held` are the counsel's delegations.
    ///
    /// # Errors
    /// [`AcceptRefused`].
    pub fn accept(
        &self,
        permit: &Permit,
        delegate: AccountId,
        right: &[bool],
        held: &[Self],
        terms: &Terms,
    ) -> Result<Self, AcceptRefused> {
        let at = permit.at();
        if self.state(at, terms) != State::Invited || !self.has_its_place(held, at, terms) {
            return Err(AcceptRefused::NotOpen);
        }
        if delegate == self.counsel {
            return Err(AcceptRefused::Oneself);
        }
        let mut others = holding(held, self.counsel, at, terms);
        if others.any(|one| one.id != self.id && one.is_of(delegate)) {
            return Err(AcceptRefused::AlreadyDelegate);
        }
        if right.len() != self.questions.len() || right.is_empty() || right.contains(&false) {
            return Err(AcceptRefused::WrongAnswer);
        }
        Ok(Self {
            running: Some(Running {
                delegate,
                accepted_at: at,
                term_began_at: at,
            }),
            promised: Some(Promised::by(terms)),
            ..self.clone()
        })
    }

    /// A new sixty days from the permit's instant, as long as `terms` promise now (DEL-4). `held` are the counsel's delegations.
    ///
    /// # Errors
    /// [`RenewalRefused`].
    pub fn renew(
        &self,
        permit: &Permit,
        held: &[Self],
        terms: &Terms,
    ) -> Result<Self, RenewalRefused> {
        let at = permit.at();
        let running = self.renewable(held, at, terms)?;
        Ok(Self {
            running: Some(Running {
                term_began_at: at,
                ..running
            }),
            promised: Some(Promised::by(terms)),
            ..self.clone()
        })
    }

    /// The term that can be renewed at `at`, or why none can.
    fn renewable(
        &self,
        held: &[Self],
        at: OffsetDateTime,
        terms: &Terms,
    ) -> Result<Running, RenewalRefused> {
        match (self.state(at, terms), self.running) {
            (State::Active | State::RenewalDue | State::Expired, Some(_))
                if !self.has_its_place(held, at, terms) =>
            {
                Err(RenewalRefused::Lapsed)
            }
            (State::Active | State::RenewalDue | State::Expired, Some(running)) => Ok(running),
            (State::Ended, _) => Err(RenewalRefused::Ended),
            (State::Lapsed, _) => Err(RenewalRefused::Lapsed),
            _ => Err(RenewalRefused::NotAccepted),
        }
    }

    /// Whether [`Self::renew`] would renew it at `at` (DEL-3, DEL-4). `held` are the counsel's delegations.
    pub fn can_be_renewed(&self, held: &[Self], at: OffsetDateTime, terms: &Terms) -> bool {
        self.renewable(held, at, terms).is_ok()
    }

    /// Ended by the counsel; an open invitation is withdrawn (DEL-3).
    ///
    /// # Errors
    /// [`EndRefused`], when it is over already.
    pub fn end(&self, permit: &Permit, terms: &Terms) -> Result<Self, EndRefused> {
        let at = permit.at();
        if self.state(at, terms).holds_a_place() {
            Ok(Self {
                ended_at: Some(at),
                ..self.clone()
            })
        } else {
            Err(EndRefused::OverAlready)
        }
    }
}
