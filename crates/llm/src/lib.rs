//! The wire: which vendors there are, what their clients' options mean, and how a prompt becomes a request and
//! an answer becomes text. Nothing here does I/O: requests are data, answers are bytes, and environment
//! variables come through [`Environment`].
//!
//! - [`PROVIDERS`]: the table of vendors, one row each
//! - [`check_options`], [`warn_options`], [`strategy_options`]: what is wrong with a client's options
//! - [`Client`]: options read and looked up
//! - [`downloads`], [`substitute`]: media that must be fetched before a request can be made
//! - [`CredentialSource`], [`authorize`]: what requests are authorised with, when that is no key of the options
//! - [`AnswerForm`]: the form that a provider makes its model keep to
//! - [`request`]: the request of a call, which is also what `b.request` shows
//! - [`reply`]: the text of an answer, or what went wrong
//! - [`Decoder`]: the same for an answer that is streamed; [`SseDecoder`] and [`EventStreamDecoder`] are the
//!   layers below
//! - [`sign`]: the signature of a request to AWS
//!
//! A dialect is a folder named for its wire format: messages, body and reply are separate small functions.

mod answer_form;
mod anthropic;
mod bedrock;
mod client;
mod conversation;
mod credentials;
mod endpoint;
mod environment;
mod error;
mod event_stream;
mod google;
mod header;
mod http;
mod http_date;
mod media;
mod openai_chat;
mod openai_media;
mod openai_responses;
mod options;
mod problem;
mod provider;
mod reply;
mod request;
mod sigv4;
mod sse;
mod stream;
mod vertex;

pub use answer_form::AnswerForm;
pub use client::Client;
pub use credentials::{
    AwsKeys, AwsSource, CredentialSource, Credentials, EntraSource, GoogleSource, UNKNOWN_PROJECT,
    UNKNOWN_REGION, authorize, authorize_as_unknown, credential_variables,
};
pub use endpoint::aws_domain;
pub use environment::{Environment, Placeholders};
pub use error::{Error, ErrorKind, shown_url};
pub use event_stream::{EventStreamDecoder, EventStreamError, EventStreamMessage, LARGEST_MESSAGE_BYTES};
pub use header::{HeaderValue, is_secret_header};
pub use http::{HttpRequest, Mode};
pub use media::{
    Download, DownloadLimits, HostPattern, MediaHandlers, MediaHandling, downloads, mime_type_by_extension,
    substitute,
};
pub use options::{
    HttpOptions, Proxy, ProxyUrl, REDACTED, StickyKey, StrategyMember, StrategyOptions, check_options,
    misspelt_options, overlay, shown_options, stand_in, strategy_options, warn_options, with_variables,
};
pub use problem::{Problem, shorthand_without_model, strategy_as_shorthand, unknown_provider};
pub use provider::{
    Auth, Dialect, OptionSet, PROVIDERS, Provider, ProviderKind, StrategyKind, nearest_provider, provider,
};
pub use reply::{Reply, ReplyError, ReplyErrorKind, reply, request_id};
pub use request::request;
pub use sigv4::sign;
pub use sse::{EventTooLarge, LARGEST_EVENT_BYTES, SseDecoder, SseEvent};
pub use stream::{Decoder, Delta, SseRecord, StreamEnd};
