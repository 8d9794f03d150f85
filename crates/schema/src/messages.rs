//! Every diagnostic of the room, by name. What a value or a type builder is refused with is in `problems`.

use syntax::ast::{Attribute, Identifier, Item, ValueKind};
use syntax::{Diagnostic, FileId, Span};

use crate::attributes::Owner;
use crate::names::Kind;
use crate::policy_reader::{PolicyProblem, PolicyProblemKind};
use crate::recursion::Cycle;

// Files

pub(crate) fn not_a_baml_file(file: FileId, path: &str) -> Diagnostic {
    let span = Span { file, start: 0, end: 0 };
    Diagnostic::error(span, format!("`{path}` is not a BAML file"))
        .with_help("the name of a BAML file ends in `.baml`")
}

// Names

pub(crate) fn name_not_capitalized(name: &Identifier, kind: Kind) -> Diagnostic {
    let mut letters = name.text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let capitalized: String = first.into_iter().chain(letters).collect();
    Diagnostic::error(
        name.span,
        format!("the name of {} must start with an upper-case letter", kind.with_article()),
    )
    .with_help(format!("`{capitalized}`?"))
}

pub(crate) fn reserved_type_name(name: &Identifier, kind: Kind) -> Diagnostic {
    Diagnostic::error(name.span, format!("`{}` is reserved for a scalar type", name.text))
        .with_help(format!("give the {} another name", kind.noun()))
}

pub(crate) fn reserved_field_name(name: &Identifier) -> Diagnostic {
    let text = &name.text;
    Diagnostic::error(name.span, format!("`{text}` is a reserved word and cannot name a field")).with_help(
        format!("name the field `{text}_` and add `@alias(\"{text}\")`: the model then sees `{text}`"),
    )
}

pub(crate) fn reserved_parameter_name(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("`{}` is reserved and cannot name a parameter", name.text))
}

pub(crate) fn duplicate_name(
    name: &Identifier,
    kind: Kind,
    first: Kind,
    first_span: Option<Span>,
) -> Diagnostic {
    let text = &name.text;
    let message = if kind == first {
        format!("there is already {} named `{text}`", first.with_article())
    } else {
        format!(
            "{} cannot be named `{text}`: there is already {} of that name",
            kind.with_article(),
            first.with_article()
        )
    };
    let found = Diagnostic::error(name.span, message);
    match first_span {
        Some(span) => found.with_related(span, "first declared here"),
        None => found,
    }
}

pub(crate) fn duplicate_member(name: &Identifier, kind: Kind, owner: &str, first: Span) -> Diagnostic {
    Diagnostic::error(
        name.span,
        format!("`{owner}` already has {} named `{}`", kind.with_article(), name.text),
    )
    .with_related(first, "first declared here")
}

pub(crate) fn dynamic_outside_type_builder(name: &Identifier, kind: Kind) -> Diagnostic {
    Diagnostic::error(
        name.span,
        format!("`dynamic {}` blocks can only stand in a `type_builder`", kind.noun()),
    )
    .with_help(format!("to let `{}` be extended at run time, write `@@dynamic` inside it", name.text))
}

// Types

pub(crate) fn unknown_type(span: Span, name: &str, suggestion: Option<&str>) -> Diagnostic {
    let found = Diagnostic::error(span, format!("there is no type `{name}`"));
    match elsewhere(name).map(ToOwned::to_owned).or_else(|| suggestion.map(did_you_mean)) {
        Some(help) => found.with_help(help),
        None => found.with_help(
            "declare it with `class`, `enum` or `type`; the built-in types are `string`, `int`, `float`, `bool`, \
             `null`, `image`, `audio`, `pdf` and `video`",
        ),
    }
}

/// What a type of another language is called in BAML.
fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "integer" | "Integer" | "long" | "i64" | "i32" => "the type of integers is `int`",
        "number" | "Number" => "the types of numbers are `int` and `float`",
        "double" | "Double" | "decimal" | "Decimal" | "f64" => {
            "the type of numbers with a fraction is `float`"
        }
        "boolean" | "Boolean" => "the type of `true` and `false` is `bool`",
        "str" | "Str" | "String" | "text" | "Text" | "char" => "the type of text is `string`",
        "None" | "none" | "nil" | "undefined" | "void" => "the type of nothing is `null`",
        "list" | "List" | "array" | "Array" | "Sequence" => {
            "a list is written `T[]`, with the type of its items"
        }
        "map" | "Map" | "dict" | "Dict" | "Record" => {
            "a map is written `map<string, T>`, with the type of its values"
        }
        "Optional" | "optional" => "an optional type is written `T?`",
        "any" | "Any" | "object" | "Object" | "json" | "Json" | "JSON" => {
            "name the types that can occur; for any JSON, declare `type Value = string | int | float | bool | null \
             | Value[] | map<string, Value>`"
        }
        "date" | "Date" | "datetime" | "DateTime" | "time" | "timestamp" => {
            "there is no type for dates: use `string`, and say the format in a `@description`"
        }
        _ => return None,
    })
}

