//! Options that are blocks of their own: `media_url_handler`, `media_download`, finish reasons, role metadata.

use types::Config;

use super::reader::Reader;
use crate::media::{DownloadLimits, HostPattern, MediaHandlers, MediaHandling};
use crate::problem;
use crate::provider::{Dialect, OptionSet, Provider};

/// Which finish reasons are accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum FinishReasons {
    /// Any.
    #[default]
    Any,
    /// These only, in lower case. A reply without a reason passes.
    Only(Vec<String>),
    /// All but these, in lower case.
    AllBut(Vec<String>),
}

impl FinishReasons {
    /// Whether a reply that ended for this reason is accepted. The reason may have several names.
    pub(crate) fn accept(&self, names: &[&str]) -> bool {
        let is_listed = |list: &[String]| names.iter().any(|name| list.contains(&name.to_lowercase()));
        match self {
            Self::Any => true,
            Self::Only(allowed) => is_listed(allowed),
            Self::AllBut(denied) => !is_listed(denied),
        }
    }
}

/// Which role metadata is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum RoleMetadata {
    /// None of it.
    #[default]
    Nothing,
    /// All of it.
    All,
    /// These keys.
    Keys(Vec<String>),
}

impl RoleMetadata {
    /// Whether a key is sent.
    pub(crate) fn allows(&self, key: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Keys(keys) => keys.iter().any(|allowed| allowed == key),
        }
    }
}

pub(super) fn media(reader: &mut Reader<'_>, provider: &Provider, dialect: Option<Dialect>) -> MediaHandlers {
    let mut media = match dialect {
        // Unlike Anthropic itself, Vertex AI takes no URLs for Claude.
        Some(Dialect::Anthropic) if provider.options == OptionSet::Vertex => MediaHandlers::SEND_CONTENT,
        _ => provider.media,
    };
    let Some(entries) = reader.map("media_url_handler") else { return media };
    for (key, value) in entries {
        let slot = match key.as_str() {
            "image" => &mut media.image,
            "audio" => &mut media.audio,
            "pdf" => &mut media.pdf,
            "video" => &mut media.video,
            _ => {
                let valid = ["image", "audio", "pdf", "video"];
                reader.note(problem::unknown_in_block(&["media_url_handler"], key, &valid));
                continue;
            }
        };
        let names = MediaHandling::ALL.map(MediaHandling::name);
        if let Some(position) = reader.choice_at(&["media_url_handler", key], value, &names) {
            *slot = MediaHandling::ALL[position];
        }
    }
    media
}

pub(super) fn media_download(reader: &mut Reader<'_>) -> DownloadLimits {
    const BLOCK: &str = "media_download";
    const KEYS: [&str; 4] = ["max_bytes", "timeout_ms", "allowed_hosts", "public_only"];
    let mut limits = DownloadLimits::default();
    let Some(entries) = reader.map(BLOCK) else { return limits };
    // As in `http`, zero is "no limit".
    let limit = |number: Option<u64>| number.filter(|number| *number > 0);
    for (key, value) in entries {
        let path = [BLOCK, key.as_str()];
        match key.as_str() {
            "max_bytes" => limits.max_bytes = limit(reader.bytes_at(&path, value)),
            "timeout_ms" => limits.timeout_ms = limit(reader.milliseconds_at(&path, value)),
            "allowed_hosts" => limits.allowed_hosts = allowed_hosts(reader, &path, value),
            "public_only" => limits.public_only = reader.bool_at(&path, value).unwrap_or(false),
            _ => reader.note(problem::unknown_in_block(&[BLOCK], key, &KEYS)),
        }
    }
    limits
}

fn allowed_hosts(reader: &mut Reader<'_>, path: &[&str], value: &Config) -> Option<Vec<HostPattern>> {
    let texts = reader.texts_at(path, value)?;
    let mut patterns = Vec::new();
    for text in texts.into_iter().filter_map(|text| text.known) {
        match HostPattern::parse(&text) {
            Some(pattern) => patterns.push(pattern),
            None => reader.note(problem::bad_host(path, &text)),
        }
    }
    Some(patterns)
}

pub(super) fn finish_reasons(reader: &mut Reader<'_>) -> FinishReasons {
    const ALLOW: &str = "finish_reason_allow_list";
    const DENY: &str = "finish_reason_deny_list";
    if reader.has(ALLOW) && reader.has(DENY) {
        reader.note(problem::not_together(ALLOW, DENY));
    }
    let lower = |texts: Vec<super::reader::Text>| {
        texts.into_iter().filter_map(|text| text.known).map(|reason| reason.to_lowercase()).collect()
    };
    let allowed = reader.texts(ALLOW);
    let denied = reader.texts(DENY);
    match (allowed, denied) {
        (Some(allowed), _) => FinishReasons::Only(lower(allowed)),
        (None, Some(denied)) => FinishReasons::AllBut(lower(denied)),
        (None, None) => FinishReasons::Any,
    }
}

pub(super) fn role_metadata(reader: &mut Reader<'_>, provider: &Provider) -> RoleMetadata {
    const KEY: &str = "allowed_role_metadata";
    match reader.options.get(KEY) {
        // Bedrock has a place for what it knows, and nothing else is sent to it.
        None if provider.options == OptionSet::Bedrock => RoleMetadata::All,
        None => RoleMetadata::Nothing,
        Some(Config::List(_)) => RoleMetadata::Keys(
            reader.texts(KEY).unwrap_or_default().into_iter().filter_map(|text| text.known).collect(),
        ),
        Some(value @ (Config::String(_) | Config::Env(_))) => {
            match reader.text_at(&[KEY], value).and_then(|text| text.known).as_deref() {
                Some("all") => RoleMetadata::All,
                Some("none") | None => RoleMetadata::Nothing,
                Some(other) => {
                    reader.note(problem::bad_role_metadata(other));
                    RoleMetadata::Nothing
                }
            }
        }
        Some(other) => {
            reader.note(problem::wrong_kind(&[KEY], "\"all\", \"none\" or a list of keys", other));
            RoleMetadata::Nothing
        }
    }
}
