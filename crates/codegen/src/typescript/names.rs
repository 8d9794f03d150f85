//! Names and literals that are safe in TypeScript, whatever they are in BAML.

use std::collections::HashSet;

/// Words that cannot name a parameter inside a class (which is always strict code), and names that a
/// parameter must not hide.
const RESERVED: &[&str] = &[
    "any",
    "arguments",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// A string literal.
pub(super) fn string(text: &str) -> String {
    // JSON leaves U+2028 and U+2029 as they are, and editors take them for ends of lines.
    serde_json::Value::from(text).to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// The name of a property: quoted unless it can stand bare.
pub(super) fn property(name: &str) -> String {
    let mut characters = name.chars();
    let bare = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_');
    if bare { name.to_owned() } else { string(name) }
}

/// A name for a parameter: the wanted one, with `_` added while it is reserved or taken.
pub(super) fn parameter(wanted: &str, taken: &mut HashSet<String>) -> String {
    let mut name = wanted.to_owned();
    while RESERVED.contains(&name.as_str()) || taken.contains(&name) {
        name.push('_');
    }
    taken.insert(name.clone());
    name
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{parameter, property, string};

    #[test]
    fn strings_are_escaped() {
        assert_eq!(string("a\"b\\c\n\u{2028}é😀"), "\"a\\\"b\\\\c\\n\\u2028é😀\"");
    }

    #[test]
    fn properties_are_quoted_when_needed() {
        assert_eq!(property("class"), "class");
        assert_eq!(property("a b"), "\"a b\"");
        assert_eq!(property("1a"), "\"1a\"");
        assert_eq!(property(""), "\"\"");
        assert_eq!(property("é"), "\"é\"");
    }

    #[test]
    fn parameters_are_never_reserved_or_repeated() {
        let mut taken = HashSet::new();
        assert_eq!(parameter("class", &mut taken), "class_");
        assert_eq!(parameter("class_", &mut taken), "class__");
        assert_eq!(parameter("options", &mut taken), "options");
        assert_eq!(parameter("options", &mut taken), "options_");
    }
}
