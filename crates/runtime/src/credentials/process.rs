//! Commands that print credentials.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::{CredentialsError, error};

/// How long a command may take: some ask the network.
const WITHIN: Duration = Duration::from_secs(30);

/// What a command prints. It is not run by a shell. What it writes to standard error is not shown, but for the
/// first line when it fails.
pub(super) async fn output(program: &str, arguments: &[String]) -> Result<String, CredentialsError> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let failed = |reason: &str| error::command_failed(program, reason);
    // Waiting for a child of our own, on a thread of its own, leaves Node's handling of children alone.
    let run = tokio::task::spawn_blocking(move || command.output());
    let output = tokio::time::timeout(WITHIN, run)
        .await
        .map_err(|_| failed(&format!("it took longer than {} s", WITHIN.as_secs())))?
        .map_err(|_| failed("it could not be waited for"))?
        .map_err(|reason| failed(&reason.to_string()))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason");
        return Err(failed(&line.chars().take(300).collect::<String>()));
    }
    String::from_utf8(output.stdout).map_err(|_| failed("what it printed is not text"))
}

/// A command line as a list of words: spaces separate them, quotes of both sorts hold them together.
pub(super) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (Some(_), inside) => word.get_or_insert_default().push(inside),
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, space) if space.is_whitespace() => words.extend(word.take()),
            (None, other) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(words(r"/opt/my\ tool"), [r"/opt/my\", "tool"]);
        assert_eq!(
            words(r#"  "/opt/my tool" get 'a "b"' x"" "" "#),
            ["/opt/my tool", "get", r#"a "b""#, "x", ""]
        );
        assert!(words("  ").is_empty());
    }
}
