//! Replies of Converse: one message, made of blocks.

use serde_json::Value;
use types::Usage;

use crate::reply::{Answer, Reply, ReplyError, ReplyErrorKind, messages};
use crate::stream::PARAGRAPH;

pub(crate) fn reply(answer: &Answer<'_>) -> Result<Reply, Box<ReplyError>> {
    let json = answer.json()?;
    let usage = usage(&json);
    let blocks = json.pointer("/output/message/content").and_then(Value::as_array);
    let Some(blocks) = blocks else {
        let (kind, message) = match told(&json, kind(answer, &json).as_deref()) {
            Some(told) => (ReplyErrorKind::Reported, messages::reported(&told)),
            None => (ReplyErrorKind::Malformed, messages::no_message()),
        };
        return Err(Box::new(ReplyError { usage, ..*answer.error(kind, &message) }));
    };
    // A tool there is only where its input is the answer.
    let texts = blocks.iter().filter_map(|block| {
        let text = block.get("text").and_then(Value::as_str).map(str::to_owned);
        text.or_else(|| block.pointer("/toolUse/input").map(Value::to_string))
    });
    let thoughts: Vec<&str> = blocks
        .iter()
        .filter_map(|block| block.pointer("/reasoningContent/reasoningText/text")?.as_str())
        .filter(|thought| !thought.is_empty())
        .collect();
    Ok(Reply {
        text: texts.collect(),
        reasoning: (!thoughts.is_empty()).then(|| thoughts.join(PARAGRAPH)),
        usage,
        finish_reason: json.get("stopReason").and_then(Value::as_str).map(str::to_owned),
        // Converse does not say which model answered.
        model: None,
    })
}

/// The counts of a reply, or of the last event of a stream.
pub(super) fn usage(json: &Value) -> Usage {
    let count = |key: &str| json.get("usage").and_then(|usage| usage.get(key)).and_then(Value::as_u64);
    Usage {
        input_tokens: count("inputTokens"),
        output_tokens: count("outputTokens"),
        cached_input_tokens: count("cacheReadInputTokens"),
    }
}

/// What an error says, after its kind: `ThrottlingException: Too many requests`. `None` when the body tells
/// nothing.
pub(crate) fn told_failure(answer: &Answer<'_>) -> Option<String> {
    let json = serde_json::from_slice(answer.body).unwrap_or(Value::Null);
    told(&json, kind(answer, &json).as_deref())
}

/// As [`told_failure`], of an error whose kind is known.
pub(super) fn told(json: &Value, kind: Option<&str>) -> Option<String> {
    let message = ["message", "Message"].into_iter().find_map(|key| json.get(key)?.as_str());
    // What the model behind Bedrock said itself.
    let original = json.get("originalMessage").and_then(Value::as_str);
    let filled = |part: Option<&str>| part.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
    let message = match (filled(message), filled(original)) {
        (Some(message), Some(original)) => Some(format!("{message} ({original})")),
        (message, original) => message.or(original),
    };
    match (filled(kind), message) {
        (Some(kind), Some(message)) => Some(format!("{kind}: {message}")),
        (kind, message) => kind.or(message),
    }
}

/// The name of an error, which a header tells, or the body.
fn kind(answer: &Answer<'_>, json: &Value) -> Option<String> {
    let told = answer.header("x-amzn-errortype");
    let told = told.or_else(|| ["__type", "code"].into_iter().find_map(|key| json.get(key)?.as_str()));
    told.map(bare).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// `ThrottlingException` of `com.amazon.coral#ThrottlingException` and of `ThrottlingException:http://...`.
fn bare(name: &str) -> &str {
    let name = name.split(':').next().unwrap_or(name);
    name.rsplit('#').next().unwrap_or(name).trim()
}