pub(crate) fn not_a_type(span: Span, name: &str, kind: Kind) -> Diagnostic {
    Diagnostic::error(span, format!("`{name}` is {}, not a type", kind.with_article()))
}

pub(crate) fn type_too_deep(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(span, format!("the type is nested more than {limit} levels deep"))
        .with_help("give the inner part a name with `type`")
}

pub(crate) fn tuple_is_a_list(span: Span) -> Diagnostic {
    Diagnostic::warning(span, "tuples are not supported: this is read as a list of any of these types")
        .with_help("declare a class with a field for each item")
}

pub(crate) fn map_key(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the key of a map must be `string`, an enum, or string literals")
}

pub(crate) fn map_key_read_as_string(span: Span) -> Diagnostic {
    Diagnostic::warning(span, "the keys of a map are text: this one is read as `string`")
        .with_help("the key of a map is `string`, an enum, or string literals")
}

pub(crate) fn skip_on_required_field(span: Span, field: &Identifier) -> Diagnostic {
    Diagnostic::error(span, format!("field `{}` is skipped, so it must be optional", field.text))
        .with_help("make its type optional with `?`")
}

pub(crate) fn cycle(cycle: &Cycle) -> Diagnostic {
    let names: Vec<&str> = cycle.names.iter().map(|name| &**name).collect();
    let way = names.join(" -> ");
    if cycle.classes {
        Diagnostic::error(cycle.span, format!("classes need each other without end: {way}"))
            .with_help("make one of the fields optional (`?`), a list or a union with another type")
    } else {
        Diagnostic::error(cycle.span, format!("type aliases stand for each other without end: {way}"))
            .with_help("an alias can only contain itself in a list or as the value of a map")
    }
}

// Attributes

pub(crate) fn unknown_attribute(
    attribute: &Attribute,
    owner: Owner,
    suggestion: Option<&str>,
    choices: &[&str],
) -> Diagnostic {
    let sign = owner.sign();
    let found =
        Diagnostic::error(attribute.span, format!("there is no attribute `{}`", shown(attribute, owner)));
    found.with_help(match suggestion {
        Some(name) => did_you_mean(&format!("{sign}{name}")),
        None => format!("{} can have {}", owner.with_article(), signed(choices, sign)),
    })
}

pub(crate) fn misplaced_attribute(attribute: &Attribute, owner: Owner, choices: &[&str]) -> Diagnostic {
    let message = format!("`{}` cannot stand on {}", shown(attribute, owner), owner.with_article());
    Diagnostic::error(attribute.span, message).with_help(format!(
        "{} can have {}",
        owner.with_article(),
        signed(choices, owner.sign())
    ))
}

pub(crate) fn attribute_without_effect(
    attribute: &Attribute,
    owner: Owner,
    suggestion: Option<&str>,
) -> Diagnostic {
    let message = format!("`{}` has no effect on {}", shown(attribute, owner), owner.with_article());
    let found = Diagnostic::warning(attribute.span, message);
    match suggestion {
        Some(name) => found.with_help(did_you_mean(&format!("{}{name}", owner.sign()))),
        None => found,
    }
}

pub(crate) fn duplicate_attribute(attribute: &Attribute, owner: Owner, first: Span) -> Diagnostic {
    Diagnostic::error(attribute.span, format!("`{}` can only be given once", shown(attribute, owner)))
        .with_related(first, "first given here")
}

pub(crate) fn attribute_without_text(attribute: &Attribute, owner: Owner) -> Diagnostic {
    let shown = shown(attribute, owner);
    Diagnostic::error(attribute.span, format!("`{shown}` needs a string"))
        .with_help(format!("write `{shown}(\"…\")`"))
}

pub(crate) fn attribute_text_is_not_text(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    let shown = shown(attribute, owner);
    Diagnostic::error(span, format!("`{shown}` needs a string")).with_help(format!("write `{shown}(\"…\")`"))
}

pub(crate) fn attribute_with_several_texts(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(span, format!("`{}` takes one string", shown(attribute, owner)))
}

pub(crate) fn attribute_with_arguments(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(span, format!("`{}` takes no arguments", shown(attribute, owner)))
}

