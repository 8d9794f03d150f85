//! Running tests: so many at a time, until all are done or somebody asks to stop.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use llm::Environment as _;
use runtime::log::{LogLevel, set_level};
use runtime::{CallOptions, ClientRegistry, Runtime, Variables};
use server::Signals;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::people::Progress;
use super::{Done, Job};
use crate::arguments::TestOptions;
use crate::commands::plan::read_registry;
use crate::console::Console;
use crate::dotenv;
use crate::failure::{self, Failure};
use crate::program::Program;

/// The variable that says how much of calls is printed.
const LOG: &str = "BAML_LOG";

/// How often the line about what is left is written anew.
const TICK: Duration = Duration::from_millis(100);

/// What came of the tests.
#[derive(Debug, Default)]
pub(super) struct Ran {
    /// Those that came to their end, in the order of the sources.
    pub(super) done: Vec<Done>,
    /// Those that did not: somebody asked to stop, or the engine failed.
    pub(super) stopped: Vec<Job>,
    /// Whether somebody asked to stop.
    pub(super) is_interrupted: bool,
}

/// Runs all jobs. The first signal stops them: what is under way is given up.
pub(super) fn run(
    program: &Program,
    jobs: Vec<Job>,
    options: &TestOptions,
    console: &mut Console,
) -> Result<Ran, Failure> {
    let variables = dotenv::variables(&options.dotenv)?;
    let registry = options.registry.as_deref().map(read_registry).transpose()?;
    let runtime =
        Runtime::from_sources(program.sources.clone()).map_err(|failed| failure::of_runtime(&failed))?;
    if let Some(registry) = &registry {
        runtime.warn_about(registry);
    }
    refuse_unknown_clients(&runtime, &jobs, registry.as_ref())?;
    let is_logged = Variables::of_process([LOG]).get(LOG).is_some_and(|level| !level.trim().is_empty());
    if !is_logged {
        // The report says what failed; the log of calls would say it a second time, between its lines.
        set_level(LogLevel::Off);
    }
    let threads = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| failure::no_threads(&error))?;
    let mut progress = Progress::new(jobs.len(), options, is_logged, console);
    let finished = threads.block_on(async {
        let mut signals = Signals::listen().map_err(|error| failure::no_threads(&error))?;
        let mut running = start(program, &runtime, &jobs, options.parallel, registry.as_ref(), &variables);
        let mut ticks = tokio::time::interval(TICK);
        let mut finished: Vec<(usize, Done)> = Vec::with_capacity(jobs.len());
        let mut is_interrupted = false;
        loop {
            tokio::select! {
                joined = running.join_next() => match joined {
                    // A test that panics is a mistake of ours, and nothing to end the others for.
                    Some(Err(_)) => {}
                    Some(Ok((position, done))) => {
                        progress.finished(&done);
                        finished.push((position, done));
                    }
                    None => break,
                },
                _ = ticks.tick(), if progress.is_live() => progress.tick(),
                () = signals.next() => {
                    running.abort_all();
                    is_interrupted = true;
                    break;
                }
            }
        }
        Ok::<_, Failure>((finished, is_interrupted))
    });
    progress.end();
    // What was given up may still hold a thread, for a name to be looked up.
    threads.shutdown_background();
    let (mut finished, is_interrupted) = finished?;
    finished.sort_by_key(|(position, _)| *position);
    let ended: BTreeSet<usize> = finished.iter().map(|(position, _)| *position).collect();
    let stopped = jobs.into_iter().enumerate().filter(|(position, _)| !ended.contains(position));
    Ok(Ran {
        stopped: stopped.map(|(_, job)| job).collect(),
        done: finished.into_iter().map(|(_, done)| done).collect(),
        is_interrupted,
    })
}

/// A client that there is not would fail every test that is asked of it.
fn refuse_unknown_clients(
    runtime: &Runtime,
    jobs: &[Job],
    registry: Option<&ClientRegistry>,
) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for job in jobs {
        let is_function = runtime.schema().functions.contains_key(&*job.function);
        if is_function && job.client.as_ref().is_some_and(|client| seen.insert(client)) {
            let call = CallOptions { registry: chosen(registry, job), ..CallOptions::default() };
            runtime.plan(&job.function, &call, 1).map_err(|failed| failure::of_runtime(&failed))?;
        }
    }
    Ok(())
}

/// A task for each job; `parallel` of them are at work at a time.
fn start(
    program: &Program,
    runtime: &Runtime,
    jobs: &[Job],
    parallel: usize,
    registry: Option<&ClientRegistry>,
    variables: &HashMap<String, String>,
) -> JoinSet<(usize, Done)> {
    let places = Arc::new(Semaphore::new(parallel.min(Semaphore::MAX_PERMITS)));
    let mut running = JoinSet::new();
    for (position, job) in jobs.iter().cloned().enumerate() {
        let mut call = CallOptions { registry: chosen(registry, &job), ..CallOptions::default() };
        let names = runtime.test_variables(&job.test, &job.function, &call);
        call.variables = Variables::of_process_or(names.iter().map(String::as_str), variables);
        let folder = program.folder_of(job.test.span);
        let (runtime, places) = (runtime.clone(), Arc::clone(&places));
        running.spawn(async move {
            let _place = places.acquire_owned().await;
            let run = runtime.run_test(&job.test, &job.function, &folder, call).await;
            (position, Done { job, run })
        });
    }
    running
}

/// The registry of a job: the one given, with the client that was asked for as its primary.
fn chosen(registry: Option<&ClientRegistry>, job: &Job) -> Option<ClientRegistry> {
    match &job.client {
        Some(client) => Some(registry.cloned().unwrap_or_default().with_primary(client)),
        None => registry.cloned(),
    }
}
