//! `Runtime`: a loaded program, and what can be done with it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use align::{Account, Written};
use indexmap::IndexMap;
use llm::Mode;
use registry::{ClientRegistry, PlanDescription};
use schema::{Additions, Function, Schema};
use tokio_util::sync::CancellationToken;
use types::{Arguments, Value};

use crate::call::{Call, plan_failure};
use crate::environment::Variables;
use crate::failure::{Failure, FailureKind, Problem};
use crate::health::Health;
use crate::partials::Partials;
use crate::program::{self, Program, Sources};
use crate::reach::Reach;
use crate::record::{Collector, RequestRecord};
use crate::rotation::Rotations;
use crate::{log, messages};

/// A loaded program. Cheap to clone: clones share the program, the positions of
/// its round-robin clients and the account of how clients do.
#[derive(Clone, Debug)]
pub struct Runtime {
    pub(crate) program: Arc<Program>,
    pub(crate) rotations: Arc<Rotations>,
    pub(crate) health: Arc<Health>,
}

/// What a caller may say about one call.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// Clients chosen and configured for this call.
    pub registry: Option<ClientRegistry>,
    /// Types added for this call.
    pub additions: Option<Additions>,
    /// Who wants the log of this call.
    pub collectors: Vec<Collector>,
    /// Tags of the log and of `ctx.tags` in prompts.
    pub tags: IndexMap<String, String>,
    /// The environment variables of this call.
    pub variables: Variables,
    /// Whether the thread that runs the host language waits for this call: a function that gives keys cannot be
    /// asked then.
    pub host_waits: bool,
    /// Where media may be downloaded from. A door that takes URLs from outside must say
    /// [`Reach::PublicAddresses`].
    pub reach: Reach,
    /// The names of clients that came from outside and say themselves where they send to: they send to public
    /// addresses only.
    pub strangers: BTreeSet<String>,
    /// Cancelled when the caller does not want the answer any more.
    pub cancellation: CancellationToken,
}

impl Runtime {
    /// Loads every `.baml` file under a folder.
    ///
    /// # Errors
    /// The folder cannot be read, or the program has errors: the message shows them with their source lines.
    pub fn from_directory(directory: impl AsRef<Path>) -> Result<Self, Failure> {
        Self::from_sources(program::read_directory(directory.as_ref())?)
    }

    /// Loads a program from paths and texts.
    ///
    /// # Errors
    /// The program has errors: the message shows them with their source lines.
    pub fn from_sources(sources: Sources) -> Result<Self, Failure> {
        let program = Program::load(sources)?;
        let health = Health::new(program.schema.clients.keys().cloned());
        Ok(Self { program: Arc::new(program), rotations: Arc::default(), health: Arc::new(health) })
    }

