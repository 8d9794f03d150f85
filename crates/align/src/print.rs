//! Values that are no text, written as text: `{a: 1, b: [x, y]}`, as the peer writes them.

use crate::document::{Document, Kind, NONE, NodeId};

/// The node as text.
pub(crate) fn print(document: &Document<'_>, node: NodeId) -> String {
    limited(document, node, usize::MAX)
}

/// The node as text, ending early once it is longer than `limit` bytes.
pub(crate) fn limited(document: &Document<'_>, node: NodeId, limit: usize) -> String {
    let mut out = String::new();
    write(document, node, limit, &mut out);
    out
}

fn write(document: &Document<'_>, id: NodeId, limit: usize, out: &mut String) {
    if out.len() > limit {
        return;
    }
    let node = document.node(id);
    match node.kind {
        Kind::List | Kind::Object if node.count == 0 && document.is_written(id) => {
            // What stands between the brackets is no JSON: then the brackets are part of the text.
            out.push_str(document.written(id));
        }
        Kind::Null => out.push_str("null"),
        Kind::Number | Kind::True | Kind::False | Kind::String | Kind::Bare | Kind::Raw | Kind::Key => {
            out.push_str(document.text(id));
        }
        Kind::List => {
            out.push('[');
            let mut child = node.first;
            while child != NONE && out.len() <= limit {
                if child != node.first {
                    out.push_str(", ");
                }
                write(document, child, limit, out);
                child = document.node(child).next;
            }
            out.push(']');
        }
        Kind::Object => {
            out.push('{');
            let mut key = node.first;
            while key != NONE && out.len() <= limit {
                if key != node.first {
                    out.push_str(", ");
                }
                out.push_str(document.text(key));
                out.push_str(": ");
                let value = document.node(key).next;
                write(document, value, limit, out);
                key = document.node(value).next;
            }
            out.push('}');
        }
    }
}
