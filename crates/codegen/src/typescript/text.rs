//! Lines of TypeScript.

/// A text being written, line by line.
#[derive(Default)]
pub(super) struct Text {
    out: String,
}

impl Text {
    /// A line, or several when the text has newlines.
    pub(super) fn line(&mut self, text: impl AsRef<str>) {
        self.out.push_str(text.as_ref());
        self.out.push('\n');
    }

    /// An empty line, unless the text begins or one is already there.
    pub(super) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// An empty line between members, but not after the line that opens the block.
    pub(super) fn gap_inside(&mut self) {
        if !self.out.ends_with("{\n") {
            self.gap();
        }
    }

    /// A doc comment, when there is something to say.
    pub(super) fn docs(&mut self, indent: &str, docs: Option<&str>) {
        let Some(docs) = docs.map(str::trim).filter(|docs| !docs.is_empty()) else { return };
        let docs = docs.replace("*/", "*\\/");
        let lines: Vec<&str> = docs.lines().map(str::trim_end).collect();
        if let [line] = lines.as_slice() {
            self.line(format!("{indent}/** {line} */"));
            return;
        }
        self.line(format!("{indent}/**"));
        for line in lines {
            self.line(if line.is_empty() { format!("{indent} *") } else { format!("{indent} * {line}") });
        }
        self.line(format!("{indent} */"));
    }

    /// Everything written so far.
    pub(super) fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_comment_cannot_be_ended_by_its_text() {
        let mut text = Text::default();
        text.docs("", Some("one */ two\n\nthree  "));
        text.docs("  ", Some("  "));
        text.docs("  ", Some("one line"));
        assert_eq!(text.finish(), "/**\n * one *\\/ two\n *\n * three\n */\n  /** one line */\n");
    }
}
