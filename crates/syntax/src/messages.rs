//! Every text that the lexer and the grammar can say, one constructor per event. Each names the thing, marks
//! the place, and says what to write instead.

use crate::lexer::{KEYWORDS, TokenKind};
use crate::{Diagnostic, Span};

/// What comments look like, for those who write them as in another language.
const COMMENTS: &str = "a comment starts with `//`, or stands between `{//` and `//}`";

/// How a token is named in a sentence.
pub(crate) fn found(kind: TokenKind, text: &str) -> String {
    match kind {
        TokenKind::End => "the end of the file".to_owned(),
        TokenKind::Quote => "a string".to_owned(),
        TokenKind::RawQuote => "a raw string".to_owned(),
        TokenKind::Symbol('{') if text.len() > 1 => "`{#`".to_owned(),
        TokenKind::Symbol('/') if text.len() > 1 => "`/*`".to_owned(),
        TokenKind::Symbol(symbol) if symbol.is_control() => {
            format!("the character U+{:04X}", u32::from(symbol))
        }
        TokenKind::Symbol(symbol) if !symbol.is_ascii() => {
            format!("`{symbol}` (U+{:04X})", u32::from(symbol))
        }
        TokenKind::Symbol(symbol) => format!("`{symbol}`"),
        _ => format!("`{}`", shortened(text)),
    }
}

/// A text that fits in a sentence.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

// Files and blocks.

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

// Comments and strings.

pub(crate) fn unclosed_comment(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this block comment is never closed").with_help("close it with `//}`")
}

pub(crate) fn unclosed_string(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this string is never closed")
        .with_help("add a `\"` at its end; a text of several lines goes between `#\"` and `\"#`")
}

pub(crate) fn string_over_lines(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a string between double quotes cannot go on over the end of the line here")
        .with_help("put a text of several lines between `#\"` and `\"#`")
}

pub(crate) fn unclosed_raw_string(span: Span, hashes: usize) -> Diagnostic {
    const MOST_SHOWN: usize = 8;
    let error = Diagnostic::error(span, "this raw string is never closed");
    if hashes > MOST_SHOWN {
        return error.with_help(format!("close it with `\"` and {hashes} `#`"));
    }
    error.with_help(format!("close it with `\"{}`", "#".repeat(hashes)))
}

pub(crate) fn unfinished_escape(span: Span) -> Diagnostic {
    Diagnostic::error(span, "`\\x` must be followed by two hexadecimal digits, up to `\\x7f`")
        .with_help("write a backslash as `\\\\`; between `#\"` and `\"#` a backslash is just a backslash")
}

pub(crate) fn unclosed_expression(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this expression is never closed").with_help("close it with `}}`")
}

// Properties and values.

pub(crate) fn expected_key(span: Span, found: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected a property, found {found}"));
    match found {
        "`,`" => error.with_help("remove it: each property stands on a line of its own"),
        "`#`" | "`/*`" | "`{#`" => error.with_help(COMMENTS),
        "`@`" | "`@@`" => {
            error.with_help("attributes belong to classes, enums, their members, types and tests")
        }
        _ => error.with_help("a property is a name and a value, such as `model \"gpt-5-mini\"`"),
    }
}

pub(crate) fn colon_in_block(span: Span, key: &str) -> Diagnostic {
    Diagnostic::error(span, "there is no `:` between a property and its value")
        .with_help(format!("write `{} value`", shortened(key)))
}

pub(crate) fn equals_sign(span: Span, key: &str) -> Diagnostic {
    Diagnostic::error(span, "there is no `=` between a property and its value")
        .with_help(format!("write `{} value`", shortened(key)))
}

pub(crate) fn missing_value(span: Span, key: &str) -> Diagnostic {
    Diagnostic::error(span, format!("`{}` has no value", shortened(key)))
        .with_help("write its value on the same line")
}

pub(crate) fn value_on_next_line(span: Span, key: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the value of `{}` must start on the same line", shortened(key)))
}

pub(crate) fn expected_value(span: Span, found: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected a value, found {found}"));
    match found {
        "`'`" => error.with_help("strings are written with double quotes"),
        "`#`" => error.with_help("comments start with `//`, and raw strings with `#\"`"),
        "`(`" => error.with_help("a list is written `[a, b]`"),
        _ => error.with_help("put a text that has such characters between double quotes"),
    }
}

