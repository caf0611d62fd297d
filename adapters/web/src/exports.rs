//! What one takes along of My Cases: the list as a table, the hearings as a calendar (CASE-4), and of supervision. The pages and the API give the same files.

use application::Application;
use application::export_cases::{
    Exported, Titles, export_cases, export_hearings, export_hearings_of_case,
};
use application::list_cases::WantedCases;
use application::see_activity::{Activity, SeeActivity, export_activity};
use domain::account::AccountId;
use domain::case::{Case, CaseEvent, CaseId, ClientId};
use domain::person::Language;
use domain::policy::Actor;
use poem::http::header;
use poem::{IntoResponse, Response};
use time::OffsetDateTime;

use crate::calendar::Hearings;
use crate::pages::Shown;
use crate::problem::Problem;
use crate::sheet::Sheet;
use crate::texts::{Texts, in_language};

/// Who exports, and in which language.
pub(crate) struct Export<'a> {
    pub(crate) app: &'a Application,
    pub(crate) actor: &'a Actor,
    pub(crate) language: Language,
}

impl Export<'_> {
    /// The list as a table.
    pub(crate) async fn sheet(&self, wanted: &WantedCases) -> Result<Response, Problem> {
        let (t, show) = (self.words(), Shown::new(self.language, self.app));
        let mut sheet = Sheet::new(&columns(t));
        let mut each = |case: Case, now: OffsetDateTime| {
            sheet.add(&cells(&case, &show, self.app, now));
        };
        let exported = export_cases(self.app, self.actor, wanted, &mut each).await?;
        let name = file_name(t.export_cases_name(), &exported, "csv");
        Ok(file(&name, "text/csv; charset=utf-8", sheet.finish()?))
    }

    /// The list's hearings as a calendar.
    pub(crate) async fn hearings(
        &self,
        wanted: &WantedCases,
        titles: Titles,
    ) -> Result<Response, Problem> {
        let mut hearings = self.calendar();
        let mut each = |case: Case, now: OffsetDateTime| {
            self.add(&mut hearings, &case, now, titles);
        };
        let exported = export_hearings(self.app, self.actor, wanted, titles, &mut each).await?;
        Ok(self.calendar_file(&exported, hearings))
    }

    /// One case's hearings.
    pub(crate) async fn hearings_of(
        &self,
        counsel: AccountId,
        case: CaseId,
        titles: Titles,
    ) -> Result<Response, Problem> {
        let which = (counsel, case);
        let (exported, case) = export_hearings_of_case(self.app, self.actor, which, titles).await?;
        let mut hearings = self.calendar();
        self.add(&mut hearings, &case, exported.moment.at, titles);
        Ok(self.calendar_file(&exported, hearings))
    }

    /// Who read and sent what for a counsel, as a table.
    pub(crate) async fn activity(&self, wish: &SeeActivity) -> Result<Response, Problem> {
        let (t, show) = (self.words(), Shown::new(self.language, self.app));
        let mut sheet = Sheet::new(&[
            t.export_day(),
            t.export_time(),
            t.export_hearing_zone(),
            t.activity_person(),
            t.activity_deed(),
            t.cases_file_number(),
            t.activity_subject(),
        ]);
        let mut each = |one: Activity| {
            let subject = activity_subject(&one, t);
            let [day, time, zone] = show.clock_in(one.at, &self.app.tribunal.zone);
            let case = one.case.map(|(_, number)| number.to_string());
            sheet.add(&[
                day,
                time,
                zone,
                one.person.name,
                show.word("activity", one.deed.code()),
                case.unwrap_or_default(),
                subject,
            ]);
        };
        let exported = export_activity(self.app, self.actor, wish, &mut each).await?;
        let name = file_name(t.export_activity_name(), &exported, "csv");
        Ok(file(&name, "text/csv; charset=utf-8", sheet.finish()?))
    }

    fn words(&self) -> &'static Texts {
        in_language(self.language)
    }

    fn calendar(&self) -> Hearings {
        Hearings::new(self.words().export_calendar())
    }

    fn add(&self, hearings: &mut Hearings, case: &Case, now: OffsetDateTime, titles: Titles) {
        let show = Shown::new(self.language, self.app);
        hearings.add(case, now, |event: &CaseEvent| {
            let kind = show.word("event", event.kind.as_str());
            match titles {
                Titles::Discreet => kind,
                Titles::Telling => {
                    let number = case.file_number.to_string();
                    self.words().export_title(kind, number, parties(case))
                }
            }
        });
    }

    fn calendar_file(&self, exported: &Exported, hearings: Hearings) -> Response {
        let name = file_name(self.words().export_hearings_name(), exported, "ics");
        let body = hearings.finish().into_bytes();
        file(&name, "text/calendar; charset=utf-8", body)
    }
}

