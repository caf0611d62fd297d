//! Delegations: facts with instants; no column says how one stands.

use application::ports::records::{DelegationChanges, DelegationRecords, Legible};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::{Account, AccountId};
use domain::delegation::{Delegation, DelegationId, Invitee, Promised, Running, SecretQuestion};
use domain::id::Id;
use domain::invitation_number::InvitationNumber;
use domain::person::{EmailAddress, PersonName};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::IntoCondition;
use sea_orm::{ExprTrait, JoinType, QueryOrder, QuerySelect, RelationDef};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::accounts::{self, language};
use crate::error::{corrupt, legible, must_be_one, storage_error};
use crate::filled_in::fill_in;
use crate::folding;
use crate::json;
use crate::unit::Session;
use crate::value::{instant, maybe_instant, micros, span};

const RECORD: &str = "delegation";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "delegation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    counsel: Uuid,
    given_name: String,
    family_name: String,
    email: String,
    language: String,
    questions: String,
    terms_version: String,
    invited_at: i64,
    delegate: Option<Uuid>,
    accepted_at: Option<i64>,
    term_began_at: Option<i64>,
    wrong_answers: i64,
    ended_at: Option<i64>,
    invitation_lasts: Option<i64>,
    term_lasts: Option<i64>,
    grace_lasts: Option<i64>,
    /// To find by; the database makes it of the two that say when the term began and how long it lasts.
    ends_at: Option<i64>,
    /// To find the invitation by; it follows from the identifier.
    invitation_number: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[derive(Serialize, Deserialize)]
struct QuestionRow {
    question: String,
    answer_hash: String,
}

fn row(delegation: &Delegation) -> Result<ActiveModel, StorageError> {
    let question = |asked: &SecretQuestion| QuestionRow {
        question: asked.question.clone(),
        answer_hash: asked.answer_hash.expose_secret().to_owned(),
    };
    let questions: Vec<_> = delegation.questions.iter().map(question).collect();
    let (running, promised) = (delegation.running, delegation.promised);
    Ok(ActiveModel {
        id: Set(delegation.id.uuid()),
        counsel: Set(delegation.counsel.uuid()),
        given_name: Set(delegation.invitee.name.given().to_owned()),
        family_name: Set(delegation.invitee.name.family().to_owned()),
        email: Set(delegation.invitee.email.as_str().to_owned()),
        language: Set(delegation.invitee.language.code().to_owned()),
        questions: Set(json::text(RECORD, &questions)?),
        terms_version: Set(delegation.terms_version.clone()),
        invited_at: Set(micros(delegation.invited_at)),
        delegate: Set(running.map(|running| running.delegate.uuid())),
        accepted_at: Set(running.map(|running| micros(running.accepted_at))),
        term_began_at: Set(running.map(|running| micros(running.term_began_at))),
        wrong_answers: Set(i64::from(delegation.wrong_answers)),
        ended_at: Set(delegation.ended_at.map(micros)),
        invitation_lasts: Set(promised.map(|promised| span(promised.invitation))),
        term_lasts: Set(promised.map(|promised| span(promised.term))),
        grace_lasts: Set(promised.map(|promised| span(promised.renewal_grace))),
        ends_at: NotSet,
        invitation_number: Set(Some(InvitationNumber::of(delegation.id).to_string())),
    })
}

impl TryFrom<Model> for Delegation {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        let running = match (row.delegate, row.accepted_at, row.term_began_at) {
            (Some(delegate), Some(accepted), Some(began)) => Some(Running {
                delegate: Id::new(delegate),
                accepted_at: instant(RECORD, accepted)?,
                term_began_at: instant(RECORD, began)?,
            }),
            _ => None,
        };
        let lasts = (row.invitation_lasts, row.term_lasts, row.grace_lasts);
        let promised = match lasts {
            (Some(invitation), Some(term), Some(grace)) => Some(Promised {
                invitation: Duration::microseconds(invitation),
                term: Duration::microseconds(term),
                renewal_grace: Duration::microseconds(grace),
            }),
            _ => None,
        };
        let question = |row: QuestionRow| SecretQuestion {
            question: row.question,
            answer_hash: row.answer_hash.into(),
        };
        Ok(Self {
            id: Id::new(row.id),
            counsel: Id::new(row.counsel),
            invitee: Invitee {
                name: PersonName::new(&row.given_name, &row.family_name)
                    .map_err(|error| corrupt(RECORD, error))?,
                email: EmailAddress::parse(&row.email).map_err(|error| corrupt(RECORD, error))?,
                language: language(RECORD, &row.language)?,
            },
            questions: json::list(RECORD, &row.questions)?
                .into_iter()
                .map(question)
                .collect(),
            terms_version: row.terms_version,
            invited_at: instant(RECORD, row.invited_at)?,
            promised,
            running,
            wrong_answers: u32::try_from(row.wrong_answers)
                .map_err(|error| corrupt(RECORD, error))?,
            ended_at: maybe_instant(RECORD, row.ended_at)?,
        })
    }
}

/// From a counsel to the delegations that this person accepted.
fn accepted_by(delegate: AccountId) -> RelationDef {
    let relation: RelationDef = accounts::Entity::belongs_to(Entity)
        .from(accounts::Column::Id)
        .to(Column::Counsel)
        .into();
    relation.on_condition(move |_, delegation| {
        Expr::col((delegation, Column::Delegate))
            .eq(delegate.uuid())
            .into_condition()
    })
}

