//! Files, and the blocks that stand in them.

use super::words::{COMMENTS, keywords, nearest_keyword, shortened, with_article};
use crate::{Diagnostic, Span};

pub(crate) fn file_too_large(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this file is larger than 4 GB, and was not read")
}

pub(crate) fn expected_block(span: Span, found: &str) -> Diagnostic {
    let error =
        Diagnostic::error(span, format!("expected a block such as `class` or `function`, found {found}"));
    match found {
        "`#`" | "`/`" | "`/*`" | "`{#`" => error.with_help(COMMENTS),
        "`}`" => error.with_help("this brace closes nothing: remove it, or look for one too many above"),
        _ => error.with_help(format!("a block starts with one of: {}", keywords())),
    }
}

pub(crate) fn unknown_block(span: Span, word: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("unknown keyword `{}`", shortened(word)));
    if let Some(help) = removed_block(word) {
        return error.with_help(help);
    }
    match nearest_keyword(word) {
        Some(keyword) => error.with_help(format!("did you mean `{keyword}`?")),
        None => error.with_help(format!("a block starts with one of: {}", keywords())),
    }
}

/// What to write instead of the blocks of older versions and of other languages.
fn removed_block(word: &str) -> Option<&'static str> {
    Some(match word {
        "import" | "from" | "include" => {
            "there are no imports: all `.baml` files of a project see each other's names"
        }
        "impl" | "variant" => {
            "`impl` and `variant` blocks are gone: write `client` and `prompt` inside the function"
        }
        "override" | "printer" => "this block is gone: describe the output with `{{ ctx.output_format(…) }}`",
        "async" => "functions are not marked `async`: write `function` alone",
        "workflow" => "workflows are experimental and not supported",
        "struct" | "interface" | "model" | "record" => "write `class`",
        _ => return None,
    })
}

pub(crate) fn dynamic_outside_type_builder(span: Span) -> Diagnostic {
    Diagnostic::error(span, "`dynamic` blocks can only stand inside the `type_builder` of a test")
        .with_help("to let a class or an enum be extended at run time, write `@@dynamic` inside it")
}

pub(crate) fn missing_name(span: Span, keyword: &str, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected a name after `{keyword}`, found {found}"))
}

pub(crate) fn expected_name(span: Span, what: &str, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected {} name, found {found}", with_article(what)))
}

pub(crate) fn bad_name(span: Span, what: &str, text: &str) -> Diagnostic {
    let why = match text.chars().next() {
        Some(first) if first.is_ascii_digit() => "must start with a letter, not with a digit",
        Some('_') => "must start with a letter, not with `_`",
        _ => "may only have the letters A to Z (also in lower case), digits and `_`",
    };
    Diagnostic::error(span, format!("`{}` is not a valid {what} name: it {why}", shortened(text)))
}

pub(crate) fn expected_body(span: Span, keyword: &str, name: &str, found: &str) -> Diagnostic {
    let error = Diagnostic::error(
        span,
        format!("expected `{{` after `{keyword} {}`, found {found}", shortened(name)),
    );
    match (keyword, found) {
        ("class", "`extends`") => {
            error.with_help("classes do not inherit: repeat the fields, or hold the other class in a field")
        }
        ("class" | "enum", "`<`") => error.with_help("there are no generic types"),
        ("function", _) => error,
        _ => error.with_help(format!("write `{keyword} {} {{`", shortened(name))),
    }
}

pub(crate) fn brace_on_next_line(span: Span, keyword: &str, name: &str) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("the `{{` of `{keyword} {}` must stand on the same line", shortened(name)),
    )
    .with_help(format!("write `{keyword} {} {{`", shortened(name)))
}

pub(crate) fn unclosed_block(span: Span, keyword: &str, name: &str, opening: Span) -> Diagnostic {
    Diagnostic::error(span, format!("`{keyword} {}` is never closed", shortened(name)))
        .with_help("add a `}` at its end")
        .with_related(opening, "opened here")
}

pub(crate) fn unexpected_block_argument(span: Span, keyword: &str) -> Diagnostic {
    Diagnostic::error(span, format!("`{keyword}` takes nothing in angle brackets"))
        .with_help("only `client<llm>` does")
}

pub(crate) fn unknown_client_kind(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the only kind of client is `<llm>`").with_help("write `client<llm> Name { … }`")
}

pub(crate) fn blanks_in_client_kind(span: Span) -> Diagnostic {
    Diagnostic::error(span, "there are no blanks in `client<llm>`")
        .with_help("write `client<llm> Name { … }`")
}

pub(crate) fn unexpected_parameters(span: Span, keyword: &str, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("`{keyword} {}` cannot have parameters", shortened(name)))
        .with_help("remove the parentheses")
}

pub(crate) fn semicolon(span: Span) -> Diagnostic {
    Diagnostic::error(span, "there are no semicolons here").with_help("remove it")
}

pub(crate) fn expected_type_builder_item(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected a type, found {found}")).with_help(
        "a `type_builder` holds `class`, `enum`, `type`, `dynamic class` and `dynamic enum` blocks",
    )
}
