//! One request from its head to the end of its answer. However it ends, the log and the metrics are told.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use hyper::Method;

use crate::access_log::{self, Entry};
use crate::app::App;
use crate::body::milliseconds;

/// The status of a request whose caller went away before there was an answer, as proxies log it.
const CALLER_LEFT: u16 = 499;

/// How a stream ended whose caller went away.
const LEFT: &str = "caller_left";

/// How a stream came to its end: [`FINAL`], or the kind of its error.
pub(crate) type StreamEnd = Arc<OnceLock<&'static str>>;

/// The end of a stream that shows what the function returns.
pub(crate) const FINAL: &str = "final";

/// A request that is being answered.
pub(crate) struct Visit {
    app: Arc<App>,
    began: Instant,
    request_id: String,
    method: Method,
    route: &'static str,
    function: Option<String>,
    peer: IpAddr,
    /// `None` until there is an answer.
    status: Option<u16>,
    error: Option<&'static str>,
    stream: Option<StreamEnd>,
}

impl Visit {
    pub(crate) fn new(
        app: &Arc<App>,
        request_id: &str,
        method: &Method,
        route: &'static str,
        function: Option<&str>,
        peer: IpAddr,
    ) -> Self {
        Self {
            app: Arc::clone(app),
            began: Instant::now(),
            request_id: request_id.to_owned(),
            method: method.clone(),
            route,
            function: function.map(str::to_owned),
            peer,
            status: None,
            error: None,
            stream: None,
        }
    }

    /// The answer begins.
    pub(crate) fn answered(&mut self, status: u16, error: Option<&'static str>) {
        self.status = Some(status);
        self.error = error;
        self.app.metrics.count(self.route, self.function.as_deref(), status, self.began.elapsed());
    }

    /// The answer is a stream, which lasts until this is dropped.
    pub(crate) fn streams(&mut self, end: StreamEnd) {
        self.stream = Some(end);
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if self.status.is_none() {
            self.answered(CALLER_LEFT, Some(LEFT));
        }
        if let Some(end) = &self.stream {
            let end = end.get().copied().unwrap_or(LEFT);
            self.app.metrics.count_stream(self.function.as_deref(), end);
            self.error = Some(end).filter(|end| *end != FINAL);
        }
        let status = self.status.unwrap_or(CALLER_LEFT);
        // Probes come every few seconds, and say nothing as long as all is well.
        let is_quiet = matches!(self.route, "healthz" | "readyz") && status == 200;
        if self.app.settings.access_log && !is_quiet {
            access_log::write(&Entry {
                request_id: &self.request_id,
                method: self.method.as_str(),
                route: self.route,
                function: self.function.as_deref(),
                status,
                error: self.error,
                duration_ms: milliseconds(self.began.elapsed()),
                peer: &self.peer.to_string(),
            });
        }
    }
}
