//! Replies of OpenAI responses: a list of items, of which the messages are the answer. Copies of it leave out what
//! they do not know, so only the list must be there.

use serde_json::{Value, json};
use types::Usage;

use crate::reply::{Answer, Reply, ReplyError, ReplyErrorKind, messages, told_error, told_status};
use crate::stream::PARAGRAPH;

/// The finish reason of an answer that is whole.
pub(super) const COMPLETED: &str = "completed";
/// The status of an answer that is not; its reason is told beside it.
const INCOMPLETE: &str = "incomplete";

pub(crate) fn reply(answer: &Answer<'_>) -> Result<Reply, Box<ReplyError>> {
    let json = answer.json()?;
    let usage = usage(&json);
    let fail = |kind, message: &str| Box::new(ReplyError { usage, ..*answer.error(kind, message) });

    if let Some((told, status)) = failure(&json) {
        let error = fail(ReplyErrorKind::Reported, &messages::reported(&told));
        return Err(Box::new(ReplyError { reported_status: status, ..*error }));
    }
    let Some(output) = Output::read(&json) else {
        return Err(fail(ReplyErrorKind::Malformed, &messages::no_output()));
    };
    if output.text.is_empty() && !output.refusal.is_empty() {
        return Err(fail(ReplyErrorKind::Refusal, &messages::refusal(&output.refusal)));
    }
    if output.text.is_empty()
        && let Some(status @ ("queued" | "in_progress" | "cancelled")) =
            json.get("status").and_then(Value::as_str)
    {
        return Err(fail(ReplyErrorKind::Malformed, &messages::not_finished(status)));
    }
    Ok(Reply {
        text: output.text,
        reasoning: Some(output.reasoning).filter(|reasoning| !reasoning.is_empty()),
        usage,
        finish_reason: finish_reason(&json),
        model: string(json.get("model")),
    })
}

/// What the items of a response say.
#[derive(Default)]
pub(super) struct Output {
    pub(super) text: String,
    pub(super) refusal: String,
    pub(super) reasoning: String,
}

impl Output {
    /// `None` when there is no list of items.
    pub(super) fn read(response: &Value) -> Option<Self> {
        let items = response.get("output")?.as_array()?;
        let mut output = Self::default();
        for item in items {
            output.add(item);
        }
        if output.text.is_empty() && output.refusal.is_empty() {
            output.text = items.iter().find_map(function_call).unwrap_or_default();
        }
        Some(output)
    }

    fn add(&mut self, item: &Value) {
        match item.get("type").and_then(Value::as_str) {
            Some("reasoning") => {
                let parts = ["summary", "content"].into_iter().filter_map(|key| item.get(key)?.as_array());
                parts.flatten().for_each(|part| self.think(part));
            }
            Some("message") | None => {
                let is_aside = is_aside(item);
                match item.get("content") {
                    Some(Value::String(text)) => self.text.push_str(text),
                    Some(Value::Array(parts)) if is_aside => parts.iter().for_each(|part| self.think(part)),
                    Some(Value::Array(parts)) => parts.iter().for_each(|part| self.say(part)),
                    _ => {}
                }
            }
            Some(_) => {}
        }
    }

    fn say(&mut self, part: &Value) {
        if let Some(text) = part.get("text").and_then(Value::as_str) {
            self.text.push_str(text);
        }
        if let Some(refusal) = part.get("refusal").and_then(Value::as_str) {
            self.refusal.push_str(refusal);
        }
    }

    fn think(&mut self, part: &Value) {
        let Some(text) = part.get("text").and_then(Value::as_str).filter(|text| !text.is_empty()) else {
            return;
        };
        if !self.reasoning.is_empty() {
            self.reasoning.push_str(PARAGRAPH);
        }
        self.reasoning.push_str(text);
    }
}

/// Whether a message is what a model says while it works, and not its answer.
pub(super) fn is_aside(item: &Value) -> bool {
    item.get("phase").and_then(Value::as_str) == Some("commentary")
}

/// A call of one of the user's own tools, as JSON: it is the answer when there is no other.
fn function_call(item: &Value) -> Option<String> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    if text("type") != Some("function_call") {
        return None;
    }
    let call = json!({
        "type": "function_call",
        "name": text("name")?,
        "arguments": text("arguments")?,
        "call_id": text("call_id"),
    });
    Some(call.to_string())
}

/// What went wrong, with the HTTP status that it means: an error beside the response, or in its place.
pub(super) fn failure(response: &Value) -> Option<(String, Option<u16>)> {
    let failed = response.get("status").and_then(Value::as_str) == Some("failed");
    let told = told_error(response);
    if !failed && (told.is_none() || response.get("error").is_none_or(Value::is_null)) {
        return None;
    }
    let status = told_status(response).or_else(|| code_status(response.pointer("/error/code")));
    let told = told.or_else(|| string(response.pointer("/error/code")));
    Some((told.unwrap_or_else(|| messages::UNTOLD.to_owned()), status))
}

/// The HTTP status that the provider's code stands for.
pub(super) fn code_status(code: Option<&Value>) -> Option<u16> {
    match code?.as_str()? {
        "server_error" | "vector_store_timeout" => Some(500),
        "rate_limit_exceeded" => Some(429),
        "invalid_prompt" => Some(400),
        _ => None,
    }
}

/// `completed`, or why the answer is not complete.
pub(super) fn finish_reason(response: &Value) -> Option<String> {
    let reason = string(response.pointer("/incomplete_details/reason"));
    reason.or_else(|| string(response.get("status")))
}

/// What a user's lists may call a finish reason: an answer that is not complete has that for its status too.
pub(crate) fn names_of_reason(reason: &str) -> Vec<&str> {
    if reason.eq_ignore_ascii_case(COMPLETED) { vec![reason] } else { vec![reason, INCOMPLETE] }
}

pub(super) fn string(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

pub(super) fn usage(response: &Value) -> Usage {
    let count = |path: &str| response.pointer(path).and_then(Value::as_u64);
    Usage {
        input_tokens: count("/usage/input_tokens"),
        output_tokens: count("/usage/output_tokens"),
        cached_input_tokens: count("/usage/input_tokens_details/cached_tokens"),
    }
}
