//! The portal without its pages: the use cases on SQLite, for each step the one that people would use. What no use case does yet is put on
//! record directly.

use std::sync::Arc;

use application::access_code::issue_access_code;
use application::by::By;
use application::feed_cases::feed_case;
use application::halt::Halt;
use application::help_desk::{Wanted, find_accounts, reset_sign_in, unblock};
use application::import_rolls::import_rolls;
use application::ports::tally::Untold;
use application::recognise::recognise_session;
use application::register::{Register, RegisterError, register};
use application::registration::{OpenError, OpenRegistration, open_registration};
use application::sign_in::{Vouched, sign_in};
use application::uploads::Verdicts;
use application::{Application, Secret, UseCaseError};
use assembly::configuration::Rules;
use assembly::keys::TribunalKey;
use assembly::signer::TribunalSigner;
use documents::{MasterKey, MasterKeys, SealedDocuments};
use domain::access_code::IssuedCodeId;
use domain::account::{Account, AccountId, Role};
use domain::case::CaseId;
use domain::case_feed::SentCase;
use domain::code::Code;
use domain::delegation::DelegationId;
use domain::id::Id;
use domain::lock::{Lock, LockCode};
use domain::membership::MembershipNumber;
use domain::person::{EmailAddress, Language, PersonName, Telephone};
use domain::policy::{Action, Actor, Means, Who, authorize};
use domain::registration::{CounselForm, OpenRefused, RedeemRefused};
use domain::sign_in::{SignIn, SignInId, SignInIdentity};
use domain::terms::Terms;
use numbering_plans::BuiltInPlans;
use secrecy::SecretBox;
use storage::{Settings, SqlStorage};
use tempfile::TempDir;
use time_zones::TzDatabase;
use tokio::runtime::Runtime;
use uuid::Uuid;
use web::FormPages;

use crate::stand_ins::{CountingRandom, MovedClock, Nobody, ORDER, Phone, PlainAnswers, Roll};
use crate::step::{Answer, PEOPLE, Step, Whose, Why, WrongAnswers};

pub struct World {
    runtime: Runtime,
    pub portal: Portal,
    _folder: TempDir,
}

/// The application, and under which identifiers it knows what the model numbers.
pub struct Portal {
    pub app: Application,
    clock: Arc<MovedClock>,
    phone: Arc<Phone>,
    roll: Arc<Roll>,
    staff: [Account; 3],
    pub sign_ins: Vec<SignInId>,
    sessions: Vec<Secret>,
    pub accounts: Vec<AccountId>,
    pub codes: Vec<IssuedCodeId>,
    pub cases: Vec<CaseId>,
    pub delegations: Vec<DelegationId>,
}

pub fn email(name: &str) -> EmailAddress {
    EmailAddress::parse(&format!("{name}@example.test")).unwrap()
}

/// A family name without digits for that number.
fn family(number: usize) -> String {
    let letter = |digit: char| char::from(b'a' + u8::try_from(digit).unwrap() - b'0');
    number.to_string().chars().map(letter).collect()
}

fn identity(person: usize) -> SignInIdentity {
    SignInIdentity {
        issuer: "https://issuer.example".to_owned(),
        subject: format!("subject-{person}"),
    }
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let portal = runtime.block_on(Portal::open(&folder));
        Self {
            runtime,
            portal,
            _folder: folder,
        }
    }

    pub fn wait_microseconds(&self, microseconds: i64) {
        self.portal.clock.advance(microseconds);
    }

    pub fn take(&mut self, step: &Step) -> Vec<Answer> {
        self.runtime.block_on(self.portal.take(step))
    }

    pub fn seen(&mut self) -> crate::step::Seen {
        self.runtime.block_on(self.portal.seen())
    }

    /// The cases that a person is shown as somebody who acts for that counsel.
    pub fn cases_seen(&mut self, person: usize, counsel: usize) -> Vec<usize> {
        self.runtime.block_on(async {
            let actor = self.portal.actor(person).await;
            self.portal.cases_of(&actor, counsel).await
        })
    }
}

