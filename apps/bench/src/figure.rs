//! A figure, how two ways of doing the same work are compared, and what is told of it all at the end.

use std::error::Error;
use std::fmt::Write;
use std::future::Future;
use std::time::{Duration, Instant};

use serde_json::json;

/// Why nothing was measured.
pub type Failed = Box<dyn Error + Send + Sync>;

/// How often the two take turns.
const TURNS: usize = 5;

/// What is promised of a figure.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// Of the limit, at least this share.
    Share(f64),
    /// At most so much, in the figure's unit.
    AtMost(f64),
    /// Of what it is held against, at most so many times as much.
    Times(f64),
    /// Nothing; it is told.
    Told,
}

impl Goal {
    fn holds(self, figure: &Figure) -> bool {
        let ratio = figure.ratio.unwrap_or(f64::NAN);
        match self {
            Self::Share(share) => ratio >= share,
            Self::AtMost(most) => figure.value <= most,
            Self::Times(times) => ratio <= times,
            Self::Told => true,
        }
    }

    fn words(self, unit: &str) -> String {
        match self {
            Self::Share(share) => format!("≥ {share}"),
            Self::AtMost(most) => format!("≤ {most} {unit}"),
            Self::Times(times) => format!("≤ {times} ×"),
            Self::Told => "as measured".to_owned(),
        }
    }
}

/// What was measured.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Of which promise, such as `V-1`; a figure of the national records has none.
    pub promise: &'static str,
    /// What it says.
    pub what: String,
    /// On which database.
    pub database: &'static str,
    /// What was reached.
    pub value: f64,
    /// In which unit.
    pub unit: &'static str,
    /// What the same work reaches alone, or whatever else it is held against.
    pub limit: Option<f64>,
    /// The one over the other.
    pub ratio: Option<f64>,
    /// What is promised.
    pub goal: Goal,
}

impl Figure {
    /// A figure that stands for itself.
    pub fn of(
        (promise, what, database): (&'static str, &str, &'static str),
        value: f64,
        unit: &'static str,
        goal: Goal,
    ) -> Self {
        Self {
            promise,
            what: what.to_owned(),
            database,
            value,
            unit,
            limit: None,
            ratio: None,
            goal,
        }
    }

    /// The same beside what it is held against.
    pub const fn against(mut self, limit: f64, ratio: f64) -> Self {
        self.limit = Some(limit);
        self.ratio = Some(ratio);
        self
    }

    /// By which it is known from every other, in this run and in the next.
    fn name(&self) -> String {
        format!("{} / {} / {}", self.promise, self.database, self.what)
    }

    fn line(&self) -> String {
        json!({
            "name": self.name(),
            "promise": self.promise,
            "what": self.what,
            "database": self.database,
            "value": rounded(self.value),
            "unit": self.unit,
            "limit": self.limit.map(rounded),
            "ratio": self.ratio.map(rounded),
            "holds": self.goal.holds(self),
        })
        .to_string()
    }

    /// As it stands in a table.
    fn cell(&self) -> String {
        let (value, unit) = (thousands(rounded(self.value)), self.unit);
        let missed = if self.goal.holds(self) {
            ""
        } else {
            " (missed)"
        };
        match (self.ratio, self.limit) {
            (Some(ratio), Some(limit)) => {
                let limit = thousands(rounded(limit));
                format!("**{ratio:.2}**{missed}: {value} of {limit} {unit}")
            }
            _ => format!("**{value}** {unit}{missed}"),
        }
    }
}

/// Everything that was measured, and what is to be.
#[derive(Debug, Default)]
pub struct Report {
    wanted: Vec<String>,
    figures: Vec<Figure>,
}

impl Report {
    /// Of those promises.
    pub const fn of(wanted: Vec<String>) -> Self {
        Self {
            wanted,
            figures: Vec::new(),
        }
    }

    /// Whether somebody asked for one of these.
    pub fn wants(&self, promises: &[&str]) -> bool {
        let mut wanted = self.wanted.iter();
        wanted.any(|wanted| promises.contains(&wanted.as_str()))
    }

    /// Tells a figure, and keeps it for the table.
    pub fn tell(&mut self, figure: Figure) {
        println!("{}", figure.line());
        self.figures.push(figure);
    }

