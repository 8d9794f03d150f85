//! `baml-cli check`.

use schema::Diagnostic;

use crate::arguments::CheckOptions;
use crate::console::Console;
use crate::failure::Failure;
use crate::program::Program;
use crate::{VERSION, version};

/// The exit code when something is wrong with the sources.
const FOUND_SOMETHING: i32 = 1;

/// Prints what is wrong with the sources. Says nothing when nothing is.
pub(crate) fn check(options: &CheckOptions, console: &mut Console) -> Result<i32, Failure> {
    let mut program = Program::read(options.source.from.as_deref())?;
    if !options.source.no_version_check {
        for generator in &program.schema.generators {
            if let Some(wanted) =
                generator.version.as_deref().filter(|wanted| !version::is_compatible(wanted))
            {
                let message = format!(
                    "generator {} is for version {wanted}, and this is baml-cli {VERSION}",
                    generator.name
                );
                let help = format!("write `version \"{VERSION}\"`, or pass --no-version-check");
                program.diagnostics.push(Diagnostic::error(generator.span, message).with_help(help));
            }
        }
    }
    program.report(console);
    Ok(if program.diagnostics.is_empty() { 0 } else { FOUND_SOMETHING })
}
