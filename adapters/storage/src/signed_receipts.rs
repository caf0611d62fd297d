//! Signed receipts, and which of them wait for the log. The database refuses changes to a receipt.

use application::ports::records::{ReceiptChanges, ReceiptRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::submission::SubmissionId;
use receipts::SignedStatement;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::error::{corrupt, storage_error};
use crate::unit::Session;

const RECORD: &str = "receipt";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "receipt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) submission: Uuid,
    kind: String,
    statement: String,
    signed_by: String,
    signature: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Those that are not in the log yet.
pub(crate) mod waiting {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "receipt_waiting")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) submission: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl TryFrom<Model> for SignedStatement {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        Self::from_parts(&row.kind, row.statement, row.signed_by, &row.signature)
            .map_err(|error| corrupt(RECORD, error))
    }
}

#[async_trait]
impl ReceiptRecords for Session {
    async fn of(
        &mut self,
        submission: SubmissionId,
    ) -> Result<Option<SignedStatement>, StorageError> {
        Entity::find_by_id(submission.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }
}

#[async_trait]
impl ReceiptChanges for Session {
    async fn insert(
        &mut self,
        submission: SubmissionId,
        receipt: &SignedStatement,
    ) -> Result<(), StorageError> {
        let row = ActiveModel {
            submission: Set(submission.uuid()),
            kind: Set(receipt.kind().name().to_owned()),
            statement: Set(receipt.text().to_owned()),
            signed_by: Set(receipt.key().to_owned()),
            signature: Set(receipt.signature().to_vec()),
        };
        self.tx.put_off([row]).await.map_err(storage_error)?;
        let waits = waiting::ActiveModel {
            submission: Set(submission.uuid()),
        };
        self.tx.put_off([waits]).await.map_err(storage_error)
    }
}
