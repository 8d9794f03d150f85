//! What is said of a template that compiles and yet names what is not there.

use types::nearest;

/// How many of the valid choices a message lists.
const LISTED: usize = 12;

/// One thing that a template names and that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Warning {
    /// What is wrong, in one sentence.
    pub(crate) message: String,
    /// What the user can do.
    pub(crate) help: Option<String>,
}

impl Warning {
    fn new(message: String) -> Self {
        Self { message, help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the nearest of the choices, and the choices.
    fn choices(self, wanted: &str, what: &str, choices: &[&str]) -> Self {
        let meant = nearest(wanted, choices.iter().copied());
        let listed = listed(choices);
        match (meant, choices) {
            (_, []) => self,
            (Some(meant), _) => self.help(format!("did you mean `{meant}`? {what}: {listed}")),
            (None, _) => self.help(format!("{what}: {listed}")),
        }
    }
}

pub(crate) fn unknown_variable(name: &str, choices: &[&str]) -> Warning {
    let found = Warning::new(format!("there is no variable `{name}` here, so it is empty"));
    match name {
        "null" | "nil" | "None" | "undefined" => found.help("in a template, null is written `none`"),
        _ => found.choices(name, "here are", choices),
    }
}

pub(crate) fn variable_of_a_loop(name: &str) -> Warning {
    Warning::new(format!("`{name}` is set only inside a loop or block and is forgotten at its end"))
        .help(format!("set an attribute of a namespace instead: `{{% set ns = namespace() %}}` before the loop, and `{{% set ns.{name} = … %}}` in it"))
}

pub(crate) fn variable_set_later(name: &str) -> Warning {
    Warning::new(format!("`{name}` is used before it is set, so it is empty here"))
}

pub(crate) fn unknown_function(name: &str, choices: &[&str]) -> Warning {
    Warning::new(format!("there is no function or template_string `{name}`")).choices(
        name,
        "there are",
        choices,
    )
}

pub(crate) fn unknown_filter(name: &str, choices: &[&str]) -> Warning {
    unknown_word("filter", name, choices)
}

pub(crate) fn unknown_test(name: &str, choices: &[&str]) -> Warning {
    unknown_word("test", name, choices)
}

/// The lists of filters and tests are too long to be shown.
fn unknown_word(kind: &str, name: &str, choices: &[&str]) -> Warning {
    let found = Warning::new(format!("there is no {kind} `{name}`"));
    match nearest(name, choices.iter().copied()) {
        Some(meant) => found.help(format!("did you mean `{meant}`?")),
        None => found,
    }
}

/// `owner` is what has no such property, as in "class `Resume`".
pub(crate) fn unknown_property(owner: &str, name: &str, choices: &[&str]) -> Warning {
    Warning::new(format!("{owner} has no property `{name}`")).choices(name, "it has", choices)
}

/// A property of a text, a number, a list.
pub(crate) fn no_properties(kind: &str, name: &str, filters: &[&str]) -> Warning {
    let found = Warning::new(format!("a value of type `{kind}` has no property `{name}`"));
    match name {
        "size" | "len" => found.help("its length is the filter `length`: `…|length`"),
        _ if filters.contains(&name) => found.help(format!("`{name}` is a filter: `…|{name}`")),
        _ => found,
    }
}

pub(crate) fn unknown_method(owner: &str, name: &str, choices: &[&str]) -> Warning {
    Warning::new(format!("{owner} has no method `{name}`")).choices(name, "it has", choices)
}

pub(crate) fn may_be_null(path: &str, name: &str) -> Warning {
    Warning::new(format!("`{path}` may be null, and null has no `{name}`"))
        .help(format!("put it into `{{% if {path} %}}…{{% endif %}}`"))
}

pub(crate) fn unknown_enum_value(owner: &str, name: &str, choices: &[&str]) -> Warning {
    Warning::new(format!("enum `{owner}` has no value `{name}`")).choices(name, "its values are", choices)
}

pub(crate) fn never_equal(owner: &str, text: &str, choices: &[&str]) -> Warning {
    Warning::new(format!("a value of type `{owner}` is never \"{text}\"")).choices(
        text,
        "its values are",
        choices,
    )
}

pub(crate) fn compared_with_alias(owner: &str, text: &str, name: &str) -> Warning {
    Warning::new(format!(
        "a value of type `{owner}` is never \"{text}\", which is only what is printed for it"
    ))
    .help(format!("compare it with its name, \"{name}\""))
}

pub(crate) fn missing_arguments(template: &str, missing: &[&str]) -> Warning {
    let (noun, verb, pronoun) =
        if missing.len() == 1 { ("argument", "is", "it is") } else { ("arguments", "are", "they are") };
    Warning::new(format!(
        "the {noun} {} of template_string `{template}` {verb} missing, so {pronoun} empty",
        listed(missing)
    ))
}

pub(crate) fn too_many_arguments(template: &str, given: usize, params: &[&str]) -> Warning {
    let taken = match params {
        [] => "no arguments".to_owned(),
        [only] => format!("one argument, `{only}`"),
        _ => format!("{} arguments, {}", params.len(), listed(params)),
    };
    Warning::new(format!("template_string `{template}` takes {taken}, and is given {given}"))
}

pub(crate) fn unknown_argument(template: &str, name: &str, params: &[&str]) -> Warning {
    Warning::new(format!("template_string `{template}` has no parameter `{name}`"))
        .choices(name, "it takes", params)
}

pub(crate) fn argument_given_twice(template: &str, name: &str) -> Warning {
    Warning::new(format!("template_string `{template}` is given `{name}` twice, by position and by name"))
}

pub(crate) fn role_without_name(method: &str) -> Warning {
    Warning::new(format!("_.{method}() needs a role, as in _.{method}(\"user\")"))
}

/// What rendering would refuse in the same words.
pub(crate) fn refused(message: String) -> Warning {
    Warning::new(message)
}

fn listed(names: &[&str]) -> String {
    let mut quoted: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    if names.len() > LISTED {
        quoted.push(format!("and {} more", names.len() - LISTED));
    }
    quoted.join(", ")
}
