//! What every page shares: its language and words, the way to the same page in the other language, who is signed in, and the ribbon that
//! names the counsel for whom a delegate acts (DEL-6).

use std::sync::Arc;

use application::UseCaseError;
use application::at_a_glance::OfCounsel;
use application::inbox::count_unread;
use application::list_counsels::{Representable, list_counsels};
use domain::account::{Account, AccountId, Role};
use domain::person::Language;
use domain::policy::Actor;
use domain::session::{Limits, SessionId};
use domain::sign_in::SignInId;
use poem::http::header;
use poem::{FromRequest, Request, RequestBody, Result};
use time::OffsetDateTime;

use super::address::{To, own_page};
use super::shown::Shown;
use crate::assets::Scripts;
use crate::caller::Recognised;
use crate::problem::{Kind, Problem};
use crate::texts::{Texts, in_language};
use crate::{Web, assets};

/// Who asks for a page, and in which language.
#[derive(Clone)]
pub(crate) struct Here {
    pub(crate) web: Arc<Web>,
    pub(crate) language: Language,
    recognised: Recognised,
    path_and_query: String,
    is_get: bool,
    /// The page with the form that was sent.
    form_page: String,
}

impl<'a> FromRequest<'a> for Here {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let Some(web) = request.data::<Arc<Web>>() else {
            return Err(Problem::internal("the routes' parts are missing").into());
        };
        Ok(Self::of(request, web))
    }
}

impl Here {
    /// Of a request that may have gone wrong.
    pub(crate) fn of(request: &Request, web: &Arc<Web>) -> Self {
        let uri = request.original_uri();
        let path_and_query = uri
            .path_and_query()
            .map_or_else(|| "/".to_owned(), ToString::to_string);
        Self {
            web: web.clone(),
            language: language_of(&path_and_query, request),
            recognised: Recognised::of(request),
            path_and_query,
            is_get: request.method() == poem::http::Method::GET,
            form_page: form_page(request).unwrap_or_default(),
        }
    }

    /// Whoever is signed in.
    pub(crate) fn signed_in(&self) -> Result<&Actor, Problem> {
        self.actor()
            .ok_or_else(|| Problem::from(Kind::SignInNeeded))
    }

    /// Whether somebody signed in, with an account or without.
    pub(crate) fn is_stranger(&self) -> bool {
        self.actor().is_some_and(|actor| actor.caller().is_none())
    }

    /// Whoever is signed in, if anybody.
    pub(crate) fn actor(&self) -> Option<&Actor> {
        self.recognised.actor()
    }

    /// The session by which they are, as it is named to them; none where they come by a token.
    pub(crate) fn session_id(&self) -> Option<SessionId> {
        self.recognised.session_id()
    }

    /// The sign-in under which they are; none where they come by a token.
    pub(crate) fn sign_in(&self) -> Option<SignInId> {
        self.recognised.session().map(|session| session.sign_in)
    }

    /// Whether whoever asks is that counsel, and not somebody who stands in for them (DEL-6).
    pub(crate) fn is_counsel(&self, counsel: AccountId) -> bool {
        let caller = self.actor().and_then(Actor::caller);
        caller.is_some_and(|caller| caller.account.id == counsel)
    }

    /// Addresses in the page's language.
    pub(crate) const fn to(&self) -> To {
        To::in_language(self.language)
    }