impl Portal {
    async fn open(folder: &TempDir) -> Self {
        let file = folder.path().join("records.sqlite");
        let url = format!("sqlite://{}?mode=rwc", file.display());
        migrations::migrate(&url).await.unwrap();
        let storage = Arc::new(
            SqlStorage::connect(&url, Settings::default())
                .await
                .unwrap(),
        );
        let (clock, random) = (
            Arc::<MovedClock>::default(),
            Arc::<CountingRandom>::default(),
        );
        let key = SecretBox::new(Box::new([7; 32]));
        let settings = documents::Settings {
            folder: folder.path().join("documents"),
            bucket: None,
            keys: MasterKeys::new(MasterKey::new(&key), Vec::new()),
        };
        let documents = SealedDocuments::open(settings, random.clone()).await;
        let (phone, roll) = (Arc::<Phone>::default(), Arc::<Roll>::default());
        let Rules { terms, tribunal } = Rules::from_environment().unwrap();
        let tribunal = Arc::new(tribunal);
        let app = Application {
            storage: storage.clone(),
            sessions: storage.clone(),
            departures: storage.clone(),
            given_up: storage.clone(),
            uploads: storage.clone(),
            token_uses: storage.clone(),
            job_runs: storage.clone(),
            outbox: storage.clone(),
            throttle: storage.clone(),
            audit_seals: storage.clone(),
            log: storage,
            signer: Arc::new(
                TribunalSigner::new("portal.example/log", &"07".repeat(32).into(), &[]).unwrap(),
            ),
            sign_in_services: Arc::new(Nobody),
            documents: Arc::new(documents.unwrap()),
            inspector: Arc::new(Nobody),
            virus_scanner: None,
            form_writer: Arc::new(FormPages::new(tribunal.clone())),
            numbering_plans: Arc::new(BuiltInPlans),
            mailer: Arc::new(Nobody),
            text_messages: phone.clone(),
            keys: Arc::new(TribunalKey::from_bytes([7; 32])),
            answers: Arc::new(PlainAnswers),
            roll_files: roll.clone(),
            halt: Halt::default(),
            verdicts: Verdicts::default(),
            tally: Arc::new(Untold),
            clock: clock.clone(),
            records_clock: None,
            random,
            zones: Arc::new(TzDatabase::new()),
            // How often somebody may try in a while is tried elsewhere.
            terms: Arc::new(Terms {
                tries_per_address: u32::MAX,
                tries_per_sign_in: u32::MAX,
                ..terms
            }),
            tribunal,
        };
        let roles = [
            Role::RegistryOfficer,
            Role::HelpDeskAgent,
            Role::CaseManagementSystem,
        ];
        let mut portal = Self {
            staff: roles.map(|role| staff(role, &app)),
            app,
            clock,
            phone,
            roll,
            sign_ins: Vec::new(),
            sessions: Vec::new(),
            accounts: Vec::new(),
            codes: Vec::new(),
            cases: Vec::new(),
            delegations: Vec::new(),
        };
        for account in portal.staff.clone() {
            portal.put(&account).await;
        }
        for person in 0..PEOPLE {
            let session = portal.signs_in(person).await;
            let known = recognise_session(&portal.app, &session, None)
                .await
                .unwrap();
            portal.sign_ins.push(known.session.sign_in);
            portal.sessions.push(session);
        }
        portal
    }

    async fn signs_in(&self, person: usize) -> Secret {
        let vouched = Vouched {
            identity: identity(person),
            email: None,
            authenticated_at: Some(self.app.clock.now()),
            service_session: None,
        };
        sign_in(&self.app, &vouched, None, None).await.unwrap()
    }

    /// Whoever a person's session makes them; once it is over, they sign in again.
    pub async fn actor(&mut self, person: usize) -> Actor {
        let known = recognise_session(&self.app, &self.sessions[person], None).await;
        if let Ok(known) = known {
            return known.actor;
        }
        self.just_signed_in(person).await
    }

    /// The same, as REG-8 asks for: they have just signed in.
    pub async fn just_signed_in(&mut self, person: usize) -> Actor {
        self.sessions[person] = self.signs_in(person).await;
        let session = &self.sessions[person];
        recognise_session(&self.app, session, None)
            .await
            .unwrap()
            .actor
    }

    fn staff(&self, role: Role) -> Actor {
        let account = self.staff.iter().find(|one| one.is(role)).unwrap();
        let at = self.app.clock.now();
        Actor::account(account.clone(), Means::SignIn { at }, None)
    }

