//! Every way in which a command can fail, in the words that the user reads.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use crate::VERSION;

/// The exit code of a command that failed.
pub(crate) const EXIT_CODE: i32 = 4;

/// Why a command failed, and what the user can do.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error: {}", self.message)?;
        match &self.help {
            Some(help) => write!(formatter, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

/// A command of a later release.
pub(crate) fn not_yet(command: &str) -> Failure {
    Failure::new(format!("`{command}` is not part of this release of baml-cli yet"))
}

/// `--from`, or the folder itself, is not there.
pub(crate) fn no_such_folder(path: &Path) -> Failure {
    Failure::new(format!("the folder {} does not exist", path.display()))
        .help("`--from` names a baml_src folder, or a folder that contains one")
}

/// `--from` is a file.
pub(crate) fn not_a_folder(path: &Path) -> Failure {
    Failure::new(format!("{} is not a folder", path.display()))
        .help("`--from` names a baml_src folder, or a folder that contains one")
}

/// `--from` is a folder, but no project.
pub(crate) fn not_a_project(path: &Path) -> Failure {
    Failure::new(format!(
        "{} is not named baml_src, and neither it nor a folder above it contains one",
        path.display()
    ))
    .help("`baml-cli init` starts a project")
}

/// Without `--from`, no project was found.
pub(crate) fn no_project() -> Failure {
    Failure::new("there is no baml_src folder here or in a folder above")
        .help("`baml-cli init` starts a project; `--from` names one elsewhere")
}

/// A project without sources.
pub(crate) fn no_sources(path: &Path) -> Failure {
    Failure::new(format!("there are no .baml files in {}", path.display()))
}

/// A file or folder could not be read.
pub(crate) fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::InvalidData {
        return Failure::new(format!("{} is not UTF-8 text", path.display()));
    }
    Failure::new(format!("cannot read {}: {error}", path.display()))
}

/// A file or folder could not be written.
pub(crate) fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}", path.display()))
}

/// The sources have errors, already printed. `outcome` is what did not come of it.
pub(crate) fn bad_sources(outcome: &str, errors: usize) -> Failure {
    let errors = if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") };
    Failure::new(format!("{outcome}: the .baml files have {errors}"))
}

/// The engine refused: its message says why and what is valid.
pub(crate) fn of_runtime(failure: &runtime::Failure) -> Failure {
    Failure::new(failure.to_string())
}

/// The server cannot begin.
pub(crate) fn of_server(error: &server::Error) -> Failure {
    Failure::new(error.to_string())
}

/// The system gives no threads.
pub(crate) fn no_threads(error: &io::Error) -> Failure {
    Failure::new(format!("the tests cannot run: {error}"))
}

/// A pattern of `test` that fits none.
pub(crate) fn pattern_fits_nothing(pattern: &str, nearest: Option<&str>) -> String {
    let meant = nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    format!("warning: `{pattern}` fits no test{meant}")
}

/// Nothing to run.
pub(crate) fn no_test(project_has_none: bool) -> &'static str {
    if project_has_none {
        "No test is selected: there is no test block in the .baml files."
    } else {
        "No test is selected. `baml-cli test --list` prints their names."
    }
}

/// `--prices` is not what it should be.
pub(crate) fn bad_prices(path: &Path, message: &str) -> Failure {
    Failure::new(format!("{}: {message}", path.display())).help(
        "`--prices` takes what a million tokens cost: {\"openai/gpt-5-mini\": {\"input\": 0.25, \"cached_input\": 0.025, \"output\": 2.0}}",
    )
}

/// A server that does not take calls.
pub(crate) fn not_well(address: &SocketAddr, error: &io::Error) -> Failure {
    Failure::new(format!("the server at {address} takes no calls: {error}"))
}

/// A file of variables cannot be read.
pub(crate) fn bad_dotenv(path: &Path, error: &dotenvy::Error) -> Failure {
    match error {
        // The line may hold a key: it is not shown.
        dotenvy::Error::LineParse(_, column) => Failure::new(format!(
            "{} has a line that is not NAME=value (near its column {column})",
            path.display()
        )),
        other => Failure::new(format!("cannot read {}: {other}", path.display())),
    }
}