    /// The words.
    pub(crate) fn words(&self) -> &'static Texts {
        in_language(self.language)
    }

    /// This page, to come back to; after a form, the page that it was on.
    pub(crate) fn come_back(&self) -> String {
        let page = if self.is_get {
            &self.path_and_query
        } else {
            &self.form_page
        };
        own_page(page).unwrap_or_default().to_owned()
    }

    /// Whether a page was asked for; otherwise a form was sent.
    pub(crate) const fn is_get(&self) -> bool {
        self.is_get
    }

    /// The frame of a page that is about no counsel. It bears the page's instant, so that it is made when all has come and whatever was to be
    /// changed has been.
    pub(crate) fn frame(&self) -> Frame {
        let now = self.web.app.clock.now();
        let (session, terms) = (self.recognised.session(), &self.web.app.terms);
        let limits = session.map_or_else(|| Limits::by(terms), |session| session.limits(terms));
        Frame {
            now,
            t: self.words(),
            to: self.to(),
            show: Shown::new(self.language, &self.web.app),
            language: self.language,
            path: self
                .path_and_query
                .split('?')
                .next()
                .unwrap_or_default()
                .to_owned(),
            help_desk: self.web.app.tribunal.help_desk.grouped(),
            in_other_language: self.in_other_language(),
            language_form: None,
            stylesheet: assets::stylesheet(),
            person: self.person(),
            stranger: self.is_stranger(),
            sign_in: self
                .sign_in()
                .map(|sign_in| sign_in.to_string())
                .unwrap_or_default(),
            ribbon: None,
            scripts: assets::scripts(),
            session: self.session(now),
            session_minutes: limits.idle.whole_minutes(),
            session_hours: limits.longest.whole_hours(),
            demonstration: self.web.demonstration.is_some(),
            form_key: self.web.app.random.uuid(now).to_string(),
        }
    }

    /// The frame of a page for whoever has just signed out.
    pub(crate) fn frame_of_nobody(&self) -> Frame {
        Frame {
            person: None,
            session: None,
            stranger: false,
            ..self.frame()
        }
    }

    /// The frame of a page about a counsel: a delegate always sees for whom they act.
    pub(crate) async fn frame_for(&self, counsel: &Account) -> Result<Frame, Problem> {
        let (app, actor) = (&self.web.app, self.signed_in()?);
        let ribbon = if self.is_counsel(counsel.id) {
            None
        } else {
            Some(Ribbon {
                counsel: counsel.name.to_string(),
                several: list_counsels(app, actor).await?.len() > 1,
            })
        };
        let unread = count_unread(app, actor, counsel.id).await?;
        Ok(self.frame_about(counsel, unread, ribbon))
    }

    fn frame_about(&self, counsel: &Account, unread: u64, ribbon: Option<Ribbon>) -> Frame {
        let mut frame = Frame {
            ribbon,
            ..self.frame()
        };
        if let Some(person) = &mut frame.person {
            let (t, to) = (frame.t, self.to());
            let inbox = if unread == 0 {
                t.inbox().to_owned()
            } else {
                t.inbox_with_unread(unread)
            };
            let here = [
                (t.my_cases().to_owned(), to.cases(counsel.id)),
                (inbox, to.inbox(counsel.id)),
                (t.forms().to_owned(), to.forms(counsel.id)),
            ];
            let here = here.map(|(name, address)| Link { name, address });
            let others = person.links.drain(..);
            let in_front = [t.my_cases(), t.inbox(), t.forms()];
            let others = others.filter(|link| !in_front.contains(&link.name.as_str()));
            person.links = here.iter().cloned().chain(others).collect();
        }
        frame
    }

    /// The frame of the page about all counsel for whom somebody acts: whoever is counsel of none of them sees for whom that is (DEL-6).
    pub(crate) fn frame_for_all(&self, counsels: &[OfCounsel]) -> Frame {
        let ribbon = self.ribbon_of(counsels.iter().map(|one| &one.counsel));
        match counsels {
            [only] if ribbon.is_some() => self.frame_about(&only.counsel, only.unread, ribbon),
            _ => Frame {
                ribbon,
                ..self.frame()
            },
        }
    }

    /// The frame of a page about oneself, on which a delegate sees for whom they act, too (DEL-6). Of nobody else is it asked.
    pub(crate) async fn frame_about_oneself(&self) -> Result<Frame, Problem> {
        let caller = self.actor().and_then(Actor::caller);
        if caller.is_some_and(|caller| caller.account.is(Role::Delegate)) {
            let counsels = list_counsels(&self.web.app, self.signed_in()?).await?;
            self.frame_of_delegate(&counsels).await
        } else {
            Ok(self.frame())
        }
    }

    /// The same, where it is known already for whom they can act.
    pub(crate) async fn frame_of_delegate(
        &self,
        counsels: &[Representable],
    ) -> Result<Frame, Problem> {
        let ribbon = self.ribbon_of(counsels.iter().map(|one| &one.counsel));
        match counsels {
            [only] if ribbon.is_some() => {
                let unread = self.unread(only.counsel.id).await?;
                Ok(self.frame_about(&only.counsel, unread, ribbon))
            }
            _ => Ok(Frame {
                ribbon,
                ..self.frame()
            }),
        }
    }

    /// Names all of them to whoever is none of them.
    fn ribbon_of<'a>(&self, counsels: impl Iterator<Item = &'a Account>) -> Option<Ribbon> {
        let counsels: Vec<&Account> = counsels.collect();
        if counsels.is_empty() || counsels.iter().any(|one| self.is_counsel(one.id)) {
            return None;
        }
        let mut names: Vec<String> = counsels.iter().map(|one| one.name.to_string()).collect();
        let last = names.pop()?;
        Some(Ribbon {
            counsel: if names.is_empty() {
                last
            } else {
                self.words().names_and(names.join(", "), last)
            },
            several: counsels.len() > 1,
        })
    }

    /// How many documents of a counsel's inbox they have not read: none of one that they may not see.
    async fn unread(&self, counsel: AccountId) -> Result<u64, Problem> {
        match count_unread(&self.web.app, self.signed_in()?, counsel).await {
            Err(UseCaseError::Forbidden(_)) => Ok(0),
            counted => Ok(counted?),
        }
    }

    /// When the session ends, for the script that warns before (HELP-2).
    fn session(&self, now: OffsetDateTime) -> Option<SessionEnds> {
        let session = self.recognised.session()?;
        let terms = &self.web.app.terms;
        Some(SessionEnds {
            idle: (session.ends_at(terms) - now).whole_seconds(),
            longest: (session.longest(terms) - now).whole_seconds(),
            warning: session.warned_before(terms).whole_seconds(),
        })
    }

    fn person(&self) -> Option<Person> {
        let caller = self.actor()?.caller()?;
        let account: &Account = &caller.account;
        let (words, to) = (self.words(), self.to());
        let links = [
            (Role::Counsel, words.my_cases(), to.cases(account.id)),
            (Role::Counsel, words.inbox(), to.inbox(account.id)),
            (Role::Counsel, words.forms(), to.forms(account.id)),
            (Role::Counsel, words.delegates(), to.delegates(account.id)),
            (Role::Counsel, words.activity(), to.activity(account.id)),
            (Role::Delegate, words.my_counsels(), to.counsels()),
            (
                Role::RegistryOfficer,
                words.registrations(),
                to.registrations(),
            ),
            (
                Role::RegistryOfficer,
                words.registry_submissions(),
                to.registry_submissions(),
            ),
            (
                Role::RegistryOfficer,
                words.profile_changes(),
                to.profile_changes(),
            ),
            (Role::RegistryOfficer, words.undelivered(), to.undelivered()),
            (
                Role::RegistryOfficer,
                words.registry_cases(),
                to.registry_cases(),
            ),
            (
                Role::HelpDeskAgent,
                words.help_desk_console(),
                to.help_desk(),
            ),
        ];
        let links = links
            .into_iter()
            .filter(|(role, _, _)| account.is(*role))
            .map(|(_, name, address)| Link {
                name: name.to_owned(),
                address,
            });
        // Whoever has an account already answers a further invitation, too (REG-4).
        let invitations = account.is_from_outside().then(|| Link {
            name: words.invitations().to_owned(),
            address: to.invitations(),
        });
        Some(Person {
            name: account.name.to_string(),
            links: links.chain(invitations).collect(),
        })
    }

    fn in_other_language(&self) -> String {
        let other = self.language.other();
        // A form that comes back is at the address of its page.
        let here = if self.is_get {
            &self.path_and_query
        } else {
            &self.form_page
        };
        let prefix = format!("/{}/", self.language.code());
        match here.strip_prefix(&prefix) {
            Some(rest) => format!("/{}/{rest}", other.code()),
            None if here.starts_with("/demo/") => {
                let path = here.split('?').next().unwrap_or_default();
                format!("{path}?language={}", other.code())
            }
            None => To::in_language(other).home(),
        }
    }
}

