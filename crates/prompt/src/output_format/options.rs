//! The named arguments of `ctx.output_format(…)`.

use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Error, ErrorKind};

use crate::failures;

/// Their names.
pub(crate) const NAMES: [&str; 9] = [
    "prefix",
    "or_splitter",
    "enum_value_prefix",
    "always_hoist_enums",
    "hoisted_class_prefix",
    "hoist_classes",
    "map_style",
    "quote_class_fields",
    "render_null_as",
];

/// How to describe a type.
#[derive(Debug)]
pub(super) struct Options {
    /// What stands before the description.
    pub(super) prefix: Prefix,
    /// What stands between alternatives.
    pub(super) or_splitter: String,
    /// What stands before each value in the block of an enum.
    pub(super) enum_value_prefix: String,
    /// Whether every enum gets a block of its own.
    pub(super) always_hoist_enums: bool,
    /// A word before the name of each class that has a block of its own, and instead of "schema".
    pub(super) hoisted_class_prefix: String,
    /// Which classes get a block of their own besides recursive ones.
    pub(super) hoist_classes: HoistClasses,
    /// How maps are written.
    pub(super) map_style: MapStyle,
    /// Whether field names are in quotes.
    pub(super) quote_class_fields: bool,
    /// What `null` is called.
    pub(super) render_null_as: String,
}

/// What stands before the description.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    /// The sentence that suits the type.
    Suitable,
    None,
    Text(String),
}

/// Which classes get a block of their own besides recursive ones.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum HoistClasses {
    None,
    All,
    Named(Vec<String>),
}

/// How maps are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MapStyle {
    /// `map<string, int>`
    Angle,
    /// `{string: int}`
    Object,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            prefix: Prefix::Suitable,
            or_splitter: " or ".to_owned(),
            enum_value_prefix: "- ".to_owned(),
            always_hoist_enums: false,
            hoisted_class_prefix: String::new(),
            hoist_classes: HoistClasses::None,
            map_style: MapStyle::Angle,
            quote_class_fields: false,
            render_null_as: "null".to_owned(),
        }
    }
}

impl Options {
    /// Reads the arguments of a call. A prefix that is null is none; anything else that is null is the default.
    pub(super) fn read(args: &[Value]) -> Result<Self, Error> {
        let (positional, named): (&[Value], Kwargs) = minijinja::value::from_args(args)?;
        if !positional.is_empty() {
            return Err(Error::new(ErrorKind::TooManyArguments, failures::output_format_takes_names(&NAMES)));
        }
        let mut options = Self::default();
        for name in named.args() {
            let value: Value = named.get(name)?;
            options.set(name, &value)?;
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &Value) -> Result<(), Error> {
        let null = value.is_none() || value.is_undefined();
        match name {
            "prefix" => self.prefix = if null { Prefix::None } else { Prefix::Text(text(value)) },
            "enum_value_prefix" => self.enum_value_prefix = text(value),
            "hoisted_class_prefix" => self.hoisted_class_prefix = text(value),
            _ if !NAMES.contains(&name) => {
                return Err(Error::new(
                    ErrorKind::TooManyArguments,
                    failures::output_format_unknown(name, &NAMES),
                ));
            }
            _ if null => {}
            "or_splitter" => self.or_splitter = text(value),
            "render_null_as" => self.render_null_as = text(value),
            "always_hoist_enums" => self.always_hoist_enums = bool(name, value)?,
            "quote_class_fields" => self.quote_class_fields = bool(name, value)?,
            "hoist_classes" => self.hoist_classes = hoist_classes(value)?,
            "map_style" => {
                self.map_style = match value.as_str() {
                    Some("angle") => MapStyle::Angle,
                    Some("object") => MapStyle::Object,
                    _ => return Err(wrong(name, "\"angle\" or \"object\"")),
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn text(value: &Value) -> String {
    if value.is_none() { String::new() } else { value.to_string() }
}

fn bool(name: &str, value: &Value) -> Result<bool, Error> {
    if value.kind() == ValueKind::Bool { Ok(value.is_true()) } else { Err(wrong(name, "true or false")) }
}

fn hoist_classes(value: &Value) -> Result<HoistClasses, Error> {
    let wrong = || wrong("hoist_classes", "true, false, \"auto\" or a list of class names");
    match value.kind() {
        ValueKind::Bool if value.is_true() => Ok(HoistClasses::All),
        ValueKind::Bool => Ok(HoistClasses::None),
        ValueKind::String if value.as_str() == Some("auto") => Ok(HoistClasses::None),
        ValueKind::Seq | ValueKind::Iterable => {
            let names = value.try_iter()?.map(|name| name.as_str().map(str::to_owned).ok_or_else(wrong));
            Ok(HoistClasses::Named(names.collect::<Result<_, _>>()?))
        }
        _ => Err(wrong()),
    }
}

fn wrong(name: &str, wanted: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, failures::output_format_wants(name, wanted))
}
