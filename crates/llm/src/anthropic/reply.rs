//! Replies of Anthropic messages: blocks of content, of which the texts are the answer.

use std::borrow::Cow;

use serde_json::Value;
use types::Usage;

use crate::reply::{Answer, Reply, ReplyError, ReplyErrorKind, messages, told_error, told_status};
use crate::stream::PARAGRAPH;

/// The reason why a model stops that will not answer.
const REFUSAL: &str = "refusal";

pub(crate) fn reply(answer: &Answer<'_>) -> Result<Reply, Box<ReplyError>> {
    let json = answer.json()?;
    let usage = usage(&json);
    let fail = |kind, message: &str| Box::new(ReplyError { usage, ..*answer.error(kind, message) });

    let Some(blocks) = json.get("content").and_then(Value::as_array) else {
        return Err(match told_error(&json) {
            Some(told) => {
                let error = fail(ReplyErrorKind::Reported, &messages::reported(&told));
                Box::new(ReplyError { reported_status: status(&json), ..*error })
            }
            None => fail(ReplyErrorKind::Malformed, &messages::no_content()),
        });
    };
    let finish_reason = string(json.get("stop_reason"));
    let takes_tools = answer.client.form().is_some();
    let texts: Vec<Cow<'_, str>> = blocks
        .iter()
        .filter_map(|block| {
            let text = text(block, "text", "text").map(Cow::Borrowed);
            text.or_else(|| tool_input(block).filter(|_| takes_tools).map(|input| input.to_string().into()))
        })
        .collect();
    if let Some(told) = refusal(&json, finish_reason.as_deref())
        && texts.iter().all(|text| text.is_empty())
    {
        return Err(fail(ReplyErrorKind::Refusal, &messages::refusal(&told)));
    }
    if texts.is_empty() {
        let message = messages::no_text(blocks.iter().filter_map(|block| block.get("type")?.as_str()));
        return Err(fail(ReplyErrorKind::Malformed, &message));
    }
    let thoughts: Vec<&str> = blocks
        .iter()
        .filter_map(|block| text(block, "thinking", "thinking"))
        .filter(|thought| !thought.is_empty())
        .collect();
    Ok(Reply {
        text: texts.concat(),
        reasoning: Some(thoughts.join(PARAGRAPH)).filter(|reasoning| !reasoning.is_empty()),
        usage,
        finish_reason,
        model: string(json.get("model")),
    })
}

/// The input of a tool, as the model wrote it: with `structured_output` it is the answer.
fn tool_input(block: &Value) -> Option<&Value> {
    if is_tool_use(block) { block.get("input") } else { None }
}

/// Whether a block is the use of a tool, and not of one of the provider's own.
pub(super) fn is_tool_use(block: &Value) -> bool {
    block.get("type").and_then(Value::as_str) == Some("tool_use")
}

/// What a block of this type says under this key.
pub(super) fn text<'a>(block: &'a Value, kind: &str, key: &str) -> Option<&'a str> {
    if block.get("type").and_then(Value::as_str) != Some(kind) {
        return None;
    }
    block.get(key).and_then(Value::as_str)
}

/// Why the model refused, when that is why it stopped. `holder` has the details beside the reason.
pub(super) fn refusal(holder: &Value, finish_reason: Option<&str>) -> Option<String> {
    if finish_reason != Some(REFUSAL) {
        return None;
    }
    let details = ["/stop_details/explanation", "/stop_details/category"];
    let told = details.into_iter().find_map(|path| string(holder.pointer(path)));
    Some(told.unwrap_or_else(|| messages::UNTOLD.to_owned()))
}

/// The HTTP status that an error body means: the one it names, or the one that its type of error comes with.
pub(super) fn status(json: &Value) -> Option<u16> {
    told_status(json).or_else(|| {
        Some(match json.pointer("/error/type")?.as_str()? {
            "invalid_request_error" => 400,
            "authentication_error" => 401,
            "billing_error" => 402,
            "permission_error" => 403,
            "not_found_error" => 404,
            "request_too_large" => 413,
            "rate_limit_error" => 429,
            "api_error" => 500,
            "timeout_error" => 504,
            "overloaded_error" => 529,
            _ => return None,
        })
    })
}

pub(super) fn string(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Anthropic does not count cached tokens among those of the prompt.
pub(super) fn usage(json: &Value) -> Usage {
    let count = |path: &str| json.pointer(path).and_then(Value::as_u64);
    Usage {
        input_tokens: count("/usage/input_tokens"),
        output_tokens: count("/usage/output_tokens"),
        cached_input_tokens: count("/usage/cache_read_input_tokens"),
    }
}