/// The path of the page on which the form was, as the browser says.
fn form_page(request: &Request) -> Option<String> {
    let referer = request.headers().get(header::REFERER)?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    let path = rest.find('/')?;
    rest.get(path..).map(str::to_owned)
}

/// The address says the language; where it does not, the browser's wishes do.
fn language_of(path_and_query: &str, request: &Request) -> Language {
    let prefix = path_and_query.split('/').nth(1).unwrap_or_default();
    let asked = path_and_query
        .split_once("language=")
        .map(|(_, code)| code.split('&').next().unwrap_or_default());
    Language::from_code(prefix)
        .or_else(|| asked.and_then(Language::from_code))
        .unwrap_or_else(|| wished(request))
}

/// The first of the two languages that `Accept-Language` names; English if neither is.
pub(crate) fn wished(request: &Request) -> Language {
    let wishes = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut wishes: Vec<(f32, Language)> = wishes
        .split(',')
        .filter_map(|wish| {
            let (tag, quality) = wish.split_once(";q=").unwrap_or((wish, "1"));
            let primary = tag.trim().split('-').next()?.to_ascii_lowercase();
            let quality = quality.trim().parse().unwrap_or(0.0);
            Some((quality, Language::from_code(&primary)?))
        })
        .filter(|(quality, _)| *quality > 0.0)
        .collect();
    wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
    wishes
        .first()
        .map_or(Language::English, |(_, language)| *language)
}