pub(crate) fn attribute_arguments_ignored(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::warning(span, format!("`{}` takes no arguments: they are ignored", shown(attribute, owner)))
}

pub(crate) fn check_without_name(attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(attribute.span, "a check needs a name: its result is shown under it")
        .with_help(constraint_help(attribute, owner))
}

pub(crate) fn constraint_form(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    let message = if attribute.name.text == "check" {
        "a check has a name and an expression"
    } else {
        "an assert has an expression, and may have a name before it"
    };
    Diagnostic::error(span, message).with_help(constraint_help(attribute, owner))
}

pub(crate) fn constraint_without_expression(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(span, "expected an expression in double braces")
        .with_help(constraint_help(attribute, owner))
}

pub(crate) fn constraint_is_empty(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(span, "the expression is empty").with_help(constraint_help(attribute, owner))
}

pub(crate) fn constraint_name(span: Span, attribute: &Attribute, owner: Owner) -> Diagnostic {
    Diagnostic::error(span, format!("the name in `{}` must be one bare word", shown(attribute, owner)))
        .with_help("letters, digits and `_`, without quotes: results are shown under it")
}

fn constraint_help(attribute: &Attribute, owner: Owner) -> String {
    format!("write `{}(name, {{{{ this > 0 }}}})`", shown(attribute, owner))
}

// Functions and template strings

pub(crate) fn function_without_body(name: &Identifier) -> Diagnostic {
    let message = format!("function `{}` is empty, so it cannot be called", name.text);
    Diagnostic::warning(name.span, message).with_help("give it a `client` and a `prompt #\"…\"#`")
}

pub(crate) fn missing_client(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("function `{}` has no client", name.text))
        .with_help("add a line such as `client \"openai/gpt-5-mini\"`, or the name of a `client<llm>` block")
}

pub(crate) fn missing_prompt(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("function `{}` has no prompt", name.text))
        .with_help("add `prompt #\"…\"#`")
}

pub(crate) fn template_is_not_raw(span: Span, name: &Identifier) -> Diagnostic {
    Diagnostic::error(span, format!("the text of template string `{}` must be written `#\"…\"#`", name.text))
}

pub(crate) fn prompt_is_not_raw(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("a prompt must be written `#\"…\"#`, but this is {}", describe(found)))
}

pub(crate) fn client_is_not_text(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("expected the name of a client, but this is {}", describe(found)))
}

pub(crate) fn not_a_client(span: Span, name: &str, kind: Kind) -> Diagnostic {
    Diagnostic::error(span, format!("`{name}` is {}, not a client", kind.with_article()))
}

pub(crate) fn unknown_client(span: Span, name: &str, suggestion: Option<&str>) -> Diagnostic {
    Diagnostic::error(span, format!("there is no client `{name}`")).with_help(suggestion.map_or_else(
        || {
            "declare it with `client<llm>`, or name a provider and a model: `\"openai/gpt-5-mini\"`"
                .to_owned()
        },
        did_you_mean,
    ))
}

pub(crate) fn check_in_parameter(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("the type of parameter `{name}` has a `@check`, whose result nobody would see"),
    )
    .with_help("use `@assert`, which refuses the argument")
}

pub(crate) fn media_in_return_type(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        span,
        format!("function `{name}` returns a media type, which a model cannot answer with"),
    )
    .with_help("a call fails if the prompt shows `ctx.output_format` or the answer needs that part")
}

// Blocks of properties

pub(crate) fn unknown_property(
    key: &Identifier,
    owner: &str,
    suggestion: Option<&str>,
    known: &[&str],
) -> Diagnostic {
    Diagnostic::error(key.span, format!("{owner} cannot have a property `{}`", key.text))
        .with_help(suggestion.map_or_else(|| format!("it can have {}", listed(known)), did_you_mean))
}

pub(crate) fn duplicate_property(key: &Identifier, owner: &str, first: Span) -> Diagnostic {
    Diagnostic::error(key.span, format!("`{}` is given twice in {owner}", key.text))
        .with_related(first, "first given here")
}

pub(crate) fn duplicate_option(key: &Identifier, first: Span) -> Diagnostic {
    Diagnostic::error(key.span, format!("`{}` is given twice", key.text))
        .with_related(first, "first given here")
}

pub(crate) fn duplicate_argument(key: &Identifier, first: Span) -> Diagnostic {
    Diagnostic::error(key.span, format!("the value of `{}` is given twice", key.text))
        .with_related(first, "first given here")
}

pub(crate) fn number_too_large(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the number {text} is too large"))
}

