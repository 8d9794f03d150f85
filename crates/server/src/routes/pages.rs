//! What is not about one function.

use hyper::StatusCode;
use hyper::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use serde_json::json;

use crate::answer::{self, Answer};
use crate::app::App;
use crate::permission::Permission;

/// A page for people: it reads `/openapi.json` and needs nothing from elsewhere.
const DOCS: &str = include_str!("docs.html");

pub(crate) fn docs() -> Answer {
    let mut page = answer::whole(StatusCode::OK, "text/html; charset=utf-8", DOCS);
    page.headers_mut().insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            // The page's own script and style by their digests, and nothing else: a test says them anew.
            "default-src 'none'; script-src 'sha256-6+50x09L6QvE3myFaTaLLJ0RTqc+lhTW88NaFjn8cvw='; \
             style-src 'sha256-HTs29Uduk6yEVg2omXNPYSRhv31OG/XQD7JyCwpSzeE='; connect-src 'self'; \
             frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
    );
    page
}

pub(crate) fn openapi(app: &App) -> Answer {
    answer::whole(StatusCode::OK, "application/json", app.served().openapi.clone())
}

pub(crate) fn metrics(app: &App) -> Answer {
    let under_way = app.settings.limits.calls.saturating_sub(app.calls.available_permits());
    let text = app.metrics.text(under_way, &app.served().runtime.health());
    answer::whole(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text)
}

pub(crate) fn ping() -> Answer {
    answer::text(concat!("pong (from baml v", env!("CARGO_PKG_VERSION"), ")\n"))
}

/// Whether a password is needed, and whether this request has it.
pub(crate) fn status(permission: Permission) -> Answer {
    let authz = match permission {
        Permission::Open => json!({ "enforcement": "none" }),
        Permission::Right => json!({ "enforcement": "active", "outcome": "pass" }),
        Permission::Missing => {
            json!({ "enforcement": "active", "outcome": "fail", "reason": "no password was given" })
        }
        Permission::Wrong => {
            json!({ "enforcement": "active", "outcome": "fail", "reason": "the password is wrong" })
        }
    };
    let mut answer = answer::json(&json!({ "authz": authz }));
    if !permission.is_granted() {
        *answer.status_mut() = StatusCode::FORBIDDEN;
    }
    answer
}
