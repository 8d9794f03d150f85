//! Who answers a call: clients that are chosen and configured at run time, and the plan that a call follows.
//! Pure: no network, no clock, no chance; what round-robins remember comes through [`Rotation`].
//!
//! - [`ClientRegistry`]: clients and retry policies for the calls it is given to, checked when they are added;
//!   as JSON it is what a call over HTTP carries
//! - [`check`]: the same rules for the clients of a program, as diagnostics
//! - [`plan`]: strategies, retries and overrides worked out into [`Steps`], one attempt at a time; after each
//!   failure [`Steps::failed`] settles who is asked next and after which wait
//! - [`Plan::describe`]: the plan as it may be shown
//! - [`Retries::decide`]: what a retry policy makes of a failure
//! - [`variables`]: the environment variables that one call may need
//!
//! A call costs what the clients cost that it may come to, whatever else a registry holds.

mod check;
mod client_registry;
mod cycle;
mod describe;
mod error;
mod json;
mod plan;
mod policy_reference;
mod problems;
mod reason;
mod resolve;
mod retries;
mod rotation;
mod steps;
mod warnings;
mod weights;

pub use check::check;
pub use client_registry::{ClientInfo, ClientRegistry};
pub use describe::{ClientDescription, OptionDescription, PlanDescription, StepDescription};
pub use error::{Error, ErrorKind};
pub use plan::{Plan, plan};
pub use policy_reference::PolicyReference;
pub use reason::{Arm, Reason};
pub use resolve::{Origin, Resolved};
pub use retries::{Facts, Retries, Retry};
pub use rotation::{Counter, Rotation};
pub use schema::{Cause, Jitter, Policy, RetryOn, RetryStrategy};
pub use steps::{Limit, Step, Steps};
pub use warnings::variables;