    /// The checked program.
    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.program.schema
    }

    /// The program's sources.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.program.sources
    }

    /// The environment variables that a call of the function may need: those of the clients that it can come to.
    /// A door looks them up for each call.
    #[must_use]
    pub fn variables(&self, function: &str, registry: Option<&ClientRegistry>) -> BTreeSet<String> {
        let schema = &self.program.schema;
        let function = schema.functions.get(function);
        function.map(|function| registry::variables(schema, registry, function)).unwrap_or_default()
    }

    /// How each client has been doing since the program was loaded, by name: `{ provider, requests, failures by
    /// cause, latencyMs { p50, p90, p99 }, tokens { input, output, cachedInput } }`. Latencies are those of
    /// answers, to within a tenth.
    #[must_use]
    pub fn health(&self) -> serde_json::Value {
        self.health.json()
    }

    /// Warns in the log of what a registry probably does not mean beside this program: a client that replaces one
    /// of the program and drops its private endpoint, a strategy whose member is unknown. A door asks once per
    /// registry and change.
    pub fn warn_about(&self, registry: &ClientRegistry) {
        for doubt in registry.warnings(&self.program.schema) {
            log::warn(&messages::not_valid("registry", &[doubt]));
        }
    }

    /// Calls a function and waits for its typed value.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn call(
        &self,
        function: &str,
        arguments: Arguments,
        options: CallOptions,
    ) -> Result<Value, Failure> {
        // In a box: what a call holds on the way is much for those who wait for it.
        Box::pin(Call::prepare(self, function, arguments, options)?.run()).await
    }

    /// Calls a function and shows its answer while it grows. A call that fails and is made again, or goes on with
    /// another client, begins its partial values anew.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn stream(
        &self,
        function: &str,
        arguments: Arguments,
        options: CallOptions,
        partials: Partials,
    ) -> Result<Value, Failure> {
        Box::pin(Call::prepare(self, function, arguments, options)?.streamed(partials).run()).await
    }

    /// The request that a call would send first. Nothing is sent, but for media that the provider wants inline.
    ///
    /// # Errors
    /// The call could not be made.
    pub async fn request(
        &self,
        function: &str,
        arguments: Arguments,
        options: CallOptions,
        stream: bool,
    ) -> Result<RequestRecord, Failure> {
        let call = Call::prepare(self, function, arguments, options)?;
        call.first_request(if stream { Mode::Stream } else { Mode::Call }).await
    }

    /// The same as [`Runtime::request`], as a log shows it: keys redacted.
    ///
    /// # Errors
    /// The call could not be made.
    pub async fn shown_request(
        &self,
        function: &str,
        arguments: Arguments,
        options: CallOptions,
    ) -> Result<RequestRecord, Failure> {
        let request = Call::prepare(self, function, arguments, options)?.made(Mode::Call).await?;
        Ok(RequestRecord::redacted(&request))
    }

    /// What a call of the function would do: the attempts in order, up to `most_steps`. Nothing is sent, and
    /// round-robins stay where they are.
    ///
    /// # Errors
    /// There is no such function, or no plan can be made.
    pub fn plan(
        &self,
        function: &str,
        options: &CallOptions,
        most_steps: usize,
    ) -> Result<PlanDescription, Failure> {
        let function = self.program.function(function)?;
        let tags = options.tags.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let plan = registry::plan(
            &self.program.schema,
            options.registry.as_ref(),
            function,
            &*self.rotations,
            &tags,
        )
        .map_err(|error| plan_failure(&error))?;
        Ok(plan.describe(&options.variables, most_steps))
    }

    /// Reads a model's text as the function's return type. With `partial` the text may still be growing.
    ///
    /// # Errors
    /// The text does not fit, or there is no such function.
    pub fn parse(
        &self,
        function: &str,
        text: &str,
        partial: bool,
        additions: Option<&Additions>,
    ) -> Result<Written, Failure> {
        let function = self.program.function(function)?;
        let schema = self.schema_with(additions)?;
        align::parse_written(&schema, &function.returns, text, &self.program.templates, partial)
            .map_err(|error| does_not_fit(function, text, &error))
    }

    /// What is done to a model's text to make it fit the function's return type.
    ///
    /// # Errors
    /// Those of [`Runtime::parse`].
    pub fn account(
        &self,
        function: &str,
        text: &str,
        additions: Option<&Additions>,
    ) -> Result<Account, Failure> {
        let function = self.program.function(function)?;
        let schema = self.schema_with(additions)?;
        let (_, account) = align_answer(&self.program, &schema, function, text, true)?;
        Ok(account.unwrap_or_default())
    }

    /// The program's schema with what a `TypeBuilder` adds.
    pub(crate) fn schema_with(&self, additions: Option<&Additions>) -> Result<Arc<Schema>, Failure> {
        match additions {
            Some(additions) if !additions.is_empty() => self
                .program
                .schema
                .extend(additions)
                .map(Arc::new)
                .map_err(|error| Failure::other(error.to_string())),
            _ => Ok(Arc::clone(&self.program.schema)),
        }
    }
}

/// Model text to a typed value; with the account of what was done to it, if that is wanted.
pub(crate) fn align_answer(
    program: &Program,
    schema: &Schema,
    function: &Function,
    text: &str,
    with_account: bool,
) -> Result<(Value, Option<Account>), Failure> {
    let (returns, judge) = (&function.returns, &program.templates);
    let aligned = if with_account {
        align::parse_with_account(schema, returns, text, judge).map(|(value, account)| (value, Some(account)))
    } else {
        align::parse(schema, returns, text, judge).map(|value| (value, None))
    };
    aligned.map_err(|error| does_not_fit(function, text, &error))
}

fn does_not_fit(function: &Function, text: &str, error: &align::Error) -> Failure {
    Failure::new(FailureKind::Validation, messages::does_not_fit(&function.name, &error.to_string())).with(
        |details| {
            details.raw_output = Some(text.to_owned());
            details.problems = error
                .problems()
                .iter()
                .map(|problem| Problem {
                    path: problem.path().to_owned(),
                    message: problem.message().to_owned(),
                    help: None,
                    expected: problem.expected().map(str::to_owned),
                    found: problem.found().map(str::to_owned),
                })
                .collect();
        },
    )
}