    /// Puts an account on record as no use case does.
    async fn put(&self, account: &Account) {
        let moment = self.app.moment();
        let action = Action::LoadDemonstration;
        let permit = authorize(&Actor::operator(), &action, &moment, &self.app.terms).unwrap();
        let mut tx = self.app.storage.begin().await.unwrap();
        if tx.accounts().by_id(account.id).await.unwrap().is_some() {
            tx.accounts_mut().update(account).await.unwrap();
        } else {
            tx.accounts_mut().insert(account).await.unwrap();
        }
        tx.commit(permit.into_audit_entry()).await.unwrap();
    }

    pub async fn account(&self, number: usize) -> Account {
        let mut records = self.app.storage.read().await.unwrap();
        let found = records.accounts().by_id(self.accounts[number]).await;
        found.unwrap().unwrap()
    }

    pub async fn sign_in(&self, person: usize) -> SignIn {
        let mut records = self.app.storage.read().await.unwrap();
        let found = records.sign_ins().by_id(self.sign_ins[person]).await;
        found.unwrap().unwrap()
    }

    async fn take(&mut self, step: &Step) -> Vec<Answer> {
        let mut answers = Vec::new();
        match *step {
            Step::EnterWrongCodes { person, times } => {
                for _ in 0..times {
                    answers.push(self.enter(person, "no code at all").await);
                }
            }
            Step::AnswerWrongly(WrongAnswers {
                person,
                delegation,
                times,
            }) => {
                for _ in 0..times {
                    answers.push(self.answer(person, delegation, "somewhere else").await);
                }
            }
            _ => answers.push(self.take_once(step).await),
        }
        answers
    }

    async fn take_once(&mut self, step: &Step) -> Answer {
        match *step {
            Step::OpenRegistration { in_good_standing } => {
                self.open_account(in_good_standing).await
            }
            Step::IssueCode { account } => {
                let registry = self.staff(Role::RegistryOfficer);
                let account = self.accounts[account];
                let issued = issue_access_code(&self.app, &registry, account, None)
                    .await
                    .unwrap();
                self.codes.push(issued.code.id);
                Ok(())
            }
            Step::EnterCode { person, code } => {
                let code = self.phone.code(code);
                self.enter(person, &code).await
            }
            Step::StaffBlocks { account } => {
                let account = self.account(account).await;
                let code = LockCode::from_random(self.app.random.bytes());
                let lock = account.lock.blocked_by_staff(self.app.clock.now(), code);
                self.put(&Account { lock, ..account }).await;
                Ok(())
            }
            Step::Unblock(whose) => self.unblock(whose).await,
            Step::ResetSignIn { account } => {
                let help_desk = self.staff(Role::HelpDeskAgent);
                let account = self.accounts[account];
                reset_sign_in(&self.app, &help_desk, account, None)
                    .await
                    .unwrap();
                Ok(())
            }
            Step::RollSays { counsel, good } => {
                self.roll.says(counsel, &family(counsel), good);
                import_rolls(&self.app, By::Schedule).await.unwrap();
                Ok(())
            }
            Step::CaseGoesTo { case, counsel } => {
                self.feed(case, counsel).await;
                Ok(())
            }
            Step::Invite(invite) => self.invite(invite).await,
            Step::AnswerRightly { person, delegation } => {
                self.answer(person, delegation, crate::delegating::ANSWER)
                    .await
            }
            Step::Renew { person, delegation } => self.renew(person, delegation).await,
            Step::End { person, delegation } => self.end(person, delegation).await,
            // No job ever runs, and waiting is the clock's.
            Step::RunJobs
            | Step::Wait(_)
            | Step::EnterWrongCodes { .. }
            | Step::AnswerWrongly(_) => Ok(()),
        }
    }

