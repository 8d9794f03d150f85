//! Streamed replies of OpenAI chat: chunks with what they add to the first choice, then its finish reason, then
//! the usage, then `[DONE]`. Copies of it leave out or repeat any of these.

use serde_json::Value;

use super::reply::{reasoning, string, text, usage};
use crate::reply::{told_error, told_status};
use crate::sse::SseEvent;
use crate::stream::{EventOutcome, Progress};

pub(crate) fn read_event(event: &SseEvent, progress: &mut Progress) -> EventOutcome {
    let data = event.data.trim();
    let is_named_error = event.event.as_deref() == Some("error");
    if data == "[DONE]" {
        progress.is_done = true;
        return EventOutcome::Nothing;
    }
    if data.is_empty() && !is_named_error {
        return EventOutcome::Nothing;
    }
    let json = serde_json::from_str::<Value>(data).ok();
    if is_named_error || json.as_ref().is_some_and(reports_error) {
        let told = json.as_ref().and_then(told_error);
        return EventOutcome::Reported {
            told: told.unwrap_or_else(|| data.to_owned()),
            status: json.as_ref().and_then(told_status),
        };
    }
    match json {
        Some(chunk) if chunk.is_object() => {
            read_chunk(&chunk, progress);
            EventOutcome::Read
        }
        _ => EventOutcome::Unreadable,
    }
}

/// Whether it has an `error` that is one: some copies send an empty one in every chunk, and one vendor puts the
/// error into a list.
fn reports_error(json: &Value) -> bool {
    let json = json.get(0).unwrap_or(json);
    match json.get("error") {
        Some(Value::Object(error)) => !error.is_empty(),
        Some(Value::String(error)) => !error.is_empty(),
        _ => false,
    }
}

fn read_chunk(chunk: &Value, progress: &mut Progress) {
    if let Some(model) = filled(chunk.get("model")) {
        progress.model = Some(model);
    }
    // Groq counts in a field of its own.
    for place in [Some(chunk), chunk.get("x_groq")].into_iter().flatten() {
        progress.count(usage(place));
    }
    let choices = chunk.get("choices").and_then(Value::as_array);
    // Others than the first choice come mixed in with it.
    let is_first = |choice: &&Value| choice.get("index").and_then(Value::as_u64).unwrap_or(0) == 0;
    for choice in choices.into_iter().flatten().filter(is_first) {
        read_choice(choice, progress);
    }
}

fn read_choice(choice: &Value, progress: &mut Progress) {
    progress.has_answer = true;
    let delta = choice.get("delta").filter(|delta| delta.is_object());
    // Servers that cannot stream put the whole message in, and some repeat it after the last delta.
    let added = delta.or_else(|| choice.get("message").filter(|_| progress.text.is_empty()));
    if let Some(added) = added {
        if let Some(reasoning) = reasoning(added) {
            progress.reasoning.push_str(&reasoning);
        }
        if let Some(text) = added.get("content").and_then(text) {
            progress.text.push_str(&text);
        }
        if let Some(refusal) = added.get("refusal").and_then(Value::as_str) {
            progress.refusal.push_str(refusal);
        }
    }
    if let Some(reason) = filled(choice.get("finish_reason")) {
        progress.finish_reason = Some(reason);
    }
}

/// A text that is not empty: several copies write "" where there is nothing yet.
fn filled(value: Option<&Value>) -> Option<String> {
    string(value).filter(|text| !text.is_empty())
}
