//! Bind one's sign-in to a registered counsel (REG-3).

use std::sync::Arc;

use application::register::{Register, register};
use poem::Request;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::Group;
use super::shapes::Me;
use crate::Web;
use crate::caller::{self, SignedIn};
use crate::problem::Problem;

pub(super) struct Registration;

/// What a person enters to register.
#[derive(Object)]
struct AccessCodeEntry {
    /// The code from the text message, with or without its hyphen, in any case.
    access_code: String,
    /// Registering accepts the privacy statement that the portal shows; `false` refuses it, and with it the registration (PRIV-1).
    #[oai(default = "accepted")]
    accept_privacy_statement: bool,
}

const fn accepted() -> bool {
    true
}

/// Registered.
#[derive(ApiResponse)]
enum Done {
    /// The sign-in opens the account from now on
    #[oai(status = 200)]
    Registered(
        Json<Me>,
        /// The session goes on under a new value
        #[oai(header = "Set-Cookie")]
        Option<String>,
    ),
}

#[OpenApi]
impl Registration {
    /// Register with an access code
    ///
    /// By session only: it is the sign-in that is bound to the account. Five wrong codes block (423, with `lock_code`). Of a delegate who becomes
    /// counsel the sign-in and the delegations go over to the counsel's account; the tokens of the account before end.
    #[oai(
        path = "/registration",
        method = "post",
        operation_id = "register",
        tag = "Group::Account"
    )]
    async fn register(
        &self,
        web: Data<&Arc<Web>>,
        request: &Request,
        who: SignedIn,
        entry: Json<AccessCodeEntry>,
    ) -> Result<Done, Problem> {
        let session = caller::presented(request, web.secure);
        let wish = Register {
            access_code: &entry.access_code,
            accepts_privacy_statement: entry.accept_privacy_statement,
        };
        let registered = register(&web.app, &who.0, session.as_ref(), wish).await?;
        let cookie = registered
            .secret
            .map(|secret| caller::cookie(web.secure, &secret));
        Ok(Done::Registered(
            Json(Me::from(&registered.account)),
            cookie,
        ))
    }
}