pub(crate) fn env_without_name(span: Span) -> Diagnostic {
    Diagnostic::error(span, "`env.` needs the name of an environment variable")
        .with_help("such as `env.OPENAI_API_KEY`")
}

pub(crate) fn expression_is_not_evaluated(span: Span) -> Diagnostic {
    Diagnostic::warning(span, "`{{ … }}` is not evaluated in options: it is sent as this text")
        .with_help("for an environment variable write `env.NAME`")
}

pub(crate) fn unknown_client_type(argument: &Identifier) -> Diagnostic {
    Diagnostic::error(argument.span, format!("there are no clients of type `{}`", argument.text))
        .with_help("write `client<llm>`")
}

pub(crate) fn missing_provider(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("client `{}` has no provider", name.text))
        .with_help("add a line such as `provider openai`")
}

pub(crate) fn provider_is_not_text(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("expected the name of a provider, but this is {}", describe(found)))
        .with_help("a provider is written out, such as `provider openai`")
}

pub(crate) fn options_are_not_a_map(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("`options` must be a map, but this is {}", describe(found)))
        .with_help("write `options { … }`, with one option per line")
}

pub(crate) fn retry_policy_is_not_a_name(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("expected the name of a retry policy, but this is {}", describe(found)))
}

pub(crate) fn not_a_retry_policy(span: Span, name: &str, kind: Kind) -> Diagnostic {
    Diagnostic::error(span, format!("`{name}` is {}, not a retry policy", kind.with_article()))
}

pub(crate) fn unknown_retry_policy(span: Span, name: &str, suggestion: Option<&str>) -> Diagnostic {
    Diagnostic::error(span, format!("there is no retry policy `{name}`")).with_help(
        suggestion
            .map_or_else(|| format!("declare it: `retry_policy {name} {{ max_retries 2 }}`"), did_you_mean),
    )
}

pub(crate) fn retry_policy_argument(argument: &Identifier) -> Diagnostic {
    Diagnostic::error(argument.span, "a retry policy has no type in angle brackets")
}

/// What is wrong with a retry policy, at its place; a doubt is a warning.
pub(crate) fn policy_problem(span: Span, problem: &PolicyProblem) -> Diagnostic {
    let message = problem.message.clone();
    let diagnostic = match problem.kind {
        PolicyProblemKind::Doubt => Diagnostic::warning(span, message),
        PolicyProblemKind::Missing | PolicyProblemKind::UnknownKey | PolicyProblemKind::Value => {
            Diagnostic::error(span, message)
        }
    };
    match &problem.help {
        Some(help) => diagnostic.with_help(help.clone()),
        None => diagnostic,
    }
}

pub(crate) fn missing_output_type(name: &Identifier, choices: &[&str]) -> Diagnostic {
    Diagnostic::error(name.span, format!("generator `{}` does not say what to generate", name.text))
        .with_help(format!("add an `output_type`: {}", listed_with(choices, "or")))
}

pub(crate) fn property_is_not_text(span: Span, key: &str, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("`{key}` must be a string, but this is {}", describe(found)))
}

pub(crate) fn unknown_choice(
    span: Span,
    key: &str,
    found: &str,
    suggestion: Option<&str>,
    choices: &[&str],
) -> Diagnostic {
    Diagnostic::error(span, format!("`{key}` cannot be `{found}`")).with_help(
        suggestion.map_or_else(|| format!("it can be {}", listed_with(choices, "or")), did_you_mean),
    )
}

pub(crate) fn invalid_version(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(span, format!("`{found}` is not a version"))
        .with_help("a version has three numbers: `0.226.2`")
}

pub(crate) fn generator_needs(name: &Identifier, output_type: &str, key: &str) -> Diagnostic {
    Diagnostic::error(name.span, format!("generator `{}` needs a `{key}` for `{output_type}`", name.text))
}

// Tests

pub(crate) fn missing_functions(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("test `{}` does not say which functions to run", name.text))
        .with_help("add `functions [MyFunction]`")
}

pub(crate) fn missing_args(name: &Identifier) -> Diagnostic {
    Diagnostic::error(name.span, format!("test `{}` has no arguments", name.text))
        .with_help("add `args { … }`; it may be empty")
}

pub(crate) fn args_are_not_a_map(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("`args` must be a map, but this is {}", describe(found)))
        .with_help("write `args { … }`, with one argument per line")
}

pub(crate) fn functions_are_not_names(span: Span, found: &ValueKind) -> Diagnostic {
    Diagnostic::error(span, format!("expected the name of a function, but this is {}", describe(found)))
}

