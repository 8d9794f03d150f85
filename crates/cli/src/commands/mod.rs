//! One file per command.

mod check;
mod generate;
mod init;
mod on_generate;
mod plan;

pub(crate) use check::check;
pub(crate) use generate::generate;
pub(crate) use init::init;
pub(crate) use plan::plan;
