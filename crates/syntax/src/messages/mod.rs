//! Every text that the lexer and the grammar can say, one constructor per event. Each names the thing, marks
//! the place, and says what to write instead.

mod attributes;
mod blocks;
mod classes;
mod functions;
mod strings;
mod types;
mod values;
mod words;

pub(crate) use attributes::*;
pub(crate) use blocks::*;
pub(crate) use classes::*;
pub(crate) use functions::*;
pub(crate) use strings::*;
pub(crate) use types::*;
pub(crate) use values::*;
pub(crate) use words::found;
