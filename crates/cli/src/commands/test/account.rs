//! What came of all tests, added up.

use std::time::Duration;

use runtime::{TestOutcome, TestRun};

use super::{Done, Job};

/// Why a test that passed is not counted as passed.
const NOBODY_LOOKED: &str = "it has no check and no assert, and --require-human-eval is given: somebody has to look at what it returned";

/// All tests, and how many ended how.
pub(super) struct Account<'a> {
    pub(super) tests: Vec<Entry<'a>>,
    pub(super) took: Duration,
}

/// One test.
pub(super) struct Entry<'a> {
    pub(super) job: &'a Job,
    pub(super) run: &'a TestRun,
    /// Why it did not pass, in lines; empty when it did.
    pub(super) reasons: Vec<String>,
}

impl<'a> Account<'a> {
    pub(super) fn of(done: &'a [Done], took: Duration, requires_human: bool) -> Self {
        let tests = done
            .iter()
            .map(|Done { job, run }| {
                let mut reasons = reasons(&run.outcome);
                if requires_human && reasons.is_empty() && job.test.constraints.is_empty() {
                    reasons.push(NOBODY_LOOKED.to_owned());
                }
                Entry { job, run, reasons }
            })
            .collect();
        Self { tests, took }
    }

    pub(super) fn is_passed(&self) -> bool {
        self.tests.iter().all(Entry::is_passed)
    }

    /// How many passed, failed, and brought no value.
    pub(super) fn counts(&self) -> (usize, usize, usize) {
        let errored = self.tests.iter().filter(|entry| entry.is_error()).count();
        let passed = self.tests.iter().filter(|entry| entry.is_passed()).count();
        (passed, self.tests.len() - passed - errored, errored)
    }

    /// The clients that were asked for, in order; empty when none was.
    pub(super) fn clients(&self) -> Vec<&'a str> {
        let mut clients: Vec<&str> = Vec::new();
        for client in self.tests.iter().filter_map(|entry| entry.job.client.as_deref()) {
            if !clients.contains(&client) {
                clients.push(client);
            }
        }
        clients
    }
}

impl Entry<'_> {
    pub(super) fn is_passed(&self) -> bool {
        self.reasons.is_empty()
    }

    pub(super) fn is_error(&self) -> bool {
        matches!(self.run.outcome, TestOutcome::Errored(_))
    }

    /// `passed`, `failed` or `error`.
    pub(super) fn word(&self) -> &'static str {
        if self.is_passed() || self.is_error() { super::word(&self.run.outcome) } else { "failed" }
    }
}

fn reasons(outcome: &TestOutcome) -> Vec<String> {
    match outcome {
        TestOutcome::Passed => Vec::new(),
        TestOutcome::Errored(failure) => failure.to_string().lines().map(str::to_owned).collect(),
        TestOutcome::Failed(constraints) => constraints
            .iter()
            .map(|constraint| {
                let level = match constraint.level {
                    types::ConstraintLevel::Check => "check",
                    types::ConstraintLevel::Assert => "assert",
                };
                let name = constraint.name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default();
                let expression = constraint.expression.trim();
                match &constraint.problem {
                    Some(problem) => format!("{level}{name} cannot be judged: {problem}"),
                    None => format!("{level}{name} does not hold: {expression}"),
                }
            })
            .collect(),
    }
}
