//! My Cases taken along: a table and calendars, read back by other programs (CASE-4).

use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty};
use reqwest::StatusCode;
use serde_json::json as object;

use crate::feed::case;
use crate::portal::Demonstration;

/// A file as it came: its name, its type, and what is in it.
struct Taken {
    disposition: String,
    media_type: String,
    text: String,
}

impl Demonstration {
    async fn take(&self, address: String, who: &str) -> Result<Taken, StatusCode> {
        let cookie = self.sign_in(who).await;
        let call = self.client.get(address).header("cookie", cookie);
        let answer = call.send().await.unwrap();
        if answer.status() != StatusCode::OK {
            return Err(answer.status());
        }
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        Ok(Taken {
            disposition: header("content-disposition"),
            media_type: header("content-type"),
            text: answer.text().await.unwrap(),
        })
    }

    async fn take_page(&self, path: &str, counsel: &str, who: &str) -> Result<Taken, StatusCode> {
        let (language, rest) = path.split_once('/').unwrap();
        let counsel = self.of(counsel, "account_id");
        let address = self.page(&format!("/{language}/counsels/{counsel}/{rest}"));
        self.take(address, who).await
    }
}

/// The rows of a table, its columns' names first.
fn rows(taken: &Taken) -> Vec<Vec<String>> {
    assert_eq!(taken.media_type, "text/csv; charset=utf-8");
    let table = taken.text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(table.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        row.iter().map(str::to_owned).collect()
    });
    rows.collect()
}

fn numbers(taken: &Taken) -> Vec<String> {
    let rows = rows(taken).into_iter().skip(1);
    rows.map(|row| row[0].clone()).collect()
}

/// The events of a calendar: identifier, revision, title, state.
fn events(taken: &Taken) -> Vec<[String; 4]> {
    assert_eq!(taken.media_type, "text/calendar; charset=utf-8");
    let calendar = ICalendar::parse(&taken.text).unwrap();
    let events = calendar.components.iter();
    let events = events.filter(|one| one.component_type == ICalendarComponentType::VEvent);
    let events = events.map(|event| {
        [
            ICalendarProperty::Uid,
            ICalendarProperty::Sequence,
            ICalendarProperty::Summary,
            ICalendarProperty::Status,
        ]
        .map(|name| {
            let mut entries = event.entries.iter().filter(|entry| entry.name == name);
            let value = entries.next().unwrap().values[0].clone();
            value
                .as_text()
                .map_or_else(|| format!("{value:?}"), str::to_owned)
        })
    });
    events.collect()
}

