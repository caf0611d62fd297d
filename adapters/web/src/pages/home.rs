//! The home page with the sign-in services (REG-5), and the way from `/` to where a person works.

use application::invitations::list_invitations;
use application::list_counsels::list_counsels;
use application::register::has_account;
use askama::Template;
use domain::account::Role;
use domain::policy::Actor;
use poem::web::Query;
use poem::{Response, handler};

use super::demonstration::{Face, faces};
use super::done::Seen;
use super::frame::{Frame, Here};
use super::today::show_today;
use super::{page, see_other};
use crate::Web;
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    tribunal: String,
    orders: Vec<String>,
    services: Vec<Service>,
    people: Vec<Face>,
    come_back: String,
}

/// The home page; of whoever is signed in with an account, what is new and what is due.
#[handler]
pub(super) async fn home(here: Here) -> Result<Response, Problem> {
    if here.actor().is_some_and(|actor| actor.caller().is_some()) {
        return show_today(&here).await;
    }
    show_home(&here)
}

/// `/`. What was done on the way is said where it leads.
#[handler]
pub(super) async fn entrance(
    here: Here,
    Query(Seen { done }): Query<Seen>,
) -> Result<Response, Problem> {
    match here.actor() {
        Some(actor) => {
            let place = place_of_work(&here, actor).await?;
            Ok(see_other(&match done.as_str() {
                "registered" => format!("{place}?done=registered"),
                _ => place,
            }))
        }
        None => show_home(&here),
    }
}

fn show_home(here: &Here) -> Result<Response, Problem> {
    let frame = here.frame();
    page(&Home {
        tribunal: frame.tribunal(&here.web),
        orders: orders(here, &frame),
        services: services(here, &frame, ""),
        people: faces(&here.web, &frame),
        come_back: String::new(),
        frame,
    })
}

/// The orders whose members may be counsel.
pub(super) fn orders(here: &Here, frame: &Frame) -> Vec<String> {
    let orders = here.web.app.tribunal.orders.iter();
    orders
        .map(|order| frame.show.name(&order.named.name))
        .collect()
}

/// A sign-in service to choose.
pub(super) struct Service {
    pub(super) name: String,
    pub(super) address: String,
}

/// The sign-in services, in the configured order (REG-5). Whoever is signed in already is asked to prove anew who they are (REG-8).
pub(super) fn services(here: &Here, frame: &Frame, come_back: &str) -> Vec<Service> {
    let again = here.actor().is_some();
    let service = |on_offer: application::ports::sign_in_services::ServiceOnOffer| {
        let asked = [
            ("language", here.language.code().to_owned()),
            ("come_back", come_back.to_owned()),
            ("again", again.to_string()),
        ];
        let query = serde_urlencoded::to_string(asked).unwrap_or_default();
        Service {
            name: frame.show.name(&on_offer.name),
            address: format!("/sign-in/{}?{query}", on_offer.key),
        }
    };
    let on_offer = here.web.app.sign_in_services.on_offer();
    on_offer.into_iter().map(service).collect()
}

/// Where somebody works, in their own language: counsel in My Cases, delegates where they may act, others on their account's page.
async fn place_of_work(here: &Here, actor: &Actor) -> Result<String, Problem> {
    let web: &Web = &here.web;
    let Some(caller) = actor.caller() else {
        // Whoever is blocked is told so where they go.
        let invited = list_invitations(&web.app, actor).await;
        let is_invited = invited.is_ok_and(|open| !open.is_empty());
        // Who has an account already comes back to it first, and answers then.
        let comes_back = has_account(&web.app, actor).await.unwrap_or_default();
        return Ok(if is_invited && !comes_back {
            here.to().invitations()
        } else {
            here.to().register()
        });
    };
    let to = super::address::To::in_language(caller.account.language);
    if caller.account.is(Role::Counsel) {
        return Ok(to.cases(caller.account.id));
    }
    if caller.account.is(Role::RegistryOfficer) {
        return Ok(to.registrations());
    }
    if caller.account.is(Role::HelpDeskAgent) {
        return Ok(to.help_desk());
    }
    if !caller.account.is(Role::Delegate) {
        return Ok(to.account());
    }
    let counsels = list_counsels(&web.app, actor).await?;
    Ok(match counsels.as_slice() {
        [only] => to.cases(only.counsel.id),
        _ => to.counsels(),
    })
}
