//! One file per command.

mod check;
mod generate;
mod init;
mod on_generate;

pub(crate) use check::check;
pub(crate) use generate::generate;
pub(crate) use init::init;
