//! `baml-cli test`.

mod account;
mod filter;
mod people;
mod prices;
mod programs;

use std::sync::Arc;
use std::time::Instant;

use runtime::{CallOptions, ClientRegistry, Runtime, TestOutcome, TestRun, Variables};
use schema::Test;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::arguments::{Reporter, TestOptions};
use crate::commands::plan::read_registry;
use crate::console::Console;
use crate::dotenv;
use crate::failure::{self, Failure};
use crate::program::Program;
use account::Account;
use filter::Filter;
use people::Progress;
use prices::Prices;

/// The exit code when a test did not pass.
const NOT_PASSED: i32 = 2;

/// The exit code when no test was selected.
const NONE_SELECTED: i32 = 5;

/// One test of one function against one client.
#[derive(Clone, Debug)]
struct Job {
    test: Arc<Test>,
    function: String,
    /// The client that was asked for; `None` is the function's own.
    client: Option<String>,
}

/// A job and what came of it.
#[derive(Debug)]
struct Done {
    job: Job,
    run: TestRun,
}

impl Job {
    /// `Function::Test`.
    fn name(&self) -> String {
        format!("{}::{}", self.function, self.test.name)
    }
}

/// Runs the tests that the options select.
#[expect(clippy::disallowed_methods, reason = "how long the tests took is what the user sees of it")]
pub(crate) fn test(options: &TestOptions, console: &mut Console) -> Result<i32, Failure> {
    let program = Program::read(options.from.as_deref())?;
    let errors = program.errors();
    if errors > 0 {
        program.report(console);
        return Err(failure::bad_sources("no test runs", errors));
    }
    let jobs = jobs(&program, options);
    if options.list {
        let mut names: Vec<String> = jobs.iter().map(Job::name).collect();
        names.dedup();
        for name in &names {
            console.say(name);
        }
        return Ok(0);
    }
    if jobs.is_empty() {
        console.error("No test is selected.");
        return Ok(if options.pass_if_no_tests { 0 } else { NONE_SELECTED });
    }
    let prices = options.prices.as_deref().map(Prices::read).transpose()?.unwrap_or_default();
    let began = Instant::now();
    let done = run(&program, jobs, options, console)?;
    let account = Account::of(&done, began.elapsed(), options.require_human_eval);
    match options.reporter {
        None => people::report(&account, &prices, console),
        Some(Reporter::Json) => console.say(&programs::json(&account, &prices)),
        Some(Reporter::Junit) => console.say(&programs::junit(&account)),
    }
    Ok(if account.is_passed() { 0 } else { NOT_PASSED })
}

/// What is to run: by function, then by test, then by client.
fn jobs(program: &Program, options: &TestOptions) -> Vec<Job> {
    let filter = Filter::new(&options.include, &options.exclude);
    let clients: Vec<Option<String>> = match options.client.as_slice() {
        [] => vec![None],
        names => names.iter().cloned().map(Some).collect(),
    };
    let mut pairs: Vec<(&str, &Arc<Test>)> = program
        .schema
        .tests
        .iter()
        .flat_map(|test| test.functions.iter().map(move |function| (&**function, test)))
        .filter(|(function, test)| filter.selects(function, &test.name))
        .collect();
    let order = |function: &str| program.schema.functions.get_index_of(function);
    pairs.sort_by_key(|(function, _)| order(function));
    pairs
        .into_iter()
        .flat_map(|(function, test)| {
            clients.iter().map(|client| Job {
                test: Arc::clone(test),
                function: function.to_owned(),
                client: client.clone(),
            })
        })
        .collect()
}

/// Runs all jobs, so many at a time, and answers them in their order.
fn run(
    program: &Program,
    jobs: Vec<Job>,
    options: &TestOptions,
    console: &mut Console,
) -> Result<Vec<Done>, Failure> {
    let variables = dotenv::variables(&options.dotenv)?;
    let registry = options.registry.as_deref().map(read_registry).transpose()?;
    let runtime =
        Runtime::from_sources(program.sources.clone()).map_err(|failed| failure::of_runtime(&failed))?;
    let threads = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| failure::no_threads(&error))?;
    let mut progress = Progress::new(jobs.len(), options.reporter.is_none(), console);
    let mut done: Vec<(usize, Done)> = threads.block_on(async {
        let room = Arc::new(Semaphore::new(options.parallel));
        let mut running = JoinSet::new();
        for (position, job) in jobs.into_iter().enumerate() {
            let mut call =
                CallOptions { registry: chosen(registry.as_ref(), &job), ..CallOptions::default() };
            let names = runtime.test_variables(&job.test, &job.function, &call);
            call.variables = Variables::of_process_or(names.iter().map(String::as_str), &variables);
            let (runtime, room) = (runtime.clone(), Arc::clone(&room));
            running.spawn(async move {
                let _place = room.acquire_owned().await;
                let run = runtime.run_test(&job.test, &job.function, call).await;
                (position, Done { job, run })
            });
        }
        let mut done = Vec::new();
        while let Some(joined) = running.join_next().await {
            // A test that panics is a mistake of ours, and nothing to end the others for.
            let Ok((position, finished)) = joined else { continue };
            progress.finished(&finished);
            done.push((position, finished));
        }
        done
    });
    progress.end();
    done.sort_by_key(|(position, _)| *position);
    Ok(done.into_iter().map(|(_, done)| done).collect())
}

/// The registry of a job: the one given, with the client that was asked for as its primary.
fn chosen(registry: Option<&ClientRegistry>, job: &Job) -> Option<ClientRegistry> {
    match &job.client {
        Some(client) => Some(registry.cloned().unwrap_or_default().with_primary(client)),
        None => registry.cloned(),
    }
}

/// The word for an outcome.
fn word(outcome: &TestOutcome) -> &'static str {
    match outcome {
        TestOutcome::Passed => "passed",
        TestOutcome::Failed(_) => "failed",
        TestOutcome::Errored(_) => "error",
    }
}
