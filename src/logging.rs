//! Log settings of the process.

use napi::Result;
use napi::bindgen_prelude::Env;
use napi_derive::napi;
use runtime::log;

use crate::failure::invalid_argument;

/// The level in force, in upper case.
#[napi]
pub fn get_log_level() -> &'static str {
    log::level().name()
}

/// Sets the level: off, error, warn, info, debug or trace, in any case. Throws `BamlInvalidArgumentError` for
/// anything else.
#[napi]
pub fn set_log_level(env: Env, level: String) -> Result<()> {
    log::LogLevel::parse(&level).map(log::set_level).map_err(|problem| invalid_argument(&env, problem))
}

/// Prints one JSON object a line instead of text blocks.
#[napi]
pub fn set_log_json_mode(use_json: bool) {
    log::set_json_mode(use_json);
}

/// Cuts each prompt and reply that is printed to this many characters; 0 means no limit.
#[napi]
pub fn set_log_max_chunk_length(length: u32) {
    log::set_max_chunk_length(length as usize);
}