/// What the layout shows around a page.
#[derive(Clone)]
pub(crate) struct Frame {
    /// The present, as the page has it, but for what a use case found as of an instant of its own and tells with it. Nothing on the page
    /// reads the clock once more.
    pub(crate) now: OffsetDateTime,
    pub(crate) t: &'static Texts,
    pub(crate) to: To,
    pub(crate) show: Shown,
    pub(crate) language: Language,
    path: String,
    pub(crate) help_desk: String,
    pub(crate) in_other_language: String,
    /// The form that goes along to the other language, where what was typed would be lost without it.
    pub(crate) language_form: Option<LanguageForm>,
    pub(crate) stylesheet: &'static str,
    pub(crate) person: Option<Person>,
    /// Whether whoever signed in has no account.
    pub(crate) stranger: bool,
    /// The sign-in under which the page is made, for the forms about one's own things.
    pub(crate) sign_in: String,
    pub(crate) ribbon: Option<Ribbon>,
    pub(crate) scripts: Scripts,
    pub(crate) session: Option<SessionEnds>,
    /// After how many minutes without a page a session ends (HELP-2).
    pub(crate) session_minutes: i64,
    /// After how many hours it ends in any case.
    pub(crate) session_hours: i64,
    pub(crate) demonstration: bool,
    /// The same for every try to send a form of this page: a second click does nothing twice.
    pub(crate) form_key: String,
}

/// When a session ends, in seconds from the moment at which the page is made (HELP-2).
#[derive(Clone)]
pub(crate) struct SessionEnds {
    /// If it is not used again.
    pub(crate) idle: i64,
    /// In any case.
    pub(crate) longest: i64,
    /// How long before its end the person is told.
    pub(crate) warning: i64,
}

/// A form that the button for the other language sends.
#[derive(Clone)]
pub(crate) struct LanguageForm {
    /// Its `id`.
    pub(crate) id: String,
    /// The `act` of its own button. What Enter in a field presses is the first button of all, which must not be that of the language.
    pub(crate) act: &'static str,
}

/// Whoever is signed in.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    /// Where they work.
    pub(crate) links: Vec<Link>,
}

/// A link in the menu.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) name: String,
    pub(crate) address: String,
}

/// DEL-6.
#[derive(Clone)]
pub(crate) struct Ribbon {
    pub(crate) counsel: String,
    /// Whether there is another to choose.
    pub(crate) several: bool,
}

impl Frame {
    /// Has the other language asked for by a button of that form, at that address: it goes there with all that was typed, which is in no
    /// address. The form's `act` is `language` then.
    pub(super) fn change_language_with(&mut self, form: LanguageForm, address: String) {
        self.language_form = Some(form);
        self.in_other_language = address;
    }

    /// Whether this page is the one at an address of the menu.
    pub(crate) fn is_at(&self, address: impl AsRef<str>) -> bool {
        self.path == address.as_ref()
    }

    /// What the other language calls itself.
    pub(crate) const fn other_language_name(&self) -> &'static str {
        match self.language {
            Language::French => "English",
            Language::English => "Français",
        }
    }

    /// The tribunal's name.
    pub(crate) fn tribunal(&self, web: &Web) -> String {
        self.show.name(&web.app.tribunal.name)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    /// What a page shows is of its frame's instant, or of the one that a use case tells: no page reads the clock by itself. The demonstration's
    /// clock is shown, and a form is judged by the day on which it had come.
    #[test]
    fn a_page_reads_the_clock_once() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages");
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let source = fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap();
            let times = code.matches(".now()").count() + code.matches(".moment()").count();
            if times > 0 {
                let name = path.file_name().unwrap().to_string_lossy();
                found.push(format!("{name}: {times}"));
            }
        }
        found.sort_unstable();
        let expected = [
            "demonstration.rs: 1",
            "draft.rs: 1",
            "frame.rs: 1",
            "submit.rs: 1",
        ];
        assert_eq!(found, expected);
    }
}
