//! Media that a provider wants inline: fetched here, put in place by the llm room.

mod fetch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use indexmap::IndexSet;
use llm::{Client, Download, DownloadLimits};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use types::Prompt;

use self::fetch::{FetchError, fetch};
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
    pub(crate) async fn inline(&self, client: &Client, prompt: &mut Prompt) -> Result<(), Failure> {
        let downloads = llm::downloads(client, prompt).map_err(|error| refuse(&error))?;
        if downloads.is_empty() {
            return Ok(());
        }
        // Most calls have none, and need no room for it.
        Box::pin(self.put_in_place(client, prompt, downloads)).await
    }

    async fn put_in_place(
        &self,
        client: &Client,
        prompt: &mut Prompt,
        downloads: Vec<Download>,
    ) -> Result<(), Failure> {
        let limits = client.download_limits();
        let urls: IndexSet<&str> = downloads.iter().map(|download| download.url.as_str()).collect();
        let reach = if limits.public_only { Reach::PublicAddresses } else { self.reach };
        let settings = Settings::of_downloads(client, reach);
        let contents = self.all(urls, limits, &settings).await?;
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
    ) -> Result<HashMap<String, Content>, Failure> {
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
                let _place = places.acquire_owned().await;
                let content = fetch(&url, &limits, &settings).await;
                (url, content)
            });
        }
        while let Some(ended) = tasks.join_next().await {
            // A task ends early only when the runtime itself does.
            let Ok((url, content)) = ended else { continue };
            let content = content.map_err(|error| failure(&url, error))?;
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

fn failure(url: &str, error: FetchError) -> Failure {
    match error {
        FetchError::Refused(why) => {
            Failure::new(FailureKind::InvalidArgument, messages::download_refused(url, &why))
        }
        FetchError::Failed(why) => Failure::other(messages::download_failed(url, &why)),
    }
}

#[cfg(test)]
mod tests;
