//! The room from outside: programs, registries and the plans they give, and the recorded cases.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::format_push_string, reason = "an allocation more does no harm in a test")]

mod changes;
mod checks;
mod described;
mod plans;
mod random;
mod recorded;
mod registries;
mod retries;
mod simulation;
mod strategies;
mod support;

use baml_registry as registry;