pub(crate) fn not_a_number(span: Span, text: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("`{}` starts as a number, but is not one", shortened(text)));
    if text.contains([' ', '\t']) {
        return error
            .with_help("put a comma or a new line between two values, and a text between double quotes");
    }
    error.with_help("if it is a text, put it between double quotes")
}

pub(crate) fn not_a_variable(span: Span) -> Diagnostic {
    Diagnostic::error(span, "`env.` must be followed by the name of an environment variable")
        .with_help("write for example `env.OPENAI_API_KEY`")
}

pub(crate) fn more_on_the_line(span: Span, key: &str, found: &str) -> Diagnostic {
    let error =
        Diagnostic::error(span, format!("unexpected {found} after the value of `{}`", shortened(key)));
    match found {
        "`,`" | "`;`" => error.with_help("remove it: each property stands on a line of its own"),
        _ => error.with_help(
            "each property stands on a line of its own; put a text that has special characters between double quotes",
        ),
    }
}

pub(crate) fn list_separator(span: Span, found: &str, opening: Span) -> Diagnostic {
    Diagnostic::error(span, format!("expected `,` or `]` in this list, found {found}"))
        .with_help(
            "put a comma or a new line between two items, and special characters between double quotes",
        )
        .with_related(opening, "the list starts here")
}

pub(crate) fn map_separator(span: Span, found: &str, opening: Span) -> Diagnostic {
    Diagnostic::error(span, format!("expected a new line, `,` or `}}` after this property, found {found}"))
        .with_help("put each property on a line of its own, and special characters between double quotes")
        .with_related(opening, "the map starts here")
}

pub(crate) fn comma_before_brace(span: Span) -> Diagnostic {
    Diagnostic::error(span, "there is no comma after the last property").with_help("remove it")
}

pub(crate) fn unclosed_list(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this list is never closed").with_help("add a `]` at its end")
}

pub(crate) fn unclosed_map(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this brace is never closed").with_help("add a `}` at its end")
}

pub(crate) fn too_deep(span: Span, deepest: usize) -> Diagnostic {
    Diagnostic::error(span, format!("nested more than {deepest} levels deep"))
        .with_help("give the inner part a name with `type Name = …`, or flatten it")
}

// Attributes.

pub(crate) fn missing_attribute_name(span: Span) -> Diagnostic {
    Diagnostic::error(span, "expected the name of an attribute right after this")
        .with_help("write for example `@description(\"…\")`")
}

pub(crate) fn unclosed_arguments(span: Span, attribute: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the arguments of `@{}` are never closed", shortened(attribute)))
        .with_help("add a `)` at their end")
}

pub(crate) fn argument_separator(span: Span, attribute: &str, found: &str) -> Diagnostic {
    let error = Diagnostic::error(
        span,
        format!("expected `,` or `)` in the arguments of `@{}`, found {found}", shortened(attribute)),
    );
    match found {
        "a string" | "a raw string" => error.with_help("put a comma between two arguments"),
        _ => error.with_help("put a text that has such characters between double quotes"),
    }
}

pub(crate) fn comma_after_arguments(span: Span) -> Diagnostic {
    Diagnostic::error(span, "there is no comma after the last argument").with_help("remove it")
}

pub(crate) fn attribute_in_map(span: Span, attribute: &str) -> Diagnostic {
    Diagnostic::error(span, "a type inside `map<…>` needs parentheses to have attributes")
        .with_help(format!("write `(T @{})`", shortened(attribute)))
}

pub(crate) fn attribute_before_field(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this attribute stands before the first field")
        .with_help("attributes follow the type of a field; those of the whole class start with `@@`")
}

pub(crate) fn attribute_before_value(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this attribute stands before the first value")
        .with_help("attributes follow a value; those of the whole enum start with `@@`")
}

pub(crate) fn attribute_in_function(span: Span) -> Diagnostic {
    Diagnostic::error(span, "attributes cannot stand in the body of a function")
        .with_help("put `@check` and `@assert` after the return type, and `@@check` and `@@assert` in a test")
}

pub(crate) fn single_at_in_test(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the attributes of a test start with `@@`")
        .with_help("write `@@check(…)` or `@@assert(…)`")
}

// Types.

pub(crate) fn expected_type(span: Span, found: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected a type, found {found}"));
    match found {
        "`'`" => error.with_help("literal types are written with double quotes, such as `\"yes\" | \"no\"`"),
        "`|`" => error.with_help("a union does not start with `|`, and has a type on both sides of each"),
        "`[`" => error.with_help("a list is written `T[]`"),
        "`{`" => error.with_help("a map is written `map<string, T>`; for named fields write a class"),
        _ => error,
    }
}

