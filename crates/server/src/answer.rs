//! Answers: whole bodies and streams of events.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use crate::problem::Problem;
use crate::visit::{StreamEnd, Visit};

/// An answer, whole or as it is written.
pub(crate) type Answer = Response<AnswerBody>;

/// The body of an answer.
pub(crate) enum AnswerBody {
    /// The whole; `None` once it was handed over.
    Whole(Option<Bytes>),
    /// Events as they come. Whoever makes them ends when nobody wants them any more.
    Events {
        first: Option<Bytes>,
        events: mpsc::Receiver<Bytes>,
        _writer: AbortOnDropHandle<()>,
        end: StreamEnd,
        visit: Option<Visit>,
    },
}

impl AnswerBody {
    /// Keeps the visit for as long as the answer lasts.
    pub(crate) fn keep(&mut self, mut of_this: Visit) {
        if let Self::Events { end, visit, .. } = self {
            of_this.streams(Arc::clone(end));
            *visit = Some(of_this);
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Events { first, events, .. } => match first.take() {
                Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
                None => events.poll_recv(context).map(|event| event.map(|bytes| Ok(Frame::data(bytes)))),
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Self::Events { .. } => SizeHint::default(),
        }
    }
}

pub(crate) fn whole(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let body = body.into();
    let mut answer = Response::new(AnswerBody::Whole(Some(body).filter(|body| !body.is_empty())));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    answer
}

pub(crate) fn text(body: impl Into<Bytes>) -> Answer {
    whole(StatusCode::OK, "text/plain; charset=utf-8", body)
}

pub(crate) fn json(value: &Value) -> Answer {
    json_text(value.to_string())
}

/// What is JSON already.
pub(crate) fn json_text(json: impl Into<Bytes>) -> Answer {
    whole(StatusCode::OK, "application/json", json)
}

/// No body at all.
pub(crate) fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(AnswerBody::Whole(None));
    *answer.status_mut() = status;
    answer
}

/// A stream of events, the first of which is there.
pub(crate) fn events(
    first: Bytes,
    events: mpsc::Receiver<Bytes>,
    writer: AbortOnDropHandle<()>,
    end: StreamEnd,
) -> Answer {
    let first = Some(first);
    let mut answer = Response::new(AnswerBody::Events { first, events, _writer: writer, end, visit: None });
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(HeaderName::from_static("cache-control"), HeaderValue::from_static("no-cache"));
    // Proxies that gather answers before they hand them on would hold events back.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    answer
}

pub(crate) fn of_problem(problem: &Problem, request_id: &str) -> Answer {
    let mut answer = whole(problem.status, "application/json", problem.json(request_id).to_string());
    if let Some((name, value)) = problem.header {
        answer.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Some(seconds) = problem.retry_after_seconds {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}
