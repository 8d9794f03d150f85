//! The report for people: a line for each test as it ends, then what did not pass, then a table of clients.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use super::Done;
use super::account::{Account, Summary, Verdict};
use super::prices::Prices;
use crate::arguments::TestOptions;
use crate::console::Console;

/// How much of an answer is shown; a report for programs has all of it.
const MOST_LETTERS: usize = 2_000;

/// Shows tests as they end; on a terminal also what is under way.
pub(super) struct Progress<'a> {
    console: &'a mut Console,
    began: Instant,
    total: usize,
    parallel: usize,
    requires_human: bool,
    finished: usize,
    passed: usize,
    is_shown: bool,
    is_live: bool,
}

impl<'a> Progress<'a> {
    /// `is_logged`: calls are printed too, and would come between the line and its replacement.
    #[expect(clippy::disallowed_methods, reason = "how long the tests have been running is shown")]
    pub(super) fn new(
        total: usize,
        options: &TestOptions,
        is_logged: bool,
        console: &'a mut Console,
    ) -> Self {
        let is_shown = options.reporter.is_none();
        let is_live = is_shown && !is_logged && io::stdout().is_terminal();
        Self {
            console,
            began: Instant::now(),
            total,
            parallel: options.parallel,
            requires_human: options.require_human_eval,
            finished: 0,
            passed: 0,
            is_shown,
            is_live,
        }
    }

    pub(super) fn is_live(&self) -> bool {
        self.is_live
    }

    pub(super) fn finished(&mut self, done: &Done) {
        self.finished += 1;
        let verdict = Verdict::of(done, self.requires_human);
        self.passed += usize::from(verdict == Verdict::Passed);
        if !self.is_shown {
            return;
        }
        let client = done.job.client.as_deref().map(|client| format!("  {client}")).unwrap_or_default();
        let (word, took) = (verdict.word(), shown(done.run.duration));
        self.wipe();
        self.console.say(&format!("{word:<7}{took:>9}  {}{client}", done.job.name()));
        self.tick();
    }

    /// Writes the line about what is under way anew.
    pub(super) fn tick(&mut self) {
        if !self.is_live {
            return;
        }
        let (finished, total, passed) = (self.finished, self.total, self.passed);
        let running = self.parallel.min(total - finished.min(total));
        let seconds = self.began.elapsed().as_secs_f64();
        self.console.status(&format!(
            "{finished} of {total} done, {passed} passed, {running} running, {seconds:.1} s"
        ));
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
        let _ = writeln!(text, "\n{} {}{client}", entry.verdict.word(), entry.job.name());
        let _ = writeln!(text, "  at {}", entry.place);
        for reason in &entry.reasons {
            let _ = writeln!(text, "  {reason}");
        }
        if let Some(answer) = entry.answer() {
            let _ = writeln!(text, "  {}", cut(&answer));
        }
    }
    let clients = account.clients(prices);
    if !prices.is_empty() || clients.iter().any(|summary| summary.client.is_some()) {
        let _ = write!(text, "\n{}", table(&clients, !prices.is_empty()));
    }
    let counts = [
        (account.count(Verdict::Failed), "failed"),
        (account.count(Verdict::Error), "brought no answer"),
        (account.stopped.len(), "did not run to the end"),
    ];
    let _ = write!(text, "\n{} passed", account.count(Verdict::Passed));
    for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
        let _ = write!(text, ", {count} {what}");
    }
    let _ = write!(text, " in {}", shown(account.took));
    console.say(&text);
}

/// One row per client: how many passed, how long answers took, and what they cost where prices are given.
fn table(clients: &[Summary<'_>], is_priced: bool) -> String {
    let mut rows =
        vec![["client", "passed", "median", "slowest", "tokens in", "tokens out", "cost"].map(str::to_owned)];
    rows.extend(clients.iter().map(|summary| {
        [
            summary.client.unwrap_or("(each function's own)").to_owned(),
            format!("{} of {}", summary.passed, summary.tests),
            shown(summary.median),
            shown(summary.slowest),
            summary.input_tokens.to_string(),
            summary.output_tokens.to_string(),
            summary.cost.map_or_else(|| "?".to_owned(), |cost| format!("{cost:.6}")),
        ]
    }));
    let columns = if is_priced { 7 } else { 6 };
    let widths: Vec<usize> = (0..columns)
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

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => {
            let left = text[end..].chars().count();
            format!("{}… and {left} letters more", &text[..end])
        }
        None => text.to_owned(),
    }
}

fn shown(duration: Duration) -> String {
    if duration < Duration::from_secs(1) {
        format!("{} ms", duration.as_millis())
    } else {
        format!("{:.2} s", duration.as_secs_f64())
    }
}
