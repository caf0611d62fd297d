//! Notices, written with what they report (MAIL-3). How they are told apart and delivered is in `outbox`.

use application::ports::records::{NoticeChanges, NoticeRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::confirmation_number::ConfirmationNumber;
use domain::id::Id;
use domain::invitation_number::InvitationNumber;
use domain::notice::{About, Notice, OnceKey, Recipient};
use domain::person::EmailAddress;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::accounts::language;
use crate::error::{corrupt, storage_error};
use crate::unit::Session;
use crate::value::{instant, micros};

const RECORD: &str = "notice";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    account: Option<Uuid>,
    email: String,
    language: String,
    kind: String,
    facts: String,
    written_at: i64,
    once_key: Option<String>,
    pub(crate) attempts: i64,
    held_until: Option<i64>,
    next_try_at: i64,
    last_failure: Option<String>,
    delivered_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a notice tells, beside its kind.
#[derive(Default, Serialize, Deserialize)]
struct Facts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confirmation_number: Option<String>,
    /// An invitation's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
}

fn facts(about: &About) -> Facts {
    match about {
        About::DocumentsReceived {
            confirmation_number,
            received_at,
        }
        | About::FormReceived {
            confirmation_number,
            received_at,
        } => Facts {
            confirmation_number: Some(confirmation_number.to_string()),
            at: Some(micros(*received_at)),
            ..Facts::default()
        },
        About::DelegateInvited { number, lapses_at } => Facts {
            number: Some(number.to_string()),
            at: Some(micros(*lapses_at)),
            ..Facts::default()
        },
        About::RenewalDue { ends_at: at } | About::DelegationRenewed { ends_at: at } => Facts {
            at: Some(micros(*at)),
            ..Facts::default()
        },
        About::ProfileChangeAsked
        | About::ProfileChangeApplied
        | About::ProfileChangeRefused
        | About::EmailAddressChanged
        | About::SignInBound
        | About::SignInReset
        | About::AccountUnblocked
        | About::DocumentFromTribunal
        | About::DelegationEnded => Facts::default(),
    }
}

fn about(kind: &str, facts: &Facts) -> Result<About, StorageError> {
    let at = || {
        facts
            .at
            .ok_or_else(|| corrupt(RECORD, "an instant is missing"))
            .and_then(|at| instant(RECORD, at))
    };
    let number = || {
        let text = facts.confirmation_number.as_deref().unwrap_or_default();
        ConfirmationNumber::parse(text).map_err(|error| corrupt(RECORD, error))
    };
    Ok(match kind {
        "documents-received" => About::DocumentsReceived {
            confirmation_number: number()?,
            received_at: at()?,
        },
        "form-received" => About::FormReceived {
            confirmation_number: number()?,
            received_at: at()?,
        },
        "profile-change-asked" => About::ProfileChangeAsked,
        "profile-change-applied" => About::ProfileChangeApplied,
        "profile-change-refused" => About::ProfileChangeRefused,
        "email-address-changed" => About::EmailAddressChanged,
        "sign-in-bound" => About::SignInBound,
        "sign-in-reset" => About::SignInReset,
        "account-unblocked" => About::AccountUnblocked,
        "document-from-tribunal" => About::DocumentFromTribunal,
        "renewal-due" => About::RenewalDue { ends_at: at()? },
        "delegate-invited" => About::DelegateInvited {
            number: InvitationNumber::parse(facts.number.as_deref().unwrap_or_default())
                .map_err(|error| corrupt(RECORD, error))?,
            lapses_at: at()?,
        },
        "delegation-renewed" => About::DelegationRenewed { ends_at: at()? },
        "delegation-ended" => About::DelegationEnded,
        _ => return Err(corrupt(RECORD, "unknown kind of notice")),
    })
}

impl TryFrom<Model> for Notice {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        let facts: Facts =
            serde_json::from_str(&row.facts).map_err(|error| corrupt(RECORD, error))?;
        Ok(Self {
            id: Id::new(row.id),
            to: Recipient {
                account: row.account.map(Id::new),
                email: EmailAddress::parse(&row.email).map_err(|error| corrupt(RECORD, error))?,
                language: language(RECORD, &row.language)?,
            },
            about: about(&row.kind, &facts)?,
            written_at: instant(RECORD, row.written_at)?,
            once: row.once_key.map(OnceKey::stored),
        })
    }
}

#[async_trait]
impl NoticeRecords for Session {
    async fn waiting(&mut self, limit: u32) -> Result<Vec<Notice>, StorageError> {
        let select = Entity::find()
            .filter(Column::DeliveredAt.is_null())
            .order_by_asc(Column::Id)
            .limit(u64::from(limit));
        select
            .all(&self.tx)
            .await
            .map_err(storage_error)?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }
}

#[async_trait]
impl NoticeChanges for Session {
    async fn queue(&mut self, notice: &Notice) -> Result<bool, StorageError> {
        let row = ActiveModel {
            id: Set(notice.id.uuid()),
            account: Set(notice.to.account.map(Id::uuid)),
            email: Set(notice.to.email.as_str().to_owned()),
            language: Set(notice.to.language.code().to_owned()),
            kind: Set(notice.about.kind().to_owned()),
            facts: Set(serde_json::to_string(&facts(&notice.about))
                .map_err(|error| corrupt(RECORD, error))?),
            written_at: Set(micros(notice.written_at)),
            once_key: Set(notice.once.as_ref().map(|once| once.as_str().to_owned())),
            attempts: Set(0),
            held_until: Set(None),
            next_try_at: Set(micros(notice.written_at)),
            last_failure: Set(None),
            delivered_at: Set(None),
        };
        let once = OnConflict::column(Column::OnceKey).do_nothing().to_owned();
        match Entity::insert(row)
            .on_conflict(once)
            .exec_without_returning(&self.tx)
            .await
        {
            Ok(rows) => Ok(rows > 0),
            Err(DbErr::RecordNotInserted) => Ok(false),
            Err(error) => Err(storage_error(error)),
        }
    }
}