    async fn open_account(&mut self, in_good_standing: bool) -> Answer {
        let number = self.accounts.len();
        self.roll.says(number, &family(number), in_good_standing);
        import_rolls(&self.app, By::Schedule).await.unwrap();
        let wish = OpenRegistration {
            form: CounselForm {
                order: Code::parse(ORDER).unwrap(),
                membership_number: MembershipNumber::parse(&number.to_string()).ok(),
                name: PersonName::new("Given", &family(number)).unwrap(),
                email: email(&format!("counsel-{number}")),
                cell: Telephone::parse("514 555 0123").unwrap(),
                language: Language::French,
            },
            document_kind: "passport".to_owned(),
            idempotency_key: None,
        };
        let registry = self.staff(Role::RegistryOfficer);
        match open_registration(&self.app, &registry, &wish).await {
            Ok(opened) => {
                self.accounts.push(opened.account.id);
                self.feed(self.cases.len(), number).await;
                Ok(())
            }
            Err(OpenError::Refused(OpenRefused::NotInGoodStanding)) => Err(Why::NotInGoodStanding),
            Err(other) => unreachable!("{other:?}"),
        }
    }

    /// The case management system says whose a case is.
    async fn feed(&mut self, case: usize, counsel: usize) {
        let number = format!("TB9-{case:05}");
        let sent = SentCase {
            division: Some("RPD".to_owned()),
            region: Some("western".to_owned()),
            status: Some("active".to_owned()),
            counsel_of_record: Some(self.accounts[counsel].to_string()),
            ..SentCase::default()
        };
        let system = self.staff(Role::CaseManagementSystem);
        let fed = feed_case(&self.app, &system, &number, sent).await.unwrap();
        if let application::feed_cases::Fed::Created(created) = fed {
            self.cases.push(created.id);
        }
    }

    async fn enter(&mut self, person: usize, code: &str) -> Answer {
        let actor = self.just_signed_in(person).await;
        let wish = Register {
            access_code: code,
            accepts_privacy_statement: true,
        };
        let session = self.sessions[person].clone();
        match register(&self.app, &actor, Some(&session), wish).await {
            Ok(registered) => {
                self.sessions[person] = registered.secret.unwrap();
                Ok(())
            }
            Err(RegisterError::Forbidden(refused)) => Err(Why::Shut(refused.why.code())),
            Err(RegisterError::Refused(why)) => Err(match why {
                RedeemRefused::Wrong { tries_left } => Why::WrongCode { tries_left },
                RedeemRefused::Expired => Why::CodeExpired,
                RedeemRefused::Blocked(_) => Why::Shut("blocked"),
                RedeemRefused::NotStanding(_) => Why::NotInGoodStanding,
                RedeemRefused::RegisteredAlready => Why::Shut("not-for-this-actor"),
                RedeemRefused::PrivacyStatementNotAccepted => unreachable!("it is accepted"),
            }),
            Err(other) => unreachable!("{other:?}"),
        }
    }

    /// The blocked person reads their lock code to the help desk.
    async fn unblock(&mut self, whose: Whose) -> Answer {
        let lock: Lock = match whose {
            Whose::Person(person) => self.sign_in(person).await.lock,
            Whose::Account(account) => self.account(account).await.lock,
        };
        let block = lock.block.ok_or(Why::NotBlocked)?;
        let help_desk = self.staff(Role::HelpDeskAgent);
        let wanted = Wanted::LockCode(block.lock_code);
        let found = find_accounts(&self.app, &help_desk, &wanted).await.unwrap();
        let [found] = &found[..] else {
            unreachable!("one of that lock code, not {found:?}")
        };
        unblock(&self.app, &help_desk, found.id()).await.unwrap();
        Ok(())
    }
}

/// An account of the tribunal's own.
fn staff(role: Role, app: &Application) -> Account {
    let id: Uuid = app.random.uuid(app.clock.now());
    Account {
        id: Id::new(id),
        name: PersonName::new("Given", "Staff").unwrap(),
        email: email(role.code()),
        cell: None,
        language: Language::English,
        roles: [role].into(),
        membership: None,
        lock: Lock::default(),
        opened_at: app.clock.now(),
        registered_at: Some(app.clock.now()),
        privacy_statement: None,
    }
}

/// Why the door stayed shut.
pub fn shut(error: &UseCaseError) -> Why {
    match error {
        UseCaseError::Forbidden(refused) => Why::Shut(refused.why.code()),
        other => unreachable!("{other:?}"),
    }
}

/// Whether a person opens an account.
pub fn opens(actor: &Actor) -> Option<AccountId> {
    match &actor.who {
        Who::Account(caller) => Some(caller.account.id),
        _ => None,
    }
}
