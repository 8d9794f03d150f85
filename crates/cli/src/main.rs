//! The command line as a program of its own; `npx baml-cli` runs the same [`cli::run`] inside Node.

use std::process::ExitCode;

fn main() -> ExitCode {
    let code = cli::run(std::env::args().collect());
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
