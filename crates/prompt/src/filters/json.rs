//! Compact JSON.

use super::tree::Tree;

pub(super) fn write(tree: &Tree) -> String {
    let mut text = String::new();
    node(&mut text, tree);
    text
}

fn node(text: &mut String, tree: &Tree) {
    match tree {
        Tree::Null => text.push_str("null"),
        Tree::Bool(bool) => text.push_str(if *bool { "true" } else { "false" }),
        Tree::Number(number) => text.push_str(&number.short),
        Tree::Text(value) => text.push_str(&quoted(value)),
        Tree::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                node(text, item);
            }
            text.push(']');
        }
        Tree::Map(entries) => {
            text.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&quoted(key));
                text.push(':');
                node(text, value);
            }
            text.push('}');
        }
    }
}

/// A JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
