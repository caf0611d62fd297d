//! Who may do what, as tables that people can read: a change of the policy shows as a changed cell. `yes`, or the refusal's code.

#[path = "permissions/columns.rs"]
mod columns;
#[path = "permissions/rows.rs"]
mod rows;
mod scene;

use columns::Column;
use domain::policy::{Action, authorize};
use domain::terms::Terms;
use scene::{START, moment};

/// What the answer to an action is sorted under.
const fn heading(action: &Action<'_>) -> &'static str {
    match action {
        Action::SignIn
        | Action::RedeemAccessCode
        | Action::SeeInvitations
        | Action::AnswerInvitation(_) => "AT THE DOOR",
        Action::Own(_) => "ONE'S OWN ACCOUNT",
        Action::OfCounsel(..) => "A COUNSEL'S WORK",
        Action::OfRegistry(_) => "THE REGISTRY'S WORK",
        Action::OfHelpDesk(_) => "THE HELP DESK'S WORK",
        Action::RunJob(_)
        | Action::OpenStaffAccount
        | Action::BeginLog
        | Action::EndAccess
        | Action::LoadDemonstration => "THE SERVER'S WORK",
    }
}

/// What each column is answered to one action.
fn answer(column: &Column, action: &Action<'_>) -> String {
    match authorize(&column.actor, action, &moment(START), &Terms::default()) {
        Ok(_) => "yes".into(),
        Err(refused) => refused.why.code().into(),
    }
}

/// The table of every action and these columns, a heading before each kind of action.
fn table(columns: &[Column]) -> String {
    let mut all: Vec<Vec<String>> = Vec::new();
    for column in columns {
        let rows = rows::rows(&column.records);
        let mut cells = vec![column.head.to_owned()];
        let mut names = vec![String::new()];
        let mut under = "";
        for (action, note) in rows {
            if heading(&action) != under {
                under = heading(&action);
                names.push(under.to_owned());
                cells.push(String::new());
            }
            let note = if note.is_empty() {
                String::new()
            } else {
                format!(" ({note})")
            };
            names.push(format!("  {}{note}", action.name()));
            cells.push(answer(column, &action));
        }
        if all.is_empty() {
            all.push(names);
        }
        all.push(cells);
    }
    aligned(&all)
}

/// Columns of cells as lines of text.
fn aligned(columns: &[Vec<String>]) -> String {
    let width = |column: &Vec<String>| column.iter().map(|cell| cell.chars().count()).max();
    let height = columns.iter().map(Vec::len).max().unwrap_or_default();
    let mut text = String::new();
    for line in 0..height {
        let cells = columns.iter().map(|column| {
            let cell = column.get(line).map_or("", String::as_str);
            format!("{cell:0$}", width(column).unwrap_or_default())
        });
        text.push_str(
            cells
                .collect::<Vec<_>>()
                .join(" | ")
                .trim_end_matches([' ', '|']),
        );
        text.push('\n');
    }
    text
}

/// CASE-1, CASE-2, REG-1, REG-8, SEC-1: counsel do their own work and see their own cases, and nobody does it for them unasked.
#[test]
fn what_counsel_may() {
    insta::assert_snapshot!(table(&columns::counsel_columns()));
}

/// DEL-3, DEL-5, DEL-8: delegates do the counsel's cases in the states that give access, as long as both may act.
#[test]
fn what_delegates_may() {
    insta::assert_snapshot!(table(&columns::delegate_columns()));
}

/// SUB-5, SEC-1, REG-2, REG-3: staff, machines and strangers do their own work and no counsel's.
#[test]
fn what_others_may() {
    insta::assert_snapshot!(table(&columns::other_columns()));
}

/// a token opens what its scope says of what its counsel may, and never what takes a person.
#[test]
fn what_a_counsels_token_may() {
    insta::assert_snapshot!(table(&columns::counsel_token_columns()));
}

/// the case management system does the part of the registry's work that machines do, with a scope for it.
#[test]
fn what_the_case_management_systems_token_may() {
    insta::assert_snapshot!(table(&columns::cms_token_columns()));
}
