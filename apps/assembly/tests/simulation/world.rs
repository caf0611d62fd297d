//! Four machines on one database and one store of documents, as production has them but for what lies outside, and the people.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use application::Application;
use application::feed_cases::{Fed, feed_case};
use application::halt::Halt;
use application::ports::tally::Untold;
use application::uploads::Verdicts;
use assembly::configuration::Rules;
use assembly::keys::TribunalKey;
use assembly::signer::TribunalSigner;
use documents::{MasterKey, MasterKeys, SealedDocuments};
use domain::account::{Account, AccountId, Role};
use domain::case::{CaseId, FileNumber};
use domain::code::Code;
use domain::id::Id;
use domain::lock::Lock;
use domain::membership::{Membership, MembershipNumber};
use domain::person::{EmailAddress, Language, PersonName};
use domain::policy::{Action, Actor, Means, authorize};
use numbering_plans::BuiltInPlans;
use secrecy::SecretBox;
use storage::{Settings, SqlStorage};
use tempfile::TempDir;
use time_zones::TzDatabase;
use web::FormPages;

use crate::acts::sent_case;
use crate::outside::{Content, FaultyDocuments, MoodyMail, NoLimit};
use crate::records::FaultyRecords;
use crate::stage::{MachineClock, PROCESSES, Stage};
use crate::stand_ins::{CountingRandom, Nobody, ORDER, Phone, PlainAnswers, Roll};

/// Two counsel.
pub const COUNSEL: usize = 2;
/// All who sign in: the counsel, and those whom they may invite.
pub const PEOPLE: usize = 8;
/// Whose each case is at first.
const CASES: [usize; 3] = [0, 0, 1];

/// Who there is, and on which cases.
pub struct People {
    pub accounts: Vec<AccountId>,
    pub registry: Account,
    pub cms: Account,
    pub cases: Vec<(CaseId, FileNumber)>,
}

pub struct World {
    pub stage: Arc<Stage>,
    pub people: Arc<People>,
    /// Two portals and two workers.
    pub machines: Vec<Application>,
    /// The same without faults and without gates.
    pub calm: Application,
    pub documents: SealedDocuments,
    _folder: TempDir,
}

pub fn email(person: usize) -> EmailAddress {
    EmailAddress::parse(&format!("person-{person}@example.test")).unwrap()
}