#[async_trait]
impl DelegationRecords for Session {
    async fn by_id(&mut self, id: DelegationId) -> Result<Option<Delegation>, StorageError> {
        Entity::find_by_id(id.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn of_counsel(&mut self, counsel: AccountId) -> Result<Vec<Delegation>, StorageError> {
        let select = Entity::find().filter(Column::Counsel.eq(counsel.uuid()));
        let rows = select
            .order_by_asc(Column::InvitedAt)
            .order_by_asc(Column::Id)
            .all(&self.tx)
            .await;
        rows.map_err(storage_error)?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    async fn of_delegate(&mut self, delegate: AccountId) -> Result<Vec<Delegation>, StorageError> {
        let select = Entity::find().filter(Column::Delegate.eq(delegate.uuid()));
        let rows = select
            .order_by_asc(Column::InvitedAt)
            .order_by_asc(Column::Id)
            .all(&self.tx)
            .await;
        rows.map_err(storage_error)?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    async fn between(
        &mut self,
        counsel: AccountId,
        delegate: AccountId,
    ) -> Result<Option<(Account, Vec<Delegation>)>, StorageError> {
        let rows = accounts::Entity::find_by_id(counsel.uuid())
            .join(JoinType::LeftJoin, accepted_by(delegate))
            .select_also(Entity)
            .order_by_asc(Column::InvitedAt)
            .order_by_asc(Column::Id)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let mut delegations = Vec::with_capacity(rows.len());
        let mut account = None;
        for (counsel, delegation) in rows {
            account.get_or_insert(counsel);
            if let Some(delegation) = delegation {
                delegations.push(delegation.try_into()?);
            }
        }
        match account {
            Some(account) => Ok(Some((account.try_into()?, delegations))),
            None => Ok(None),
        }
    }

    async fn terms_ending(
        &mut self,
        after: OffsetDateTime,
        until: OffsetDateTime,
        from: Option<(OffsetDateTime, DelegationId)>,
        limit: u32,
    ) -> Result<Vec<(OffsetDateTime, Legible<Delegation>)>, StorageError> {
        let select = Entity::find()
            .filter(Column::EndsAt.lte(micros(until)))
            .filter(Column::EndedAt.is_null());
        let select = match from.filter(|(ends, _)| *ends > after) {
            None => select.filter(Column::EndsAt.gt(micros(after))),
            // As one value, and with nothing beside it that could be begun at: every delegation would be looked at again for each part.
            Some((ends, id)) => {
                let place = Expr::tuple([Expr::col(Column::EndsAt), Expr::col(Column::Id)]);
                let from = Expr::tuple([Expr::val(micros(ends)), Expr::val(id.uuid())]);
                select.filter(place.gt(from))
            }
        };
        let rows = select
            .order_by_asc(Column::EndsAt)
            .order_by_asc(Column::Id)
            .limit(u64::from(limit))
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let ending = rows.into_iter().map(|row| {
            // It was found by that instant.
            let ends_at = instant(RECORD, row.ends_at.unwrap_or_default())?;
            Ok((ends_at, legible(row.id, row)))
        });
        ending.collect()
    }

    async fn invitations_of_number(
        &mut self,
        number: &InvitationNumber,
    ) -> Result<Vec<Delegation>, StorageError> {
        let rows = Entity::find()
            .filter(Column::InvitationNumber.eq(number.as_str()))
            .order_by_asc(Column::Id)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    async fn invitations_to(
        &mut self,
        email: &EmailAddress,
    ) -> Result<Vec<Delegation>, StorageError> {
        let rows = Entity::find()
            .filter(folding::like(Expr::col(Column::Email), email.as_str()))
            .filter(Column::Delegate.is_null())
            .filter(Column::EndedAt.is_null())
            .order_by_asc(Column::Id)
            .limit(50)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let mut invitations: Vec<Delegation> = Vec::with_capacity(rows.len());
        for row in rows {
            invitations.push(row.try_into()?);
        }
        invitations.retain(|one| one.invitee.email.same_box(email));
        Ok(invitations)
    }
}

#[async_trait]
impl DelegationChanges for Session {
    async fn insert(&mut self, delegation: &Delegation) -> Result<(), StorageError> {
        Entity::insert(row(delegation)?)
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn update(&mut self, delegation: &Delegation) -> Result<(), StorageError> {
        let changes = ActiveModel {
            id: NotSet,
            ..row(delegation)?
        };
        let done = Entity::update_many()
            .set(changes)
            .filter(Column::Id.eq(delegation.id.uuid()))
            .exec(&self.tx)
            .await;
        must_be_one(done.map_err(storage_error)?.rows_affected)
    }

    async fn promise(
        &mut self,
        promised: Promised,
        limit: u32,
    ) -> Result<Vec<DelegationId>, StorageError> {
        let columns = [
            (Column::InvitationLasts, span(promised.invitation).into()),
            (Column::TermLasts, span(promised.term).into()),
            (Column::GraceLasts, span(promised.renewal_grace).into()),
        ];
        let lacking = Column::TermLasts.is_null();
        let ids = fill_in::<Entity>(&self.tx, Column::Id, lacking, columns, limit).await?;
        Ok(ids.into_iter().map(Id::new).collect())
    }
}
