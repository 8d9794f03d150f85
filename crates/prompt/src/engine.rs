//! The Jinja environment: which filters, tests and functions there are, and how values print.

use std::borrow::Cow;

use minijinja::value::{Kwargs, Rest, Value};
use minijinja::{Environment, Error, ErrorKind, Output, State};

use crate::filters::{self, Patterns};
use crate::output_format::OutputFormat;
use crate::program;
use crate::values::Namespace;

/// Every filter that a template can use, for "did you mean".
pub(crate) const FILTERS: [&str; 49] = [
    "abs",
    "attr",
    "batch",
    "bool",
    "capitalize",
    "chain",
    "count",
    "d",
    "default",
    "dictsort",
    "escape",
    "first",
    "float",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "pprint",
    "regex_match",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "split",
    "string",
    "sum",
    "title",
    "tojson",
    "trim",
    "unique",
    "upper",
    "zip",
    "e",
];
/// Every test.
pub(crate) const TESTS: [&str; 36] = [
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "escaped",
    "even",
    "false",
    "filter",
    "float",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "int",
    "integer",
    "iterable",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "safe",
    "sameas",
    "sequence",
    "startingwith",
    "string",
    "test",
    "true",
    "undefined",
    "upper",
];
/// Every function besides the template strings.
pub(crate) const FUNCTIONS: [&str; 4] = ["debug", "dict", "namespace", "range"];

/// The environment that every prompt of a program runs in.
pub(crate) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_formatter(print);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    let patterns = Patterns::default();
    environment.add_filter("regex_match", move |value: &Value, pattern: &str| match value.as_str() {
        Some(text) => patterns.is_match(text, pattern),
        None => patterns.is_match(&value.to_string(), pattern),
    });
    environment.add_filter("sum", filters::sum);
    environment.add_filter("format", filters::format);
    environment
        .add_function("namespace", |values: Rest<Value>, named: Kwargs| Namespace::call(&values, &named));
    filters::register_order(&mut environment);
    program::register(&mut environment);
    environment
}

/// Prints what stands between `{{` and `}}`.
fn print(output: &mut Output<'_>, _state: &State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text: Cow<'_, str> = if value.is_none() {
        Cow::Borrowed("null")
    } else if let Some(text) = value.as_str() {
        Cow::Borrowed(text)
    } else if let Some(format) = value.downcast_object_ref::<OutputFormat>() {
        let text = format.default_text();
        Cow::Owned(text.map_err(|message| Error::new(ErrorKind::InvalidOperation, message))?)
    } else {
        return output.write_fmt(format_args!("{value}")).map_err(|_| unprintable());
    };
    output.write_str(&text).map_err(|_| unprintable())
}

/// The one value that refuses to print is a media value when the markers have run out.
fn unprintable() -> Error {
    Error::new(ErrorKind::InvalidOperation, crate::failures::too_many_markers())
}

#[cfg(test)]
mod tests {
    use super::{FILTERS, FUNCTIONS, TESTS, environment};

    /// The words between two headings of what the environment says of itself, without operators.
    fn words(from: &str, to: &str) -> Vec<String> {
        let text = format!("{:?}", environment());
        let list = text.split(&format!(" {from}: ")).nth(1).unwrap_or_default();
        let list = list.split(&format!(", {to}: ")).next().unwrap_or_default();
        let names = list.trim_matches(['[', ']', '{', '}']).split(", ");
        let names = names.map(|name| name.split(':').next().unwrap_or_default().trim_matches('"'));
        let is_word = |name: &&str| name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        names.filter(is_word).map(str::to_owned).collect()
    }

    #[test]
    fn the_lists_have_what_the_engine_has() {
        let lists = [
            ("filters", "templates", &FILTERS[..]),
            ("tests", "filters", &TESTS),
            ("globals", "tests", &FUNCTIONS),
        ];
        for (from, to, list) in lists {
            let mut list = list.to_vec();
            list.sort_unstable();
            assert_eq!(words(from, to), list, "{from}");
        }
    }
}
