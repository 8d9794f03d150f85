//! What Gemini answers with: one object for a whole answer, several of the same shape for a stream.

use serde_json::Value;
use types::Usage;

use crate::stream::Progress;

/// The prompt was not let through to the model.
pub(super) struct Blocked {
    /// `SAFETY`, `PROHIBITED_CONTENT`, ...
    pub(super) reason: String,
    /// More about it, where Google says more.
    pub(super) told: Option<String>,
}

/// Takes in what a chunk adds to the first candidate. Others come mixed in with it.
pub(super) fn read(chunk: &Value, progress: &mut Progress) {
    if let Some(model) = filled(chunk.get("modelVersion")) {
        progress.model = Some(model);
    }
    progress.count(usage(chunk));
    let candidates = chunk.get("candidates").and_then(Value::as_array);
    let is_first =
        |candidate: &&Value| candidate.get("index").and_then(Value::as_u64).is_none_or(|index| index == 0);
    // Without numbers, the first alone is meant.
    if let Some(candidate) = candidates.and_then(|candidates| candidates.iter().find(is_first)) {
        progress.has_answer = true;
        read_candidate(candidate, progress);
    }
}

fn read_candidate(candidate: &Value, progress: &mut Progress) {
    let parts = candidate.pointer("/content/parts").and_then(Value::as_array);
    for part in parts.into_iter().flatten() {
        let Some(text) = part.get("text").and_then(Value::as_str) else { continue };
        if part.get("thought").and_then(Value::as_bool) == Some(true) {
            progress.reasoning.push_str(text);
        } else {
            progress.text.push_str(text);
        }
    }
    if let Some(reason) = filled(candidate.get("finishReason")) {
        progress.finish_reason = Some(reason);
    }
}

/// Thoughts are billed as output, and the results of tools as input. A count that is zero may be left out, so one
/// of the two is enough.
fn usage(chunk: &Value) -> Usage {
    let count = |name: &str| chunk.get("usageMetadata")?.get(name)?.as_u64();
    let sum = |first: &str, second: &str| match (count(first), count(second)) {
        (None, None) => None,
        (first, second) => Some(first.unwrap_or(0).saturating_add(second.unwrap_or(0))),
    };
    Usage {
        input_tokens: sum("promptTokenCount", "toolUsePromptTokenCount"),
        output_tokens: sum("candidatesTokenCount", "thoughtsTokenCount"),
        cached_input_tokens: count("cachedContentTokenCount"),
    }
}

/// Whether a chunk is an error in place of an answer.
pub(super) fn reports_error(chunk: &Value) -> bool {
    match chunk.get("error") {
        Some(Value::Object(error)) => !error.is_empty(),
        Some(Value::String(error)) => !error.is_empty(),
        _ => false,
    }
}

/// What kept the prompt from the model, if something did.
pub(super) fn blocked(chunk: &Value) -> Option<Blocked> {
    let feedback = chunk.get("promptFeedback")?;
    let reason = filled(feedback.get("blockReason"))?;
    Some(Blocked { reason, told: filled(feedback.get("blockReasonMessage")) })
}

fn filled(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}
