//! The only room with a network, a clock, an environment and randomness: it loads programs and executes the
//! plans of their calls.
//!
//! | file | what it does |
//! |---|---|
//! | `runtime` | [`Runtime`]: load, call, request, parse |
//! | `source_files`, `program` | files to sources, and sources to schema and templates |
//! | `call`, `budget` | one call: bind, plan, attempts until one answers or the time is over, align |
//! | `test_run`, `test_arguments` | the `test` blocks of a program |
//! | `subject`, `attempt` | one attempt: render, request, send, reply |
//! | `partials` | the newest partial value of a stream |
//! | `transport`, `deadline`, `download` | HTTP, its limits, and media that a provider wants inline |
//! | `environment`, `clock`, `identifier`, `rotation` | the world outside, each in one place |
//! | `address`, `reach` | what is public, and what may be reached |
//! | `credentials` | what requests are authorised with, when that is no key among the options |
//! | `progress`, `record`, `health`, `log` | what happened, for the Collector, the operator and standard error |
//! | `failure`, `messages` | why there is no value, as data and in words |

#![expect(
    clippy::disallowed_methods,
    reason = "this is the room that the other rooms leave the clock, the environment and tasks to"
)]

mod address;
mod attempt;
mod budget;
mod call;
mod clock;
mod credentials;
mod deadline;
mod download;
mod environment;
mod failure;
mod health;
mod identifier;
pub mod log;
mod messages;
mod partials;
mod plan;
mod program;
mod progress;
mod reach;
mod record;
mod registration;
mod rotation;
mod runtime;
mod source_files;
mod subject;
mod test_arguments;
mod test_run;
mod transport;

pub use address::is_public;
pub use align::{Account, Body, Grown, Note, Partial, Written};
pub use clock::now_text;
pub use credentials::callback::{HostError, IssuedKey, KeyAnswer, KeyError, key_callback};
pub use environment::Variables;
pub use failure::{Details, FailedAttempt, Failure, FailureKind, Problem, TimeoutDetails};
pub use identifier::identifier;
pub use llm::SseRecord;
pub use partials::{News, Partials, StreamAttempt};
pub use plan::plan_json;
pub use program::{Sources, check, read_directory};
pub use reach::Reach;
pub use record::{Attempt, Collector, FunctionLog, RequestRecord, ResponseRecord, StreamRecord, Timing};
pub use registration::{refusal, settle};
pub use registry::{Arm, Cause, ClientRegistry, PolicyReference};
pub use runtime::{CallOptions, Runtime};
pub use schema::{Additions, PropertyAddition, TypeExpression, ValueAddition};
pub use source_files::{SourceFile, UnreadableFolder, source_files};
pub use test_run::{FailedConstraint, TestOutcome, TestRun};

/// The version of the peer whose generated clients this package accepts: what `get_version` answers.
pub const PEER_VERSION: &str = "0.226.2";
