//! My Counsels: for whom somebody can act (DEL-6).

use application::list_counsels::list_counsels;
use askama::Template;
use poem::web::Query;
use poem::{Response, handler};

use super::done::Seen;
use super::frame::{Frame, Here};
use super::{invitations, page};
use crate::problem::Problem;

struct Row {
    name: String,
    cases: String,
    /// Until when access lasts; `None` for oneself.
    until: Option<String>,
}

#[derive(Template)]
#[template(path = "counsels.html")]
struct MyCounsels {
    frame: Frame,
    rows: Vec<Row>,
    /// What was done just before.
    done: String,
    /// How many invitations are open to them.
    invitations: Option<String>,
}

/// My Counsels.
#[handler]
pub(super) async fn my_counsels(
    here: Here,
    Query(Seen { done }): Query<Seen>,
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let counsels = list_counsels(app, here.signed_in()?).await?;
    let frame = here.frame_of_delegate(&counsels).await?;
    let rows = counsels.into_iter().map(|one| Row {
        name: one.counsel.name.to_string(),
        cases: frame.to.cases(one.counsel.id),
        until: one
            .delegation
            .and_then(|delegation| delegation.ends_at(&app.terms))
            .map(|ends_at| frame.show.instant(ends_at)),
    });
    let rows = rows.collect();
    let invitations = invitations::waiting(&here, &frame).await?;
    page(&MyCounsels {
        frame,
        rows,
        done,
        invitations,
    })
}
