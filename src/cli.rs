//! The command line, inside the addon.

use napi_derive::napi;

/// The version that generated clients are checked against.
#[napi(js_name = "get_version")]
pub fn get_version() -> &'static str {
    runtime::PEER_VERSION
}

/// Runs the command line with these arguments (the first is the program's name); answers the exit code.
#[napi(js_name = "invoke_runtime_cli")]
pub fn invoke_runtime_cli(params: Vec<String>) -> i32 {
    cli::run(params)
}
