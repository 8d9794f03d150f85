//! Which tests are meant: `Function::Test`, `Function::`, `::Test` or a name alone, with `*` for anything.

use types::nearest;

use crate::program::Program;

/// Patterns for and against tests.
pub(super) struct Filter {
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
}

/// Empty is anything.
struct Pattern {
    /// As given.
    text: String,
    function: String,
    test: String,
    /// A name without `::` is the function's or the test's.
    either: bool,
}

/// A pattern for tests that no test fits.
pub(super) struct Unfit<'a> {
    /// As given.
    pub(super) text: &'a str,
    /// What may have been meant.
    pub(super) nearest: Option<String>,
}

impl Filter {
    pub(super) fn new(include: &[String], exclude: &[String]) -> Self {
        let read = |patterns: &[String]| patterns.iter().map(|pattern| Pattern::read(pattern)).collect();
        Self { include: read(include), exclude: read(exclude) }
    }

    /// Whether a pattern is for the test (or none is given), and none is against it.
    pub(super) fn selects(&self, function: &str, test: &str) -> bool {
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.fits(function, test));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }

    /// The patterns for tests that fit none: a misspelt one would be a test that silently does not run.
    pub(super) fn unfit(&self, program: &Program) -> Vec<Unfit<'_>> {
        let tests = &program.schema.tests;
        let names: Vec<(&str, &str)> = tests
            .iter()
            .flat_map(|test| test.functions.iter().map(|function| (&**function, &*test.name)))
            .collect();
        let fits = |pattern: &Pattern| names.iter().any(|(function, test)| pattern.fits(function, test));
        let unfit = self.include.iter().filter(|pattern| !fits(pattern));
        unfit.map(|pattern| Unfit { text: &pattern.text, nearest: pattern.nearest(&names) }).collect()
    }
}

impl Pattern {
    fn read(text: &str) -> Self {
        match text.split_once("::") {
            Some((function, test)) => Self {
                text: text.to_owned(),
                function: function.to_owned(),
                test: test.to_owned(),
                either: false,
            },
            None => {
                Self { text: text.to_owned(), function: text.to_owned(), test: text.to_owned(), either: true }
            }
        }
    }

    /// The name of the same form that is nearest.
    fn nearest(&self, names: &[(&str, &str)]) -> Option<String> {
        let spelt = |(function, test): &(&str, &str)| match (self.either, &*self.function, &*self.test) {
            (true, ..) => vec![(*function).to_owned(), (*test).to_owned()],
            (_, _, "") => vec![format!("{function}::")],
            (_, "", _) => vec![format!("::{test}")],
            _ => vec![format!("{function}::{test}")],
        };
        let candidates: Vec<String> = names.iter().flat_map(spelt).collect();
        nearest(&self.text, candidates.iter().map(String::as_str)).map(str::to_owned)
    }

    fn fits(&self, function: &str, test: &str) -> bool {
        let fits = |pattern: &str, name: &str| pattern.is_empty() || matches(pattern, name);
        if self.either {
            fits(&self.function, function) || fits(&self.test, test)
        } else {
            fits(&self.function, function) && fits(&self.test, test)
        }
    }
}

/// Whether the name is the pattern, in which `*` is any text. Only the last `*` is ever gone back to, so that the
/// cost is the product of the lengths at most.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut read) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while read < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                retry = Some((at, read));
            }
            Some(letter) if *letter == name[read] => {
                at += 1;
                read += 1;
            }
            _ => match retry {
                Some((after, from)) => {
                    retry = Some((after, from + 1));
                    (at, read) = (after, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == b'*')
}

#[cfg(test)]
mod tests {
    use super::{Filter, matches};

    #[test]
    fn stars_are_any_text() {
        for (pattern, name) in [
            ("", ""),
            ("*", ""),
            ("a*c", "abc"),
            ("a*c", "ac"),
            ("*b*", "abc"),
            ("**", "x"),
            ("a*b*c", "a-b-b-c"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a", ""), ("a*c", "abx"), ("b*", "abc"), ("[", "a"), ("a*b*c", "acb")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
        assert!(!matches(&"a*".repeat(40), &"a".repeat(39)));
    }

    #[test]
    fn patterns_name_functions_tests_or_both() {
        let selects = |include: &[&str], exclude: &[&str]| {
            let owned = |patterns: &[&str]| patterns.iter().map(ToString::to_string).collect::<Vec<_>>();
            Filter::new(&owned(include), &owned(exclude)).selects("GetName", "Short")
        };
        for include in
            ["GetName::Short", "GetName::", "::Short", "Short", "GetName", "Get*", "Get*::S*", "*", "::"]
        {
            assert!(selects(&[include], &[]), "{include}");
            assert!(!selects(&[], &[include]), "{include}");
        }
        for include in ["Other::Short", "::Long", "Get", "[", "GetName::Long"] {
            assert!(!selects(&[include], &[]), "{include}");
        }
        assert!(selects(&[], &[]));
    }
}
