//! What a call has brought so far: its attempts, and the log that is made of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use align::Account;
use registry::Step;
use types::{Prompt, Usage};

use crate::attempt::Trial;
use crate::clock::milliseconds;
use crate::failure::{FailedAttempt, Failure, FailureKind};
use crate::identifier::identifier;
use crate::record::{Attempt, Collector, FunctionLog, Timing};
use crate::{clock, log, messages};

/// So many failures are kept, the newest ones: each may hold an answer.
const MOST_FAILURES: usize = 8;

/// What a call has brought so far, for its log and for its failure.
pub(crate) struct Progress<'call> {
    id: String,
    function_name: &'call str,
    tags: &'call BTreeMap<String, String>,
    collectors: &'call [Collector],
    is_stream: bool,
    started: Instant,
    start_time_utc_ms: u64,
    pub(crate) attempts: Vec<Attempt>,
    /// The attempt under way.
    pub(crate) trial: Option<Trial>,
    pub(crate) usage: Usage,
    pub(crate) reply: Option<String>,
    pub(crate) prompt: Option<Prompt>,
    /// What was done to the reply to make it fit its type.
    pub(crate) alignment: Option<Account>,
    /// Every attempt that failed, and the failures themselves, the newest of them.
    failed: Vec<FailedAttempt>,
    failures: Vec<Failure>,
}

impl<'call> Progress<'call> {
    pub(crate) fn begin(
        function_name: &'call str,
        tags: &'call BTreeMap<String, String>,
        collectors: &'call [Collector],
        is_stream: bool,
    ) -> Self {
        let progress = Self {
            id: identifier("bfcall"),
            function_name,
            tags,
            collectors,
            is_stream,
            started: Instant::now(),
            start_time_utc_ms: clock::unix_ms(),
            attempts: Vec::new(),
            trial: None,
            usage: Usage::default(),
            reply: None,
            prompt: None,
            alignment: None,
            failed: Vec::new(),
            failures: Vec::new(),
        };
        progress.publish();
        progress
    }

    /// Whether anybody will look at the log.
    pub(crate) fn is_collected(&self) -> bool {
        !self.collectors.is_empty()
    }

    /// Begins an attempt.
    pub(crate) fn begin_attempt(&mut self, step: &Step) -> &mut Trial {
        let live = self.live();
        self.trial.insert(Trial::begin(step, !self.collectors.is_empty(), live))
    }

    /// Notes why the attempt that was made last failed, or that it was cut off.
    pub(crate) fn note(&mut self, failure: &Failure) {
        if let Some(mut trial) = self.trial.take() {
            self.prompt = trial.prompt.take().or(self.prompt.take());
            self.attempts.push(trial.record(false));
        }
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.error = Some(failure.to_string());
            attempt.kind = Some(failure.code());
            self.failed.push(FailedAttempt::of(attempt, failure));
        }
    }

    /// Keeps a failure: the last one is that of the call.
    pub(crate) fn keep(&mut self, failure: Failure) {
        if self.failures.len() == MOST_FAILURES {
            self.failures.remove(0);
        }
        self.failures.push(failure);
    }

    /// The failure of the call: the last one, with every attempt in its details and the failures before as its
    /// causes. `None` when nothing failed.
    pub(crate) fn conclude(&mut self) -> Option<Failure> {
        let attempts = std::mem::take(&mut self.failed);
        let mut failures = std::mem::take(&mut self.failures).into_iter();
        let mut last = failures.next()?;
        for failure in failures {
            last = failure.with(|details| details.previous = Some(last));
        }
        let detailed = match attempts.as_slice() {
            [] | [_] => last.to_string(),
            several => messages::attempts(several),
        };
        Some(last.with(|details| {
            details.detailed_message = Some(detailed);
            details.attempts = attempts;
        }))
    }

    /// The failure of a call that its caller aborts, with every attempt in its details.
    pub(crate) fn aborted(&mut self) -> Failure {
        let failure = Failure::new(FailureKind::Abort, messages::aborted());
        if self.trial.is_some() {
            self.note(&failure);
        }
        self.keep(failure.clone());
        self.conclude().unwrap_or(failure)
    }

    /// Records the call that has ended.
    pub(crate) fn finish(mut self, failure: Option<&Failure>) {
        if self.collectors.is_empty() && log::is_silent(failure) {
            return;
        }
        let attempts = std::mem::take(&mut self.attempts);
        let record = self.log(attempts);
        log::call(&record, failure);
        collect(record, self.collectors);
    }

    /// Shows the collectors what there is so far.
    fn publish(&self) {
        if !self.collectors.is_empty() {
            collect(self.log(self.attempts.clone()), self.collectors);
        }
    }

    /// Shows the collectors the attempts so far, and gives what the next one needs to show itself.
    fn live(&self) -> Option<Live> {
        if self.collectors.is_empty() {
            return None;
        }
        if !self.attempts.is_empty() {
            self.publish();
        }
        let log = || self.log(self.attempts.clone());
        self.is_stream.then(|| Live { log: log(), collectors: self.collectors.to_vec() })
    }

    fn log(&self, attempts: Vec<Attempt>) -> FunctionLog {
        FunctionLog {
            id: self.id.clone(),
            function_name: self.function_name.to_owned(),
            streamed: attempts.iter().any(|attempt| attempt.stream.is_some()),
            timing: Timing {
                start_time_utc_ms: self.start_time_utc_ms,
                duration_ms: milliseconds(self.started.elapsed()),
            },
            usage: self.usage,
            attempts,
            raw_llm_response: self.reply.clone(),
            alignment: self.alignment.clone(),
            prompt: self.prompt.clone(),
            tags: self.tags.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        }
    }
}

/// Shows a streamed attempt in the call's log while it is under way.
pub(crate) struct Live {
    /// The log of the call without that attempt.
    log: FunctionLog,
    collectors: Vec<Collector>,
}

impl Live {
    pub(crate) fn show(self, attempt: Attempt) {
        let mut log = self.log;
        log.streamed = true;
        log.attempts.push(attempt);
        collect(log, &self.collectors);
    }
}

fn collect(log: FunctionLog, collectors: &[Collector]) {
    let log = Arc::new(log);
    for collector in collectors {
        collector.put(&log);
    }
}

impl FailedAttempt {
    fn of(attempt: &Attempt, failure: &Failure) -> Self {
        Self {
            client_name: attempt.client_name.clone(),
            provider: attempt.provider.clone(),
            status_code: failure.details().status_code,
            kind: failure.code(),
            reason: attempt.reason.clone(),
            message: failure.to_string(),
            start_time_utc_ms: attempt.timing.start_time_utc_ms,
            duration_ms: attempt.timing.duration_ms,
        }
    }
}
