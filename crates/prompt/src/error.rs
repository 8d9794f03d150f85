//! The one error of this room.

use std::fmt;

/// Why a prompt could not be rendered.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    place: Option<Place>,
}

/// Where in which text an error arose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) function: String,
    pub(crate) template: Option<String>,
    pub(crate) line: Option<usize>,
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The function is not one of the program that the templates were compiled from, or its prompt did not compile.
    UnknownFunction,
    /// A filter, test, function or method that does not exist.
    UnknownName,
    /// An attribute or item of something that is undefined.
    Undefined,
    /// Too many, too few or wrong arguments in a call inside the template.
    Arguments,
    /// An operation that the value does not support.
    Operation,
    /// Values or calls nested too deeply, or a text grown too long.
    Limit,
    /// The template engine failed in a way it should not.
    Internal,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), place: None }))
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.0.place = Some(place);
        self
    }

    /// What went wrong, as a kind to decide by.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What went wrong, in words, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The function whose prompt was being rendered.
    #[must_use]
    pub fn function(&self) -> Option<&str> {
        self.0.place.as_ref().map(|place| place.function.as_str())
    }

    /// The `template_string` that the error arose in, when it is not the prompt itself.
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        self.0.place.as_ref()?.template.as_deref()
    }

    /// The line within the prompt, or within the template string, counted from 1 after dedenting.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.0.place.as_ref()?.line
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(place) = &self.0.place else { return formatter.write_str(&self.0.message) };
        match &place.template {
            Some(template) => {
                write!(formatter, "template_string {template}, used by the prompt of {}", place.function)?;
            }
            None => write!(formatter, "the prompt of {}", place.function)?,
        }
        if let Some(line) = place.line {
            write!(formatter, ", line {line}")?;
        }
        write!(formatter, ": {}", self.0.message)
    }
}

impl std::error::Error for Error {}
