//! The options of Vertex AI that say where a model is and whose it is.

use types::Config;

use super::reader::{Lookup, Reader};
use crate::problem;
use crate::provider::{OptionSet, Provider};

/// What a client of Vertex AI was told.
pub(crate) struct Vertex {
    /// The region; `None` when there is a `base_url`, or the region is not looked up yet.
    pub(crate) location: Option<String>,
    /// Whose model it is, and so which wire format is spoken.
    pub(crate) publisher: Publisher,
}

/// Whose model it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Publisher {
    /// Google's: `generateContent`.
    Google,
    /// Anthropic's: `rawPredict`, with a body as Anthropic takes it.
    Anthropic {
        /// `anthropic_version` in the body.
        version: String,
    },
}

/// The version of Anthropic's format that Vertex AI takes; another than that of Anthropic's own API.
const ANTHROPIC_VERSION: &str = "vertex-2023-10-16";

/// Reads them. `None` for other providers.
pub(super) fn vertex(reader: &mut Reader<'_>, provider: &Provider) -> Option<Vertex> {
    (provider.options == OptionSet::Vertex)
        .then(|| Vertex { location: location(reader), publisher: publisher(reader) })
}

/// It becomes a part of the host's name.
fn location(reader: &mut Reader<'_>) -> Option<String> {
    let location = reader.text("location")?.known?;
    let is_label =
        !location.is_empty() && location.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_label {
        reader.note(problem::bad_location(&["location"]));
        return None;
    }
    Some(location)
}

/// Models of Anthropic are known by their names, and other names are theirs when there is an `anthropic_version`.
fn publisher(reader: &mut Reader<'_>) -> Publisher {
    let version = reader.text("anthropic_version");
    if version.is_none() && !names_claude(reader) {
        return Publisher::Google;
    }
    let version = version.and_then(|version| version.known).unwrap_or_else(|| ANTHROPIC_VERSION.to_owned());
    Publisher::Anthropic { version }
}

fn names_claude(reader: &Reader<'_>) -> bool {
    let known = match (reader.options.get("model"), reader.lookup) {
        (Some(Config::String(text)), _) => Some(text.clone()),
        (Some(Config::Env(name)), Lookup::Now { environment }) => environment.get(name),
        _ => None,
    };
    known.is_some_and(|model| model.starts_with("claude") || model.contains("publishers/anthropic/models/"))
}
