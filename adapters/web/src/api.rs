//! `/api/v1`: the use cases for law-firm software, the registry and the case management system, with their `OpenAPI` document.
#![expect(
    clippy::disallowed_types,
    reason = "the framework's macro writes a HashMap that we never see"
)]

mod activity;
mod as_it_comes;
mod case_feed;
mod cases;
mod delegations;
mod document;
mod exports;
mod file;
mod forms;
mod help_desk;
mod inbox;
mod legal_holds;
mod own;
mod paging;
mod parts;
mod profile;
mod registration;
mod registrations;
mod registry;
mod service_records;
mod sessions;
mod shapes;
mod submissions;
mod tokens;
mod undelivered;
pub(crate) mod upload_headers;
mod uploads;
mod written;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use poem::endpoint::{BoxEndpoint, make_sync};
use poem::{EndpointExt, IntoEndpoint, IntoResponse};
use poem_openapi::{OpenApiService, Tags};
use sha2::{Digest, Sha256};

use crate::method::Documented;

/// How operations are grouped.
#[derive(Tags)]
enum Group {
    /// Who I am and for whom I can act.
    Account,
    /// A counsel's cases.
    Cases,
    /// Documents sent to the tribunal.
    Submissions,
    /// Documents from the tribunal.
    Inbox,
    /// Who may act for a counsel, and until when.
    Delegation,
    /// The tribunal's own side.
    Registry,
    /// The tribunal's technical support.
    HelpDesk,
}

/// The framework takes sixteen together, and groups of groups.
type Operations = (
    own::Own,
    profile::Profiles,
    registration::Registration,
    (tokens::Tokens, sessions::Sessions),
    cases::Cases,
    exports::Exports,
    (submissions::Submissions, uploads::Uploads),
    forms::Forms,
    (inbox::Inbox, service_records::ServiceRecords),
    delegations::Delegations,
    activity::Activities,
    registry::Registry,
    (case_feed::CaseFeed, legal_holds::LegalHolds),
    registrations::Registrations,
    undelivered::UndeliveredNotices,
    help_desk::HelpDesk,
);

fn describe() -> OpenApiService<Operations, ()> {
    OpenApiService::new(
        (
            own::Own,
            profile::Profiles,
            registration::Registration,
            (tokens::Tokens, sessions::Sessions),
            cases::Cases,
            exports::Exports,
            (submissions::Submissions, uploads::Uploads),
            forms::Forms,
            (inbox::Inbox, service_records::ServiceRecords),
            delegations::Delegations,
            activity::Activities,
            registry::Registry,
            (case_feed::CaseFeed, legal_holds::LegalHolds),
            registrations::Registrations,
            undelivered::UndeliveredNotices,
            help_desk::HelpDesk,
        ),
        "Mon dossier / My Case",
        env!("CARGO_PKG_VERSION"),
    )
    .description(
        "Send an API token as `Authorization: Bearer …`. Errors are `application/problem+json` with a stable `type`. Lists go on with `cursor`. \
         Times are RFC 3339 in UTC unless a field says otherwise. Whatever would be done twice if it were asked for twice takes an \
         `Idempotency-Key`: a repeat by the same account with the same key and the same content is answered as before and does nothing, and other \
         content under that key is refused (`idempotency-key-reused`). Every other call says how something is to be, and can be repeated \
         at once; a late repeat says it again, whatever was done in between. But for two: `POST /registration` works once, as its access code \
         does, and whoever did not get its answer with the session's new cookie signs in again; and `DELETE /me/sessions` ends whatever other \
         sessions there are when it comes, those included that began since it was first sent.",
    )
    .url_prefix("/api/v1")
}

/// The operations, their document, and pages to browse it.
pub(crate) fn service() -> (
    BoxEndpoint<'static>,
    BoxEndpoint<'static>,
    BoxEndpoint<'static>,
) {
    let service = describe();
    let documented = Documented::new(&service.spec());
    let document = document::corrected(service.spec());
    let document = make_sync(move |_| document.clone().with_content_type("application/json"));
    let docs = service.swagger_ui().into_endpoint().boxed();
    (
        service
            .into_endpoint()
            .around(move |next, request| documented.clone().told(next, request))
            .boxed(),
        document.map_to_response().boxed(),
        docs.map_to_response().boxed(),
    )
}

/// The digests of the scripts and of the styles in the docs' page, as a content security policy names them.
pub(crate) fn docs_digests() -> (String, String) {
    let page = describe().swagger_ui_html();
    (digests(&page, "script"), digests(&page, "style"))
}

/// The digests of what stands in elements of that name.
fn digests(page: &str, element: &str) -> String {
    let (begin, end) = (format!("<{element}"), format!("</{element}>"));
    let mut digests = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once(&begin) {
        let Some((inside, after)) = after
            .split_once('>')
            .and_then(|(_, inside)| inside.split_once(&end))
        else {
            break;
        };
        let digest = BASE64_STANDARD.encode(Sha256::digest(inside.as_bytes()));
        digests.push(format!("'sha256-{digest}'"));
        rest = after;
    }
    digests.join(" ")
}

/// The `OpenAPI` document.
pub fn openapi_document() -> String {
    let mut document = document::corrected(describe().spec());
    document.push('\n');
    document
}

#[cfg(test)]
mod tests {
    /// the document can be made; two shapes of one name would keep the portal from starting.
    #[test]
    fn the_document_names_each_operation_once() {
        let document: serde_json::Value = serde_json::from_str(&super::openapi_document()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let mut operations: Vec<&str> = paths
            .values()
            .flat_map(|path| path.as_object().unwrap().values())
            .map(|operation| operation["operationId"].as_str().unwrap())
            .collect();
        let all = operations.len();
        operations.sort_unstable();
        operations.dedup();
        assert_eq!(operations.len(), all);
    }

    /// a call that changes something takes a key, unless to ask for it twice is to ask for it once.
    #[test]
    fn what_would_be_done_twice_takes_a_key() {
        const AS_GOOD_AS_ONCE: [&str; 17] = [
            // It says what is to be, and is so already.
            "acknowledgeSubmission",
            "feedCase",
            "lockAccount",
            "reportBounce",
            "revokeToken",
            "settleNotice",
            "unlockAccount",
            "voidAccessCodes",
            // What is gone is gone.
            "deleteInboxItem",
            "endOtherSessions",
            "endSession",
            "endUpload",
            // Bytes have their place, and an upload that nobody goes on with ends by itself.
            "beginUpload",
            "continueUpload",
            // A code binds one sign-in: whoever asks again is told that it did.
            "register",
            // Only the body says what is looked for.
            "searchAccounts",
            "searchRegistrations",
        ];
        let document: serde_json::Value = serde_json::from_str(&super::openapi_document()).unwrap();
        let paths = document["paths"].as_object().unwrap().values();
        let calls = paths.flat_map(|path| path.as_object().unwrap());
        let unsafe_calls =
            calls.filter(|(method, _)| !matches!(method.as_str(), "get" | "head" | "options"));
        let mut without: Vec<&str> = unsafe_calls
            .filter(|(_, call)| {
                let parameters = call["parameters"].as_array();
                let mut parameters = parameters.into_iter().flatten();
                !parameters.any(|one| one["name"] == "Idempotency-Key")
            })
            .map(|(_, call)| call["operationId"].as_str().unwrap())
            .collect();
        without.sort_unstable();
        let mut expected = AS_GOOD_AS_ONCE.to_vec();
        expected.sort_unstable();
        assert_eq!(without, expected);
    }
}
