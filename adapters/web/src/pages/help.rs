//! What anybody may read without signing in: the help (HELP-1) and the privacy statement (PRIV-1). Names, numbers and time limits are the
//! configured ones.

use askama::Template;
use poem::{Response, handler};

use super::frame::{Frame, Here};
use super::home::{Service, orders, services};
use super::page;
use crate::problem::Problem;

/// When the words of these pages last changed.
const MODIFIED: &str = "2026-12-01";

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    frame: Frame,
    tribunal: String,
    orders: Vec<String>,
    services: Vec<Service>,
    access_code_hours: i64,
    invitation_days: i64,
    case_days: u16,
    profile_hours: i64,
    modified: &'static str,
}

/// The help, every subject under an anchor of its own.
#[handler]
pub(super) fn read_help(here: Here) -> Result<Response, Problem> {
    let frame = here.frame();
    let terms = &here.web.app.terms;
    page(&Help {
        tribunal: frame.tribunal(&here.web),
        orders: orders(&here, &frame),
        services: services(&here, &frame, ""),
        access_code_hours: terms.access_code.whole_hours(),
        invitation_days: terms.invitation.whole_days(),
        case_days: terms.case_days_after_decision,
        profile_hours: terms.profile_change.whole_hours(),
        modified: MODIFIED,
        frame,
    })
}

#[derive(Template)]
#[template(path = "privacy_page.html")]
struct Privacy {
    frame: Frame,
    tribunal: String,
    statement_version: String,
    kept_for: String,
    modified: &'static str,
}

/// The statement that registration shows.
#[handler]
pub(super) fn read_privacy(here: Here) -> Result<Response, Problem> {
    let frame = here.frame();
    page(&Privacy {
        tribunal: frame.tribunal(&here.web),
        statement_version: here.web.app.tribunal.privacy_statement_version.clone(),
        kept_for: frame.show.kept_for(&here.web.app.terms.retention),
        modified: MODIFIED,
        frame,
    })
}
