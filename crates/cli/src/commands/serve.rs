//! `baml-cli serve`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use indexmap::IndexMap;
use llm::Environment as _;
use runtime::{ClientRegistry, Runtime, Variables};
use secrecy::SecretString;
use serde_json::Value;
use server::{CallerRules, Limits, Server, Settings};

use crate::arguments::{HealthOptions, ServeOptions, ServerOptions};
use crate::console::Console;
use crate::dotenv;
use crate::failure::{self, Failure};
use crate::program::Program;

/// The variable that holds the password of callers.
const PASSWORD: &str = "BAML_PASSWORD";

/// The exit code of a server that had to cut calls off at its end.
const CUT_OFF: i32 = 3;

/// What comes of sources with errors.
pub(super) const NOT_SERVED: &str = "nothing is served";

/// How long a server may take to say that it is well.
const PROBE: Duration = Duration::from_secs(2);

/// Serves until the process is asked to end.
pub(crate) fn serve(options: &ServeOptions, console: &mut Console) -> Result<i32, Failure> {
    let program = Program::read(options.source.from.as_deref())?;
    let runtime = loaded(&program, NOT_SERVED, console)?;
    let settings = settings(&options.server)?;
    let is_whole = server::run(settings, runtime, |server| greet(server, &program, console), wait)
        .map_err(|error| failure::of_server(&error))?;
    Ok(end(is_whole, console))
}

/// Asks a server whether it takes calls.
pub(crate) fn health(options: &HealthOptions) -> Result<i32, Failure> {
    server::probe(options.address, PROBE).map_err(|error| failure::not_well(&options.address, &error))?;
    Ok(0)
}

/// The program, ready to serve. `outcome` is what does not come of one with errors, which are printed.
pub(super) fn loaded(program: &Program, outcome: &str, console: &mut Console) -> Result<Runtime, Failure> {
    let errors = program.errors();
    if errors > 0 {
        program.report(console);
        return Err(failure::bad_sources(outcome, errors));
    }
    Runtime::from_sources(program.sources.clone()).map_err(|failed| failure::of_runtime(&failed))
}

/// Says where the server is, and what it serves.
pub(super) fn greet(server: &Server, program: &Program, console: &mut Console) {
    let address = server.address();
    let count = program.schema.functions.len();
    let functions = if count == 1 { "1 function".to_owned() } else { format!("{count} functions") };
    console.say(&format!("Serving {functions} of {} at http://{address}", program.folder.display()));
    if let Some(name) = program.schema.functions.keys().next() {
        console.say(&format!("  POST http://{address}/call/{name}"));
    }
    console.say(&format!("  docs http://{address}/docs"));
}

/// Says why the process is still there although it was asked to end.
pub(super) fn wait() {
    Console::standard().error("Waiting for calls that are under way; ask again to cut them off.");
}

/// The exit code of a server that ended.
pub(super) fn end(is_whole: bool, console: &mut Console) -> i32 {
    if !is_whole {
        console.error("warning: some calls were still under way at the end and were cut off");
    }
    if is_whole { 0 } else { CUT_OFF }
}

/// What the options say to the server.
pub(super) fn settings(options: &ServerOptions) -> Result<Settings, Failure> {
    let variables = dotenv::variables(&options.dotenv)?;
    for name in &options.callers.allow_provider {
        if llm::provider(name).is_none() {
            return Err(failure::unknown_provider(&llm::unknown_provider(name)));
        }
    }
    Ok(Settings {
        host: options.host,
        port: options.port,
        password: password(&variables)?,
        insecure: options.insecure,
        compat: options.compat,
        callers: CallerRules {
            refuse_registries: options.callers.no_client_registry,
            providers: options.callers.allow_provider.clone(),
            hosts: options.callers.allow_host.clone(),
        },
        presets: options.callers.presets.as_deref().map(presets).transpose()?.unwrap_or_default(),
        variables,
        limits: Limits {
            body_bytes: options.max_body_bytes,
            calls: options.max_calls,
            call_timeout: Duration::from_millis(options.call_timeout_ms),
            drain_timeout: Duration::from_millis(options.drain_timeout_ms),
            ..Limits::default()
        },
        cors_origins: options.callers.cors_origin.clone(),
        access_log: !options.no_access_log,
    })
}

fn password(variables: &HashMap<String, String>) -> Result<Option<SecretString>, Failure> {
    match Variables::of_process_or([PASSWORD], variables).get(PASSWORD) {
        Some(password) if password.is_empty() => Err(failure::empty_password()),
        password => Ok(password.map(SecretString::from)),
    }
}

/// The registries of a file, by name. What is wrong with one is known before the first call.
fn presets(path: &Path) -> Result<IndexMap<String, ClientRegistry>, Failure> {
    let text = fs::read_to_string(path).map_err(|error| failure::cannot_read(path, &error))?;
    let json: Value = serde_json::from_str(&text)
        .map_err(|error| failure::bad_presets(path, &format!("not JSON: {error}")))?;
    let Value::Object(entries) = json else {
        return Err(failure::bad_presets(path, "not an object"));
    };
    entries
        .into_iter()
        .map(|(name, registry)| {
            let subject = format!("{}: preset {name}", path.display());
            let (registry, doubts) = ClientRegistry::from_json(&registry, false)
                .map_err(|problems| failure::of_runtime(&runtime::refusal(&subject, &problems)))?;
            runtime::settle(&subject, Ok(doubts)).map_err(|failed| failure::of_runtime(&failed))?;
            Ok((name, registry))
        })
        .collect()
}
