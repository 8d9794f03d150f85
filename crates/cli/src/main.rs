//! The command line as a program of its own; `npx baml-cli` runs the same [`baml_cli::run`] inside Node.

use std::process::ExitCode;

#[expect(clippy::disallowed_methods, reason = "a program is what has arguments of its own")]
fn main() -> ExitCode {
    let code = baml_cli::run(std::env::args().collect());
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
