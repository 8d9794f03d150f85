//! One call of a function: its plan, its attempts, its value.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use llm::{HttpRequest, Mode, Placeholders, Reply};
use registry::{Cause, Facts, Plan, Step};
use schema::{ArgumentProblem, Function, Schema};
use types::{Arguments, Value};

use crate::budget::{Budget, Budgets};
use crate::credentials::Surroundings;
use crate::download::Downloads;
use crate::failure::{Failure, FailureKind, Problem};
use crate::partials::{Partials, StreamAttempt};
use crate::progress::Progress;
use crate::record::RequestRecord;
use crate::runtime::{CallOptions, Runtime, align_answer};
use crate::subject::Subject;
use crate::{credentials, log, messages};

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
    downloads: Downloads,
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
            downloads: Downloads::new(options.reach),
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
            surroundings: self.surroundings(),
            downloads: &self.downloads,
            strangers: &self.options.strangers,
        }
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { variables: &self.options.variables, host_waits: self.options.host_waits }
    }

    /// The same call, showing its answer while it grows.
    pub(crate) fn streamed(self, partials: Partials) -> Self {
        Self { partials: Some(partials), ..self }
    }

    /// The request of the first step, made but not sent. A variable that is not set reads `$NAME`.
    pub(crate) async fn first_request(self, mode: Mode) -> Result<RequestRecord, Failure> {
        self.made(mode).await.map(|request| RequestRecord::whole(&request))
    }

    /// The same, as data of the llm room.
    pub(crate) async fn made(self, mode: Mode) -> Result<HttpRequest, Failure> {
        tokio::select! {
            biased;
            () = self.options.cancellation.cancelled() => {
                Err(Failure::new(FailureKind::Abort, messages::aborted()))
            }
            made = self.make(mode) => made,
        }
    }

    /// Media may have to be downloaded for it, and credentials fetched.
    async fn make(&self, mode: Mode) -> Result<HttpRequest, Failure> {
        let Some(step) = self.plan.preview().next() else {
            return Err(Failure::other(messages::nobody_to_ask(&self.function.name)));
        };
        let client = step
            .client
            .build(&Placeholders(&self.options.variables))
            .map_err(|problems| unbuildable(step.client.name(), &problems))?;
        let client = self.subject().formed(client);
        let prompt = self.subject().prompt(&client, None).await.map_err(without_a_client)?;
        let mut request = llm::request(&client, &prompt, mode)
            .map_err(|error| Failure::new(FailureKind::InvalidArgument, error.to_string()))?;
        credentials::authorize_shown(&client, &mut request, self.surroundings()).await?;
        Ok(request)
    }

    /// Runs the plan until a client answers, and reads the answer as the function's type.
    pub(crate) async fn run(self) -> Result<Value, Failure> {
        let collectors = &self.options.collectors;
        let mut progress =
            Progress::begin(&self.function.name, &self.tags, collectors, self.partials.is_some());
        let answer = tokio::select! {
            biased;
            () = self.options.cancellation.cancelled() => None,
            answer = self.ask(&mut progress) => Some(answer),
        };
        let outcome = match answer {
            Some(Some(value)) => Ok(value),
            Some(None) => Err(progress
                .conclude()
                .unwrap_or_else(|| Failure::other(messages::nobody_to_ask(&self.function.name)))),
            None => Err(progress.aborted()),
        };
        progress.finish(outcome.as_ref().err());
        outcome
    }

    /// Whether anyone will look at the model's text: a copy of it is not made for nothing.
    fn shows_replies(&self) -> bool {
        !self.options.collectors.is_empty() || !log::is_silent(None)
    }

    /// Asks one client after the other until one answers; `None` when nobody did.
    async fn ask(&self, progress: &mut Progress<'_>) -> Option<Value> {
        let mut steps = self.plan.steps();
        let mut budgets = Budgets::default();
        while let Some(step) = steps.next() {
            let tightest = budgets.tightest(&step.limits);
            let made = progress.attempts.len();
            let outcome = within(tightest.as_ref(), step.delay, self.attempt(&step, progress)).await;
            let failure = match outcome {
                Ok(value) => return Some(value),
                Err(failure) => failure,
            };
            let facts = facts(&failure);
            let was_made = progress.trial.is_some() || progress.attempts.len() > made;
            if was_made {
                progress.note(&failure);
                self.runtime.health.failed(step.client.name(), step.client.provider().name, facts.cause);
            }
            progress.keep(failure);
            steps.failed(&facts, fastrand::f64());
            if let Some(budget) = tightest.filter(|budget| !was_made || budget.is_over()) {
                steps.leave(&budget.limit);
            }
            if !step.restarts_stream && !self.partials.as_ref().is_none_or(Partials::withdraw) {
                return None;
            }
        }
        None
    }

    /// Asks one client once, and reads its answer as the function's type.
    async fn attempt(&self, step: &Step, progress: &mut Progress<'_>) -> Result<Value, Failure> {
        let (reply, request_id) = self.asked(step, progress).await?;
        if let Some(partials) = self.partials.as_ref().filter(|partials| !partials.is_whole()) {
            // The last partial value is that of the whole text, whatever was seen of it before.
            self.subject().answer().show_last(&reply.text, partials);
        }
        let aligned = align_answer(
            &self.runtime.program,
            &self.schema,
            &self.function,
            &reply.text,
            progress.is_collected(),
        );
        let (value, account) = aligned.map_err(|failure| {
            failure.with(|details| {
                details.prompt = progress.prompt.as_ref().map(log::prompt_text);
                details.request_id = request_id;
            })
        })?;
        progress.alignment = account;
        Ok(value)
    }

    /// The reply, and the provider's name for the request.
    async fn asked(
        &self,
        step: &Step,
        progress: &mut Progress<'_>,
    ) -> Result<(Reply, Option<String>), Failure> {
        if !step.delay.is_zero() {
            tokio::time::sleep(step.delay).await;
        }
        let name = step.client.name();
        let provider = step.client.provider().name;
        self.runtime.health.asked(name, provider);
        if let Some(partials) = &self.partials {
            partials.begin(StreamAttempt {
                number: progress.attempts.len() + 1,
                client_name: name.to_string(),
                provider: provider.to_owned(),
                reason: step.reason.to_string(),
            });
        }
        let trial = progress.begin_attempt(step);
        let outcome = match step.client.build(&self.options.variables) {
            Ok(client) => {
                let subject = self.subject();
                let client = subject.formed(client);
                trial.run(&subject, &client).await
            }
            Err(problems) => Err(unbuildable(name, &problems)),
        };
        let Some(mut trial) = progress.trial.take() else {
            return outcome.map(|reply| (reply, None));
        };
        progress.prompt = trial.prompt.take().or(progress.prompt.take());
        progress.usage = trial.usage;
        match outcome {
            Ok(reply) => {
                self.runtime.health.answered(name, provider, trial.elapsed_ms(), reply.usage);
                // An answer that did not fit, and that another was asked for, is not the one that is used.
                progress.attempts.iter_mut().for_each(|attempt| attempt.selected = false);
                progress.reply = self.shows_replies().then(|| reply.text.clone());
                let request_id = trial.request_id.take();
                progress.attempts.push(trial.record(true));
                Ok((reply, request_id))
            }
            Err(failure) => {
                // A refused finish reason is an answer: this attempt's, and no other is asked for one.
                let is_answer = failure.kind() == FailureKind::FinishReason;
                if is_answer {
                    progress.reply.clone_from(&failure.details().raw_output);
                }
                progress.attempts.push(trial.record(is_answer));
                Err(failure)
            }
        }
    }
}

