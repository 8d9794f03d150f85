//! The report for people: a line for each test as it ends, then what did not pass, then a table of clients.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::time::Duration;

use super::account::{Account, Entry};
use super::prices::Prices;
use super::{Done, word};
use crate::console::Console;

/// Shows tests as they end; on a terminal also how many are left.
pub(super) struct Progress<'a> {
    console: &'a mut Console,
    total: usize,
    finished: usize,
    passed: usize,
    is_shown: bool,
    is_live: bool,
}

impl<'a> Progress<'a> {
    pub(super) fn new(total: usize, is_shown: bool, console: &'a mut Console) -> Self {
        let is_live = is_shown && io::stdout().is_terminal();
        Self { console, total, finished: 0, passed: 0, is_shown, is_live }
    }

    pub(super) fn finished(&mut self, done: &Done) {
        self.finished += 1;
        let word = word(&done.run.outcome);
        self.passed += usize::from(word == "passed");
        if !self.is_shown {
            return;
        }
        let client = done.job.client.as_deref().map(|client| format!("  {client}")).unwrap_or_default();
        self.wipe();
        self.console.say(&format!("{word:<7}{:>9}  {}{client}", seconds(done.run.duration), done.job.name()));
        if self.is_live {
            let (finished, total, passed) = (self.finished, self.total, self.passed);
            self.console.status(&format!("{finished} of {total} done, {passed} passed"));
        }
    }

    pub(super) fn end(&mut self) {
        self.wipe();
    }

    fn wipe(&mut self) {
        if self.is_live {
            self.console.status("");
        }
    }
}

/// What did not pass, the counts, and the clients side by side.
pub(super) fn report(account: &Account<'_>, prices: &Prices, console: &mut Console) {
    let mut text = String::new();
    for entry in account.tests.iter().filter(|entry| !entry.is_passed()) {
        let client = entry.job.client.as_deref().map(|client| format!(" ({client})")).unwrap_or_default();
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\n{} {}{client}\n", entry.word(), entry.job.name());
        for reason in &entry.reasons {
            let _ = writeln!(text, "  {reason}");
        }
        if let Some(value) = &entry.run.value {
            let _ = writeln!(text, "  it returned {}", serde_json::Value::from(value.clone()));
        }
    }
    if !account.clients().is_empty() {
        text.push('\n');
        text.push_str(&table(account, prices));
    }
    let (passed, failed, errored) = account.counts();
    let _ = write!(text, "\n{passed} passed");
    for (count, what) in [(failed, "failed"), (errored, "brought no value")] {
        if count > 0 {
            let _ = write!(text, ", {count} {what}");
        }
    }
    let _ = write!(text, " in {}", seconds(account.took));
    console.say(&text);
}

/// One row per client: how many passed, how long answers took, what they cost.
fn table(account: &Account<'_>, prices: &Prices) -> String {
    let mut rows =
        vec![["client", "passed", "median", "slowest", "tokens in", "tokens out", "cost"].map(str::to_owned)];
    for client in account.clients() {
        let tests: Vec<&Entry<'_>> =
            account.tests.iter().filter(|entry| entry.job.client.as_deref() == Some(client)).collect();
        let passed = tests.iter().filter(|entry| entry.is_passed()).count();
        let mut times: Vec<Duration> = tests.iter().map(|entry| entry.run.duration).collect();
        times.sort_unstable();
        let sum = |of: fn(&types::Usage) -> Option<u64>| {
            let counts = tests.iter().filter_map(|entry| of(&entry.run.log.as_ref()?.usage));
            counts.sum::<u64>().to_string()
        };
        let costs: Option<Vec<f64>> = tests.iter().map(|entry| prices.of(entry.run)).collect();
        rows.push([
            client.to_owned(),
            format!("{passed} of {}", tests.len()),
            times.get(times.len() / 2).copied().map(seconds).unwrap_or_default(),
            times.last().copied().map(seconds).unwrap_or_default(),
            sum(|usage| usage.input_tokens),
            sum(|usage| usage.output_tokens),
            costs.map_or_else(|| "?".to_owned(), |costs| format!("{:.6}", costs.iter().sum::<f64>())),
        ]);
    }
    let widths: Vec<usize> = (0..7)
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default())
        .collect();
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
    }
    text
}

fn seconds(duration: Duration) -> String {
    if duration < Duration::from_secs(1) {
        format!("{} ms", duration.as_millis())
    } else {
        format!("{:.2} s", duration.as_secs_f64())
    }
}