/// CASE-4: the table holds exactly what the list shows, all its pages, in the page's language and order, and in nobody's spreadsheet does a name run.
#[tokio::test]
async fn the_list_is_taken_along_as_a_table() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-a", "account_id");
    let taken = demonstration
        .take_page("fr/cases.csv?sort=name", "counsel-a", "counsel-a")
        .await
        .unwrap();
    assert!(
        taken
            .disposition
            .starts_with("attachment; filename=\"mes-dossiers-20")
    );
    let table = rows(&taken);
    assert_eq!(
        table[0][..3],
        ["Numéro de dossier", "Dossier principal", "Parties"]
    );
    assert_eq!(
        table.len(),
        1 + 13,
        "twelve active, one decided 44 days ago"
    );
    assert_eq!(table[1][2], "Amara Diallo");
    assert_eq!(table[1][3], "11-1002-0001");
    assert!(table[1][7].starts_with("20") && table[1][8].ends_with(":00"));
    let zone = |code: &str| table.iter().find(|row| row[0] == code).unwrap()[9].clone();
    assert_eq!(zone("VC4-00917"), "heure de Vancouver", "in every season");
    let eastern = zone("MC4-01001");
    assert!(
        ["HNE", "HAE"].contains(&eastern.as_str()),
        "each office's own clock: {eastern}"
    );

    let mut hostile = case("VB9-70001", Some(&counsel));
    hostile["parties"][0]["name"] = "=cmd|' /C calc'!A1".into();
    hostile["division"] = "ID".into();
    demonstration.feed("VB9-70001", &hostile).await;
    let lines: Vec<String> = (0..450)
        .map(|number| case(&format!("VB9-71{number:03}"), Some(&counsel)).to_string())
        .collect();
    demonstration.import(lines.join("\n").as_bytes());
    let taken = demonstration
        .take_page(
            "en/cases.csv?q=VB9-7&division=RAD",
            "counsel-a",
            "counsel-a",
        )
        .await
        .unwrap();
    let expected: Vec<String> = (0..450)
        .map(|number| format!("VB9-71{number:03}"))
        .collect();
    assert_eq!(numbers(&taken), expected);
    assert_eq!(rows(&taken)[0][0], "File number");
    let address = format!("/counsels/{counsel}/cases.csv?q=VB9-70001&language=en");
    let by_api = demonstration.get(&address, "delegate-a").await;
    assert_eq!(by_api.status(), StatusCode::OK);
    assert!(
        by_api
            .text()
            .await
            .unwrap()
            .contains(",'=cmd|' /C calc'!A1,")
    );
    let unknown = format!("/counsels/{counsel}/cases.csv?language=de");
    let unknown = demonstration.get(&unknown, "counsel-a").await;
    assert_eq!(unknown.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

/// CASE-4, DEL-6: what a delegate takes along is the chosen counsel's, and nobody else's.
#[tokio::test]
async fn a_delegate_takes_along_the_chosen_counsels_cases() {
    let demonstration = Demonstration::start();
    let taken = async |path: &str, counsel| {
        let taken = demonstration.take_page(path, counsel, "delegate-ab").await;
        taken.unwrap()
    };
    let b = numbers(&taken("en/cases.csv", "counsel-b").await);
    assert_eq!(
        b,
        [
            "TC4-03001",
            "TC4-03002",
            "TC4-03077",
            "VC4-03101",
            "VC4-03150"
        ]
    );
    let a = numbers(&taken("en/cases.csv", "counsel-a").await);
    assert_eq!(a.len(), 13);
    assert!(!a.iter().any(|number| b.contains(number)));
    let calendar = taken("en/hearings.ics", "counsel-b").await;
    assert_eq!(events(&calendar).len(), 4);
    let telling = demonstration
        .take_page("en/hearings.ics?details=true", "counsel-b", "delegate-ab")
        .await;
    assert_eq!(telling.err(), Some(StatusCode::FORBIDDEN));
}

/// CASE-4: titles carry no party and no file number unless the counsel asks for them; neither does anything else in the calendar.
#[tokio::test]
async fn a_calendar_tells_nothing_unless_the_counsel_wants_it_to() {
    let demonstration = Demonstration::start();
    let discreet = demonstration
        .take_page("fr/hearings.ics", "counsel-b", "counsel-b")
        .await
        .unwrap();
    assert!(
        discreet
            .disposition
            .starts_with("attachment; filename=\"audiences-20")
    );
    assert_eq!(events(&discreet).len(), 4);
    for event in events(&discreet) {
        assert_eq!(event[2], "Audience");
    }
    let unfolded = discreet.text.replace("\r\n ", "");
    for told in ["TC4", "VC4", "Eze", "Santos", "Novak", "1120"] {
        assert!(!unfolded.contains(told), "{told}");
    }
    let telling = demonstration
        .take_page(
            "en/hearings.ics?q=Santos&details=true",
            "counsel-b",
            "counsel-b",
        )
        .await
        .unwrap();
    let titles: Vec<String> = events(&telling)
        .into_iter()
        .map(|event| event[2].clone())
        .collect();
    assert_eq!(titles, ["Hearing – TC4-03077 – Maria Santos"]);
}

/// CASE-4: a hearing that the case management system moves or takes back is the same in a calendar that has it already.
#[tokio::test]
async fn a_calendar_follows_a_hearing() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-b", "account_id");
    let mut fed = case("VB9-70002", Some(&counsel));
    let (_, answer) = demonstration.feed("VB9-70002", &fed).await;
    let id = answer["id"].as_str().unwrap().to_owned();
    let of_case = async || {
        let path = format!("en/cases/{id}/hearings.ics");
        let taken = demonstration
            .take_page(&path, "counsel-b", "delegate-ab")
            .await;
        let mut events = events(&taken.unwrap());
        assert_eq!(events.len(), 1);
        events.remove(0)
    };
    let [uid, revision, title, state] = of_case().await;
    assert_eq!(title, "Hearing");
    assert!(state.to_uppercase().contains("CONFIRMED") && revision.contains('0'));
    fed["events"][0]["starts_at"] = "2031-03-03T09:30:00-08:00".into();
    demonstration.feed("VB9-70002", &fed).await;
    let moved = of_case().await;
    assert_eq!(moved[0], uid);
    assert!(moved[1].contains('1'), "{moved:?}");
    fed["events"] = object!([]);
    let (_, answer) = demonstration.feed("VB9-70002", &fed).await;
    assert_eq!(answer["events"], object!([]));
    let cancelled = of_case().await;
    assert_eq!(cancelled[0], uid);
    assert!(cancelled[1].contains('2') && cancelled[3].to_uppercase().contains("CANCELLED"));
}

