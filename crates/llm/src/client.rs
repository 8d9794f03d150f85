//! A client of a model: its options read, checked and looked up, ready to make requests.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use indexmap::IndexMap;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use types::{ConfigMap, MediaKind};

use crate::answer_form::AnswerForm;
use crate::credentials::{CredentialSource, Credentials};
use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::header::HeaderValue;
use crate::media::{DownloadLimits, MediaHandlers};
use crate::openai_responses;
use crate::options::{self, HttpOptions, Lookup, Options, RoleMetadata, Vertex, is_o1};
use crate::problem::{self, Problem};
use crate::provider::{Dialect, Provider, ProviderKind};

/// Secrets shorter than this are not looked for in text: they would match by chance.
const SHORTEST_REDACTED: usize = 8;

/// A client of a model, ready to make requests. It holds keys, and never shows them.
pub struct Client {
    name: Box<str>,
    provider: &'static Provider,
    options: Options,
    /// What its answers must be like, when the provider is told.
    form: Option<AnswerForm>,
    /// What its requests were authorised with, to be blotted out as its own keys are.
    learned: OnceLock<Credentials>,
}

impl Client {
    /// Reads the options of a client and looks its environment variables up.
    ///
    /// For a request that is only shown, wrap the environment in [`crate::Placeholders`]; in a real call a
    /// missing key is an error here, before anything is sent.
    ///
    /// # Errors
    /// All that is wrong with the options.
    pub fn build(
        name: &str,
        provider: &'static Provider,
        options: &ConfigMap,
        environment: &dyn Environment,
    ) -> Result<Self, Vec<Problem>> {
        if matches!(provider.kind, ProviderKind::Strategy(_)) {
            return Err(vec![problem::strategy_as_shorthand(provider)]);
        }
        let (options, problems) = options::read(provider, options, Lookup::Now { environment });
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self { name: name.into(), provider, options, form: None, learned: OnceLock::new() })
    }

    /// The client's name: as defined, or `provider/model`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its provider.
    #[must_use]
    pub fn provider(&self) -> &'static Provider {
        self.provider
    }

    /// Its model, when the option is text.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.options.model.as_deref()
    }

    /// The role of text that no role was given to.
    #[must_use]
    pub fn default_role(&self) -> &str {
        &self.options.roles.default
    }

    /// The same as the provider is told it: after `remap_roles`.
    pub(crate) fn default_role_sent(&self) -> &str {
        let role = self.default_role();
        self.remap_roles().get(role).map_or(role, String::as_str)
    }

    /// The roles that a template may use; others become the default role. Never empty.
    #[must_use]
    pub fn allowed_roles(&self) -> &[String] {
        &self.options.roles.allowed
    }

    /// What each role is called on the wire, applied last.
    #[must_use]
    pub fn remap_roles(&self) -> &IndexMap<String, String> {
        &self.options.roles.remapped
    }

    /// The options that are sent in the request body, and the model also where its place is not there.
    #[must_use]
    pub fn sent_options(&self) -> Map<String, Value> {
        let mut options = Map::new();
        if !self.body().contains_key("model")
            && let Some(model) = self.model()
        {
            options.insert("model".to_owned(), Value::from(model));
        }
        options.extend(self.body().clone());
        options
    }

    /// Whether a stream can be asked for; if not, the whole answer is the stream's one event.
    #[must_use]
    pub fn supports_streaming(&self) -> bool {
        let usual = !self.model().is_some_and(is_o1);
        self.options.supports_streaming.unwrap_or(usual)
    }

    /// Whether the provider is to be told the form of the answer: see [`Client::with_form`].
    #[must_use]
    pub fn structured_output(&self) -> bool {
        self.options.structured_output
    }

    /// The same client for calls whose answers must have this form. Its requests tell the provider, and the text of its
    /// answers is what stands in the form. Without `structured_output true` nothing changes.
    #[must_use]
    pub fn with_form(self, form: Option<AnswerForm>) -> Self {
        let form = form.filter(|_| self.structured_output());
        Self { form, ..self }
    }

    /// Limits and connections.
    #[must_use]
    pub fn http(&self) -> &HttpOptions {
        &self.options.http
    }

    /// Where its credentials come from; `None` when a key among its options is all, or it needs nothing.
    #[must_use]
    pub fn credential_source(&self) -> Option<&CredentialSource> {
        self.options.credentials.as_ref()
    }

    /// Its Google Cloud project, when the options or the environment name it. Where it is `None`, a URL holds
    /// [`crate::UNKNOWN_PROJECT`] in its place.
    #[must_use]
    pub fn project(&self) -> Option<&str> {
        self.options.project.as_deref()
    }

    /// Its AWS region, when the options or the environment name it. Where it is `None`, a URL holds
    /// [`crate::UNKNOWN_REGION`] in its place.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.options.region.as_deref()
    }

    /// Whether its provider counts the tokens of a prompt that came from its cache apart: then they are not among the
    /// input tokens.
    #[must_use]
    pub fn counts_cached_tokens_apart(&self) -> bool {
        matches!(self.reply_dialect(), Some(Dialect::Anthropic | Dialect::Bedrock))
    }

    /// What is done with media URLs.
    #[must_use]
    pub fn media_handlers(&self) -> &MediaHandlers {
        &self.options.media
    }

    /// What downloads of media may be.
    #[must_use]
    pub fn download_limits(&self) -> &DownloadLimits {
        &self.options.media_download
    }

    /// Whether a reply that ended for this reason is accepted. Streams ask here; [`crate::reply`] does it itself.
    #[must_use]
    pub fn accepts_finish_reason(&self, reason: &str) -> bool {
        match self.reply_dialect() {
            Some(Dialect::OpenAiResponses) => {
                self.options.finish_reasons.accept(&openai_responses::names_of_reason(reason))
            }
            _ => self.options.finish_reasons.accept(&[reason]),
        }
    }

    /// The text with this client's keys blotted out, in case a provider repeats one in an error.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for secret in self.secrets() {
            if secret.len() >= SHORTEST_REDACTED && text.contains(secret) {
                text = Cow::Owned(text.replace(secret, "[secret]"));
            }
        }
        text
    }

    fn secrets(&self) -> impl Iterator<Item = &str> {
        let options = &self.options;
        let key = options.api_key.as_ref().map(ExposeSecret::expose_secret);
        let headers = options.headers.iter().filter_map(|(_, value)| match value {
            // A scheme before the credential is not part of the secret.
            HeaderValue::Secret(text) => text.expose_secret().rsplit(' ').next(),
            HeaderValue::Plain(_) => None,
        });
        let password =
            options.endpoint.as_ref().and_then(Endpoint::user).map(|(_, password)| password.expose_secret());
        let learned = self.learned.get().into_iter().flat_map(Credentials::secrets);
        key.into_iter().chain(headers).chain(password).chain(learned.map(ExposeSecret::expose_secret))
    }

    /// Remembers what its requests are authorised with. A client makes the requests of one attempt.
    pub(crate) fn learn(&self, credentials: &Credentials) {
        let _ = self.learned.set(credentials.clone());
    }

    pub(crate) fn takes(&self, kind: MediaKind) -> bool {
        match self.options.dialect {
            Some(Dialect::OpenAiChat | Dialect::OpenAiResponses | Dialect::Anthropic) => {
                kind != MediaKind::Video
            }
            Some(Dialect::Google | Dialect::Vertex | Dialect::Bedrock) => true,
            None => false,
        }
    }

    pub(crate) fn vertex(&self) -> Option<&Vertex> {
        self.options.vertex.as_ref()
    }

    pub(crate) fn form(&self) -> Option<&AnswerForm> {
        self.form.as_ref()
    }

    pub(crate) fn endpoint(&self) -> Option<&Endpoint> {
        self.options.endpoint.as_ref()
    }

    pub(crate) fn api_key(&self) -> Option<&SecretString> {
        self.options.api_key.as_ref()
    }

    pub(crate) fn headers(&self) -> &[(String, HeaderValue)] {
        &self.options.headers
    }

    pub(crate) fn query_params(&self) -> impl Iterator<Item = (&str, &str)> {
        self.options.query_params.iter().map(|(name, value)| (name.as_str(), value.expose_secret()))
    }

    pub(crate) fn role_metadata(&self) -> &RoleMetadata {
        &self.options.role_metadata
    }

    pub(crate) fn reply_dialect(&self) -> Option<Dialect> {
        self.options.reply_dialect
    }

    pub(crate) fn body(&self) -> &Map<String, Value> {
        &self.options.body
    }
}

impl fmt::Debug for Client {
    /// Names only: an option that this room does not know may hold a secret too.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("name", &self.name)
            .field("provider", &self.provider.name)
            .field("model", &self.model())
            .field("base_url", &self.endpoint().map(Endpoint::shown))
            .field("options", &self.body().keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
