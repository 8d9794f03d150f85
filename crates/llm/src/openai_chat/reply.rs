//! Replies of OpenAI chat. Copies of it leave out what they do not know, so only the first choice's message
//! must be there.

use serde_json::Value;
use types::Usage;

use crate::reply::{Answer, Reply, ReplyError, ReplyErrorKind, messages, told_error, told_status};

pub(crate) fn reply(answer: &Answer<'_>) -> Result<Reply, Box<ReplyError>> {
    let json = answer.json()?;
    let usage = usage(&json);
    let fail = |kind, message: &str| Box::new(ReplyError { usage, ..*answer.error(kind, message) });

    let choices = json.get("choices").and_then(Value::as_array);
    let Some(choice) = choices.and_then(|choices| choices.first()) else {
        return Err(match told_error(&json) {
            Some(told) => {
                let error = fail(ReplyErrorKind::Reported, &messages::reported(&told));
                Box::new(ReplyError { reported_status: told_status(&json), ..*error })
            }
            None => fail(ReplyErrorKind::Malformed, &messages::no_choices()),
        });
    };
    let Some(message) = choice.get("message").filter(|message| message.is_object()) else {
        return Err(fail(ReplyErrorKind::Malformed, &messages::no_message()));
    };
    let text = message.get("content").and_then(text);
    let text = match (text.filter(|text| !text.is_empty()), message.get("refusal").and_then(Value::as_str)) {
        (Some(text), _) => text,
        (None, Some(refusal)) if !refusal.is_empty() => {
            return Err(fail(ReplyErrorKind::Refusal, &messages::refusal(refusal)));
        }
        (None, _) => String::new(),
    };
    Ok(Reply {
        text,
        reasoning: reasoning(message),
        usage,
        finish_reason: string(choice.get("finish_reason")),
        model: string(json.get("model")),
    })
}

/// The content as one text: a string, or the texts of a list of parts. `None` for null and for parts of which
/// none is text.
pub(super) fn text(content: &Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let mut texts = parts.iter().filter_map(part_text).peekable();
            texts.peek().is_some().then(|| texts.collect())
        }
        _ => None,
    }
}

fn part_text(part: &Value) -> Option<&str> {
    match part {
        Value::String(text) => Some(text),
        other if is_thought(other) => None,
        other => other.get("text").and_then(Value::as_str),
    }
}

fn is_thought(part: &Value) -> bool {
    matches!(part.get("type").and_then(Value::as_str), Some("thinking" | "reasoning"))
}

/// What the model thought: in a field of the message that vendors name in two ways, some in both, in a list of its
/// own, or in parts of the content.
pub(super) fn reasoning(message: &Value) -> Option<String> {
    let field = ["reasoning_content", "reasoning"].into_iter().filter_map(|key| message.get(key)?.as_str());
    let mut fields = field.filter(|text| !text.is_empty());
    if let Some(text) = fields.next() {
        return Some(text.to_owned());
    }
    let list = |key: &str| message.get(key).and_then(Value::as_array).into_iter().flatten();
    let details: String = list("reasoning_details").filter_map(detail).collect();
    if !details.is_empty() {
        return Some(details);
    }
    let text: String = list("content").filter(|part| is_thought(part)).filter_map(thought).collect();
    (!text.is_empty()).then_some(text)
}

/// The text of an entry of OpenRouter's list: a thought or a summary; some are encrypted, and have none.
fn detail(entry: &Value) -> Option<&str> {
    ["text", "summary"].into_iter().find_map(|key| entry.get(key)?.as_str())
}

/// The text of a thought: under the name of its type or under `text`, as a string or as parts of text.
fn thought(part: &Value) -> Option<String> {
    ["thinking", "reasoning", "text"].into_iter().find_map(|key| match part.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Array(texts) => Some(texts.iter().filter_map(part_text).collect()),
        _ => None,
    })
}

pub(super) fn string(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

pub(super) fn usage(json: &Value) -> Usage {
    let count = |path: &str| json.pointer(path).and_then(Value::as_u64);
    Usage {
        input_tokens: count("/usage/prompt_tokens"),
        output_tokens: count("/usage/completion_tokens"),
        cached_input_tokens: count("/usage/prompt_tokens_details/cached_tokens"),
    }
}
