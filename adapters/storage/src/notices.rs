//! Notices, written with what they report (MAIL-3). How they are told apart and delivered is in `outbox`.

use application::ports::outbox::{Claimed, Failure};
use application::ports::records::{
    Legible, NoticeChanges, NoticeRecords, Page, Undeliverable, Undelivered, UndeliveredQuery,
};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::AccountId;
use domain::code::Code;
use domain::confirmation_number::ConfirmationNumber;
use domain::id::Id;
use domain::invitation_number::InvitationNumber;
use domain::notice::{About, Notice, NoticeId, OnceKey, Recipient};
use domain::person::EmailAddress;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, SimpleExpr};
use sea_orm::{ConnectionTrait, ExprTrait, QueryOrder, QuerySelect, QueryTrait};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::accounts::language;
use crate::cursor::{Place, page_of};
use crate::error::{corrupt, legible, must_be_one, storage_error};
use crate::json;
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
    bounced_at: Option<i64>,
    settled_by: Option<Uuid>,
    settled_at: Option<i64>,
}

impl Model {
    /// When it was written.
    pub(crate) fn written_at(&self) -> Result<OffsetDateTime, StorageError> {
        instant(RECORD, self.written_at)
    }
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
    /// Of the office that holds the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
}

fn facts(about: &About) -> Facts {
    match about {
        About::DocumentsReceived {
            confirmation_number,
            received_at,
            region,
        }
        | About::FormReceived {
            confirmation_number,
            received_at,
            region,
        } => Facts {
            confirmation_number: Some(confirmation_number.to_string()),
            at: Some(micros(*received_at)),
            region: region.as_ref().map(ToString::to_string),
            ..Facts::default()
        },
        About::DelegateInvited { number, lapses_at } => Facts {
            number: Some(number.to_string()),
            at: Some(micros(*lapses_at)),
            ..Facts::default()
        },
        About::RenewalDue { ends_at: at }
        | About::DelegationRenewed { ends_at: at }
        | About::DelegationExpired {
            renewable_until: at,
        } => Facts {
            at: Some(micros(*at)),
            ..Facts::default()
        },
        About::ProfileChangeAsked
        | About::ProfileChangeApplied
        | About::ProfileChangeRefused
        | About::ProfileChangeWithdrawn
        | About::EmailAddressChanged
        | About::SignInBound
        | About::SignInReset
        | About::CellRecorded
        | About::AccountBlocked
        | About::AccountUnblocked
        | About::DocumentFromTribunal
        | About::InvitationWithdrawn
        | About::InvitationClosed
        | About::DelegationEnded
        | About::DelegateAccountChanged => Facts::default(),
    }
}

/// The kinds that this version knows. Another may have written more, on the same database.
pub(crate) const KINDS: [&str; 21] = [
    "documents-received",
    "form-received",
    "profile-change-asked",
    "profile-change-applied",
    "profile-change-refused",
    "profile-change-withdrawn",
    "email-address-changed",
    "sign-in-bound",
    "sign-in-reset",
    "cell-recorded",
    "account-blocked",
    "account-unblocked",
    "document-from-tribunal",
    "renewal-due",
    "delegate-invited",
    "delegation-renewed",
    "delegation-expired",
    "invitation-withdrawn",
    "invitation-closed",
    "delegation-ended",
    "delegate-account-changed",
];

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
    let region = || {
        let read = facts.region.as_deref().map(Code::parse);
        read.transpose().map_err(|error| corrupt(RECORD, error))
    };
    Ok(match kind {
        "documents-received" => About::DocumentsReceived {
            confirmation_number: number()?,
            received_at: at()?,
            region: region()?,
        },
        "form-received" => About::FormReceived {
            confirmation_number: number()?,
            received_at: at()?,
            region: region()?,
        },
        "profile-change-asked" => About::ProfileChangeAsked,
        "profile-change-applied" => About::ProfileChangeApplied,
        "profile-change-refused" => About::ProfileChangeRefused,
        "profile-change-withdrawn" => About::ProfileChangeWithdrawn,
        "email-address-changed" => About::EmailAddressChanged,
        "sign-in-bound" => About::SignInBound,
        "sign-in-reset" => About::SignInReset,
        "cell-recorded" => About::CellRecorded,
        "account-blocked" => About::AccountBlocked,
        "account-unblocked" => About::AccountUnblocked,
        "document-from-tribunal" => About::DocumentFromTribunal,
        "renewal-due" => About::RenewalDue { ends_at: at()? },
        "delegate-invited" => About::DelegateInvited {
            number: InvitationNumber::parse(facts.number.as_deref().unwrap_or_default())
                .map_err(|error| corrupt(RECORD, error))?,
            lapses_at: at()?,
        },
        "delegation-renewed" => About::DelegationRenewed { ends_at: at()? },
        "delegation-expired" => About::DelegationExpired {
            renewable_until: at()?,
        },
        "invitation-withdrawn" => About::InvitationWithdrawn,
        "invitation-closed" => About::InvitationClosed,
        "delegation-ended" => About::DelegationEnded,
        "delegate-account-changed" => About::DelegateAccountChanged,
        _ => return Err(corrupt(RECORD, "unknown kind of notice")),
    })
}

