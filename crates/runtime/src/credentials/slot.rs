//! Credentials that are kept. While one call fetches them, the others wait for what it gets.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Instant;

use llm::Credentials;

use super::error::CredentialsError;
use crate::clock;

/// Credentials that were just fetched.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) credentials: Credentials,
    pub(crate) lasts: Lasts,
}

/// How long credentials may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lasts {
    /// Until this time, in milliseconds since 1970.
    Until(u64),
    /// Nobody says: they are kept for as long as it would be bearable that a changed file is not seen.
    Unsaid,
}

/// How long credentials are kept that do not say when they expire.
const UNSAID_MS: u64 = 5 * 60 * 1000;

/// Credentials are fetched again this long before they expire, or when a tenth of their time is left, whichever
/// is later: a request that leaves now must still be valid when it arrives.
const MARGIN_MS: u64 = 60 * 1000;

/// One place to keep credentials.
#[derive(Debug, Default)]
pub(crate) struct Slot(tokio::sync::Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// The newest answer, good or bad, for those who waited for it.
    newest: Option<(Instant, Result<Credentials, CredentialsError>)>,
    /// The newest good answer that lasts.
    good: Option<Good>,
}

#[derive(Debug)]
struct Good {
    credentials: Credentials,
    fresh_until_ms: u64,
    expires_ms: u64,
}

impl Slot {
    /// The credentials that are kept, or new ones. One caller at a time fetches; those who began to wait before
    /// its answer came take it too, an error included.
    pub(crate) async fn get(
        &self,
        fetch: impl Future<Output = Result<Issued, CredentialsError>>,
    ) -> Result<Credentials, CredentialsError> {
        let came = Instant::now();
        let mut kept = self.0.lock().await;
        let now_ms = clock::unix_ms();
        if let Some(good) = kept.good.as_ref().filter(|good| now_ms < good.fresh_until_ms) {
            return Ok(good.credentials.clone());
        }
        if let Some((answered, outcome)) = &kept.newest
            && *answered > came
        {
            return outcome.clone();
        }
        let outcome = match fetch.await {
            Ok(issued) => {
                kept.good = Some(Good::of(&issued));
                Ok(issued.credentials)
            }
            // What is about to expire has not yet.
            Err(error) => match kept.good.as_ref().filter(|good| clock::unix_ms() < good.expires_ms) {
                Some(good) => Ok(good.credentials.clone()),
                None => Err(error),
            },
        };
        kept.newest = Some((Instant::now(), outcome.clone()));
        outcome
    }

    /// The credentials that are kept and still good.
    pub(crate) fn kept(&self) -> Option<Credentials> {
        let kept = self.0.try_lock().ok()?;
        let good = kept.good.as_ref().filter(|good| clock::unix_ms() < good.fresh_until_ms)?;
        Some(good.credentials.clone())
    }

    /// Forgets what is kept. While somebody fetches, that is new anyway, and nobody waits for it here.
    pub(crate) fn forget(&self) {
        if let Ok(mut kept) = self.0.try_lock() {
            *kept = Kept::default();
        }
    }
}

impl Good {
    fn of(issued: &Issued) -> Self {
        let now_ms = clock::unix_ms();
        let (fresh_until_ms, expires_ms) = match issued.lasts {
            Lasts::Until(expires_ms) => {
                let margin = MARGIN_MS.min(expires_ms.saturating_sub(now_ms) / 10);
                (expires_ms - margin.min(expires_ms), expires_ms)
            }
            Lasts::Unsaid => (now_ms + UNSAID_MS, now_ms + UNSAID_MS),
        };
        Self { credentials: issued.credentials.clone(), fresh_until_ms, expires_ms }
    }
}

/// How many places there are at most: a server whose every request brings credentials of its own must not fill
/// the memory.
const MOST_SLOTS: usize = 1024;

static SLOTS: LazyLock<Mutex<HashMap<[u8; 32], Arc<Slot>>>> = LazyLock::new(Mutex::default);

/// The place with this key, shared by all clients of the process.
pub(crate) fn slot(key: [u8; 32]) -> Arc<Slot> {
    let mut slots = SLOTS.lock().unwrap_or_else(PoisonError::into_inner);
    if !slots.contains_key(&key) && slots.len() >= MOST_SLOTS {
        slots.retain(|_, slot| Arc::strong_count(slot) > 1 || slot.kept().is_some());
        if slots.len() >= MOST_SLOTS {
            slots.clear();
        }
    }
    Arc::clone(slots.entry(key).or_default())
}
