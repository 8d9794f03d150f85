//! Classes, enums and aliases.

use super::words::{COMMENTS, shortened};
use crate::{Diagnostic, Span};

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
