//! One file per command.

mod check;
mod dev;
mod generate;
mod init;
mod on_generate;
mod plan;
mod serve;
mod test;

pub(crate) use check::check;
pub(crate) use dev::dev;
pub(crate) use generate::generate;
pub(crate) use init::init;
pub(crate) use plan::plan;
pub(crate) use serve::{health, serve};
pub(crate) use test::test;