/// A folder in memory, where the machine has one: nothing here must outlast a power cut.
pub fn folder() -> TempDir {
    let in_memory = Path::new("/dev/shm");
    if in_memory.is_dir() {
        tempfile::tempdir_in(in_memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn url(folder: &Path) -> String {
    let file = folder.join("records.sqlite");
    format!("sqlite://{}?mode=rwc", file.display())
}

/// An empty database, made once.
async fn new_database(folder: &Path) -> String {
    static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
    let file = folder.join("records.sqlite");
    if let Some(empty) = EMPTY.get() {
        std::fs::write(file, empty).unwrap();
    } else {
        migrations::migrate(&url(folder)).await.unwrap();
        // Whoever is first; they are all the same.
        let _ = EMPTY.set(std::fs::read(file).unwrap());
    }
    url(folder)
}

impl World {
    pub async fn open(stage: Arc<Stage>) -> Self {
        let folder = folder();
        let storage = SqlStorage::connect(&new_database(folder.path()).await, Settings::default())
            .await
            .unwrap();
        let random = Arc::<CountingRandom>::default();
        let settings = documents::Settings {
            folder: folder.path().join("documents"),
            bucket: None,
            keys: MasterKeys::new(
                MasterKey::new(&SecretBox::new(Box::new([7; 32]))),
                Vec::new(),
            ),
        };
        let documents = SealedDocuments::open(settings, random.clone())
            .await
            .unwrap();
        let calm = calm(&stage, &storage, &documents, &random);
        let records = Arc::new(FaultyRecords {
            inner: storage,
            stage: stage.clone(),
        });
        let machine = |process: usize| Application {
            storage: records.clone(),
            given_up: records.clone(),
            outbox: records.clone(),
            audit_seals: records.clone(),
            log: records.clone(),
            job_runs: records.clone(),
            documents: Arc::new(FaultyDocuments {
                inner: documents.clone(),
                stage: stage.clone(),
                process,
            }),
            clock: Arc::new(MachineClock {
                stage: stage.clone(),
                process,
            }),
            ..calm.clone()
        };
        let people = people(&calm).await;
        Self {
            machines: (0..PROCESSES).map(machine).collect(),
            people: Arc::new(people),
            calm,
            documents,
            stage,
            _folder: folder,
        }
    }
}

fn calm(
    stage: &Arc<Stage>,
    storage: &SqlStorage,
    documents: &SealedDocuments,
    random: &Arc<CountingRandom>,
) -> Application {
    let storage = Arc::new(storage.clone());
    let Rules { terms, tribunal } = Rules::from_environment().unwrap();
    let tribunal = Arc::new(tribunal);
    let signer = TribunalSigner::new("portal.example/log", &"07".repeat(32).into(), &[]);
    Application {
        storage: storage.clone(),
        sessions: storage.clone(),
        departures: storage.clone(),
        token_uses: storage.clone(),
        job_runs: storage.clone(),
        given_up: storage.clone(),
        uploads: storage.clone(),
        outbox: storage.clone(),
        throttle: Arc::new(NoLimit),
        audit_seals: storage.clone(),
        log: storage,
        signer: Arc::new(signer.unwrap()),
        sign_in_services: Arc::new(Nobody),
        documents: Arc::new(documents.clone()),
        inspector: Arc::new(Content),
        virus_scanner: None,
        form_writer: Arc::new(FormPages::new(tribunal.clone())),
        numbering_plans: Arc::new(BuiltInPlans),
        halt: Halt::default(),
        verdicts: Verdicts::default(),
        tally: Arc::new(Untold),
        mailer: Arc::new(MoodyMail(stage.clone())),
        text_messages: Arc::<Phone>::default(),
        keys: Arc::new(TribunalKey::from_bytes([7; 32])),
        answers: Arc::new(PlainAnswers),
        roll_files: Arc::<Roll>::default(),
        clock: Arc::new(MachineClock {
            stage: stage.clone(),
            process: 0,
        }),
        records_clock: None,
        random: random.clone(),
        zones: Arc::new(TzDatabase::new()),
        terms: Arc::new(terms),
        tribunal,
    }
}

/// Puts everybody on record, and their cases.
async fn people(app: &Application) -> People {
    let mut accounts: Vec<Account> = (0..PEOPLE).map(|person| account(app, person)).collect();
    let staff = [Role::RegistryOfficer, Role::CaseManagementSystem];
    accounts.extend(staff.map(|role| Account {
        roles: [role].into(),
        membership: None,
        ..account(app, PEOPLE)
    }));
    let moment = app.moment();
    let action = Action::LoadDemonstration;
    let permit = authorize(&Actor::operator(), &action, &moment, &app.terms).unwrap();
    let mut tx = app.storage.begin().await.unwrap();
    for account in &accounts {
        tx.accounts_mut().insert(account).await.unwrap();
    }
    tx.commit(permit.into_audit_entry()).await.unwrap();
    let (cms, registry) = (accounts.pop().unwrap(), accounts.pop().unwrap());
    let at = app.clock.now();
    let system = Actor::account(cms.clone(), Means::SignIn { at }, None);
    let mut cases = Vec::new();
    for (number, counsel) in CASES.into_iter().enumerate() {
        let number = format!("TB9-{number:05}");
        let sent = sent_case(Some(accounts[counsel].id));
        match feed_case(app, &system, &number, sent).await.unwrap() {
            Fed::Created(case) => cases.push((case.id, case.file_number)),
            other => unreachable!("{other:?}"),
        }
    }
    People {
        accounts: accounts.iter().map(|account| account.id).collect(),
        registry,
        cms,
        cases,
    }
}

fn account(app: &Application, person: usize) -> Account {
    let at = app.clock.now();
    let (role, membership) = if person < COUNSEL {
        let membership = Membership {
            order: Code::parse(ORDER).unwrap(),
            number: MembershipNumber::parse(&person.to_string()).ok(),
            lost_standing_at: None,
        };
        (Role::Counsel, Some(membership))
    } else {
        (Role::Delegate, None)
    };
    Account {
        id: Id::new(app.random.uuid(at)),
        name: PersonName::new("Given", "Somebody").unwrap(),
        email: email(person),
        cell: None,
        language: Language::English,
        roles: [role].into(),
        membership,
        lock: Lock::default(),
        opened_at: at,
        registered_at: Some(at),
        privacy_statement: None,
    }
}
