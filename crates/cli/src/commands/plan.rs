//! `baml-cli plan`.

use std::fs;
use std::path::Path;

use runtime::{CallOptions, ClientRegistry, Runtime, Variables};

use crate::arguments::PlanOptions;
use crate::console::Console;
use crate::failure::{self, Failure};
use crate::program::Program;

/// After so many attempts the plan is cut and says so: a plan of strategies within strategies may have millions.
const MOST_ATTEMPTS: usize = 100;

/// Prints what a call of the function would do.
pub(crate) fn plan(options: &PlanOptions, console: &mut Console) -> Result<i32, Failure> {
    let program = Program::read(options.from.as_deref())?;
    let errors = program.errors();
    if errors > 0 {
        program.report(console);
        return Err(failure::bad_sources("there is no plan", errors));
    }
    let runtime = Runtime::from_sources(program.sources).map_err(|failed| failure::of_runtime(&failed))?;
    let registry = registry(options)?;
    if let Some(registry) = &registry {
        runtime.warn_about(registry);
    }
    let names = runtime.variables(&options.function, registry.as_ref());
    let variables = Variables::of_process(names.iter().map(String::as_str));
    let tags = options.tags.iter().cloned().collect();
    let call = CallOptions { registry, variables, tags, ..CallOptions::default() };
    let plan = runtime
        .plan(&options.function, &call, MOST_ATTEMPTS)
        .map_err(|failed| failure::of_runtime(&failed))?;
    if options.json {
        console.say(&format!("{:#}", runtime::plan_json(&plan)));
    } else {
        console.say(plan.to_string().trim_end());
    }
    Ok(0)
}

/// The registry of the file, with the client that was asked for as its primary.
fn registry(options: &PlanOptions) -> Result<Option<ClientRegistry>, Failure> {
    let registry = options.registry.as_deref().map(read_registry).transpose()?;
    Ok(match &options.client {
        Some(client) => Some(registry.unwrap_or_else(ClientRegistry::new).with_primary(client)),
        None => registry,
    })
}

pub(super) fn read_registry(path: &Path) -> Result<ClientRegistry, Failure> {
    let text = fs::read_to_string(path).map_err(|error| failure::cannot_read(path, &error))?;
    let json = serde_json::from_str(&text).map_err(|error| failure::not_json(path, &error))?;
    let subject = path.display().to_string();
    let (registry, doubts) = ClientRegistry::from_json(&json, false)
        .map_err(|problems| failure::of_runtime(&runtime::refusal(&subject, &problems)))?;
    runtime::settle(&subject, Ok(doubts)).map_err(|failed| failure::of_runtime(&failed))?;
    Ok(registry)
}
