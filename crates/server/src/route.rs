//! Which path means what.

use hyper::Method;

use crate::problem::{self, Problem};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// Something about a function.
    Function(Action, String),
    /// `/healthz`: the process lives.
    Health,
    /// `/readyz`: calls are taken.
    Ready,
    /// `/metrics`.
    Metrics,
    /// `/openapi.json`.
    OpenApi,
    /// `/docs`, also at `/`.
    Docs,
    /// `/_debug/ping`.
    Ping,
    /// `/_debug/status`.
    Status,
}

/// What is asked of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    Call,
    Stream,
    Parse,
    Request,
    Plan,
}

impl Action {
    const ALL: [Self; 5] = [Self::Call, Self::Stream, Self::Parse, Self::Request, Self::Plan];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Stream => "stream",
            Self::Parse => "parse",
            Self::Request => "request",
            Self::Plan => "plan",
        }
    }
}

impl Route {
    /// The route of a path, or why there is none for this method.
    pub(crate) fn of(method: &Method, path: &str) -> Result<Self, Problem> {
        let route = Self::of_path(path).ok_or_else(|| problem::no_route(path))?;
        let (is_allowed, allowed) = match route {
            Self::Function(..) => (method == Method::POST, "POST"),
            _ => (method == Method::GET || method == Method::HEAD, "GET, HEAD"),
        };
        if is_allowed { Ok(route) } else { Err(problem::wrong_method(method.as_str(), allowed)) }
    }

    fn of_path(path: &str) -> Option<Self> {
        Some(match path {
            "/healthz" => Self::Health,
            "/readyz" => Self::Ready,
            "/metrics" => Self::Metrics,
            "/openapi.json" => Self::OpenApi,
            "/" | "/docs" => Self::Docs,
            "/_debug/ping" => Self::Ping,
            "/_debug/status" => Self::Status,
            _ => {
                let (action, name) = path.strip_prefix('/')?.split_once('/')?;
                let action = Action::ALL.into_iter().find(|known| known.name() == action)?;
                if name.is_empty() || name.contains('/') {
                    return None;
                }
                Self::Function(action, name.to_owned())
            }
        })
    }

    /// Whether it is answered without a password: what probes ask, and nothing about the program.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Self::Health | Self::Ready | Self::Ping | Self::Status)
    }

    /// The route without the function's name, for metrics and logs.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Function(action, _) => action.name(),
            Self::Health => "healthz",
            Self::Ready => "readyz",
            Self::Metrics => "metrics",
            Self::OpenApi => "openapi",
            Self::Docs => "docs",
            Self::Ping => "ping",
            Self::Status => "status",
        }
    }
}