pub(crate) fn raw_literal_type(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a literal type cannot be a raw string").with_help("write it with double quotes")
}

pub(crate) fn literal_number_type(span: Span, text: &str) -> Diagnostic {
    let text = shortened(text);
    if text.contains('.') {
        return Diagnostic::error(span, format!("`{text}` cannot be a type: only whole numbers can"))
            .with_help("write `float`, or a string literal");
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Diagnostic::error(span, format!("`{text}` is too large for an `int`"));
    }
    Diagnostic::error(span, format!("`{text}` is not a type"))
        .with_help("names start with a letter, and literal numbers have only digits")
}

pub(crate) fn after_optional(span: Span, symbol: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("`{symbol}` cannot follow `?`"));
    match symbol {
        "?" => error.with_help("once is enough"),
        _ => error.with_help("for a list of optional values write `(T?)[]`"),
    }
}

pub(crate) fn list_brackets(span: Span) -> Diagnostic {
    Diagnostic::error(span, "expected `]` right after `[`")
        .with_help("a list is written `T[]`, without a length")
}

pub(crate) fn generic_type(span: Span, name: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("`{}` takes no type in angle brackets", shortened(name)));
    match name.to_lowercase().as_str() {
        "list" | "array" | "set" | "sequence" => error.with_help("a list is written `T[]`"),
        "map" | "dict" | "record" => error.with_help("a map is written `map<string, T>`"),
        "optional" | "option" | "maybe" => error.with_help("an optional type is written `T?`"),
        "union" => error.with_help("a union is written `A | B`"),
        _ => error.with_help("only `map<K, V>` does"),
    }
}

pub(crate) fn map_type_comma(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected `,` and the type of the values, found {found}"))
        .with_help("a map is written `map<string, T>`")
}

pub(crate) fn map_type_end(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected `>` at the end of this map type, found {found}"))
        .with_help("a map is written `map<string, T>`, on one line")
}

pub(crate) fn map_type_lines(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a map type must start and end on one line")
        .with_help("give its parts names with `type Name = …` if it gets long")
}

pub(crate) fn parenthesis_lines(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a type in parentheses must start and end on the lines of its parentheses")
        .with_help("write `(A |` and `B)`: a line can end after `|`, or start with it")
}

pub(crate) fn unclosed_parenthesis(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this parenthesis is never closed").with_help("add a `)` at the end of the type")
}

pub(crate) fn expected_parenthesis(span: Span, found: &str, opening: Span) -> Diagnostic {
    Diagnostic::error(span, format!("expected `)`, found {found}")).with_related(opening, "opened here")
}

// Classes, enums, aliases.

pub(crate) fn expected_field(span: Span, found: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected a field, found {found}"));
    match found {
        "`#`" | "`/*`" | "`{#`" => error.with_help(COMMENTS),
        _ => error.with_help("a field is a name and a type, such as `age int?`"),
    }
}

pub(crate) fn field_without_type(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the field `{}` has no type", shortened(name)))
        .with_help("write its type after it, on the same line")
}

pub(crate) fn colon_after_field(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, "there is no colon between a field and its type")
        .with_help(format!("write `{} type`", shortened(name)))
}

pub(crate) fn separator_after_field(span: Span, symbol: char) -> Diagnostic {
    Diagnostic::error(span, format!("there is no `{symbol}` after a field"))
        .with_help("remove it: a new line is enough")
}

pub(crate) fn field_default(span: Span) -> Diagnostic {
    Diagnostic::error(span, "fields have no default values")
        .with_help("make the type optional with `?`, and fill the default in after the call")
}

pub(crate) fn after_field(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected the end of this field, found {found}"))
}

pub(crate) fn expected_enum_value(span: Span, found: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected an enum value, found {found}"));
    match found {
        "`#`" | "`/*`" | "`{#`" => error.with_help(COMMENTS),
        _ => error.with_help("values are names, one on each line"),
    }
}

pub(crate) fn quoted_enum_value(span: Span) -> Diagnostic {
    Diagnostic::error(span, "enum values are names, not strings")
        .with_help("write a name, and what the model shall read with `@alias(\"…\")`")
}

pub(crate) fn separator_after_enum_value(span: Span, symbol: char) -> Diagnostic {
    Diagnostic::error(span, format!("there is no `{symbol}` after an enum value"))
        .with_help("put each value on a line of its own")
}

