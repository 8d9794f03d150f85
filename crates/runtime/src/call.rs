//! One call of a function: its plan, its attempts, its value.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use llm::{Mode, Placeholders, Reply};
use registry::{Cause, Facts, Limit, Plan, Step};
use schema::{ArgumentProblem, Function, Schema};
use types::{Arguments, Prompt, Usage, Value};

use crate::attempt::Trial;
use crate::failure::{FailedAttempt, Failure, FailureKind, Problem, TimeoutDetails};
use crate::identifier::identifier;
use crate::partials::Partials;
use crate::record::{Attempt, FunctionLog, RequestRecord, Timing};
use crate::runtime::{CallOptions, Runtime, align};
use crate::subject::Subject;
use crate::{clock, log, messages};

/// A call that is ready to run: the function is known, the arguments fit, there is a plan.
pub(crate) struct Call {
    runtime: Runtime,
    schema: Arc<Schema>,
    function: Arc<Function>,
    arguments: Arguments,
    tags: BTreeMap<String, String>,
    options: CallOptions,
    plan: Plan,
    partials: Option<Partials>,
}

impl Call {
    pub(crate) fn prepare(
        runtime: &Runtime,
        function: &str,
        arguments: Arguments,
        options: CallOptions,
    ) -> Result<Self, Failure> {
        let program = &runtime.program;
        let function = Arc::clone(program.function(function)?);
        let schema = runtime.schema_with(options.additions.as_ref())?;
        let arguments = schema
            .bind(&function, arguments, &program.templates)
            .map_err(|problems| invalid_arguments(&function, &problems))?;
        let mut tags: BTreeMap<String, String> =
            options.tags.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let plan = registry::plan(&schema, options.registry.as_ref(), &function, &*runtime.rotations, &tags)
            .map_err(|error| plan_failure(&error))?;
        tags.insert("baml.language".to_owned(), "typescript".to_owned());
        tags.insert("baml.runtime".to_owned(), crate::PEER_VERSION.to_owned());
        Ok(Self {
            runtime: runtime.clone(),
            schema,
            function,
            arguments,
            tags,
            options,
            plan,
            partials: None,
        })
    }

