//! Where output goes. A write that fails (a pipe that was closed early) is dropped: it must end neither the
//! command nor the Node process that it runs in.

use std::io::{self, IsTerminal, Write};

use llm::Environment as _;
use runtime::Variables;

/// Standard output and standard error.
pub(crate) struct Console {
    out: Box<dyn Write>,
    error: Box<dyn Write>,
    /// Whether standard error shows colours.
    pub(crate) color: bool,
}

impl Console {
    /// The process's own.
    pub(crate) fn standard() -> Self {
        let color = io::stderr().is_terminal() && !asks_for_no_color();
        Self { out: Box::new(io::stdout()), error: Box::new(io::stderr()), color }
    }

    /// A line, or several, for the user.
    pub(crate) fn say(&mut self, text: &str) {
        drop(writeln!(self.out, "{text}").and_then(|()| self.out.flush()));
    }

    /// A line that the next one replaces; empty to wipe it. Only for terminals.
    pub(crate) fn status(&mut self, text: &str) {
        drop(write!(self.out, "\r\u{1b}[K{text}").and_then(|()| self.out.flush()));
    }

    /// A line, or several, about something wrong.
    pub(crate) fn error(&mut self, text: &str) {
        drop(writeln!(self.error, "{text}").and_then(|()| self.error.flush()));
    }
}

/// As <https://no-color.org> has it, and terminals that know none.
fn asks_for_no_color() -> bool {
    let variables = Variables::of_process(["NO_COLOR", "TERM"]);
    let is = |name: &str, test: fn(&str) -> bool| variables.get(name).is_some_and(|value| test(&value));
    is("NO_COLOR", |value| !value.is_empty()) || is("TERM", |value| value == "dumb")
}
