//! Fields on lines: `name: Ada`, as YAML and forms have them.

use super::Aligner;
use super::class::field_of;
use crate::document::{Kind, NONE, NodeId};
use crate::reader::scalar_text;
use crate::shape::ClassShape;

impl Aligner<'_, '_, '_> {
    /// The object that a text writes with one field on each line; `None` when a line is anything else. Lines behind
    /// `|` that are indented are the field's text. The last line of an unfinished text may yet become a field.
    pub(super) fn object_of_lines(&mut self, node: NodeId, class: &ClassShape<'_>) -> Option<NodeId> {
        if class.parsed < 2 || !matches!(self.document.node(node).kind, Kind::Bare | Kind::Raw) {
            return None;
        }
        if self.document.text(node).trim_start().starts_with(['{', '[']) {
            return None;
        }
        let unfinished = self.partial && !self.document.text(node).ends_with('\n');
        let (fields, in_block) = fields_on_lines(self.document.text(node), class, unfinished)?;
        let open = unfinished || (self.partial && in_block);
        let (start, end) = (self.document.node(node).start as usize, self.document.node(node).end as usize);
        let object = self.document.container(Kind::Object, start);
        let mut last = NONE;
        for (index, (key, value)) in fields.iter().enumerate() {
            let complete = !open || index + 1 < fields.len();
            let key = self.document.decoded(Kind::Key, start..end, true, |out| out.push_str(key));
            let kind = scalar_text(value);
            let value = self.document.decoded(kind, start..end, complete, |out| out.push_str(value));
            self.document.link(object, last, key);
            self.document.node_mut(key).next = value;
            last = value;
        }
        let holder = self.document.node_mut(object);
        holder.end = u32::try_from(end).unwrap_or(u32::MAX);
        holder.count = u32::try_from(fields.len()).unwrap_or(u32::MAX);
        holder.complete = !self.partial;
        Some(object)
    }
}

/// The keys and values of lines that are all fields of the class, each met once, but for the last if it is unfinished;
/// and whether the last value may go on behind `|`.
fn fields_on_lines(
    text: &str,
    class: &ClassShape<'_>,
    unfinished: bool,
) -> Option<(Vec<(String, String)>, bool)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut seen = vec![false; class.fields.len()];
    let mut block: Option<usize> = None;
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
    while let Some(line) = lines.next() {
        let may_change = unfinished && lines.peek().is_none();
        let indent = line.len() - line.trim_start().len();
        if let (Some(outer), Some((_, value))) = (block, fields.last_mut())
            && indent > outer
        {
            if !value.is_empty() {
                value.push('\n');
            }
            value.push_str(line.trim());
            continue;
        }
        let line = line.trim();
        let line = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).unwrap_or(line);
        let Some((key, value)) = line.split_once(':') else {
            if may_change {
                break;
            }
            return None;
        };
        let key = key.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '"' | '\'' | '`'));
        let index = field_of(class, key, fields.len())?;
        if std::mem::replace(seen.get_mut(index)?, true) {
            return None;
        }
        let value = value.trim_start_matches('*').trim();
        let is_block = matches!(value, "|" | ">" | "|-" | ">-");
        block = is_block.then_some(indent);
        let value = if is_block { "" } else { unquoted(value) };
        fields.push((key.to_owned(), value.to_owned()));
    }
    (!fields.is_empty()).then(|| (fields, block.is_some()))
}

/// A value without the quotes around it.
fn unquoted(value: &str) -> &str {
    let inner = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}
