//! Streamed replies of OpenAI responses: each event names its type, the deltas carry the text, and the last event
//! carries the whole response once more. Copies of it may leave out the deltas.

use serde_json::Value;

use super::reply::{Output, code_status, failure, finish_reason, is_aside, string, usage};
use crate::reply::{told_error, told_status};
use crate::sse::SseEvent;
use crate::stream::{EventOutcome, Progress};

pub(crate) fn read_event(event: &SseEvent, progress: &mut Progress) -> EventOutcome {
    let data = event.data.trim();
    if data == "[DONE]" {
        progress.is_done = true;
        return EventOutcome::Nothing;
    }
    let is_named_error = event.event.as_deref() == Some("error");
    if data.is_empty() && !is_named_error {
        return EventOutcome::Nothing;
    }
    let Some(json) = serde_json::from_str::<Value>(data).ok().filter(Value::is_object) else {
        return if is_named_error { reported(data.to_owned(), None) } else { EventOutcome::Unreadable };
    };
    let kind = json.get("type").and_then(Value::as_str).or(event.event.as_deref()).unwrap_or_default();
    match kind {
        "error" => return error(&json, data),
        "response.failed" => {
            let response = json.get("response").unwrap_or(&json);
            progress.count(usage(response));
            let (told, status) = failure(response).unwrap_or_else(|| (data.to_owned(), None));
            return reported(told, status);
        }
        "response.output_text.delta" if is_of_aside(&json, progress) => {
            progress.reasoning.push_str(delta(&json));
        }
        "response.output_text.delta" => {
            progress.has_answer = true;
            progress.text.push_str(delta(&json));
        }
        "response.refusal.delta" => {
            progress.has_answer = true;
            progress.refusal.push_str(delta(&json));
        }
        "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
            progress.reasoning.push_str(delta(&json));
        }
        "response.reasoning_summary_part.added" => progress.begin_reasoning(),
        "response.content_part.added" => {
            let is_thought = json.pointer("/part/type").and_then(Value::as_str) == Some("reasoning_text");
            if is_thought || is_of_aside(&json, progress) {
                progress.begin_reasoning();
            }
        }
        "response.output_item.added" => {
            if let Some(place) = json.get("output_index").and_then(Value::as_u64)
                && json.get("item").is_some_and(is_aside)
            {
                progress.asides.push(place);
            }
        }
        "response.created" | "response.in_progress" | "response.queued" => {
            progress.model = string(json.pointer("/response/model")).or(progress.model.take());
        }
        "response.completed" | "response.incomplete" => {
            finish(json.get("response").unwrap_or(&json), kind, progress);
        }
        _ if json.get("error").is_some_and(|error| !error.is_null()) => return error(&json, data),
        _ => {}
    }
    EventOutcome::Read
}

fn delta(event: &Value) -> &str {
    event.get("delta").and_then(Value::as_str).unwrap_or_default()
}

/// Whether an event is of a message that is no answer.
fn is_of_aside(event: &Value, progress: &Progress) -> bool {
    let place = event.get("output_index").and_then(Value::as_u64);
    place.is_some_and(|place| progress.asides.contains(&place))
}

fn finish(response: &Value, kind: &str, progress: &mut Progress) {
    progress.count(usage(response));
    progress.model = string(response.get("model")).or(progress.model.take());
    let told = finish_reason(response);
    progress.finish_reason = told.or_else(|| kind.strip_prefix("response.").map(str::to_owned));
    progress.has_answer = true;
    progress.is_done = true;
    // What no delta told is in the whole response.
    let Some(output) = Output::read(response) else { return };
    if progress.text.is_empty() && progress.refusal.is_empty() {
        progress.text = output.text;
        progress.refusal = output.refusal;
    }
    if progress.reasoning.is_empty() {
        progress.reasoning = output.reasoning;
    }
}

/// An `error` event has its code and message in itself, those of gateways in an object of this name.
fn error(event: &Value, data: &str) -> EventOutcome {
    let told = told_error(event).unwrap_or_else(|| data.to_owned());
    let code = event.get("code").or_else(|| event.pointer("/error/code"));
    reported(told, told_status(event).or_else(|| code_status(code)))
}

fn reported(told: String, status: Option<u16>) -> EventOutcome {
    EventOutcome::Reported { told, status }
}
