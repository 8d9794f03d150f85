//! Why no plan can be made. Every message has its constructor here.

use std::fmt;

use llm::Problem;
use types::nearest;

/// How many names a message lists before it says how many more there are.
const LISTED: usize = 12;

/// No plan can be made for a call. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: Box<str>,
    problems: Vec<Problem>,
}

/// What sort of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A name stands for no client.
    UnknownClient,
    /// A `provider/model` names no provider, or one that is not a model.
    InvalidShorthand,
    /// A client names a retry policy that neither the registry nor the program has.
    UnknownRetryPolicy,
    /// A client that the call needs is not valid.
    InvalidClient,
    /// A strategy contains itself, or a client extends itself.
    Cycle,
}

/// Who named a client.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NamedBy<'a> {
    /// The registry's `set_primary`, or the call's `client`.
    Primary,
    /// A function of the program.
    Function(&'a str),
    /// A strategy.
    Strategy(&'a str),
    /// A client that extends another.
    Extension(&'a str),
}

impl NamedBy<'_> {
    /// Where the name stands, from the outside in.
    fn path(self) -> Vec<String> {
        let path: &[&str] = match &self {
            Self::Primary => &["client"],
            Self::Function(name) => &[name, "client"],
            Self::Strategy(name) => &[name, "strategy"],
            Self::Extension(name) => &[name, "extends"],
        };
        path.iter().map(ToString::to_string).collect()
    }
}

impl fmt::Display for NamedBy<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Primary => formatter.write_str("the chosen client"),
            Self::Function(name) => write!(formatter, "the client of function `{name}`"),
            Self::Strategy(name) => write!(formatter, "a member of the strategy of client `{name}`"),
            Self::Extension(name) => write!(formatter, "what client `{name}` extends"),
        }
    }
}

impl Error {
    /// What sort of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What is wrong, in plain words, with the nearest match and the valid choices.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Each thing that is wrong, with its place: a client's name and the option, or what named the client.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// An error about one thing, which the message says whole: its first line is what is wrong, the others are
    /// the choices.
    fn new(kind: ErrorKind, path: Vec<String>, message: String) -> Self {
        let (first, choices) = match message.split_once('\n') {
            Some((first, choices)) => (first.to_owned(), Some(choices.to_owned())),
            None => (message.clone(), None),
        };
        let problems = vec![Problem { path, message: first, help: choices }];
        Self { kind, message: message.into_boxed_str(), problems }
    }

    pub(crate) fn unknown_client(by: NamedBy<'_>, name: &str, registry: &[&str], program: &[&str]) -> Self {
        let mut message = format!("there is no client `{name}` ({by})");
        if llm::provider(name).is_some() {
            message = format!("{message}; `{name}` is a provider: add a model, as in `{name}/MODEL`");
        } else if let Some(meant) =
            nearest(name, registry.iter().chain(program).copied()).filter(|_| !name.is_empty())
        {
            message = format!("{message}; did you mean `{meant}`?");
        }
        for (owner, names) in [("registry", registry), ("program", program)] {
            if !names.is_empty() {
                message = format!("{message}\nclients of the {owner}: {}", list(names));
            }
        }
        message.push_str("\na client can also be named as `provider/model`, for example `openai/gpt-5-mini`");
        Self::new(ErrorKind::UnknownClient, by.path(), message)
    }

    pub(crate) fn shorthand(by: NamedBy<'_>, name: &str, problem: &Problem) -> Self {
        Self::new(ErrorKind::InvalidShorthand, by.path(), format!("`{name}` ({by}): {problem}"))
    }

    pub(crate) fn unknown_retry_policy(
        client: &str,
        policy: &str,
        registry: &[&str],
        program: &[&str],
    ) -> Self {
        let mut message =
            format!("client `{client}` names the retry policy `{policy}`, which does not exist");
        if let Some(meant) = nearest(policy, registry.iter().chain(program).copied()) {
            message = format!("{message}; did you mean `{meant}`?");
        }
        if registry.is_empty() && program.is_empty() {
            message.push_str("; there is none, neither in the program nor in the registry");
        }
        for (owner, names) in [("registry", registry), ("program", program)] {
            if !names.is_empty() {
                message = format!("{message}\nretry policies of the {owner}: {}", list(names));
            }
        }
        Self::new(ErrorKind::UnknownRetryPolicy, path(client, "retry_policy"), message)
    }

    pub(crate) fn options_over_a_strategy(strategy: &str, member: &str) -> Self {
        let message = format!(
            "the strategy of client `{strategy}` gives options to its member `{member}`, which is a strategy: \
             only a model's options can be overridden"
        );
        Self::new(ErrorKind::InvalidClient, path(strategy, "strategy"), message)
    }

    pub(crate) fn extends_itself(names: &[&str], again: &str) -> Self {
        let from = names.iter().position(|name| *name == again).unwrap_or_default();
        let message = format!("a client cannot extend itself: the cycle is {}", arrows(&names[from..]));
        Self::new(ErrorKind::Cycle, path(again, "extends"), message)
    }

    pub(crate) fn invalid_client(client: &str, problems: &[Problem]) -> Self {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let message = format!("client `{client}` is not valid: {}", lines.join("\n"));
        let within_client = |problem: &Problem| {
            let mut problem = problem.clone();
            problem.path.insert(0, client.to_owned());
            problem
        };
        Self {
            kind: ErrorKind::InvalidClient,
            message: message.into_boxed_str(),
            problems: problems.iter().map(within_client).collect(),
        }
    }

    pub(crate) fn cycle(names: &[&str]) -> Self {
        Self::new(
            ErrorKind::Cycle,
            path(names.first().copied().unwrap_or_default(), "strategy"),
            format!("a strategy cannot contain itself: the cycle is {}", arrows(names)),
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

fn path(client: &str, option: &str) -> Vec<String> {
    vec![client.to_owned(), option.to_owned()]
}

/// `` `A`, `B` and 3 more ``.
fn list(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    match names.len().checked_sub(LISTED) {
        Some(more @ 1..) => format!("{} and {more} more", shown.join(", ")),
        _ => shown.join(", "),
    }
}

/// `` `A` -> `B` -> `A` ``, the middle of a long cycle left out.
pub(crate) fn arrows(names: &[&str]) -> String {
    let mut shown: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    if names.len() > LISTED {
        shown.push("...".to_owned());
    }
    if let Some(first) = names.first() {
        shown.push(format!("`{first}`"));
    }
    shown.join(" -> ")
}