/// What an act was about; of a case that is lost, that it is not told.
pub(crate) fn activity_subject(one: &Activity, t: &'static Texts) -> String {
    match (one.case_lost, one.subject.is_empty()) {
        (false, _) => one.subject.clone(),
        (true, true) => t.activity_case_lost().to_owned(),
        (true, false) => format!("{} – {}", one.subject, t.activity_case_lost()),
    }
}

fn parties(case: &Case) -> String {
    let names: Vec<&str> = case
        .parties
        .iter()
        .map(|party| party.name.as_str())
        .collect();
    names.join(", ")
}

fn columns(t: &'static Texts) -> Vec<&'static str> {
    vec![
        t.cases_file_number(),
        t.case_principal(),
        t.cases_parties(),
        t.case_client_ids(),
        t.cases_division(),
        t.case_region(),
        t.cases_status(),
        t.cases_next_hearing(),
        t.export_hearing_time(),
        t.export_hearing_zone(),
        t.export_hearing_kind(),
        t.export_hearing_place(),
        t.case_retainer(),
        t.export_decided_on(),
        t.export_last_day(),
    ]
}

fn cells(case: &Case, show: &Shown, app: &Application, now: OffsetDateTime) -> Vec<String> {
    let tribunal = &app.tribunal;
    let regions = tribunal.regions.iter().map(|office| &office.named);
    let ids: Vec<String> = case.client_ids.iter().map(ClientId::grouped).collect();
    let next = case.next_event(now);
    let [day, time, zone] = next.map_or_else(Default::default, |event| {
        show.clock_in(event.starts_at, tribunal.office_zone(&case.region))
    });
    let kind = next.map(|event| show.word("event", event.kind.as_str()));
    let principal = case.principal_file_number.as_ref();
    let last_day = case
        .leaves_on(&app.terms)
        .and_then(|day| day.0.previous_day());
    vec![
        case.file_number.to_string(),
        principal.map(ToString::to_string).unwrap_or_default(),
        parties(case),
        ids.join(", "),
        show.listed(&tribunal.divisions, &case.division),
        show.listed(regions, &case.region),
        show.word("status", case.status.as_str()),
        day,
        time,
        zone,
        kind.unwrap_or_default(),
        next.map(|event| event.place.clone()).unwrap_or_default(),
        case.retainer_limits.clone().unwrap_or_default(),
        case.final_decision_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
        last_day.map(|day| day.to_string()).unwrap_or_default(),
    ]
}

/// What the file is called: plain letters, and the tribunal's day.
fn file_name(name: &str, exported: &Exported, ending: &str) -> String {
    format!("{name}-{}.{ending}", exported.moment.today.0)
}

/// A download under its own name and type (RFC 6266).
fn file(name: &str, media_type: &'static str, body: Vec<u8>) -> Response {
    let name = domain::document::FileName::from_sender(name);
    body.with_content_type(media_type)
        .with_header(
            header::CONTENT_DISPOSITION,
            crate::download::attachment(&name),
        )
        .into_response()
}