impl TryFrom<Model> for Notice {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        let facts: Facts = json::value(RECORD, &row.facts)?;
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

const UNDELIVERED: &str = "undelivered";

impl TryFrom<Model> for Undelivered {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        let last = row.last_failure.as_deref().and_then(Failure::from_code);
        let why = Undeliverable::of(row.bounced_at.is_some(), last);
        let settled = match (row.settled_by, row.settled_at) {
            (Some(by), Some(at)) => Some((Id::new(by), instant(RECORD, at)?)),
            _ => None,
        };
        Ok(Self {
            attempts: u32::try_from(row.attempts).map_err(|error| corrupt(RECORD, error))?,
            why,
            settled,
            notice: row.try_into()?,
        })
    }
}

impl TryFrom<Model> for Claimed {
    type Error = StorageError;

    /// As it was before it was claimed.
    fn try_from(row: Model) -> Result<Self, StorageError> {
        let attempts = row.attempts.saturating_add(1);
        Ok(Self {
            attempts: u32::try_from(attempts).map_err(|error| corrupt(RECORD, error))?,
            notice: row.try_into()?,
        })
    }
}

impl Session {
    /// Those of the notices that are there.
    async fn there_of(
        &self,
        ids: impl Iterator<Item = NoticeId>,
    ) -> Result<Vec<NoticeId>, StorageError> {
        let there = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Id.is_in(ids.map(Id::uuid)))
            .into_tuple::<Uuid>()
            .all(&self.tx)
            .await;
        let there = there.map_err(storage_error)?.into_iter();
        Ok(there.map(Id::new).collect())
    }

    /// Changes one notice.
    async fn change_notice(
        &self,
        id: NoticeId,
        changes: Vec<(Column, SimpleExpr)>,
    ) -> Result<(), StorageError> {
        let mut update = Entity::update_many().filter(Column::Id.eq(id.uuid()));
        for (column, value) in changes {
            update = update.col_expr(column, value);
        }
        let done = update.exec(&self.tx).await.map_err(storage_error)?;
        must_be_one(done.rows_affected)
    }
}

/// Rows in one statement: ten values each, and SQLite takes 32,766 values.
const AT_ONCE: usize = 1_000;

/// A notice that nobody has tried to deliver yet.
fn row(notice: &Notice) -> Result<ActiveModel, StorageError> {
    Ok(ActiveModel {
        id: Set(notice.id.uuid()),
        account: Set(notice.to.account.map(Id::uuid)),
        email: Set(notice.to.email.as_str().to_owned()),
        language: Set(notice.to.language.code().to_owned()),
        kind: Set(notice.about.kind().to_owned()),
        facts: Set(
            serde_json::to_string(&facts(&notice.about)).map_err(|error| corrupt(RECORD, error))?
        ),
        written_at: Set(micros(notice.written_at)),
        once_key: Set(notice.once.as_ref().map(|once| once.as_str().to_owned())),
        attempts: Set(0),
        next_try_at: Set(micros(notice.written_at)),
        ..Default::default()
    })
}

