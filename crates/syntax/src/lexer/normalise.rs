//! The one place where the content of a raw string becomes its text: templates, descriptions and option values all
//! read the same, and prompts nearly (see `Text::as_prompt`).

/// Removes the blanks that all lines begin with, empties lines that are only blanks, makes every line end `\n`, and
/// drops blank lines at both ends and blanks after the last line. What the first line is indented beyond the others
/// stays. Text right after the opening quote counts as a line without leading blanks: then nothing is shared.
pub(super) fn normalise(content: &str) -> String {
    let content = content.trim_end();
    let first = content.lines().next().unwrap_or_default();
    let (content, shared) =
        if first.trim().is_empty() { (content, shared_blanks(content)) } else { (content.trim_start(), "") };
    let mut text = String::with_capacity(content.len());
    for line in content.lines().skip_while(|line| line.trim().is_empty()) {
        if !line.trim().is_empty() {
            text.push_str(line.strip_prefix(shared).unwrap_or(line));
        }
        text.push('\n');
    }
    text.pop();
    text
}

/// The same blanks, tabs being others than spaces, at the start of all lines. A line of nothing but blanks between
/// them may be shorter, but must not begin otherwise: so the peer sees it.
fn shared_blanks(content: &str) -> &str {
    let mut shared: Option<&str> = None;
    for line in content.lines() {
        let blanks = &line[..line.len() - line.trim_start().len()];
        shared = match shared {
            None if blanks.len() == line.len() => None,
            None => Some(blanks),
            Some(shared) if blanks.len() == line.len() && shared.starts_with(line) => Some(shared),
            Some(shared) => Some(common_start(shared, blanks)),
        };
    }
    shared.unwrap_or_default()
}

fn common_start<'a>(one: &'a str, other: &str) -> &'a str {
    let length: usize =
        one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    &one[..length]
}
