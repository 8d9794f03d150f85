//! How the form of an answer is told: in a field of its own, or as the input of a tool that the model must use.

use serde_json::{Value, json};

use crate::answer_form::extended;
use crate::client::Client;

/// The entries of the body. The field takes no schema that refers to itself and none with keys that nobody knows
/// beforehand, and is not known elsewhere than at Anthropic's own door; a tool takes any, everywhere.
pub(super) fn entries(client: &Client, is_elsewhere: bool) -> Vec<(&'static str, Value)> {
    let Some(form) = client.form() else { return Vec::new() };
    let options = client.body();
    if form.is_closed() && !form.is_recursive() && !is_elsewhere {
        let format = json!({ "type": "json_schema", "schema": form.schema() });
        return vec![("output_config", extended(options.get("output_config"), [("format", format)]))];
    }
    let mut tools = match options.get("tools") {
        Some(Value::Array(tools)) => tools.clone(),
        _ => Vec::new(),
    };
    tools.push(json!({
        "name": form.name(),
        "description": "Takes the answer. Use it once.",
        "input_schema": form.schema(),
    }));
    // A model that thinks cannot be made to use a tool.
    let choice = if thinks(options.get("thinking")) {
        json!({ "type": "auto" })
    } else {
        json!({ "type": "tool", "name": form.name() })
    };
    vec![("tools", tools.into()), ("tool_choice", choice)]
}

fn thinks(option: Option<&Value>) -> bool {
    let kind = option.and_then(|thinking| thinking.get("type")).and_then(Value::as_str);
    kind.is_some_and(|kind| kind != "disabled")
}