    fn subject(&self) -> Subject<'_> {
        Subject {
            program: &self.runtime.program,
            schema: &self.schema,
            function: &self.function,
            arguments: &self.arguments,
            tags: &self.tags,
            partials: self.partials.as_ref(),
        }
    }

    /// The same call, showing its answer while it grows.
    pub(crate) fn streamed(self, partials: Partials) -> Self {
        Self { partials: Some(partials), ..self }
    }

    /// The request of the first step, made but not sent. A variable that is not set reads `$NAME`.
    pub(crate) async fn first_request(self, mode: Mode) -> Result<RequestRecord, Failure> {
        let Some(step) = self.plan.preview().next() else {
            return Err(Failure::other(messages::nobody_to_ask(&self.function.name)));
        };
        let client = step
            .client
            .build(&Placeholders(&self.options.variables))
            .map_err(|problems| unbuildable(step.client.name(), &problems))?;
        let prompt = self.subject().prompt(&client).await?;
        let request = llm::request(&client, &prompt, mode)
            .map_err(|error| Failure::new(FailureKind::InvalidArgument, error.to_string()))?;
        Ok(RequestRecord::whole(&request))
    }

    /// Runs the plan until a client answers, and reads the answer as the function's type.
    pub(crate) async fn run(self) -> Result<Value, Failure> {
        let mut progress = Progress::begin(&self);
        let outcome = tokio::select! {
            biased;
            () = self.options.cancellation.cancelled() => {
                Err(Failure::new(FailureKind::Abort, messages::aborted()))
            }
            outcome = self.ask(&mut progress) => outcome,
        };
        if let Err(failure) = &outcome {
            progress.cut_off(failure);
        }
        progress.finish(&self, outcome.as_ref().err());
        outcome
    }

    /// Whether anyone will look at the model's text: a copy of it is not made for nothing.
    fn shows_replies(&self) -> bool {
        !self.options.collectors.is_empty() || !log::is_silent(None)
    }

    /// Asks one client after the other until one answers.
    async fn ask(&self, progress: &mut Progress) -> Result<Value, Failure> {
        let mut steps = self.plan.steps();
        let mut budgets = Budgets::default();
        let mut failures = Vec::new();
        while let Some(step) = steps.next() {
            let tightest = budgets.tightest(&step.limits);
            let started = Instant::now();
            let attempt = self.attempt(&step, progress);
            let outcome = match &tightest {
                None => attempt.await,
                Some(budget) => match tokio::time::timeout_at(budget.deadline.into(), attempt).await {
                    Ok(outcome) => outcome,
                    Err(_) => Err(budget.spent()),
                },
            };
            let failure = match outcome {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            progress.cut_off(&failure);
            let facts = facts(&failure);
            self.runtime.health.failed(step.client.name(), step.client.provider().name, facts.cause);
            steps.failed(&facts, fastrand::f64());
            if let Some(budget) = tightest.filter(Budget::is_over) {
                steps.leave(&budget.limit);
            }
            failures.push((failed_attempt(&step, &failure, started.elapsed()), failure));
        }
        Err(conclude(&self.function, failures))
    }

    /// Asks one client once, and reads its answer as the function's type.
    async fn attempt(&self, step: &Step, progress: &mut Progress) -> Result<Value, Failure> {
        let reply = self.asked(step, progress).await?;
        if let Some(partials) = &self.partials {
            // The last partial value is that of the whole text, whatever was seen of it before.
            self.subject().show(&reply.text, partials);
        }
        align(&self.runtime.program, &self.schema, &self.function, &reply.text, false).map_err(|failure| {
            failure.with(|details| details.prompt = progress.prompt.as_ref().map(log::prompt_text))
        })
    }

    async fn asked(&self, step: &Step, progress: &mut Progress) -> Result<Reply, Failure> {
        if !step.delay.is_zero() {
            tokio::time::sleep(step.delay).await;
        }
        let name = step.client.name();
        let provider = step.client.provider().name;
        self.runtime.health.asked(name, provider);
        let trial = progress.trial.insert(Trial::begin(name, provider, !self.options.collectors.is_empty()));
        let outcome = match step.client.build(&self.options.variables) {
            Ok(client) => trial.run(&self.subject(), &client).await,
            Err(problems) => Err(unbuildable(name, &problems)),
        };
        let Some(mut trial) = progress.trial.take() else { return outcome };
        progress.prompt = trial.prompt.take().or(progress.prompt.take());
        progress.usage = trial.usage;
        match outcome {
            Ok(reply) => {
                self.runtime.health.answered(name, provider, trial.elapsed_ms(), reply.usage);
                // An answer that did not fit, and that another was asked for, is not the one that is used.
                progress.attempts.iter_mut().for_each(|attempt| attempt.selected = false);
                progress.reply = self.shows_replies().then(|| reply.text.clone());
                progress.attempts.push(trial.selected());
                Ok(reply)
            }
            Err(failure) => {
                if failure.kind() == FailureKind::FinishReason {
                    progress.reply.clone_from(&failure.details().raw_output);
                }
                progress.attempts.push(trial.failed(&failure));
                Err(failure)
            }
        }
    }
}

/// What a call has brought so far, for its log.
struct Progress {
    id: String,
    started: Instant,
    start_time_utc_ms: u64,
    attempts: Vec<Attempt>,
    /// The attempt under way.
    trial: Option<Trial>,
    usage: Usage,
    reply: Option<String>,
    prompt: Option<Prompt>,
}

impl Progress {
    /// Records the attempt that a deadline or the caller ended before it came to its own end.
    fn cut_off(&mut self, failure: &Failure) {
        if let Some(mut trial) = self.trial.take() {
            self.prompt = trial.prompt.take().or(self.prompt.take());
            self.attempts.push(trial.failed(failure));
        }
    }

    fn begin(call: &Call) -> Self {
        let progress = Self {
            id: identifier("bfcall"),
            started: Instant::now(),
            start_time_utc_ms: clock::unix_ms(),
            attempts: Vec::new(),
            trial: None,
            usage: Usage::default(),
            reply: None,
            prompt: None,
        };
        if !call.options.collectors.is_empty() {
            progress.log(call, Vec::new()).collect(call);
        }
        progress
    }

    fn finish(mut self, call: &Call, failure: Option<&Failure>) {
        if call.options.collectors.is_empty() && log::is_silent(failure) {
            return;
        }
        let attempts = std::mem::take(&mut self.attempts);
        let record = self.log(call, attempts);
        log::call(&record, failure);
        record.collect(call);
    }

    fn log(&self, call: &Call, attempts: Vec<Attempt>) -> FunctionLog {
        FunctionLog {
            id: self.id.clone(),
            function_name: call.function.name.to_string(),
            streamed: attempts.iter().any(|attempt| attempt.stream.is_some()),
            timing: Timing {
                start_time_utc_ms: self.start_time_utc_ms,
                duration_ms: milliseconds(self.started.elapsed()),
            },
            usage: self.usage,
            attempts,
            raw_llm_response: self.reply.clone(),
            prompt: self.prompt.clone(),
            tags: call.tags.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        }
    }
}

