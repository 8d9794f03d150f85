//! The command line: argument parsing and printing, and nothing that another room could do.
//!
//! This room reads and writes files and starts the `on_generate` command, which the engine's rooms below it
//! must not. The server that `serve` and `dev` start is the server room's.
//!
//! | command | does | exit code |
//! |---|---|---|
//! | `init` | writes a `baml_src` with a first function | 0, or 4 |
//! | `generate` | writes the clients that the `generator` blocks ask for | 0, or 4 |
//! | `check` | prints what is wrong with the sources | 0, or 1 when anything is, or 4 |
//! | `plan` | prints which clients a call would ask, in which order | 0, or 4 |
//! | `test` | runs the test blocks | 0, or 2 when one does not pass, or 5 when none is selected, or 130 when it is stopped, or 4 |
//! | `serve` | answers functions over HTTP | 0, or 3 when calls were cut off at the end, or 4 |
//! | `health` | asks a server whether it takes calls | 0, or 4 |
//! | `dev` | the same, and follows the files | as `serve` |
//!
//! A mistake in the arguments themselves is exit code 2. A closed output never ends the process.

mod arguments;
mod client_folder;
mod commands;
mod console;
mod dotenv;
mod failure;
mod manifest;
mod paths;
mod program;
mod version;
mod watch;

use clap::Parser;

use arguments::{Arguments, Command};
use console::Console;
pub use version::VERSION;

/// Runs the command line and returns the exit code. `args` begins with the program's own name, as a process
/// gets them.
#[must_use]
pub fn run(args: Vec<String>) -> i32 {
    let mut console = Console::standard();
    let arguments = match Arguments::try_parse_from(args) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and the version come as errors too, for standard output.
            let text = error.render().to_string();
            if error.use_stderr() {
                console.error(text.trim_end());
            } else {
                console.say(text.trim_end());
            }
            return error.exit_code();
        }
    };
    let result = match &arguments.command {
        Command::Init(options) => commands::init(options, &mut console),
        Command::Generate(options) => commands::generate(options, &mut console),
        Command::Check(options) => commands::check(options, &mut console),
        Command::Plan(options) => commands::plan(options, &mut console),
        Command::Serve(options) => commands::serve(options, &mut console),
        Command::Dev(options) => commands::dev(options, &mut console),
        Command::Test(options) => commands::test(options, &mut console),
        Command::Health(options) => commands::health(options),
        Command::Later(later) => Err(failure::not_yet(later.name())),
    };
    result.unwrap_or_else(|failure| {
        console.error(&failure.to_string());
        failure::EXIT_CODE
    })
}