/// CASE-4: My Cases is narrowed by the day of a hearing, on the page and in the API, by the tribunal's clock.
#[tokio::test]
async fn cases_are_found_by_the_day_of_a_hearing() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-b", "account_id");
    // 21:30 in Vancouver on the third is half past midnight on the fourth where the tribunal is.
    let mut late = case("VB9-70003", Some(&counsel));
    late["events"][0]["starts_at"] = "2031-02-03T21:30:00-08:00".into();
    demonstration.feed("VB9-70003", &late).await;
    demonstration
        .feed("VB9-70004", &case("VB9-70004", Some(&counsel)))
        .await;
    let between = async |from: &str, to: &str| {
        let path = format!("/counsels/{counsel}/cases?hearing_from={from}&hearing_to={to}");
        let listed: serde_json::Value = demonstration
            .get(&path, "counsel-b")
            .await
            .json()
            .await
            .unwrap();
        let items = listed["items"].as_array().unwrap().clone();
        let numbers: Vec<String> = items
            .iter()
            .map(|item| item["file_number"].as_str().unwrap().to_owned())
            .collect();
        let page = format!("en/cases.csv?hearing_from={from}&hearing_to={to}");
        let on_page = demonstration
            .take_page(&page, "counsel-b", "counsel-b")
            .await;
        assert_eq!(self::numbers(&on_page.unwrap()), numbers);
        numbers
    };
    assert_eq!(between("2031-02-03", "2031-02-03").await, ["VB9-70004"]);
    assert_eq!(between("2031-02-04", "2031-02-04").await, ["VB9-70003"]);
    assert_eq!(
        between("2031-02-03", "2031-02-04").await,
        ["VB9-70003", "VB9-70004"]
    );
    let wrong = demonstration
        .take_page("en/cases?hearing_from=soon", "counsel-b", "counsel-b")
        .await;
    assert!(wrong.err().unwrap().is_client_error());
}

/// CASE-1, CASE-4: days that are turned round are told in words, and not with an empty list: by the page, where they stay as they were typed, by the
/// API, and by what one takes along.
#[tokio::test]
async fn days_that_are_turned_round_are_told() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-b", "account_id");
    let days = "hearing_from=2031-02-04&hearing_to=2031-02-03";
    for list in ["cases", "cases.csv", "hearings.ics"] {
        let path = format!("/counsels/{counsel}/{list}?{days}");
        let refused = demonstration.get(&path, "counsel-b").await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{list}");
        let told: serde_json::Value = refused.json().await.unwrap();
        let kind = told["type"].as_str().unwrap();
        assert!(kind.ends_with("days-turned"), "{list}: {kind}");
    }
    let table = format!("en/cases.csv?{days}");
    let table = demonstration.take_page(&table, "counsel-b", "counsel-b");
    assert!(table.await.err().unwrap().is_client_error());

    let cookie = demonstration.sign_in("counsel-b").await;
    let page = demonstration.page(&format!("/en/counsels/{counsel}/cases"));
    let form = [
        ("hearing_from", "2031-02-04"),
        ("hearing_to", "2031-02-03"),
        ("q", "Haddad"),
    ];
    let sent = demonstration.client.post(page).header("cookie", &cookie);
    let sent = sent.header("sec-fetch-site", "same-origin").form(&form);
    let sent = sent.send().await.unwrap();
    assert_eq!(sent.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let shown = sent.text().await.unwrap();
    assert!(
        shown.contains("The last day is before the first"),
        "{shown}"
    );
    for (name, typed) in form {
        let field = format!("name=\"{name}\" value=\"{typed}\"");
        assert!(shown.contains(&field), "{field}: {shown}");
    }
    assert!(!shown.contains("case found"), "{shown}");
}