impl FunctionLog {
    /// Gives the log to the call's collectors.
    fn collect(self, call: &Call) {
        let record = Arc::new(self);
        call.options.collectors.iter().for_each(|collector| collector.put(&record));
    }
}

/// When each strategy that limits its whole time must be done. The time begins with its first step.
#[derive(Default)]
struct Budgets(HashMap<u64, Instant>);

struct Budget {
    limit: Limit,
    started: Instant,
    deadline: Instant,
}

impl Budgets {
    fn tightest(&mut self, limits: &[Limit]) -> Option<Budget> {
        let now = Instant::now();
        limits
            .iter()
            .map(|limit| {
                let started = *self.0.entry(limit.scope).or_insert(now);
                let deadline = started + Duration::from_millis(limit.total_timeout_ms);
                Budget { limit: limit.clone(), started, deadline }
            })
            .min_by_key(|budget| budget.deadline)
    }
}

impl Budget {
    fn is_over(&self) -> bool {
        Instant::now() >= self.deadline
    }

    fn spent(&self) -> Failure {
        let name = &self.limit.client;
        let limit_ms = self.limit.total_timeout_ms;
        Failure::new(FailureKind::Timeout, messages::total_timeout(name, limit_ms)).with(|details| {
            details.client_name = Some(name.to_string());
            details.status_code = Some(408);
            details.cause = Some(Cause::Timeout);
            details.timeout = Some(TimeoutDetails {
                timeout_type: "total_timeout_ms",
                configured_value_ms: limit_ms,
                elapsed_ms: milliseconds(self.started.elapsed()),
            });
        })
    }
}

/// What the registry needs to know to decide who is asked next.
fn facts(failure: &Failure) -> Facts {
    let details = failure.details();
    let cause = details.cause.unwrap_or(match details.kind {
        FailureKind::Validation => Cause::Validation,
        _ => Cause::Unusable,
    });
    let status = match cause {
        Cause::Status => details.status_code,
        _ => details.reported_status,
    };
    let facts = status.map_or(Facts::new(cause), |status| Facts::new(cause).with_status(status));
    Facts { retry_after: details.retry_after_ms.map(Duration::from_millis), ..facts }
}

fn failed_attempt(step: &Step, failure: &Failure, elapsed: Duration) -> FailedAttempt {
    FailedAttempt {
        client_name: step.client.name().to_string(),
        provider: step.client.provider().name.to_owned(),
        status_code: failure.details().status_code,
        message: failure.to_string(),
        duration_ms: milliseconds(elapsed),
    }
}

/// The failure of a call whose attempts all failed: the last one, with all of them in its details.
fn conclude(function: &Function, failures: Vec<(FailedAttempt, Failure)>) -> Failure {
    let (attempts, mut failures): (Vec<FailedAttempt>, Vec<Failure>) = failures.into_iter().unzip();
    let Some(last) = failures.pop() else {
        return Failure::other(messages::nobody_to_ask(&function.name));
    };
    let detailed = match attempts.as_slice() {
        [_] => last.to_string(),
        several => messages::attempts(several),
    };
    last.with(|details| {
        details.detailed_message = Some(detailed);
        details.attempts = attempts;
    })
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn invalid_arguments(function: &Function, problems: &[ArgumentProblem]) -> Failure {
    let lines = problems.iter().map(ToString::to_string);
    Failure::new(FailureKind::InvalidArgument, messages::invalid_arguments(&function.name, lines)).with(
        |details| {
            details.problems = problems
                .iter()
                .map(|problem| Problem {
                    path: problem.path.clone(),
                    message: problem.message.clone(),
                    help: None,
                })
                .collect();
        },
    )
}

/// Why no plan can be made.
pub(crate) fn plan_failure(error: &registry::Error) -> Failure {
    Failure::new(FailureKind::InvalidArgument, error.message())
}

/// A client whose options are not valid, or whose variables are not set.
fn unbuildable(client: &str, problems: &[llm::Problem]) -> Failure {
    Failure::new(FailureKind::InvalidArgument, messages::invalid_client(client, problems)).with(|details| {
        details.client_name = Some(client.to_owned());
        details.problems = problems.iter().map(problem).collect();
    })
}

/// A problem of the llm room as failures carry it.
pub(crate) fn problem(problem: &llm::Problem) -> Problem {
    Problem { path: problem.path.join("."), message: problem.message.clone(), help: problem.help.clone() }
}
