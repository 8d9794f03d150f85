//! What the command line accepts. The doc comments are the help texts.

#![expect(clippy::doc_markdown, reason = "a terminal shows backticks as they are")]

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::VERSION;

/// Works on BAML projects: functions that language models answer, with typed clients to call them.
#[derive(Debug, Parser)]
#[command(name = "baml-cli", bin_name = "baml-cli", version = VERSION, propagate_version = true)]
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
    /// Print what is wrong with the .baml files; exit with 1 when anything is
    Check(CheckOptions),
    /// Print which clients a call of a function would ask, in which order; send nothing
    Plan(PlanOptions),
    /// Commands of later releases: not in the help, and each answers that it does not exist yet
    #[command(flatten)]
    Later(Later),
}

/// Commands that `@boundaryml/baml` has and this command line does not have yet.
#[derive(Debug, Subcommand)]
pub(crate) enum Later {
    #[command(hide = true, disable_help_flag = true)]
    Serve(Ignored),
    #[command(hide = true, disable_help_flag = true)]
    Dev(Ignored),
    #[command(hide = true, disable_help_flag = true)]
    Test(Ignored),
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
            Self::Serve(_) => "serve",
            Self::Dev(_) => "dev",
            Self::Test(_) => "test",
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

    /// Print the plan as JSON, the same as b.plan in a generated client
    #[arg(long)]
    pub(crate) json: bool,
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