pub(crate) fn enum_values_on_one_line(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("`{}` must stand on a line of its own", shortened(text)))
        .with_help("put each value on a line of its own; enum values have no types")
}

pub(crate) fn after_enum_value(span: Span, found: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected the end of this enum value, found {found}"));
    match found {
        "`=`" => {
            error.with_help("values have no numbers; what the model shall read is written `@alias(\"…\")`")
        }
        _ => error,
    }
}

pub(crate) fn expected_alias_sign(span: Span, name: &str, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected `=` after `type {}`, found {found}", shortened(name)))
        .with_help(format!("write `type {} = …`", shortened(name)))
}

pub(crate) fn alias_without_type(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the alias `{}` stands for nothing", shortened(name)))
        .with_help("write its type after the `=`, on the same line")
}

// Functions and templates.

pub(crate) fn old_function(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("the function `{}` has no parameters and no return type", shortened(name)),
    )
    .with_help(format!("write `function {}(input: string) -> string {{ … }}`", shortened(name)))
}

pub(crate) fn expected_parameters(span: Span, name: &str, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected `(` after `function {}`, found {found}", shortened(name)))
        .with_help(format!("write `function {}(input: string) -> string {{ … }}`", shortened(name)))
}

pub(crate) fn missing_return_type(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the function `{}` has no return type", shortened(name)))
        .with_help("write `-> string` before the brace")
}

pub(crate) fn expected_arrow(span: Span, name: &str, found: &str) -> Diagnostic {
    let name = shortened(name);
    Diagnostic::error(span, format!("expected `->` and the return type of `{name}`, found {found}"))
        .with_help("write for example `-> string`")
}

pub(crate) fn unclosed_parameters(span: Span) -> Diagnostic {
    Diagnostic::error(span, "these parameters are never closed").with_help("add a `)` at their end")
}

pub(crate) fn untyped_parameter(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the parameter `{}` has no type", shortened(name)))
        .with_help(format!("write `{}: string`", shortened(name)))
}

pub(crate) fn parameter_type_on_next_line(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the type of `{}` must stand on the same line", shortened(name)))
}

pub(crate) fn parameter_default(span: Span) -> Diagnostic {
    Diagnostic::error(span, "parameters have no default values")
        .with_help("make the type optional with `?`, and test for it in the prompt")
}

pub(crate) fn parameter_separator(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected `,` or `)` after this parameter, found {found}"))
}

pub(crate) fn expected_template_text(span: Span, name: &str, found: &str) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("expected the text of `{}` between `#\"` and `\"#`, found {found}", shortened(name)),
    )
    .with_help(format!("write `template_string {}(name: string) #\"…\"#`", shortened(name)))
}

pub(crate) fn template_text_on_next_line(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the text of `{}` must start on the same line", shortened(name)))
}

pub(crate) fn expression_function(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(
        span,
        format!(
            "expression functions are experimental and not supported: `{}` cannot be called",
            shortened(name)
        ),
    )
    .with_help("a function that asks a model has `client` and `prompt` in its body")
}

pub(crate) fn top_level_let(span: Span) -> Diagnostic {
    Diagnostic::warning(
        span,
        "`let` outside of functions is experimental and not supported: it has no effect",
    )
}

pub(crate) fn unfinished_let(span: Span) -> Diagnostic {
    Diagnostic::error(span, "`let` outside of functions is experimental and not supported")
        .with_help("remove it")
}

// Tests.

pub(crate) fn expected_type_builder_item(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected a type, found {found}")).with_help(
        "a `type_builder` holds `class`, `enum`, `type`, `dynamic class` and `dynamic enum` blocks",
    )
}

// Words.

fn keywords() -> String {
    KEYWORDS.iter().filter(|&&keyword| keyword != "string_template").copied().collect::<Vec<_>>().join(", ")
}

fn nearest_keyword(word: &str) -> Option<&'static str> {
    const FARTHEST: usize = 2;
    // Longer than the longest keyword by more than that, nothing is near.
    if word.len() > 20 {
        return None;
    }
    let word = word.to_lowercase();
    KEYWORDS
        .into_iter()
        .map(|keyword| (strsim::damerau_levenshtein(&word, keyword), keyword))
        .filter(|&(distance, keyword)| distance <= FARTHEST && distance < keyword.len() / 2)
        .min()
        .map(|(_, keyword)| keyword)
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}
