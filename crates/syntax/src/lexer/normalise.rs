//! The one place where the content of a raw string becomes its text: prompts, templates, descriptions and
//! option values all read the same.

/// Removes the leading blanks that all lines share, empties lines that are only blanks, makes every line end
/// `\n`, and trims the blanks at both ends. Text right after the opening quote counts as a line without leading
/// blanks: then nothing is shared. A tab counts as one column.
pub(super) fn normalise(content: &str) -> String {
    let first = content.lines().next().unwrap_or_default();
    let shared = if first.trim().is_empty() {
        content.lines().filter(|line| !line.trim().is_empty()).map(leading_blanks).min().unwrap_or(0)
    } else {
        0
    };
    let mut text = String::with_capacity(content.len());
    for line in content.lines() {
        if !line.trim().is_empty() {
            text.push_str(without_blanks(line, shared));
        }
        text.push('\n');
    }
    text.trim().to_owned()
}

/// How many characters of blank a line starts with.
fn leading_blanks(line: &str) -> usize {
    line.chars().take_while(|character| character.is_whitespace()).count()
}

fn without_blanks(line: &str, count: usize) -> &str {
    let mut characters = line.chars();
    for _ in 0..count {
        characters.next();
    }
    characters.as_str()
}
