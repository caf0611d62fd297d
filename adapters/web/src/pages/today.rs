//! What is new and what is due: the home page of whoever is signed in.

use application::at_a_glance::{OfCounsel, OfRegistry, Waiting, at_a_glance};
use application::delegations::Delegated;
use askama::Template;
use domain::delegation::State;
use domain::profile_change;
use poem::Response;
use time::OffsetDateTime;

use super::frame::{Frame, Here};
use super::invitations;
use super::page;
use super::shown::Shown;
use crate::problem::{Kind, Problem};

struct Hearing {
    address: String,
    file_number: String,
    kind: String,
    machine: String,
    at: String,
}

struct Section {
    name: String,
    cases: String,
    inbox: String,
    delegates: String,
    unread: u64,
    hearings: Vec<Hearing>,
    renewals: Vec<String>,
}

impl Section {
    fn new(one: &OfCounsel, now: OffsetDateTime, here: &Here, frame: &Frame) -> Self {
        let app = &here.web.app;
        let id = one.counsel.id;
        let hearings = one.next.iter().filter_map(|case| {
            let event = case.next_event(now)?;
            Some(Hearing {
                address: frame.to.case(id, case.id),
                file_number: case.file_number.to_string(),
                kind: frame.show.word("event", event.kind.as_str()),
                machine: Shown::machine(event.starts_at),
                at: frame
                    .show
                    .instant_in(event.starts_at, app.tribunal.office_zone(&case.region)),
            })
        });
        let renewals = one.renewals.iter();
        let renewals = renewals.map(|delegated| renewal(delegated, now, here, frame));
        Self {
            name: one.counsel.name.to_string(),
            cases: frame.to.cases(id),
            inbox: frame.to.inbox(id),
            delegates: frame.to.delegates(id),
            unread: one.unread,
            hearings: hearings.collect(),
            renewals: renewals.collect(),
        }
    }
}

/// Until when a delegation is to be renewed so that access does not end, or, where it has ended, until when it can be (DEL-3).
fn renewal(delegated: &Delegated, now: OffsetDateTime, here: &Here, frame: &Frame) -> String {
    let (delegation, terms) = (&delegated.delegation, &here.web.app.terms);
    let instant =
        |at: Option<OffsetDateTime>| at.map_or_else(String::new, |at| frame.show.instant(at));
    let name = delegated.name().to_string();
    let ends_at = instant(delegation.ends_at(terms));
    if delegation.state(now, terms) == State::Expired {
        let until = instant(delegation.renewable_until(terms));
        frame.t.today_expired(ends_at, name, until)
    } else {
        frame.t.today_renewal(name, ends_at)
    }
}

#[derive(Template)]
#[template(path = "today.html")]
struct Today {
    frame: Frame,
    sections: Vec<Section>,
    /// That a change of one's profile waits, in words.
    changes: Vec<String>,
    /// How many invitations are open to them.
    invitations: Option<String>,
    /// Why somebody who is counsel cannot act, in words.
    not_standing: Option<&'static str>,
    registry: Option<OfRegistry>,
    is_help_desk: bool,
}

impl Today {
    /// A count, or that there is more than was counted.
    fn counted(waiting: &Waiting) -> String {
        let more = if waiting.more { "+" } else { "" };
        format!("{}{more}", waiting.count)
    }
}

/// Shows it.
pub(super) async fn show_today(here: &Here) -> Result<Response, Problem> {
    let app = &here.web.app;
    let actor = here.signed_in()?;
    let glance = at_a_glance(app, actor).await?;
    let frame = here.frame_for_all(&glance.counsels);
    let sections = glance.counsels.iter();
    let changes = glance.changes.iter();
    let invitations = invitations::waiting(here, &frame).await?;
    page(&Today {
        invitations,
        sections: sections
            .map(|one| Section::new(one, glance.at, here, &frame))
            .collect(),
        changes: changes
            .map(|change| {
                let due = frame.show.instant(change.due_at(&app.terms));
                match change.state(glance.at, &app.terms) {
                    profile_change::State::Overdue => frame.t.today_change_late(due),
                    _ => frame.t.today_change_waits(due),
                }
            })
            .collect(),
        not_standing: glance
            .lost_good_standing
            .then(|| Problem::from(Kind::LostGoodStanding).words(frame.t)),
        registry: glance.registry,
        is_help_desk: actor
            .caller()
            .is_some_and(|caller| caller.account.is(domain::account::Role::HelpDeskAgent)),
        frame,
    })
}
