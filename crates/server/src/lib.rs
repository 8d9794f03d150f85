//! The HTTP door: what `baml-cli serve` answers. Every function of a program can be called, streamed, parsed, and
//! shown as a request or a plan; clients may be chosen and configured in the body of a call.
//!
//! The server keeps no state that another replica would miss: no sessions, no queues, no files.
//!
//! | file | what it does |
//! |---|---|
//! | [`Settings`] | what the operator decides |
//! | [`Server`] | listens, accepts, drains |
//! | [`run`] | the same as a process with threads and signals |
//! | `app` | one request: identity, permission, route, log, metrics |
//! | `route` | which path means what |
//! | `routes/` | each route |
//! | `connection` | gives up on those who do not do their part |
//! | `body`, `options` | a request's body and its `__baml_options__` |
//! | `callers` | what callers may do with clients of their own |
//! | `answer`, `problem` | answers, and errors as JSON |
//! | `permission` | passwords and hosts |
//! | `visit`, `metrics`, `access_log` | what operators look at |

#![expect(
    clippy::disallowed_methods,
    reason = "a server has a clock for its log, and tasks that end with their connections"
)]

mod access_log;
mod answer;
mod app;
mod body;
mod callers;
mod connection;
mod metrics;
mod options;
mod permission;
mod problem;
mod process;
mod route;
mod routes;
mod server;
mod settings;
mod visit;

pub use process::{Signals, probe, run};
pub use server::{Error, Handle, Server};
pub use settings::{CallerRules, Limits, Settings};
