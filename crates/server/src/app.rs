//! One request: who asks, may they, what for; and afterwards the log and the metrics.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use codegen::OpenApiOptions;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderName, HeaderValue, ORIGIN, VARY};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Request, StatusCode, Version};
use runtime::Runtime;
use tokio::sync::Semaphore;

use crate::answer::{self, Answer};
use crate::body::Body;
use crate::metrics::Metrics;
use crate::permission::{self, Permission};
use crate::problem::{self, Problem};
use crate::route::Route;
use crate::routes;
use crate::settings::Settings;
use crate::visit::Visit;

/// The longest request id that is taken from a caller.
const LONGEST_REQUEST_ID: usize = 128;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What all connections share.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) metrics: Metrics,
    pub(crate) calls: Arc<Semaphore>,
    served: RwLock<Arc<Served>>,
    is_ending: AtomicBool,
}

/// The program that is served, and what it comes to.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) runtime: Runtime,
    pub(crate) openapi: Bytes,
}

impl Served {
    fn new(runtime: Runtime, settings: &Settings) -> Self {
        let options = OpenApiOptions {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            secured: settings.password.is_some(),
            takes_clients: !settings.callers.refuse_registries,
            presets: settings.presets.keys().cloned().collect(),
        };
        let openapi = codegen::openapi(runtime.schema(), &options).to_string().into();
        Self { runtime, openapi }
    }
}

impl App {
    pub(crate) fn new(settings: Settings, runtime: Runtime) -> Self {
        Self {
            served: RwLock::new(Arc::new(Served::new(runtime, &settings))),
            calls: Arc::new(Semaphore::new(settings.limits.calls)),
            metrics: Metrics::default(),
            is_ending: AtomicBool::new(false),
            settings,
        }
    }

    /// The program as it is now. A request keeps the one that it began with.
    pub(crate) fn served(&self) -> Arc<Served> {
        Arc::clone(&self.served.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether there is such a function. Other names would fill the metrics.
    fn has_function(&self, name: &str) -> bool {
        self.served().runtime.schema().functions.contains_key(name)
    }

    /// Serves another program from now on.
    pub(crate) fn replace(&self, runtime: Runtime) {
        let served = Arc::new(Served::new(runtime, &self.settings));
        *self.served.write().unwrap_or_else(PoisonError::into_inner) = served;
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Relaxed)
    }

    /// From now on the server says that it is not ready.
    pub(crate) fn end(&self) {
        self.is_ending.store(true, Ordering::Relaxed);
    }

    /// Answers a request. No failure and no panic leaves it without an answer.
    pub(crate) async fn answer(self: &Arc<Self>, request: Request<Incoming>, peer: SocketAddr) -> Answer {
        let (head, body) = request.into_parts();
        let body = Body::new(body);
        let version = head.version;
        let request_id = request_id(&head.headers);
        let method = head.method.clone();
        let origin = self.allowed_origin(&head.headers);
        let route = Route::of(&method, head.uri.path());
        let function = match &route {
            Ok(Route::Function(_, name)) => Some(name.as_str()).filter(|name| self.has_function(name)),
            _ => None,
        };
        let name = route.as_ref().map_or("none", Route::name);
        let mut visit = Visit::new(self, &request_id, &method, name, function, peer.ip());
        let preflight = (method == Method::OPTIONS).then_some(()).and(origin.clone());

        let outcome = match (&route, preflight) {
            (_, Some(origin)) => Ok(preflight_answer(&origin)),
            (Err(problem), None) => Err(problem.clone()),
            (Ok(route), None) => {
                let answered = self.permitted(route, head, body, &request_id);
                Box::pin(without_panic(answered)).await
            }
        };
        let error = outcome.as_ref().err().map(|problem| problem.code);
        let mut answer = outcome.unwrap_or_else(|problem| answer::of_problem(&problem, &request_id));
        self.stamp(&mut answer, &request_id, origin);
        // HTTP/2 has a message of its own for it.
        if self.is_ending() && version < Version::HTTP_2 {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        visit.answered(answer.status().as_u16(), error);
        answer.body_mut().keep(visit);
        answer
    }

    async fn permitted(
        &self,
        route: &Route,
        head: Parts,
        body: Body,
        request_id: &str,
    ) -> Result<Answer, Problem> {
        let settings = &self.settings;
        let permission = Permission::of(settings.password.as_ref(), &head.headers);
        if settings.password.is_none()
            && settings.host.is_loopback()
            && !permission::names_this_machine(&head.uri, &head.headers, settings.host)
        {
            return Err(problem::foreign_host());
        }
        match permission {
            _ if route.is_open() => {}
            Permission::Missing => return Err(problem::no_password()),
            Permission::Wrong => return Err(problem::wrong_password()),
            Permission::Open | Permission::Right => {}
        }
        match route {
            Route::Function(action, name) => {
                routes::function(self, *action, name, &head.headers, body, request_id).await
            }
            Route::Ready if self.is_ending() => Err(problem::ending()),
            Route::Health | Route::Ready => Ok(answer::text("ok\n")),
            Route::Metrics => Ok(routes::metrics(self)),
            Route::OpenApi => Ok(routes::openapi(self)),
            Route::Docs => Ok(routes::docs()),
            Route::Ping => Ok(routes::ping()),
            Route::Status => Ok(routes::status(permission)),
        }
    }

    /// What every answer has.
    fn stamp(&self, answer: &mut Answer, request_id: &str, origin: Option<HeaderValue>) {
        let headers = answer.headers_mut();
        if let Ok(id) = HeaderValue::from_str(request_id) {
            headers.insert(REQUEST_ID, id);
        }
        headers
            .insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
        if !self.settings.cors_origins.is_empty() {
            headers.insert(VARY, HeaderValue::from_static("Origin"));
        }
        if let Some(origin) = origin {
            headers.insert(HeaderName::from_static("access-control-allow-origin"), origin);
            headers.insert(
                HeaderName::from_static("access-control-expose-headers"),
                HeaderValue::from_static("x-request-id, retry-after"),
            );
        }
    }

    /// The origin of the asking page, if its pages may call.
    fn allowed_origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(ORIGIN)?;
        let is_allowed = self
            .settings
            .cors_origins
            .iter()
            .any(|allowed| allowed == "*" || allowed.as_bytes() == origin.as_bytes());
        is_allowed.then(|| origin.clone())
    }
}

/// What a browser asks before a page of another origin may call.
fn preflight_answer(origin: &HeaderValue) -> Answer {
    let mut answer = answer::empty(StatusCode::NO_CONTENT);
    let headers = answer.headers_mut();
    headers.insert(HeaderName::from_static("access-control-allow-origin"), origin.clone());
    for (name, value) in [
        ("access-control-allow-methods", "GET, POST"),
        ("access-control-allow-headers", "authorization, content-type, x-baml-api-key, x-request-id"),
        ("access-control-max-age", "600"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    answer
}

/// The caller's id for the request, when it can be repeated as it is, or a new one.
fn request_id(headers: &HeaderMap) -> String {
    headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| !id.is_empty() && id.len() <= LONGEST_REQUEST_ID)
        .filter(|id| id.bytes().all(|byte| byte.is_ascii_graphic()))
        .map_or_else(|| runtime::identifier("req"), str::to_owned)
}

/// Runs to the end; a panic becomes a failure of this one request.
async fn without_panic<F>(future: F) -> Result<Answer, Problem>
where
    F: Future<Output = Result<Answer, Problem>>,
{
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(move |context| {
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        polled.unwrap_or_else(|_| std::task::Poll::Ready(Err(problem::broken())))
    })
    .await
}
