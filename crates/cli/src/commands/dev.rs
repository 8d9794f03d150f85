//! `baml-cli dev`: a server that follows the files.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use server::{Handle, Server};

use super::{generate, serve};
use crate::arguments::{DevOptions, GenerateOptions, SourceOptions};
use crate::console::Console;
use crate::failure::{self, Failure};
use crate::paths;
use crate::program::Program;
use crate::watch::Watch;

/// How long a reload that is under way may go on when the server has ended.
const LAST_RELOAD: Duration = Duration::from_secs(2);

/// Said when the files hold no program that could be served.
const LAST_GOOD: &str = "The last good program goes on serving.";

/// Serves, and checks, generates and reloads whenever a file changes. A broken program is shown, and the last good
/// one goes on serving.
pub(crate) fn dev(options: &DevOptions, console: &mut Console) -> Result<i32, Failure> {
    // Before the first reading: what is saved from here on is noticed.
    let folder = paths::source_folder(options.source.from.as_deref())?;
    let watch = Watch::new(folder.clone());
    let program = Program::read(Some(&folder))?;
    let runtime = serve::loaded(&program, serve::NOT_SERVED, console)?;
    let settings = serve::settings(&options.server)?;
    let generate_options = GenerateOptions {
        source: SourceOptions { from: Some(folder), no_version_check: options.source.no_version_check },
        no_tests: false,
    };
    write_clients(&program, &generate_options, console);
    generate::explain(&program, console);

    let ended = Arc::new(AtomicBool::new(false));
    let (follows, following) = mpsc::channel::<()>();
    let ready = |server: &Server| {
        serve::greet(server, &program, console);
        let (handle, ended) = (server.handle(), Arc::clone(&ended));
        spawn(move || {
            follow(&handle, watch, &generate_options, &ended);
            drop(follows);
        });
    };
    let is_whole =
        server::run(settings, runtime, ready, serve::wait).map_err(|error| failure::of_server(&error))?;
    ended.store(true, Ordering::Relaxed);
    // Clients that are being written are written whole, unless a command of theirs does not come to its end.
    let _ = following.recv_timeout(LAST_RELOAD);
    Ok(serve::end(is_whole, console))
}

#[expect(clippy::disallowed_methods, reason = "whoever follows the files is waited for, and not for ever")]
fn spawn(work: impl FnOnce() + Send + 'static) {
    thread::spawn(work);
}

/// Looks at the files until the server has ended.
fn follow(handle: &Handle, mut watch: Watch, options: &GenerateOptions, ended: &AtomicBool) {
    let mut console = Console::standard();
    while !ended.load(Ordering::Relaxed) {
        let changed = watch.next();
        if !changed.is_empty() && !ended.load(Ordering::Relaxed) {
            reload(handle, options, &changed, &mut console);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a reload took is what the user sees of it")]
fn reload(handle: &Handle, options: &GenerateOptions, changed: &[String], console: &mut Console) {
    let began = Instant::now();
    let loaded = Program::read(options.source.from.as_deref()).and_then(|program| {
        let runtime = serve::loaded(&program, "nothing is reloaded", console)?;
        Ok((program, runtime))
    });
    match loaded {
        Ok((program, runtime)) => {
            handle.replace(runtime);
            let took = began.elapsed().as_millis();
            console.say(&format!("Reloaded in {took} ms: {} changed", names(changed)));
            write_clients(&program, options, console);
        }
        Err(failure) => {
            console.error(&failure.to_string());
            console.error(LAST_GOOD);
        }
    }
}

/// The first few names, and how many there are.
fn names(changed: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = changed.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match changed.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// A client that cannot be written is no reason not to serve.
fn write_clients(program: &Program, options: &GenerateOptions, console: &mut Console) {
    if let Err(failure) = generate::write(program, options, console) {
        console.error(&failure.to_string());
    }
}
