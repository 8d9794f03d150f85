//! Streamed replies of Gemini: chunks of the shape of a reply. The last one has a finish reason; nothing else ends
//! the stream.

use serde_json::Value;

use super::chunk::{self, blocked, reports_error};
use crate::reply::{told_error, told_status};
use crate::sse::SseEvent;
use crate::stream::{EventOutcome, Progress};

pub(crate) fn read_event(event: &SseEvent, progress: &mut Progress) -> EventOutcome {
    let data = event.data.trim();
    if data == "[DONE]" {
        // Not Google, but a gateway that speaks so to everybody.
        progress.is_done = true;
        return EventOutcome::Nothing;
    }
    if data.is_empty() {
        return EventOutcome::Nothing;
    }
    match serde_json::from_str::<Value>(data) {
        Ok(chunk) if reports_error(&chunk) => EventOutcome::Reported {
            told: told_error(&chunk).unwrap_or_else(|| data.to_owned()),
            status: told_status(&chunk),
        },
        Ok(chunk) if chunk.is_object() => {
            chunk::read(&chunk, progress);
            match blocked(&chunk).filter(|_| !progress.has_answer) {
                Some(blocked) => EventOutcome::Blocked { reason: blocked.reason, told: blocked.told },
                None => EventOutcome::Read,
            }
        }
        _ => EventOutcome::Unreadable,
    }
}
