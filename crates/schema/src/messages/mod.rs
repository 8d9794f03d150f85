//! Every diagnostic of the room, by name. What a value or a type builder is refused with is in `problems`.

mod attributes;
mod blocks;
mod functions;
mod names;
mod test_blocks;
mod type_builders;
mod types;
mod words;

pub(crate) use attributes::*;
pub(crate) use blocks::*;
pub(crate) use functions::*;
pub(crate) use names::*;
pub(crate) use test_blocks::*;
pub(crate) use type_builders::*;
pub(crate) use types::*;