/// `--dotenv` without a file.
pub(crate) fn no_dotenv() -> Failure {
    Failure::new("there is no .env file here or in a folder above")
        .help("`--dotenv-path` names one elsewhere")
}

/// A password that is none.
pub(crate) fn empty_password() -> Failure {
    Failure::new("BAML_PASSWORD is empty").help("unset it, or give it a value that callers must know")
}

/// `--allow-provider` names none.
pub(crate) fn unknown_provider(problem: &llm::Problem) -> Failure {
    let failure = Failure::new(format!("--allow-provider: {}", problem.message));
    match &problem.help {
        Some(help) => failure.help(help.clone()),
        None => failure,
    }
}

/// `--presets` is not an object of registries.
pub(crate) fn bad_presets(path: &Path, message: &str) -> Failure {
    Failure::new(format!("{}: {message}", path.display()))
        .help("`--presets` takes an object of names and registries: {\"cheap\": {\"clients\": [], \"primary\": \"openai/gpt-5-mini\"}}")
}

/// `--registry` is no JSON.
pub(crate) fn not_json(path: &Path, error: &serde_json::Error) -> Failure {
    Failure::new(format!("{} is not JSON: {error}", path.display()))
        .help("`--registry` takes what `JSON.stringify` makes of a ClientRegistry")
}

/// `init` where a project is already.
pub(crate) fn project_exists(path: &Path) -> Failure {
    Failure::new(format!("there is already a BAML project: {} exists", path.display()))
        .help("`--dest` starts one in another folder")
}

/// A generator block without a version.
pub(crate) fn version_missing(generator: &str) -> Failure {
    Failure::new(format!("generator {generator} has no version"))
        .help(format!("add `version \"{VERSION}\"` to it, or pass --no-version-check"))
}

/// A generator block for another version.
pub(crate) fn version_mismatch(generator: &str, version: &str) -> Failure {
    Failure::new(format!(
        "generator {generator} is for version {version}, and this is {VERSION}: major and minor version must be the same"
    ))
    .help(format!("write `version \"{VERSION}\"`, or pass --no-version-check"))
}

/// No generator block asks for a client that can be generated.
pub(crate) fn no_typescript() -> Failure {
    Failure::new(
        "no generator block has `output_type \"typescript\"`, the only kind of client generated here",
    )
}

/// Two generator blocks with one folder.
pub(crate) fn same_folder(first: &str, second: &str, path: &Path) -> Failure {
    Failure::new(format!("generators {first} and {second} both write to {}", path.display()))
        .help("give one of them another output_dir")
}

/// Files in the client's folder that no generator wrote.
pub(crate) fn foreign_files(folder: &Path, files: &[String]) -> Failure {
    const SHOWN: usize = 5;
    let mut names: Vec<String> =
        files.iter().take(SHOWN).map(|file| folder.join(file).display().to_string()).collect();
    if files.len() > SHOWN {
        names.push(format!("{} more", files.len() - SHOWN));
    }
    let what =
        if files.len() == 1 { "a file that was not generated" } else { "files that were not generated" };
    Failure::new(format!("{} contains {what}: {}", folder.display(), names.join(", ")))
        .help("move what is yours out of the folder: generating replaces what is in it")
}

/// The folder's place is taken.
pub(crate) fn folder_is_file(path: &Path) -> Failure {
    Failure::new(format!("{} is not a folder, and the client goes there", path.display()))
}

/// `on_generate` could not be started.
pub(crate) fn command_not_started(generator: &str, command: &str, error: &io::Error) -> Failure {
    Failure::new(format!("on_generate of generator {generator} could not be started: {error}"))
        .help(format!("the command is: {command}"))
}

/// `on_generate` failed.
pub(crate) fn command_failed(generator: &str, command: &str, code: Option<i32>, output: &str) -> Failure {
    let how = code.map_or_else(|| "was stopped by a signal".to_owned(), |code| format!("exited with {code}"));
    let output = output.trim_end();
    let output = if output.is_empty() { String::new() } else { format!("\n{output}") };
    Failure::new(format!("on_generate of generator {generator} {how}: {command}{output}"))
}
