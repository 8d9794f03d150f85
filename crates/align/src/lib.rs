//! Model text to a typed value: schema-aligned parsing.
//!
//! A model's answer is rarely clean JSON: it comes in Markdown fences, between sentences, without quotes, cut
//! off. [`parse`] finds the value in it and bends it into the function's return type; [`parse_partial`] does the
//! same with an answer that is still being written, and [`Incremental`] does it again and again while the answer
//! grows, at the price of what has come since the last time.
//!
//! - strict JSON that fits, in a fence or not, goes straight into the type, in one pass
//! - otherwise one forward scan finds every place where the value may be (fences, objects and lists in prose, the
//!   text itself) and a tolerant reader turns each into nodes with spans
//! - alignment visits each node once per type that asks for it, counts what it had to bend, and the cheapest
//!   reading wins
//!
//! The cost is linear in the text, whatever it is. Nothing panics, nothing recurses deeper than a fixed limit.
//!
//! | file | what it does |
//! |---|---|
//! | `parse` | the entry points |
//! | `direct`, `frame` | the fast path for strict JSON, and what may stand around it |
//! | `cut_off` | lists that are strict JSON up to where the text was cut off |
//! | `candidates` | where in the text the value may be |
//! | `reader` | broken JSON to nodes; keeps its own stack |
//! | `document` | the arena of nodes, which only grows |
//! | `shape` | types with aliases looked through, keys made ready for matching |
//! | `coerce` | nodes and types to values, a file for each kind of type; `choose` picks the candidate |
//! | `cost` | how far a reading bent the text |
//! | `value` | the arena of values that `coerce` fills |
//! | `leniency` | the name of everything that is forgiven |
//! | `account` | what was done to an answer to make it fit |
//! | `incremental` | an answer read as it comes |
//! | `growth` | what was taken in of lists and maps that have not ended |
//! | `partial`, `share` | values that share what is finished with those shown before |
//! | `emit` | values for the caller: checks, stream states, what is withheld |
//! | `output` | what values are made into: values, or JSON text |
//! | `verbatim` | strict JSON that is the JSON of its value already |
//! | `failure`, `error`, `expected` | why a value does not fit, and how that is said |
//! | `number`, `fold`, `print` | numbers as people write them, words without case and accents, JSON as text |

mod account;
mod candidates;
mod coerce;
mod cost;
mod cut_off;
mod direct;
mod document;
mod emit;
mod error;
mod expected;
mod failure;
mod fold;
mod frame;
mod growth;
mod incremental;
mod leniency;
mod number;
mod output;
mod parse;
mod partial;
mod path;
mod print;
mod reader;
mod shape;
mod share;
mod value;
mod verbatim;

pub use account::{Account, Note};
pub use error::{Error, ErrorKind, Problem};
pub use incremental::{Incremental, Look};
pub use leniency::{Change, Leniency};
pub use parse::{Written, parse, parse_partial, parse_with_account, parse_written};
pub use partial::{Body, Grown, Partial};
