//! Who I am, and for whom I can act.

use application::Application;
use application::list_counsels::list_counsels;
use application::see_account::see_account;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Group;
use super::paging::part;
use super::shapes::{Counsel, Me, rfc3339};
use crate::caller::SignedIn;
use crate::problem::Problem;

pub(super) struct Own;

/// The counsel for whom I can act.
#[derive(Object)]
struct Counsels {
    items: Vec<Counsel>,
    next_cursor: Option<String>,
}

#[OpenApi]
impl Own {
    #[expect(clippy::unused_async, reason = "the framework takes async functions")]
    /// Who I am
    #[oai(
        path = "/me",
        method = "get",
        operation_id = "seeMe",
        tag = "Group::Account"
    )]
    async fn me(&self, app: Data<&Application>, who: SignedIn) -> Result<Json<Me>, Problem> {
        let account = see_account(&app, &who.0)?;
        Ok(Json(Me::from(account)))
    }

    /// For whom I can act
    #[oai(
        path = "/counsels",
        method = "get",
        operation_id = "listCounsels",
        tag = "Group::Account"
    )]
    async fn counsels(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<Counsels>, Problem> {
        let counsels = list_counsels(&app, &who.0).await?;
        let items = counsels.into_iter().map(|one| Counsel {
            account_id: one.counsel.id.uuid(),
            name: one.counsel.name.to_string(),
            capacity: if one.delegation.is_some() {
                "delegate"
            } else {
                "counsel"
            }
            .to_owned(),
            access_ends_at: one
                .delegation
                .and_then(|delegation| delegation.ends_at(&app.terms))
                .map(rfc3339),
        });
        let (items, next_cursor) = part(items.collect(), cursor.0, limit.0, |one: &Counsel| {
            one.account_id
        })?;
        Ok(Json(Counsels { items, next_cursor }))
    }
}
