//! What came of all tests, added up.

use std::time::Duration;

use runtime::{FailureKind, TestOutcome, TestRun};
use types::Usage;

use super::prices::Prices;
use super::run::Ran;
use super::{Done, Job};
use crate::program::{Place, Program};

/// Why a test that passed is not counted as passed.
const NOBODY_LOOKED: &str = "it has no check and no assert, and --require-human-eval is given: somebody has to look at what it returned";

/// How a test is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// There is a value, and everything that must hold for it does.
    Passed,
    /// The model answered, and not as it should.
    Failed,
    /// There is no answer.
    Error,
}

impl Verdict {
    pub(super) fn of(done: &Done, requires_human: bool) -> Self {
        match &done.run.outcome {
            TestOutcome::Passed if requires_human && done.job.test.constraints.is_empty() => Self::Failed,
            TestOutcome::Passed => Self::Passed,
            TestOutcome::Failed(_) => Self::Failed,
            TestOutcome::Errored(failure) if failure.kind() == FailureKind::Validation => Self::Failed,
            TestOutcome::Errored(_) => Self::Error,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Error => "error",
        }
    }
}

/// All tests, and how many ended how.
pub(super) struct Account<'a> {
    pub(super) tests: Vec<Entry<'a>>,
    /// Those that did not come to their end.
    pub(super) stopped: &'a [Job],
    pub(super) took: Duration,
}

/// One test.
pub(super) struct Entry<'a> {
    pub(super) job: &'a Job,
    pub(super) run: &'a TestRun,
    pub(super) verdict: Verdict,
    pub(super) place: Place,
    /// Why it did not pass, in lines; empty when it did.
    pub(super) reasons: Vec<String>,
}

/// The tests of one client.
pub(super) struct Summary<'a> {
    /// `None` for the functions' own clients.
    pub(super) client: Option<&'a str>,
    pub(super) tests: usize,
    pub(super) passed: usize,
    pub(super) median: Duration,
    pub(super) slowest: Duration,
    pub(super) input_tokens: u64,
    pub(super) output_tokens: u64,
    /// `None` when the price of something is not known.
    pub(super) cost: Option<f64>,
}

impl<'a> Account<'a> {
    pub(super) fn of(ran: &'a Ran, program: &Program, took: Duration, requires_human: bool) -> Self {
        let tests = ran
            .done
            .iter()
            .map(|done| Entry {
                job: &done.job,
                run: &done.run,
                verdict: Verdict::of(done, requires_human),
                place: program.place(done.job.test.span),
                reasons: reasons(done, requires_human),
            })
            .collect();
        Self { tests, stopped: &ran.stopped, took }
    }

    pub(super) fn is_passed(&self) -> bool {
        self.stopped.is_empty() && self.count(Verdict::Passed) == self.tests.len()
    }

    pub(super) fn count(&self, verdict: Verdict) -> usize {
        self.tests.iter().filter(|entry| entry.verdict == verdict).count()
    }

    /// The clients that were asked for, in order, each with its tests added up.
    pub(super) fn clients(&self, prices: &Prices) -> Vec<Summary<'a>> {
        let mut clients: Vec<Option<&str>> = Vec::new();
        for entry in &self.tests {
            let client = entry.job.client.as_deref();
            if !clients.contains(&client) {
                clients.push(client);
            }
        }
        clients.into_iter().map(|client| self.summary(client, prices)).collect()
    }

    fn summary(&self, client: Option<&'a str>, prices: &Prices) -> Summary<'a> {
        let tests: Vec<&Entry<'_>> =
            self.tests.iter().filter(|entry| entry.job.client.as_deref() == client).collect();
        let mut times: Vec<Duration> = tests.iter().map(|entry| entry.run.duration).collect();
        times.sort_unstable();
        let tokens = |of: fn(&Usage) -> Option<u64>| -> u64 {
            tests.iter().filter_map(|entry| of(&entry.run.log.as_ref()?.usage)).sum()
        };
        let cost = tests.iter().try_fold(0.0, |sum, entry| Some(sum + prices.of(entry.run)?));
        Summary {
            client,
            tests: tests.len(),
            passed: tests.iter().filter(|entry| entry.is_passed()).count(),
            median: times.get(times.len() / 2).copied().unwrap_or_default(),
            slowest: times.last().copied().unwrap_or_default(),
            input_tokens: tokens(|usage| usage.input_tokens),
            output_tokens: tokens(|usage| usage.output_tokens),
            cost,
        }
    }
}

impl Entry<'_> {
    pub(super) fn is_passed(&self) -> bool {
        self.verdict == Verdict::Passed
    }

    pub(super) fn is_error(&self) -> bool {
        self.verdict == Verdict::Error
    }

    /// What the function returned, or the model's text where it is no value.
    pub(super) fn answer(&self) -> Option<String> {
        if let Some(value) = &self.run.value {
            return Some(format!("it returned {}", serde_json::Value::from(value.clone())));
        }
        self.raw_output().map(|text| format!("the model answered {}", serde_json::Value::from(text)))
    }

    /// The model's text.
    pub(super) fn raw_output(&self) -> Option<&str> {
        let refused = match &self.run.outcome {
            TestOutcome::Errored(failure) => failure.details().raw_output.as_deref(),
            _ => None,
        };
        refused.or_else(|| self.run.log.as_ref()?.raw_llm_response.as_deref())
    }
}

fn reasons(done: &Done, requires_human: bool) -> Vec<String> {
    match &done.run.outcome {
        TestOutcome::Passed if Verdict::of(done, requires_human) == Verdict::Passed => Vec::new(),
        TestOutcome::Passed => vec![NOBODY_LOOKED.to_owned()],
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
