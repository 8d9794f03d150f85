//! Model text to a typed value: schema-aligned parsing.
//!
//! A model's answer is rarely clean JSON: it comes in Markdown fences, between sentences, without quotes, cut
//! off. [`parse`] finds the value in it and bends it into the function's return type; [`parse_partial`] does the
//! same with an answer that is still being written.
//!
//! - strict JSON that fits goes straight into the type, in one pass
//! - otherwise one forward scan finds every place where the value may be (fences, objects and lists in prose, the
//!   text itself) and a tolerant reader turns each into nodes with spans
//! - alignment visits each node once per type that asks for it, counts what it had to bend, and the cheapest
//!   reading wins
//!
//! The cost is linear in the text, whatever it is. Nothing panics, nothing recurses deeper than a fixed limit.

mod candidates;
mod coerce;
mod cost;
mod direct;
mod document;
mod emit;
mod error;
mod expected;
mod failure;
mod fold;
mod number;
mod parse;
mod print;
mod reader;
mod shape;
mod value;

pub use error::{Error, ErrorKind, Problem};
pub use parse::{parse, parse_partial};
