//! A function of the host language that gives keys. A door makes one of it, and answers when it is asked.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use llm::Credentials;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;
use types::Callback;

use super::CredentialsError;
use super::error;
use super::slot::{Issued, Lasts, Slot};
use crate::clock;

/// How long a key is kept that does not say when it expires: many calls must not ask many times, and a key that was
/// changed must not be used for long.
const UNSAID_MS: u64 = 60 * 1000;

/// A key that a function of the host language gave.
#[derive(Clone, Debug)]
pub struct IssuedKey {
    /// The key or token.
    pub key: SecretString,
    /// Until when it may be used, in milliseconds since 1970. Without it the key is kept for a minute.
    pub expires_ms: Option<u64>,
}

/// Why a function of the host language gave no key.
#[derive(Clone, Debug)]
pub struct KeyError {
    /// In plain words.
    pub message: String,
    /// What it threw.
    pub thrown: Option<HostError>,
}

/// An error of the host language, handed through to the door that knows what it is. Cheap to clone.
#[derive(Clone)]
pub struct HostError(Arc<dyn Any + Send + Sync>);

impl HostError {
    /// An error, as the door knows it.
    pub fn new<T: Send + Sync + 'static>(error: T) -> Self {
        Self(Arc::new(error))
    }

    /// The error as what it was made of; `None` when it is another door's.
    #[must_use]
    pub fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for HostError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[error of the host language]")
    }
}

/// Where the answer goes. One that is dropped says that there will be none.
pub struct KeyAnswer(oneshot::Sender<Result<IssuedKey, KeyError>>);

impl KeyAnswer {
    /// Gives the answer.
    pub fn give(self, answer: Result<IssuedKey, KeyError>) {
        // Whoever asked may have gone away meanwhile.
        let _ = self.0.send(answer);
    }
}

/// The function, and the key that it gave last.
pub(crate) struct KeyCallback {
    ask: Box<dyn Fn(KeyAnswer) + Send + Sync>,
    slot: Arc<Slot>,
}

/// A function of the host language as the value of `api_key`. `ask` is called when a key is needed, on any thread,
/// and must not block.
pub fn key_callback(ask: impl Fn(KeyAnswer) + Send + Sync + 'static) -> Callback {
    Callback::new(KeyCallback { ask: Box::new(ask), slot: Arc::default() })
}

impl KeyCallback {
    /// The key that it gave, as long as that may be used, or a new one.
    pub(crate) async fn key(&self, host_waits: bool) -> Result<Credentials, CredentialsError> {
        if host_waits {
            return self.slot.kept().ok_or_else(error::callback_blocked);
        }
        self.slot.get(self.fetch()).await
    }

    /// Where its key is kept.
    pub(crate) fn slot(&self) -> &Arc<Slot> {
        &self.slot
    }

    async fn fetch(&self) -> Result<Issued, CredentialsError> {
        let (sender, receiver) = oneshot::channel();
        (self.ask)(KeyAnswer(sender));
        let issued = match receiver.await {
            Ok(Ok(issued)) => issued,
            Ok(Err(failed)) => return Err(error::callback_threw(&failed.message, failed.thrown)),
            Err(_) => return Err(error::callback_gone()),
        };
        if issued.key.expose_secret().is_empty() {
            return Err(error::callback_gave_nothing());
        }
        let expires_ms = issued.expires_ms.unwrap_or_else(|| clock::unix_ms() + UNSAID_MS);
        Ok(Issued { credentials: Credentials::Key(issued.key), lasts: Lasts::Until(expires_ms) })
    }
}
