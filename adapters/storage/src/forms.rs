//! Forms that were sent, as data (FORM-1).

use application::ports::records::{FormChanges, FormRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::document::DocumentId;
use domain::form::{Field, Fields, FormKind, SentForm};
use domain::id::Id;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::error::{corrupt, storage_error};
use crate::json;
use crate::unit::Session;

const RECORD: &str = "form";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "form")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    document: Uuid,
    kind: String,
    /// Pairs of a field's code and what is written in it.
    fields: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Which form a code means.
pub(crate) fn kind(record: &'static str, code: &str) -> Result<FormKind, StorageError> {
    FormKind::from_code(code).ok_or_else(|| corrupt(record, "unknown form"))
}

/// What is written in a form, for the database.
pub(crate) fn text(record: &'static str, fields: &Fields) -> Result<String, StorageError> {
    let pairs: Vec<(&str, &str)> = fields
        .iter()
        .map(|(field, text)| (field.code(), text))
        .collect();
    json::text(record, &pairs)
}

/// What is written in a form, from the database.
pub(crate) fn fields(record: &'static str, text: &str) -> Result<Fields, StorageError> {
    let mut fields = Fields::default();
    for (code, text) in json::list::<(String, String)>(record, text)? {
        let field = Field::from_code(&code).ok_or_else(|| corrupt(record, "unknown field"))?;
        fields.set(field, text);
    }
    Ok(fields)
}

#[async_trait]
impl FormRecords for Session {
    async fn of_document(
        &mut self,
        document: DocumentId,
    ) -> Result<Option<SentForm>, StorageError> {
        let row = Entity::find_by_id(document.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?;
        let form = |row: Model| {
            Ok(SentForm {
                document: Id::new(row.document),
                kind: kind(RECORD, &row.kind)?,
                fields: fields(RECORD, &row.fields)?,
            })
        };
        row.map(form).transpose()
    }
}

#[async_trait]
impl FormChanges for Session {
    async fn insert(&mut self, form: &SentForm) -> Result<(), StorageError> {
        let row = ActiveModel {
            document: Set(form.document.uuid()),
            kind: Set(form.kind.code().to_owned()),
            fields: Set(text(RECORD, &form.fields)?),
        };
        Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }
}
