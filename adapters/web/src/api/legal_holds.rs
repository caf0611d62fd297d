//! Legal holds: nothing of a case under one is deleted, whatever its retention period (PRIV-1).

use application::Application;
use application::legal_hold::{hold_case, legal_holds, lift_hold};
use domain::case::FileNumber;
use domain::id::Id;
use domain::legal_hold::LegalHold;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::Group;
use super::paging::page;
use super::shapes::rfc3339;
use crate::caller::SignedIn;
use crate::entered::file_number;
use crate::problem::Problem;

pub(super) struct LegalHolds;

/// A legal hold that stands.
#[derive(Object)]
struct Hold {
    id: Uuid,
    /// The number on the file.
    file_number: String,
    /// Why, in the registry's words.
    reason: String,
    /// The account of whoever set it.
    set_by: Uuid,
    set_at: String,
}

impl Hold {
    fn new(hold: &LegalHold, number: &FileNumber) -> Self {
        Self {
            id: hold.id.uuid(),
            file_number: number.to_string(),
            reason: hold.reason.clone(),
            set_by: hold.set_by.uuid(),
            set_at: rfc3339(hold.set_at),
        }
    }
}

/// Legal holds that stand.
#[derive(Object)]
struct HoldPage {
    items: Vec<Hold>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// Why a case is to be kept.
#[derive(Object)]
struct HoldWish {
    /// For example the number of a judicial review.
    reason: String,
}

/// Done.
#[derive(ApiResponse)]
enum HoldSet {
    /// Nothing of the case is deleted from now on
    #[oai(status = 201)]
    Set(Json<Hold>),
}

/// Done.
#[derive(ApiResponse)]
enum HoldLifted {
    /// The retention period counts again, from now on at the earliest
    #[oai(status = 204)]
    Lifted,
}

#[OpenApi]
impl LegalHolds {
    /// Legal holds that stand, the oldest first
    #[oai(
        path = "/registry/legal-holds",
        method = "get",
        operation_id = "listLegalHolds",
        tag = "Group::Registry"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<HoldPage>, Problem> {
        let page = page(cursor.0, limit.0)?;
        let found = legal_holds(&app, &who.0, &page).await?;
        let items = found.items.iter();
        Ok(Json(HoldPage {
            items: items
                .map(|filed| Hold::new(&filed.hold, &filed.file_number))
                .collect(),
            next_cursor: found.next.map(|cursor| cursor.0),
        }))
    }

    /// Put a case under a legal hold
    ///
    /// 409 where one stands already.
    #[oai(
        path = "/registry/cases/:file_number/legal-hold",
        method = "post",
        operation_id = "holdCase",
        tag = "Group::Registry"
    )]
    async fn set(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The number on the file
        file_number: Path<String>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        wish: Json<HoldWish>,
    ) -> Result<HoldSet, Problem> {
        let number = self::file_number(&file_number)?;
        let key = idempotency_key.0.as_deref();
        let hold = hold_case(&app, &who.0, &number, &wish.reason, key).await?;
        Ok(HoldSet::Set(Json(Hold::new(&hold, &number))))
    }

    /// Lift a legal hold
    ///
    /// 409 where it stands no more: `another-hold` if the case was put under another meanwhile, which stays.
    #[oai(
        path = "/registry/cases/:file_number/legal-hold/:hold",
        method = "delete",
        operation_id = "liftLegalHold",
        tag = "Group::Registry"
    )]
    async fn lift(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The number on the file
        file_number: Path<String>,
        /// The hold, by its id
        hold: Path<Uuid>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
    ) -> Result<HoldLifted, Problem> {
        let number = self::file_number(&file_number)?;
        let key = idempotency_key.0.as_deref();
        lift_hold(&app, &who.0, &number, Id::new(hold.0), key).await?;
        Ok(HoldLifted::Lifted)
    }
}
