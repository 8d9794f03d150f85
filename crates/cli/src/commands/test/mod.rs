//! `baml-cli test`.

mod account;
mod filter;
mod people;
mod prices;
mod programs;
mod run;

use std::sync::Arc;
use std::time::{Duration, Instant};

use runtime::TestRun;
use schema::Test;

use crate::arguments::{Reporter, TestOptions};
use crate::console::Console;
use crate::failure::{self, Failure};
use crate::program::Program;
use account::Account;
use filter::Filter;
use prices::Prices;
use run::Ran;

/// The exit code when a test did not pass.
const NOT_PASSED: i32 = 2;

/// The exit code when no test was selected.
const NONE_SELECTED: i32 = 5;

/// The exit code when somebody asked to stop, as of any program that a shell's user interrupts.
const STOPPED: i32 = 130;

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
    let filter = Filter::new(&options.include, &options.exclude);
    for pattern in filter.unfit(&program) {
        console.error(&failure::pattern_fits_nothing(pattern.text, pattern.nearest.as_deref()));
    }
    let jobs = jobs(&program, &filter, &options.client);
    if options.list {
        let mut names: Vec<String> = jobs.iter().map(Job::name).collect();
        names.dedup();
        for name in &names {
            console.say(name);
        }
        return Ok(0);
    }
    if jobs.is_empty() {
        console.error(failure::no_test(program.schema.tests.is_empty()));
        if options.reporter.is_some() {
            // Whoever reads the report finds one.
            let ran = Ran::default();
            let account = Account::of(&ran, &program, Duration::ZERO, false);
            report(&account, &Prices::default(), options, console);
        }
        return Ok(if options.pass_if_no_tests { 0 } else { NONE_SELECTED });
    }
    let prices = options.prices.as_deref().map(Prices::read).transpose()?.unwrap_or_default();
    let began = Instant::now();
    let ran = run::run(&program, jobs, options, console)?;
    let account = Account::of(&ran, &program, began.elapsed(), options.require_human_eval);
    report(&account, &prices, options, console);
    Ok(match (ran.is_interrupted, account.is_passed()) {
        (true, _) => STOPPED,
        (false, true) => 0,
        (false, false) => NOT_PASSED,
    })
}

fn report(account: &Account<'_>, prices: &Prices, options: &TestOptions, console: &mut Console) {
    match options.reporter {
        None => people::report(account, prices, console),
        Some(Reporter::Json) => console.say(&programs::json(account, prices)),
        Some(Reporter::Junit) => console.say(&programs::junit(account)),
    }
}

/// What is to run: by function, then by test, then by client.
fn jobs(program: &Program, filter: &Filter, clients: &[String]) -> Vec<Job> {
    let clients: Vec<Option<String>> = match clients {
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
