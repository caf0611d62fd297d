//! The registry's side of submissions: list, download, acknowledge (SUB-5).

use application::Application;
use application::acknowledge_submission::acknowledge_submission;
use application::ports::records::{Filed, Page, SubmissionQuery};
use application::registry_submissions::{
    find_submission, may_see_submissions, registry_submissions,
};
use domain::id::Id;
use poem::Request;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use uuid::Uuid;

use super::Group;
use super::file::File;
use super::paging::page;
use super::shapes::{Submission, SubmissionPage};
use crate::caller::SignedIn;
use crate::download::download_file;
use crate::entered;
use crate::problem::Problem;

pub(super) struct Registry;

#[OpenApi]
impl Registry {
    /// Submissions, the oldest first
    #[oai(
        path = "/registry/submissions",
        method = "get",
        operation_id = "registrySubmissions",
        tag = "Group::Registry"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// Only those taken over, or not yet
        acknowledged: Query<Option<bool>>,
        /// Only the one of this confirmation number, in any case, with or without its hyphens
        confirmation_number: Query<Option<String>>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<SubmissionPage>, Problem> {
        let query = SubmissionQuery {
            acknowledged: acknowledged.0,
            page: page(cursor.0, limit.0)?,
        };
        let found = match confirmation_number.0 {
            Some(number) => {
                may_see_submissions(&app, &who.0)?;
                let number = entered::confirmation_number(&number)?;
                let found = find_submission(&app, &who.0, &number).await?;
                let taken_over = |one: &Filed| one.submission.acknowledgement.is_some();
                let wanted =
                    |one: &Filed| query.acknowledged.is_none_or(|it| it == taken_over(one));
                Page {
                    items: Vec::from_iter(found.filter(wanted)),
                    next: None,
                }
            }
            None => registry_submissions(&app, &who.0, &query).await?,
        };
        let items = found
            .items
            .iter()
            .map(|filed| Submission::filed(filed, &app))
            .collect();
        Ok(Json(SubmissionPage {
            items,
            next_cursor: found.next.map(|cursor| cursor.0),
        }))
    }

    /// Download a file of a submission, counted from 1
    #[oai(
        path = "/registry/submissions/:id/files/:number",
        method = "get",
        operation_id = "downloadSubmission",
        tag = "Group::Registry"
    )]
    async fn download(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The submission
        id: Path<Uuid>,
        /// Which file
        number: Path<u32>,
        request: &Request,
    ) -> Result<File, Problem> {
        let number = usize::try_from(number.0).unwrap_or(usize::MAX);
        let file = download_file(&app, &who.0, Id::new(id.0), number, request).await?;
        Ok(File(file))
    }

    /// Take a submission over
    #[oai(
        path = "/registry/submissions/:id/acknowledgement",
        method = "post",
        operation_id = "acknowledgeSubmission",
        tag = "Group::Registry"
    )]
    async fn acknowledge(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The submission
        id: Path<Uuid>,
    ) -> Result<Json<Submission>, Problem> {
        let filed = acknowledge_submission(&app, &who.0, Id::new(id.0)).await?;
        Ok(Json(Submission::filed(&filed, &app)))
    }
}
