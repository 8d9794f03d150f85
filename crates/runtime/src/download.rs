//! Media that a provider wants inline: fetched here, put in place by the llm room.

mod fetch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use indexmap::IndexSet;
use llm::{Client, Download, DownloadLimits};
use registry::Cause;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use types::Prompt;

use self::fetch::{FetchError, fetch};
use crate::deadline::Deadline;
use crate::failure::{Failure, FailureKind};
use crate::messages;
use crate::reach::Reach;
use crate::transport::Settings;

/// How many downloads of one prompt run at the same time.
const MOST_AT_ONCE: usize = 8;

/// What was fetched from a URL.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Bytes,
}

/// The downloads of one call. Each URL is fetched once, however often the prompt shows it and however many
/// attempts are made.
#[derive(Debug)]
pub(crate) struct Downloads {
    reach: Reach,
    fetched: Mutex<HashMap<(String, DownloadLimits), Content>>,
}

impl Downloads {
    pub(crate) fn new(reach: Reach) -> Self {
        Self { reach, fetched: Mutex::default() }
    }

    /// Replaces the media that this client's provider wants as content by their content.
    pub(crate) async fn inline(
        &self,
        client: &Client,
        prompt: &mut Prompt,
        deadline: Option<Deadline>,
    ) -> Result<(), Failure> {
        let downloads = llm::downloads(client, prompt).map_err(|error| refuse(&error))?;
        if downloads.is_empty() {
            return Ok(());
        }
        // Most calls have none, and need no room for it.
        Box::pin(self.put_in_place(client, prompt, downloads, deadline)).await
    }

    async fn put_in_place(
        &self,
        client: &Client,
        prompt: &mut Prompt,
        downloads: Vec<Download>,
        deadline: Option<Deadline>,
    ) -> Result<(), Failure> {
        let limits = client.download_limits();
        let urls: IndexSet<&str> = downloads.iter().map(|download| download.url.as_str()).collect();
        let reach = if limits.public_only { Reach::PublicAddresses } else { self.reach };
        let settings = Settings::of_downloads(client, reach);
        let contents = self
            .all(urls, limits, &settings, deadline)
            .await
            .map_err(|(url, error)| failure(client.name(), &url, error))?;
        for download in downloads {
            let Some(content) = contents.get(&download.url) else { continue };
            llm::substitute(prompt, &download, content.content_type.as_deref(), &content.bytes)
                .map_err(|error| refuse(&error))?;
        }
        Ok(())
    }

    /// The contents of all URLs. The first that fails ends the others.
    async fn all(
        &self,
        urls: IndexSet<&str>,
        limits: &DownloadLimits,
        settings: &Settings,
        deadline: Option<Deadline>,
    ) -> Result<HashMap<String, Content>, (String, FetchError)> {
        let mut contents = HashMap::new();
        let mut tasks = JoinSet::new();
        let places = Arc::new(Semaphore::new(MOST_AT_ONCE));
        for url in urls {
            if let Some(content) = self.known(url, limits) {
                contents.insert(url.to_owned(), content);
                continue;
            }
            let (url, places) = (url.to_owned(), Arc::clone(&places));
            let (limits, settings) = (limits.clone(), settings.clone());
            tasks.spawn(async move {
                let content = async {
                    let _place = places.acquire_owned().await;
                    fetch(&url, &limits, &settings).await
                };
                let content = Deadline::bound(deadline, content, FetchError::Timeout).await;
                (url, content)
            });
        }
        while let Some(ended) = tasks.join_next().await {
            // A task ends early only when the runtime itself does.
            let Ok((url, content)) = ended else { continue };
            let content = match content {
                Ok(content) => content,
                Err(error) => return Err((url, error)),
            };
            self.keep(&url, limits, &content);
            contents.insert(url, content);
        }
        Ok(contents)
    }

    fn known(&self, url: &str, limits: &DownloadLimits) -> Option<Content> {
        let fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        fetched.get(&(url.to_owned(), limits.clone())).cloned()
    }

    fn keep(&self, url: &str, limits: &DownloadLimits, content: &Content) {
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        fetched.insert((url.to_owned(), limits.clone()), content.clone());
    }
}

fn refuse(error: &llm::Error) -> Failure {
    Failure::new(FailureKind::InvalidArgument, error.message())
}

/// What may not be fetched is wrong with the arguments or the client's options; what could not be is a failure of the
/// attempt, for retry policies and strategies to decide about as about any other.
fn failure(client: &str, url: &str, error: FetchError) -> Failure {
    let (kind, cause, message) = match &error {
        FetchError::Refused(why) => {
            return Failure::new(FailureKind::InvalidArgument, messages::download_refused(url, why));
        }
        FetchError::Status { message, .. } => (FailureKind::Client, Cause::Status, message),
        FetchError::Network(message) => (FailureKind::Client, Cause::Network, message),
        FetchError::Unusable(message) => (FailureKind::Client, Cause::Unusable, message),
        FetchError::Timeout(deadline) => {
            (FailureKind::Timeout, Cause::Timeout, &messages::download_timeout(deadline))
        }
    };
    let message = messages::transport(client, &messages::download_failed(url, message));
    Failure::new(kind, message).with(|details| {
        details.client_name = Some(client.to_owned());
        details.media_url = Some(llm::shown_url(url));
        details.cause = Some(cause);
        match error {
            FetchError::Refused(_) | FetchError::Unusable(_) => {}
            FetchError::Status { status, .. } => details.status_code = Some(status),
            FetchError::Network(message) => details.transport = Some(message),
            FetchError::Timeout(deadline) => {
                details.status_code = Some(408);
                details.timeout = Some(deadline.into());
            }
        }
    })
}

#[cfg(test)]
mod download_tests;
