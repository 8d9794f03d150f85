//! `POST /call/F`.

use super::function::Asked;
use crate::answer::{self, Answer};
use crate::app::App;
use crate::body::milliseconds;
use crate::problem::{self, Problem};

/// Calls the function. When the caller goes away, the future is dropped, and the request to the provider with it.
pub(super) async fn call(app: &App, mut asked: Asked) -> Result<Answer, Problem> {
    let limit = app.settings.limits.call_timeout;
    let runtime = asked.served.runtime.clone();
    let options = asked.options.of_call(&app.settings, &runtime, &asked.function);
    let arguments = std::mem::take(&mut asked.arguments);
    let called = runtime.call(&asked.function, arguments, options);
    match tokio::time::timeout(limit, called).await {
        Ok(Ok(value)) => Ok(answer::json(&value.into())),
        Ok(Err(failure)) => Err(asked.problem(&failure)),
        Err(_) => Err(problem::call_too_long(milliseconds(limit))),
    }
}
