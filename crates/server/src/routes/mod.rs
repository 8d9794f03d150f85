//! Each route.

mod call;
mod function;
mod pages;
mod stream;

pub(crate) use function::function;
pub(crate) use pages::{docs, metrics, openapi, ping, status};
