//! Streamed replies of Anthropic messages: the message without its content, then its blocks one after the other,
//! each begun, added to and ended, then why the model stopped and the final counts.

use serde_json::Value;

use super::reply::{is_tool_use, refusal, status, string, text, usage};
use crate::reply::told_error;
use crate::sse::SseEvent;
use crate::stream::{EventOutcome, Progress};

/// `takes_tools` says whether the input of a tool is the answer.
pub(crate) fn read_event(event: &SseEvent, progress: &mut Progress, takes_tools: bool) -> EventOutcome {
    let data = event.data.trim();
    let name = event.event.as_deref();
    if data == "[DONE]" {
        progress.is_done = true;
        return EventOutcome::Nothing;
    }
    if data.is_empty() && name != Some("error") {
        return EventOutcome::Nothing;
    }
    let Some(json) = serde_json::from_str::<Value>(data).ok().filter(Value::is_object) else {
        return match name {
            Some("error") => EventOutcome::Reported { told: data.to_owned(), status: None },
            _ => EventOutcome::Unreadable,
        };
    };
    match json.get("type").and_then(Value::as_str).or(name) {
        Some("ping") => return EventOutcome::Nothing,
        Some("message_start") => {
            let message = json.get("message").unwrap_or(&json);
            progress.count(usage(message));
            progress.model = string(message.get("model"));
        }
        Some("content_block_start") => {
            let block = json.get("content_block").unwrap_or(&json);
            begin(block, progress);
            // The inputs of other tools come in the same deltas.
            if takes_tools && !is_tool_use(block) {
                progress.asides.extend(index(&json));
            }
        }
        Some("content_block_delta") => {
            let delta = json.get("delta").unwrap_or(&json);
            add(delta, progress);
            if takes_tools && !index(&json).is_some_and(|index| progress.asides.contains(&index)) {
                add_input(delta, progress);
            }
        }
        Some("message_delta") => {
            progress.count(usage(&json));
            let delta = json.get("delta").unwrap_or(&json);
            if let Some(reason) = string(delta.get("stop_reason")) {
                progress.refusal = refusal(delta, Some(&reason)).unwrap_or_default();
                progress.finish_reason = Some(reason);
            }
        }
        Some("message_stop") => progress.is_done = true,
        Some("error") => return error(&json, data),
        _ if json.get("error").is_some_and(|error| !error.is_null()) => return error(&json, data),
        _ => {}
    }
    EventOutcome::Read
}

/// The place of a block among the others.
fn index(event: &Value) -> Option<u64> {
    event.get("index").and_then(Value::as_u64)
}

fn error(json: &Value, data: &str) -> EventOutcome {
    let told = told_error(json).unwrap_or_else(|| data.to_owned());
    EventOutcome::Reported { told, status: status(json) }
}

fn begin(block: &Value, progress: &mut Progress) {
    if let Some(text) = text(block, "text", "text") {
        progress.has_answer = true;
        progress.text.push_str(text);
    }
    if let Some(thought) = text(block, "thinking", "thinking") {
        progress.begin_reasoning();
        progress.reasoning.push_str(thought);
    }
}

fn add(delta: &Value, progress: &mut Progress) {
    if let Some(text) = text(delta, "text_delta", "text") {
        progress.has_answer = true;
        progress.text.push_str(text);
    }
    if let Some(thought) = text(delta, "thinking_delta", "thinking") {
        progress.reasoning.push_str(thought);
    }
}

fn add_input(delta: &Value, progress: &mut Progress) {
    if let Some(input) = text(delta, "input_json_delta", "partial_json") {
        progress.has_answer = true;
        progress.text.push_str(input);
    }
}
