//! Credentials from every place that they come from, each played by a server on loopback.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and runs a server beside itself"
)]

mod aws;
mod azure;
mod callback;
mod google;
mod world;
