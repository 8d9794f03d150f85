//! Paths into a value, as a user would write them in JavaScript: `items[2].name`, `scores["first place"]`.

/// How much of a key a path shows, in bytes.
const SHOWN: usize = 80;

/// Goes to a field or an entry.
pub(crate) fn push(path: &mut String, name: &str) {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
    if !name.is_empty() && name.len() <= SHOWN && name.chars().all(plain) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        return;
    }
    let mut end = name.len().min(SHOWN);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    path.push_str("[\"");
    for c in name[..end].chars() {
        match c {
            '"' | '\\' => path.extend(['\\', c]),
            '\n' => path.push_str("\\n"),
            c if c.is_control() => path.push(' '),
            c => path.push(c),
        }
    }
    path.push_str(if end < name.len() { "…\"]" } else { "\"]" });
}
