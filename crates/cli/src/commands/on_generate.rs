//! The user's own command after a client was written.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::{self, Failure};

/// Runs `command` by the shell, in the client's folder, with nothing to read from. Its output is shown only
/// when it fails.
pub(super) fn run(generator: &str, command: &str, folder: &Path) -> Result<(), Failure> {
    let output = shell(command)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failure::command_not_started(generator, command, &error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].concat();
    Err(failure::command_failed(generator, command, output.status.code(), &said))
}

fn shell(command: &str) -> Command {
    let (program, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut shell = Command::new(program);
    shell.arg(flag).arg(command);
    shell
}