#[async_trait]
impl NoticeRecords for Session {
    async fn by_id(&mut self, id: NoticeId) -> Result<Option<Notice>, StorageError> {
        Entity::find_by_id(id.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn undelivered(
        &mut self,
        query: &UndeliveredQuery,
    ) -> Result<Page<Legible<Undelivered>>, StorageError> {
        let never_went = Column::DeliveredAt.is_null().and(
            Column::LastFailure
                .eq(Failure::RefusedForGood.code())
                .or(Column::Attempts.gte(i64::from(query.attempts))),
        );
        // Any instant at all, said as a range: an index is asked for that, and not for "is not null".
        let came_back = Column::BouncedAt.gte(i64::MIN);
        let mut select = Entity::find().filter(came_back.or(never_went));
        select = if query.settled {
            select.filter(Column::SettledAt.is_not_null())
        } else {
            select.filter(Column::SettledAt.is_null())
        };
        if let Some(cursor) = &query.page.after {
            select = select.filter(Column::Id.gt(Place::of(cursor, UNDELIVERED)?.id));
        }
        let rows = select
            .order_by_asc(Column::Id)
            .limit(u64::from(query.page.limit) + 1)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let rows = page_of(rows, query.page.limit, |row| Place {
            list: UNDELIVERED.to_owned(),
            key: String::new(),
            id: row.id,
        });
        let items = rows.items.into_iter();
        Ok(Page {
            items: items.map(|row| legible(row.id, row)).collect(),
            next: rows.next,
        })
    }

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
    async fn bounced(&mut self, id: NoticeId, at: OffsetDateTime) -> Result<(), StorageError> {
        self.change_notice(id, vec![(Column::BouncedAt, Expr::value(micros(at)))])
            .await
    }

    async fn settle(
        &mut self,
        id: NoticeId,
        by: AccountId,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let changes = vec![
            (Column::SettledBy, Expr::value(by.uuid())),
            (Column::SettledAt, Expr::value(micros(at))),
        ];
        self.change_notice(id, changes).await
    }

    async fn send_again(
        &mut self,
        id: NoticeId,
        to: &EmailAddress,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let none = || Expr::value(Option::<i64>::None);
        let changes = vec![
            (Column::Email, Expr::value(to.as_str())),
            (Column::Attempts, Expr::value(0_i64)),
            (Column::NextTryAt, Expr::value(micros(at))),
            (Column::LastFailure, Expr::value(Option::<String>::None)),
            (Column::HeldUntil, none()),
            (Column::DeliveredAt, none()),
            (Column::BouncedAt, none()),
            (Column::SettledBy, Expr::value(Option::<Uuid>::None)),
            (Column::SettledAt, none()),
        ];
        self.change_notice(id, changes).await
    }

    async fn queue_all(&mut self, notices: &[Notice]) -> Result<Vec<NoticeId>, StorageError> {
        let mut written = Vec::with_capacity(notices.len());
        for part in notices.chunks(AT_ONCE) {
            let rows: Vec<ActiveModel> = part.iter().map(row).collect::<Result<_, _>>()?;
            let ids = part.iter().map(|notice| notice.id);
            if part.iter().all(|notice| notice.once.is_none()) {
                // Nothing can hold them back, so that nobody waits for them.
                self.tx.put_off(rows).await.map_err(storage_error)?;
                written.extend(ids);
                continue;
            }
            let once = OnConflict::column(Column::OnceKey).do_nothing().to_owned();
            let insert = Entity::insert_many(rows).on_conflict(once).into_query();
            let done = self.tx.execute(&insert).await.map_err(storage_error)?;
            // Nearly always it is all or none of them; to be told of each one would take as long as to write it.
            match usize::try_from(done.rows_affected()) {
                Ok(0) => {}
                Ok(all) if all == part.len() => written.extend(ids),
                _ => written.extend(self.there_of(ids).await?),
            }
        }
        Ok(written)
    }
}
