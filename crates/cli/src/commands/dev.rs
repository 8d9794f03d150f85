//! `baml-cli dev`: a server that follows the files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use runtime::Runtime;
use server::Handle;

use super::{generate, serve};
use crate::arguments::{DevOptions, GenerateOptions, SourceOptions};
use crate::console::Console;
use crate::failure::{self, Failure};
use crate::program::Program;

/// How often the files are looked at. Looking costs a file's metadata; it sees changes on network and container
/// mounts too, where the system tells of none.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Serves, and checks, generates and reloads whenever a file changes. A broken program is shown, and the last good
/// one goes on serving.
pub(crate) fn dev(options: &DevOptions, console: &mut Console) -> Result<i32, Failure> {
    let program = Program::read(options.source.from.as_deref())?;
    let runtime = serve::loaded(&program, console)?;
    let settings = serve::settings(&options.server)?;
    let generate_options = GenerateOptions {
        source: SourceOptions {
            from: Some(program.folder.clone()),
            no_version_check: options.source.no_version_check,
        },
        no_tests: false,
    };
    write_clients(&program, &generate_options, console);

    let ended = AtomicBool::new(false);
    let is_whole = thread::scope(|scope| {
        let served = server::run(settings, runtime, |server| {
            serve::greet(server, &program, console);
            let handle = server.handle();
            let ended = &ended;
            scope.spawn(move || follow(&handle, &generate_options, ended));
        });
        ended.store(true, Ordering::Relaxed);
        served
    })
    .map_err(|error| failure::of_server(&error))?;
    Ok(serve::end(is_whole, console))
}

/// Looks at the files until the server has ended.
fn follow(handle: &Handle, options: &GenerateOptions, ended: &AtomicBool) {
    let mut console = Console::standard();
    let folder = options.source.from.clone().unwrap_or_default();
    let mut seen = state(&folder);
    while !ended.load(Ordering::Relaxed) {
        pause();
        let now = state(&folder);
        // A file that is still being written changes again before the next look.
        if now == seen || now.iter().any(Seen::is_fresh) {
            continue;
        }
        let changed = changed(&seen, &now);
        seen = now;
        reload(handle, options, &changed, &mut console);
    }
}

#[expect(clippy::disallowed_methods, reason = "a watcher has nothing to do between two looks")]
fn pause() {
    thread::sleep(LOOK_EVERY);
}

#[expect(clippy::disallowed_methods, reason = "how long a reload took is what the user sees of it")]
fn reload(handle: &Handle, options: &GenerateOptions, changed: &[String], console: &mut Console) {
    let began = Instant::now();
    let loaded = Program::read(options.source.from.as_deref())
        .and_then(|program| serve::loaded(&program, console).map(|runtime: Runtime| (program, runtime)));
    match loaded {
        Ok((program, runtime)) => {
            handle.replace(runtime);
            write_clients(&program, options, console);
            let took = began.elapsed().as_millis();
            console.say(&format!("Reloaded in {took} ms ({} changed)", changed.join(", ")));
        }
        Err(failure) => {
            console.error(&failure.to_string());
            console.error("The last good program goes on serving.");
        }
    }
}

/// A client that cannot be written is no reason not to serve.
fn write_clients(program: &Program, options: &GenerateOptions, console: &mut Console) {
    if let Err(failure) = generate::write(program, options, console) {
        console.error(&failure.to_string());
    }
}

/// What is known of a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    path: PathBuf,
    bytes: u64,
    changed: Option<SystemTime>,
}

impl Seen {
    /// Whether it changed a moment ago, by its own clock.
    #[expect(clippy::disallowed_methods, reason = "a file's age is measured by the clock")]
    fn is_fresh(&self) -> bool {
        let age = self.changed.and_then(|changed| SystemTime::now().duration_since(changed).ok());
        age.is_some_and(|age| age < Duration::from_millis(50))
    }
}

fn state(folder: &Path) -> Vec<Seen> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "baml")
                && let Ok(metadata) = fs::metadata(&path)
            {
                files.push(Seen { path, bytes: metadata.len(), changed: metadata.modified().ok() });
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// The names of files that are new, gone or different.
fn changed(before: &[Seen], now: &[Seen]) -> Vec<String> {
    let name = |file: &Seen| {
        file.path
            .file_name()
            .map_or_else(|| file.path.display().to_string(), |name| name.to_string_lossy().into_owned())
    };
    let gone = before.iter().filter(|file| !now.iter().any(|other| other.path == file.path));
    now.iter().filter(|file| !before.contains(file)).chain(gone).map(name).collect()
}