    /// Rows of Markdown: a figure each, with a column for each database.
    pub fn rows(&self) -> String {
        let mut rows =
            "| | figure | goal | SQLite | PostgreSQL |\n|---|---|---|---|---|\n".to_owned();
        let mut told: Vec<(&str, &str)> = Vec::new();
        for figure in &self.figures {
            let name = (figure.promise, figure.what.as_str());
            if told.contains(&name) {
                continue;
            }
            told.push(name);
            let on = |database| {
                let mut same = self.figures.iter();
                let found = same.find(|other| {
                    (other.promise, other.what.as_str()) == name && other.database == database
                });
                found.map(Figure::cell).unwrap_or_default()
            };
            let goal = figure.goal.words(figure.unit);
            let (sqlite, postgres) = (on("SQLite"), on("PostgreSQL"));
            // Writing to a String cannot fail.
            let _ = writeln!(
                rows,
                "| {} | {} | {goal} | {sqlite} | {postgres} |",
                figure.promise, figure.what
            );
        }
        rows
    }

    /// Both in turns; tells the middle of each and the middle of the ratios, turn by turn.
    pub async fn compare<A, B, FA, FB>(
        &mut self,
        name: (&'static str, &str, &'static str),
        (unit, goal): (&'static str, Goal),
        mut ours: A,
        mut alone: B,
    ) -> Result<(), Failed>
    where
        A: FnMut() -> FA,
        B: FnMut() -> FB,
        FA: Future<Output = Result<f64, Failed>>,
        FB: Future<Output = Result<f64, Failed>>,
    {
        // Once each unmeasured: caches are warm, statements prepared.
        ours().await?;
        alone().await?;
        let mut turns = Turns::default();
        for _ in 0..TURNS {
            turns.took(ours().await?, alone().await?);
        }
        self.tell(turns.figure(name, unit, goal));
        Ok(())
    }
}

/// What both reached, turn by turn.
#[derive(Debug, Default)]
pub struct Turns {
    reached: Vec<f64>,
    limits: Vec<f64>,
    ratios: Vec<f64>,
}

impl Turns {
    /// One turn.
    pub fn took(&mut self, ours: f64, alone: f64) {
        self.reached.push(ours);
        self.limits.push(alone);
        self.ratios.push(ours / alone);
    }

    /// The middle of them.
    pub fn figure(
        self,
        name: (&'static str, &str, &'static str),
        unit: &'static str,
        goal: Goal,
    ) -> Figure {
        Figure::of(name, median(self.reached), unit, goal)
            .against(median(self.limits), median(self.ratios))
    }
}

/// Three digits say enough.
fn rounded(value: f64) -> f64 {
    let scale = 10_f64.powi(2 - value.abs().max(1e-9).log10().floor() as i32);
    (value * scale).round() / scale
}

/// As people read it: 12,300.
fn thousands(value: f64) -> String {
    if value < 1_000.0 {
        return value.to_string();
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// How much a second does, where `work` does that much and is timed.
pub async fn rate<F: Future<Output = Result<(), Failed>>>(
    amount: f64,
    work: F,
) -> Result<f64, Failed> {
    let start = Instant::now();
    work.await?;
    Ok(amount / start.elapsed().as_secs_f64())
}

/// The time by which that share of all was done.
pub fn percentile(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let place = (times.len() as f64 * share) as usize;
    let at = times.get(place.min(times.len().saturating_sub(1)));
    at.map_or(f64::NAN, Duration::as_secs_f64)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn line(figure: &Figure) -> Value {
        serde_json::from_str(&figure.line()).unwrap()
    }

    /// V-1: whoever reads the lines finds a figure by its name alone, and beside it what it is held against, or null.
    #[test]
    fn a_line_has_a_name_of_its_own() {
        let about = ("V-1", "My Cases as JSON, against its SQL alone", "SQLite");
        let figure = Figure::of(about, 2_540.4, "requests/s", Goal::Share(0.6));
        let told = line(&figure.clone().against(5_660.0, 0.449));
        assert_eq!(
            told["name"],
            "V-1 / SQLite / My Cases as JSON, against its SQL alone"
        );
        assert_eq!(told["value"], 2_540.0);
        assert_eq!(told["unit"], "requests/s");
        assert_eq!(told["limit"], 5_660.0);
        assert_eq!(told["ratio"], 0.449);
        assert_eq!(told["holds"], false);
        let alone = line(&figure);
        assert!(alone["limit"].is_null() && alone["ratio"].is_null());
    }
}
