//! The tests of this room as its users see it.

mod injection;
mod judge;
mod limits;
mod prompts;
mod recorded;
mod support;
