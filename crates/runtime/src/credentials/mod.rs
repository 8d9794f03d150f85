//! Credentials that are not among a client's options: found, fetched, kept until shortly before they expire, and
//! put into requests just before these are sent.
//!
//! | file | what it does |
//! |---|---|
//! | `slot` | keeps credentials, and lets one call fetch them for all that wait |
//! | `callback` | a function of the host language that gives keys |
//! | `aws`, `google`, `entra` | the clouds, one small file for each place that credentials come from |
//! | `exchange`, `files`, `process` | HTTP requests, files and commands, with limits |
//! | `error` | why there are none, each message under a name |

mod aws;
pub(crate) mod callback;
mod entra;
mod error;
mod exchange;
mod files;
mod google;
mod process;
mod slot;

use std::sync::Arc;

use llm::{Client, CredentialSource, Credentials, Environment as _, HttpRequest};
use ring::digest::{Context, SHA256};
use secrecy::ExposeSecret;

use self::callback::KeyCallback;
use self::error::CredentialsError;
use self::slot::{Slot, slot};
use crate::clock;
use crate::deadline::Deadline;
use crate::environment::Variables;
use crate::failure::Failure;
use crate::reach::Reach;
use crate::transport::Settings;

/// Where credentials are looked for.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// The environment variables of the call.
    pub(crate) variables: &'a Variables,
    /// Whether the thread that runs the host language waits for this call: its functions cannot run then.
    pub(crate) host_waits: bool,
}

/// Whatever a source needs to fetch credentials.
#[derive(Clone, Copy)]
struct Place<'a> {
    variables: &'a Variables,
    /// The client's: its proxy and certificates are those of its network.
    settings: &'a Settings,
}

impl Place<'_> {
    /// The variable, when it is set and not empty.
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).filter(|value| !value.is_empty())
    }
}

/// What a request was authorised with, should the provider refuse it.
pub(crate) struct Authorization(Option<Arc<Slot>>);

impl Authorization {
    /// Notes that the provider refused the request for its credentials: they are not used again.
    pub(crate) fn refused(&self) {
        if let Self(Some(slot)) = self {
            slot.forget();
        }
    }
}

/// Authorises a request that is about to be sent, within the nearest limit of its attempt.
pub(crate) async fn authorize(
    client: &Client,
    request: &mut HttpRequest,
    deadline: Option<Deadline>,
    surroundings: Surroundings<'_>,
) -> Result<Authorization, Failure> {
    let Some(source) = client.credential_source() else { return Ok(Authorization(None)) };
    // Most calls have no use for the space that this takes.
    let finding = Box::pin(find(client, source, surroundings));
    let found = Deadline::bound(deadline, finding, error::out_of_time).await;
    let (credentials, slot) = found.map_err(|error| error.failure(client.name()))?;
    put(client, request, &credentials)?;
    Ok(Authorization(slot))
}

/// Authorises a request that is only shown. Where no credentials are to be found, placeholders say so.
pub(crate) async fn authorize_shown(
    client: &Client,
    request: &mut HttpRequest,
    surroundings: Surroundings<'_>,
) -> Result<(), Failure> {
    let Some(source) = client.credential_source() else { return Ok(()) };
    match Box::pin(find(client, source, surroundings)).await {
        Ok((credentials, _)) => put(client, request, &credentials),
        Err(error) if error.is_not_found() => llm::authorize_as_unknown(client, request)
            .map_err(|error| CredentialsError::unusable(error.message()).failure(client.name())),
        Err(error) => Err(error.failure(client.name())),
    }
}

/// Whether a text stands for a variable that is not set, as in requests that are shown.
fn is_placeholder(text: &str, place: Place<'_>) -> bool {
    text.strip_prefix('$').is_some_and(|name| {
        let is_name = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
        !name.is_empty() && name.bytes().all(is_name) && place.variables.get(name).is_none()
    })
}

fn put(client: &Client, request: &mut HttpRequest, credentials: &Credentials) -> Result<(), Failure> {
    llm::authorize(client, request, credentials, clock::unix_ms() / 1000)
        .map_err(|error| CredentialsError::unusable(error.message()).failure(client.name()))
}

async fn find(
    client: &Client,
    source: &CredentialSource,
    surroundings: Surroundings<'_>,
) -> Result<(Credentials, Option<Arc<Slot>>), CredentialsError> {
    let settings = Settings::of(client, Reach::Anywhere);
    let place = Place { variables: surroundings.variables, settings: &settings };
    let slot = match source {
        CredentialSource::Callback(callback) => {
            let callback = callback.downcast::<KeyCallback>().ok_or_else(error::foreign_callback)?;
            let credentials = callback.key(surroundings.host_waits).await?;
            return Ok((credentials, Some(Arc::clone(callback.slot()))));
        }
        // Nothing to fetch, and nothing to keep.
        CredentialSource::Aws(source) if source.keys.is_some() && client.region().is_some() => {
            return Ok((aws::issue(source, client.region(), place).await?.credentials, None));
        }
        _ => slot(key(client, source, surroundings.variables)),
    };
    let issued = slot
        .get(async {
            match source {
                CredentialSource::Google(source) => google::issue(source, place).await,
                CredentialSource::Aws(source) => aws::issue(source, client.region(), place).await,
                CredentialSource::AzureEntra(source) => entra::issue(source, place).await,
                CredentialSource::Callback(_) => Err(error::foreign_callback()),
            }
        })
        .await?;
    Ok((issued, Some(slot)))
}

/// What credentials are kept under: all that decides which they are, and no way back to it.
fn key(client: &Client, source: &CredentialSource, variables: &Variables) -> [u8; 32] {
    let mut digest = Context::new(&SHA256);
    let mut add = |part: &str| {
        digest.update(&part.len().to_le_bytes());
        digest.update(part.as_bytes());
    };
    // What `Debug` shows is all but the secrets.
    add(&format!("{source:?}"));
    match source {
        CredentialSource::Google(llm::GoogleSource::Json(json)) => add(json.expose_secret()),
        CredentialSource::Aws(llm::AwsSource { keys: Some(keys), .. }) => {
            add(keys.secret_access_key.expose_secret());
            add(keys.session_token.as_ref().map_or("", |token| token.expose_secret()));
        }
        CredentialSource::AzureEntra(source) => add(source.client_secret.expose_secret()),
        _ => {}
    }
    add(client.region().unwrap_or_default());
    for name in llm::credential_variables(client.provider()) {
        if let Some(value) = variables.get(name) {
            add(name);
            add(&value);
        }
    }
    let mut key = [0; 32];
    key.copy_from_slice(digest.finish().as_ref());
    key
}