pub(crate) fn test_of_nothing(span: Span, name: &Identifier) -> Diagnostic {
    Diagnostic::warning(span, format!("test `{}` runs no function", name.text))
}

pub(crate) fn test_of_unknown_function(span: Span, name: &str, suggestion: Option<&str>) -> Diagnostic {
    let found = Diagnostic::warning(span, format!("there is no function `{name}`"));
    match suggestion {
        Some(name) => found.with_help(did_you_mean(name)),
        None => found,
    }
}

pub(crate) fn duplicate_test(name: &Identifier, function: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(span, format!("function `{function}` already has a test named `{}`", name.text))
        .with_related(first, "first named here")
}

// Type builders

pub(crate) fn not_in_type_builder(item: &Item) -> Diagnostic {
    let (kind, span) = match item {
        Item::Function(function) => (Kind::Function, function.name.span),
        Item::Class(class) => (Kind::Class, class.name.span),
        Item::Enum(enumeration) => (Kind::Enum, enumeration.name.span),
        Item::Alias(alias) => (Kind::Alias, alias.name.span),
        Item::Client(block) => (Kind::Client, block.name.span),
        Item::RetryPolicy(block) => (Kind::RetryPolicy, block.name.span),
        Item::Template(template) => (Kind::Template, template.name.span),
        Item::Generator(block) => (Kind::Generator, block.name.span),
        Item::Test(test) => (Kind::Test, test.name.span),
    };
    Diagnostic::error(span, format!("a type builder cannot declare {}", kind.with_article()))
        .with_help("it can hold `class`, `enum`, `type`, `dynamic class` and `dynamic enum` blocks")
}

pub(crate) fn extends_static(name: &Identifier, kind: Kind) -> Diagnostic {
    let (text, noun) = (&name.text, kind.noun());
    Diagnostic::error(name.span, format!("{noun} `{text}` is not `@@dynamic`, so it cannot be extended"))
        .with_help(format!("add `@@dynamic` to `{text}` where it is declared"))
}

pub(crate) fn extends_new(name: &Identifier, kind: Kind) -> Diagnostic {
    let message = format!("{} `{}` is declared in the same type builder", kind.noun(), name.text);
    Diagnostic::error(name.span, message).with_help("write everything in its own block")
}

pub(crate) fn extends_other_kind(name: &Identifier, kind: Kind, other: Kind) -> Diagnostic {
    let message = format!("`{}` is {}, not {}", name.text, other.with_article(), kind.with_article());
    Diagnostic::error(name.span, message).with_help(format!("write `dynamic {}`", other.noun()))
}

pub(crate) fn extends_nothing(name: &Identifier, kind: Kind, suggestion: Option<&str>) -> Diagnostic {
    let found =
        Diagnostic::error(name.span, format!("there is no {} `{}` to extend", kind.noun(), name.text));
    match suggestion {
        Some(name) => found.with_help(did_you_mean(name)),
        None => found.with_help(format!("for a new {0}, write `{0}` without `dynamic`", kind.noun())),
    }
}

pub(crate) fn extended_twice(name: &Identifier, kind: Kind) -> Diagnostic {
    Diagnostic::error(name.span, format!("{} `{}` is extended twice", kind.noun(), name.text))
        .with_help("write everything in one block")
}

pub(crate) fn field_is_there(field: &str, class: &str, span: Span, refused: bool) -> Diagnostic {
    let message = format!("class `{class}` already has a field `{field}`, which cannot be declared again");
    if refused { Diagnostic::error(span, message) } else { Diagnostic::warning(span, message) }
}

pub(crate) fn dynamic_in_type_builder(span: Span) -> Diagnostic {
    Diagnostic::error(span, "`@@dynamic` has no place in a type builder: what it declares is complete")
}

// Words

fn shown(attribute: &Attribute, owner: Owner) -> String {
    format!("{}{}", owner.sign(), attribute.name.text)
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

fn signed(names: &[&str], sign: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{sign}{name}")).collect();
    listed(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// `a`, `b` and `c`.
fn listed(names: &[&str]) -> String {
    listed_with(names, "and")
}

fn listed_with(names: &[&str], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

fn describe(value: &ValueKind) -> &'static str {
    match value {
        ValueKind::Null => "`null`",
        ValueKind::Bool(_) => "a bool",
        ValueKind::Number(_) => "a number",
        ValueKind::String(..) => "a string",
        ValueKind::Env(_) => "an environment variable",
        ValueKind::List(_) => "a list",
        ValueKind::Map(_) => "a map",
        ValueKind::Expression(_) => "an expression",
    }
}
