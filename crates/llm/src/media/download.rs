//! What must be downloaded before a request can be made, within which limits, and how it is put in place.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use types::{Content, Media, MediaSource, Prompt, is_data_url};

use super::mime::{implied_mime_type, is_telling, same_mime_type, sniff};
use super::{is_fetchable, sends_content};
use crate::client::Client;
use crate::error::Error;

/// One piece of media that must be downloaded before the request can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Which message of the prompt.
    pub message: usize,
    /// Which part of the message.
    pub part: usize,
    /// Where it is: an http or https URL.
    pub url: String,
}

/// What one client allows downloads of media to be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DownloadLimits {
    /// The most bytes of one download; `None` for no limit.
    pub max_bytes: Option<u64>,
    /// How long one download may take, its redirects included; `None` for no limit.
    pub timeout_ms: Option<u64>,
    /// The hosts that may be asked, after redirects too; `None` for all.
    pub allowed_hosts: Option<Vec<HostPattern>>,
    /// Whether only addresses of the public internet may be asked.
    pub public_only: bool,
}

impl Default for DownloadLimits {
    /// 64 MiB within a minute, from anywhere.
    fn default() -> Self {
        Self { max_bytes: Some(64 << 20), timeout_ms: Some(60_000), allowed_hosts: None, public_only: false }
    }
}

impl DownloadLimits {
    /// Whether a host may be asked: a name in lower case or an address, as in a parsed URL.
    #[must_use]
    pub fn allows_host(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        self.allowed_hosts.as_ref().is_none_or(|hosts| hosts.iter().any(|pattern| pattern.matches(host)))
    }
}

/// A host, or all hosts under a domain (`*.example.com`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostPattern {
    /// In lower case, as in a parsed URL.
    host: Box<str>,
    /// Whether the hosts under it are meant, and not it itself.
    under: bool,
}

impl HostPattern {
    /// Reads a pattern; `None` when it is none: a URL, a port, a star elsewhere.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (host, under) = match text.strip_prefix("*.") {
            Some(domain) => (domain, true),
            None => (text, false),
        };
        // A parsed URL has its host in one spelling.
        let url = url::Url::parse(&format!("http://{host}/")).ok()?;
        let is_host_alone = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && !host.contains(['/', '@', '*', '?', '#', '\\'])
            && (host.starts_with('[') || !host.contains(':'));
        let known = url.host_str().filter(|host| is_host_alone && !host.is_empty())?;
        Some(Self { host: known.strip_suffix('.').unwrap_or(known).into(), under })
    }

    fn matches(&self, host: &str) -> bool {
        if !self.under {
            return *self.host == *host;
        }
        host.strip_suffix(&*self.host)
            .and_then(|front| front.strip_suffix('.'))
            .is_some_and(|name| !name.is_empty())
    }
}

/// What must be downloaded and put in place with [`substitute`] before [`crate::request`] is called.
///
/// # Errors
/// A URL whose content is to be sent but cannot be fetched, such as `gs://`.
pub fn downloads(client: &Client, prompt: &Prompt) -> Result<Vec<Download>, Error> {
    let mut found = Vec::new();
    for (message, part, media) in media_of(prompt) {
        let MediaSource::Url(url) = &media.source else { continue };
        if !client.takes(media.kind) || is_data_url(url) || !sends_content(client, media, url) {
            continue;
        }
        if !is_fetchable(url) {
            return Err(Error::media_not_fetchable(client.name(), media.kind, url));
        }
        found.push(Download { message, part, url: url.clone() });
    }
    Ok(found)
}

fn media_of(prompt: &Prompt) -> impl Iterator<Item = (usize, usize, &Arc<Media>)> {
    prompt.messages.iter().enumerate().flat_map(|(message, content)| {
        content.parts.iter().enumerate().filter_map(move |(part, content)| match &content.content {
            Content::Media(media) => Some((message, part, media)),
            Content::Text(_) => None,
        })
    })
}

/// Puts downloaded content in place of the URL. `content_type` is the header of the download's answer. The
/// content itself decides the MIME type where it can, then what the user gave, then the header.
///
/// # Errors
/// There is no content, or it is plainly of another MIME type than the user gave.
pub fn substitute(
    prompt: &mut Prompt,
    download: &Download,
    content_type: Option<&str>,
    bytes: &[u8],
) -> Result<(), Error> {
    let Some(part) =
        prompt.messages.get_mut(download.message).and_then(|message| message.parts.get_mut(download.part))
    else {
        return Ok(());
    };
    let Content::Media(media) = &mut part.content else { return Ok(()) };
    let media = Arc::make_mut(media);
    if bytes.is_empty() {
        return Err(Error::media_empty(media.kind, &download.url));
    }
    let sniffed = sniff(media.kind, bytes);
    if let (Some(sniffed), Some(given)) = (sniffed, media.mime_type.as_deref())
        && !given.is_empty()
        && !same_mime_type(sniffed, given)
    {
        return Err(Error::media_of_other_type(media.kind, given, sniffed, &download.url));
    }
    let header = content_type
        .map(|text| text.split(';').next().unwrap_or(text).trim())
        .filter(|text| is_telling(text));
    let given = media.mime_type.take().filter(|mime_type| !mime_type.is_empty());
    let known = sniffed.map(str::to_owned);
    let usual = implied_mime_type(media.kind).or(header);
    media.mime_type = known.or(given).or_else(|| usual.map(str::to_owned));
    media.source = MediaSource::Base64(STANDARD.encode(bytes));
    Ok(())
}
