//! What one takes along from My Cases and a case page: a table, and calendars (CASE-4).

use application::export_cases::Titles;
use domain::id::Id;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::cases::Wanted;
use super::frame::Here;
use crate::exports::Export;
use crate::problem::Problem;

/// What the titles of a calendar are to say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    details: bool,
}

impl Chosen {
    const fn titles(&self) -> Titles {
        if self.details {
            Titles::Telling
        } else {
            Titles::Discreet
        }
    }
}

pub(super) fn export(here: &Here) -> Result<Export<'_>, Problem> {
    Ok(Export {
        app: &here.web.app,
        actor: here.signed_in()?,
        language: here.language,
    })
}

/// The same, with what was searched for: in a form, since it is in no address (PRIV-1).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Taken {
    #[serde(flatten)]
    wanted: Wanted,
    details: String,
}

impl Taken {
    const fn chosen(&self) -> Chosen {
        Chosen {
            details: !self.details.is_empty(),
        }
    }
}

/// My Cases, as they were searched, as a table.
#[handler]
pub(super) async fn take_table(
    here: Here,
    Path(counsel): Path<Uuid>,
    Form(taken): Form<Taken>,
) -> Result<Response, Problem> {
    export(&here)?.sheet(&taken.wanted.to_take(counsel)?).await
}

/// The hearings of My Cases, as they were searched, as a calendar.
#[handler]
pub(super) async fn take_hearings(
    here: Here,
    Path(counsel): Path<Uuid>,
    Form(taken): Form<Taken>,
) -> Result<Response, Problem> {
    let titles = taken.chosen().titles();
    let wanted = taken.wanted.to_take(counsel)?;
    export(&here)?.hearings(&wanted, titles).await
}

/// My Cases as a table.
#[handler]
pub(super) async fn cases_table(
    here: Here,
    Path(counsel): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    export(&here)?.sheet(&wanted.to_take(counsel)?).await
}

/// The hearings of My Cases as a calendar.
#[handler]
pub(super) async fn hearings_calendar(
    here: Here,
    Path(counsel): Path<Uuid>,
    Query(wanted): Query<Wanted>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    let wanted = wanted.to_take(counsel)?;
    export(&here)?.hearings(&wanted, chosen.titles()).await
}

/// The hearings of a case as a calendar.
#[handler]
pub(super) async fn calendar_of_case(
    here: Here,
    Path((counsel, case)): Path<(Uuid, Uuid)>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    let (counsel, case) = (Id::new(counsel), Id::new(case));
    export(&here)?
        .hearings_of(counsel, case, chosen.titles())
        .await
}
