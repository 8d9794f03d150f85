//! The one place where the content of a raw string becomes its text: prompts, templates, descriptions and
//! option values all read the same.

/// Removes the leading blanks that all lines share, then the blanks at both ends. Lines without text do not
/// count, and text right after the opening quote has no leading blanks, so nothing is removed then. A tab
/// counts as one column.
pub(super) fn normalise(content: &str) -> String {
    let shared =
        content.lines().filter(|line| !line.trim().is_empty()).map(leading_blanks).min().unwrap_or(0);
    if shared == 0 {
        return content.trim().to_owned();
    }
    let mut text = String::with_capacity(content.len());
    for line in content.split_inclusive('\n') {
        text.push_str(line.get(shared.min(leading_blanks(line))..).unwrap_or(line));
    }
    let trimmed = text.trim();
    if trimmed.len() == text.len() { text } else { trimmed.to_owned() }
}

/// How many blanks a line starts with; each is one byte.
fn leading_blanks(line: &str) -> usize {
    super::run(line, |character| matches!(character, ' ' | '\t'))
}
