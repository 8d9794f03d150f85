//! One line of JSON for each request: who asked what, and how it went. Never what was said.

use runtime::log::write_line;
use serde_json::json;

/// What is known of a request that is over.
pub(crate) struct Entry<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) method: &'a str,
    pub(crate) route: &'a str,
    pub(crate) function: Option<&'a str>,
    pub(crate) status: u16,
    pub(crate) error: Option<&'a str>,
    pub(crate) duration_ms: u64,
    pub(crate) peer: &'a str,
}

/// Writes the line to standard error.
pub(crate) fn write(entry: &Entry<'_>) {
    write_line(json!({
        "time": runtime::now_text(),
        "request_id": entry.request_id,
        "method": entry.method,
        "route": entry.route,
        "function": entry.function,
        "status": entry.status,
        "error": entry.error,
        "duration_ms": entry.duration_ms,
        "peer": entry.peer,
    }));
}
