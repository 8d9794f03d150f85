//! What the command line accepts. The doc comments are the help texts.

#![expect(clippy::doc_markdown, reason = "a terminal shows backticks as they are")]

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::VERSION;

const GENERAL: &str = "\
Environment:
  BAML_LOG  What is printed of calls: off, error, warn (as without it), info, debug or trace
  NO_COLOR  No colours, also on a terminal

Exit codes: 0 done; 2 wrong arguments; 4 it failed. `baml-cli help COMMAND` has those of a command's own.";
const OF_CHECK: &str =
    "Exit codes: 0 nothing is wrong; 1 something is, be it a warning; 4 the files cannot be read.";
const OF_SERVER: &str =
    "Exit codes: 0 asked to end, everything answered; 3 asked to end, calls were cut off; 4 it cannot begin.";
const OF_TEST: &str = "Exit codes: 0 every test passed; 2 one did not; 4 nothing could run; 5 no test is selected; 130 it was stopped.";
const OF_HEALTH: &str = "Exit codes: 0 it takes calls; 4 it does not, or cannot be reached.";

/// Works on BAML projects: functions that language models answer, with typed clients to call them.
#[derive(Debug, Parser)]
#[command(name = "baml-cli", bin_name = "baml-cli", version = VERSION, propagate_version = true, after_help = GENERAL)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Accepted for compatibility; nothing depends on it. Can be given more than once
    #[arg(long, global = true, value_name = "FEATURE")]
    pub(crate) features: Vec<Feature>,
}

/// Features that the command line knows by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Feature {
    #[value(name = "beta")]
    Beta,
    #[value(name = "display_all_warnings")]
    DisplayAllWarnings,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a BAML project: write a baml_src folder with a first function
    Init(InitOptions),
    /// Write the clients that the generator blocks ask for
    Generate(GenerateOptions),
    /// Print what is wrong with the .baml files, their prompts included; exit with 1 when anything is
    #[command(after_help = OF_CHECK)]
    Check(CheckOptions),
    /// Print which clients a call of a function would ask, in which order; send nothing
    Plan(PlanOptions),
    /// Answer functions over HTTP
    #[command(after_help = OF_SERVER)]
    Serve(ServeOptions),
    /// Serve, and check, regenerate and reload whenever a .baml file changes
    #[command(after_help = OF_SERVER)]
    Dev(DevOptions),
    /// Run the test blocks, against one client or several side by side
    #[command(after_help = OF_TEST)]
    Test(TestOptions),
    /// Ask a server whether it takes calls
    #[command(after_help = OF_HEALTH)]
    Health(HealthOptions),
    /// Commands of later releases: not in the help, and each answers that it does not exist yet
    #[command(flatten)]
    Later(Later),
}

/// Commands that `@boundaryml/baml` has and this command line does not have yet.
#[derive(Debug, Subcommand)]
pub(crate) enum Later {
    #[command(hide = true, disable_help_flag = true)]
    Fmt(Ignored),
    #[command(hide = true, disable_help_flag = true)]
    Lsp(Ignored),
    #[command(hide = true, disable_help_flag = true)]
    Optimize(Ignored),
}

impl Later {
    /// The command's name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Fmt(_) => "fmt",
            Self::Lsp(_) => "lsp",
            Self::Optimize(_) => "optimize",
        }
    }
}

/// Anything after the name of a command.
#[derive(Debug, Args)]
pub(crate) struct Ignored {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    _words: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct InitOptions {
    /// The folder that baml_src goes into
    #[arg(long, default_value = ".")]
    pub(crate) dest: PathBuf,

    /// The kind of client to generate
    #[arg(long, default_value = "typescript")]
    pub(crate) client_type: ClientType,
}

/// The clients that can be generated.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ClientType {
    #[value(name = "typescript")]
    Typescript,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateOptions {
    #[command(flatten)]
    pub(crate) source: SourceOptions,

    /// Leave test blocks out of the sources that the client carries
    #[arg(long)]
    pub(crate) no_tests: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    #[command(flatten)]
    pub(crate) source: SourceOptions,
}

#[derive(Debug, Args)]
pub(crate) struct PlanOptions {
    /// The function that would be called
    #[arg(value_name = "FUNCTION")]
    pub(crate) function: String,

    /// The baml_src folder, or a folder that contains it [default: the nearest baml_src, upwards from here]
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) from: Option<PathBuf>,

    /// The client that answers: of the registry, of the .baml files, or provider/model
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) client: Option<String>,

    /// A client registry laid over the .baml files: a JSON file as ClientRegistry.toJSON gives it
    #[arg(long, value_name = "FILE")]
    pub(crate) registry: Option<PathBuf>,

    /// A tag of the call, by which a sticky_key may choose. Can be given more than once
    #[arg(long = "tag", value_name = "NAME=VALUE", value_parser = tag)]
    pub(crate) tags: Vec<(String, String)>,

    /// Print the plan as JSON, the same as b.plan in a generated client
    #[arg(long)]
    pub(crate) json: bool,
}

/// Reads `NAME=VALUE`. The value may hold more of the sign, and be empty.
fn tag(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a tag is NAME=VALUE, as in user_id=ada".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct SourceOptions {
    /// The baml_src folder, or a folder that contains it [default: the nearest baml_src, upwards from here]
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) from: Option<PathBuf>,

    /// Accept generator blocks that are meant for another version
    #[arg(long)]
    pub(crate) no_version_check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ServeOptions {
    #[command(flatten)]
    pub(crate) source: SourceOptions,

    #[command(flatten)]
    pub(crate) server: ServerOptions,
}