/// DEL-7, X-7: the same of what delegates read and sent.
#[tokio::test]
async fn days_of_supervision_that_are_turned_round_are_told() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-b", "account_id");
    let instants = "since=2031-02-04T00:00:01Z&until=2031-02-04T00:00:00Z";
    for list in ["activity", "activity.csv"] {
        let path = format!("/counsels/{counsel}/{list}?{instants}");
        let refused = demonstration.get(&path, "counsel-b").await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{list}");
        let told: serde_json::Value = refused.json().await.unwrap();
        let kind = told["type"].as_str().unwrap();
        assert!(kind.ends_with("days-turned"), "{list}: {kind}");
    }
    let cookie = demonstration.sign_in("counsel-b").await;
    let shown = async |from: &str, to: &str| {
        let page = format!("/en/counsels/{counsel}/activity?from={from}&to={to}");
        let page = demonstration.client.get(demonstration.page(&page));
        let page = page.header("cookie", &cookie).send().await.unwrap();
        (page.status(), page.text().await.unwrap())
    };
    let (status, page) = shown("2031-02-04", "2031-02-03").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("The last day is before the first"), "{page}");
    assert!(
        page.contains("name=\"from\" value=\"2031-02-04\""),
        "{page}"
    );
    let (status, _) = shown("2031-02-04", "2031-02-04").await;
    assert_eq!(status, StatusCode::OK, "a day is one that begins and ends");
}

/// PRIV-1, CASE-4: the page searches, goes on, and gives the table and the calendar of what it found by forms; no address has in it what was
/// typed.
#[tokio::test]
async fn what_is_searched_for_is_in_no_address() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-a", "account_id");
    for number in 0..22 {
        let number = format!("VB9-710{number:02}");
        let sent = case(&number, Some(&counsel));
        let (status, _) = demonstration.feed(&number, &sent).await;
        assert_eq!(status, StatusCode::CREATED);
    }
    let cookie = demonstration.sign_in("counsel-a").await;
    let post = async |page: &str, typed: &[(&str, &str)]| {
        let address = format!("/en/counsels/{counsel}/{page}");
        let call = demonstration
            .client
            .post(demonstration.page(&address))
            .header("cookie", &cookie)
            .header("sec-fetch-site", "same-origin")
            .form(typed);
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{page}");
        answer.text().await.unwrap()
    };
    let page = post("cases", &[("q", "diallo  amara")]).await;
    assert!(page.contains(">Amara Diallo</td>") && !page.contains("VB9-71"));
    let mut addresses = page.split("href=\"").skip(1);
    assert!(addresses.all(|rest| !rest.split('"').next().unwrap().contains("amara")));
    let page = post("cases", &[("q", "vb971")]).await;
    assert!(page.contains("VB9-71019") && !page.contains("VB9-71020"));
    let next = page.split("name=\"cursor\" value=\"").nth(1).unwrap();
    let next = next.split('"').next().unwrap();
    let further = post("cases", &[("q", "vb971"), ("cursor", next)]).await;
    assert!(further.contains("VB9-71020") && !further.contains("VB9-71019"));
    let table = post("cases.csv", &[("q", "vb971")]).await;
    assert!(table.contains("VB9-71021") && !table.contains("Diallo"));
    let telling = [("q", "diallo"), ("details", "true")];
    assert!(post("hearings.ics", &telling).await.contains("Diallo"));
    assert!(!post("hearings.ics", &telling[..1]).await.contains("Diallo"));
}
