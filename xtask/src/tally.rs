//! How many tests passed, failed and were skipped, read from what the three test runners print.

use std::fmt;
use std::ops::AddAssign;

/// A count of tests. Its text is the closing line of `cargo xtask test`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Ran and found things as they should be.
    pub passed: u64,
    /// Found a fault, ran out of time, or could not be run.
    pub failed: u64,
    /// Left out.
    pub skipped: u64,
    /// Of those that passed, ran twice because they failed the first time.
    pub unsteady: u64,
}

/// Who runs tests.
#[derive(Debug, Clone, Copy)]
pub enum Runner {
    /// `cargo nextest run`
    Nextest,
    /// `cargo test`
    Cargo,
    /// `node --test`
    Node,
}

impl Runner {
    /// What this line adds to the count; most lines add nothing.
    pub fn count(self, line: &str) -> Tally {
        let counts = match self {
            // Summary [   0.2s] 9 tests run: 7 passed (1 slow, 1 leaky), 1 failed, 1 timed out, 2 skipped
            Self::Nextest => line
                .trim_start()
                .strip_prefix("Summary [")
                .and_then(|line| line.split_once(" run: "))
                .map(|(_, counts)| separated(&without_parentheses(counts), ',')),
            // test result: FAILED. 7 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
            Self::Cargo => line
                .strip_prefix("test result: ")
                .and_then(|line| line.split_once(". "))
                .map(|(_, counts)| separated(counts, ';')),
            // # pass 7, or with another reporter the same after an "ℹ"
            Self::Node => line
                .strip_prefix("# ")
                .or_else(|| line.strip_prefix("ℹ "))
                .and_then(|line| line.split_once(' '))
                .and_then(|(word, count)| {
                    Some(vec![(count.trim().parse().ok()?, word.to_owned())])
                }),
        };
        let mut tally = Tally::default();
        for (count, word) in counts.unwrap_or_default() {
            match word.as_str() {
                "passed" | "pass" => tally.passed += count,
                "failed" | "timed out" | "exec failed" | "fail" | "cancelled" => {
                    tally.failed += count;
                }
                "skipped" | "ignored" | "todo" => tally.skipped += count,
                _ => {}
            }
        }
        tally
    }
}

/// `7 passed, 1 timed out` as numbers with words.
fn separated(counts: &str, separator: char) -> Vec<(u64, String)> {
    let parts = counts
        .split(separator)
        .filter_map(|part| part.trim().split_once(' '));
    parts
        .filter_map(|(count, word)| Some((count.parse().ok()?, word.trim().to_owned())))
        .collect()
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    let outside = text.chars().filter(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    outside.collect()
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.skipped += more.skipped;
        self.unsteady += more.unsteady;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        if self.unsteady > 0 {
            write!(f, ", {} unsteady", self.unsteady)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally {
            passed,
            failed,
            skipped,
            unsteady: 0,
        }
    }

    #[test]
    fn nextest_is_counted_from_its_summary() {
        let line = "     Summary [   0.007s] 1 test run: 1 passed, 0 skipped";
        assert_eq!(Runner::Nextest.count(line), tally(1, 0, 0));
        let line = "     Summary [   3.1s] 12/15 tests run: 7 passed (1 slow, 1 leaky), 3 failed, 1 timed out, 1 exec failed, 3 skipped";
        assert_eq!(Runner::Nextest.count(line), tally(7, 5, 3));
        assert_eq!(
            Runner::Nextest.count("        PASS [   0.003s] domain a_test_run: 5 passed"),
            tally(0, 0, 0)
        );
    }

    #[test]
    fn cargo_test_is_counted_from_each_result() {
        let line = "test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.00s";
        assert_eq!(Runner::Cargo.count(line), tally(5, 2, 1));
        assert_eq!(
            Runner::Cargo.count("test sign_in::works ... ok"),
            tally(0, 0, 0)
        );
    }

    #[test]
    fn node_is_counted_with_either_reporter() {
        let mut sum = Tally::default();
        for line in [
            "# tests 6",
            "# pass 2",
            "# fail 1",
            "# cancelled 1",
            "# skipped 1",
            "# todo 1",
            "# duration_ms 73.5",
        ] {
            sum += Runner::Node.count(line);
        }
        assert_eq!(sum, tally(2, 2, 2));
        assert_eq!(Runner::Node.count("ℹ pass 12"), tally(12, 0, 0));
        assert_eq!(Runner::Node.count("# Subtest: pass 3"), tally(0, 0, 0));
    }

    #[test]
    fn the_closing_line_names_skipped_tests_only_where_there_are_some() {
        assert_eq!(tally(3, 0, 0).to_string(), "3 passed, 0 failed");
        assert_eq!(tally(3, 1, 2).to_string(), "3 passed, 1 failed, 2 skipped");
        let unsteady = Tally {
            unsteady: 1,
            ..tally(3, 0, 0)
        };
        assert_eq!(unsteady.to_string(), "3 passed, 0 failed, 1 unsteady");
    }
}