#[derive(Debug, Args)]
pub(crate) struct DevOptions {
    #[command(flatten)]
    pub(crate) source: SourceOptions,

    #[command(flatten)]
    pub(crate) server: ServerOptions,
}

#[derive(Debug, Args)]
pub(crate) struct TestOptions {
    /// The baml_src folder, or a folder that contains it [default: the nearest baml_src, upwards from here]
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) from: Option<PathBuf>,

    /// Print the names of the tests and run none
    #[arg(long)]
    pub(crate) list: bool,

    /// Run only these: Function::Test, Function::, ::Test or Test, with * for anything. Can be given more than once
    #[arg(long, short, value_name = "PATTERN")]
    pub(crate) include: Vec<String>,

    /// Do not run these. Can be given more than once
    #[arg(long, short = 'x', value_name = "PATTERN")]
    pub(crate) exclude: Vec<String>,

    /// How many tests run at the same time
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = at_least_one)]
    pub(crate) parallel: usize,

    /// Succeed when no test is selected
    #[arg(long)]
    pub(crate) pass_if_no_tests: bool,

    /// Count a test that checks nothing as failed: somebody has to look at what it returned
    #[arg(long)]
    pub(crate) require_human_eval: bool,

    /// Run the tests against this client: of the registry, of the .baml files, or provider/model. Given more than
    /// once, each test runs against each of them, and a table compares them
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) client: Vec<String>,

    /// A client registry laid over the .baml files: a JSON file as ClientRegistry.toJSON gives it
    #[arg(long, value_name = "FILE")]
    pub(crate) registry: Option<PathBuf>,

    /// What a million tokens cost, by client or model, for the table: a JSON file such as
    /// {"openai/gpt-5-mini": {"input": 0.25, "cached_input": 0.025, "output": 2.0}}
    #[arg(long, value_name = "FILE")]
    pub(crate) prices: Option<PathBuf>,

    /// Print a report for programs in place of the one for people
    #[arg(long, value_name = "FORMAT")]
    pub(crate) reporter: Option<Reporter>,

    #[command(flatten)]
    pub(crate) dotenv: DotenvOptions,
}

/// Reports for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reporter {
    /// JUnit's XML
    Junit,
    /// One JSON object
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct HealthOptions {
    /// Where the server listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:2024")]
    pub(crate) address: SocketAddr,
}

/// Where a server listens, and what its callers may do. `BAML_PASSWORD` is the password that callers must give.
#[derive(Debug, Args)]
pub(crate) struct ServerOptions {
    /// The port; 0 is one that is free
    #[arg(long, default_value_t = 2024)]
    pub(crate) port: u16,

    /// The address to listen on. One that others can reach needs a password in BAML_PASSWORD, or --insecure
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,

    /// Let everybody who can reach the server call it
    #[arg(long)]
    pub(crate) insecure: bool,

    #[command(flatten)]
    pub(crate) callers: CallerOptions,

    /// The largest body of a request, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    pub(crate) max_body_bytes: usize,

    /// How many calls may be under way at the same time
    #[arg(long, value_name = "COUNT", default_value_t = 1024, value_parser = at_least_one)]
    pub(crate) max_calls: usize,

    /// How long a call may take in all, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 600_000)]
    pub(crate) call_timeout_ms: u64,

    /// How long calls that are under way may go on when the server is asked to end, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 30_000)]
    pub(crate) drain_timeout_ms: u64,

    /// Streams without the names and ids of events
    #[arg(long)]
    pub(crate) compat: bool,

    /// No line for each request on standard error
    #[arg(long)]
    pub(crate) no_access_log: bool,

    #[command(flatten)]
    pub(crate) dotenv: DotenvOptions,
}

/// What callers may do.
#[derive(Debug, Args)]
pub(crate) struct CallerOptions {
    /// Callers' clients may use only this provider. Can be given more than once
    #[arg(long, value_name = "PROVIDER")]
    pub(crate) allow_provider: Vec<String>,

    /// Callers' clients may send only to this host, and to it even if it is private; `*.name` is every host below
    /// a name. Can be given more than once
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,

    /// Callers can neither bring nor choose clients, except by the name of a preset
    #[arg(long)]
    pub(crate) no_client_registry: bool,

    /// Client registries that callers can choose by name: a JSON file of names and registries, in which an option
    /// may be {"env": "NAME"}
    #[arg(long, value_name = "FILE")]
    pub(crate) presets: Option<PathBuf>,

    /// Pages of this origin may call; `*` is any. Can be given more than once
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) cors_origin: Vec<String>,
}

/// Variables from a file, for those that the environment does not have.
#[derive(Debug, Args)]
pub(crate) struct DotenvOptions {
    /// Read variables from a .env file here or above
    #[arg(long)]
    pub(crate) dotenv: bool,

    /// Read variables from this file
    #[arg(long, value_name = "FILE")]
    pub(crate) dotenv_path: Option<PathBuf>,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("at least 1 is needed".to_owned()),
        Ok(count) => Ok(count),
        Err(error) => Err(format!("{error}")),
    }
}
