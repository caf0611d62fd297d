//! A figure, and how two ways of doing the same work are compared.

use std::error::Error;
use std::future::Future;
use std::time::{Duration, Instant};

use serde_json::json;

/// Why nothing was measured.
pub type Failed = Box<dyn Error + Send + Sync>;

/// How often the two take turns.
const TURNS: usize = 5;

/// Prints a figure: what was reached, what the same work takes alone, and the ratio of the two.
pub fn print(name: &str, value: f64, unit: &str, limit: Option<f64>, ratio: Option<f64>) {
    println!(
        "{}",
        json!({ "name": name, "value": rounded(value), "unit": unit, "limit": limit.map(rounded), "ratio": ratio.map(rounded) })
    );
}

/// Three digits say enough.
fn rounded(value: f64) -> f64 {
    let scale = 10_f64.powi(2 - value.abs().max(1e-9).log10().floor() as i32);
    (value * scale).round() / scale
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

/// Both in turns; prints the middle of each and the middle of the ratios, turn by turn.
pub async fn compare<A, B, FA, FB>(
    name: &str,
    unit: &str,
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
    let (mut reached, mut limits, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let (one, other) = (ours().await?, alone().await?);
        reached.push(one);
        limits.push(other);
        ratios.push(one / other);
    }
    print(
        name,
        median(reached),
        unit,
        Some(median(limits)),
        Some(median(ratios)),
    );
    Ok(())
}

/// The time by which that share of all was done.
pub fn percentile(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let place = (times.len() as f64 * share) as usize;
    let at = times.get(place.min(times.len().saturating_sub(1)));
    at.map_or(f64::NAN, Duration::as_secs_f64)
}