/// The outcome of an attempt, unless the time of the strategies around it is over first.
async fn within<T>(
    budget: Option<&Budget>,
    delay: Duration,
    attempt: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match budget {
        None => attempt.await,
        // Whoever waits for it would wait in vain.
        Some(budget) if budget.is_too_short_for(delay) => Err(budget.ends_before(delay)),
        Some(budget) => tokio::time::timeout_at(budget.deadline.into(), attempt)
            .await
            .unwrap_or_else(|_| Err(budget.spent())),
    }
}

/// A failure before anybody was asked: users of the peer know it as one of no client.
fn without_a_client(failure: Failure) -> Failure {
    failure.with(|details| {
        if details.kind == FailureKind::Client {
            details.kind = FailureKind::Other;
        }
    })
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

fn invalid_arguments(function: &Function, problems: &[ArgumentProblem]) -> Failure {
    let lines = problems.iter().map(ToString::to_string);
    Failure::new(FailureKind::InvalidArgument, messages::invalid_arguments(&function.name, lines)).with(
        |details| {
            details.problems = problems
                .iter()
                .map(|problem| Problem {
                    path: problem.path.clone(),
                    message: problem.message.clone(),
                    ..Problem::default()
                })
                .collect();
        },
    )
}

/// Why no plan can be made.
pub(crate) fn plan_failure(error: &registry::Error) -> Failure {
    Failure::new(FailureKind::InvalidArgument, error.message())
        .with(|details| details.problems = error.problems().iter().map(problem).collect())
}

/// A client whose options are not valid, or whose variables are not set.
fn unbuildable(client: &str, problems: &[llm::Problem]) -> Failure {
    Failure::new(FailureKind::InvalidArgument, messages::invalid_client(client, problems)).with(|details| {
        details.client_name = Some(client.to_owned());
        details.cause = Some(Cause::Unusable);
        details.problems = problems.iter().map(problem).collect();
    })
}

/// A problem of the llm room as failures carry it.
pub(crate) fn problem(problem: &llm::Problem) -> Problem {
    Problem {
        path: problem.path.join("."),
        message: problem.message.clone(),
        help: problem.help.clone(),
        ..Problem::default()
    }
}
