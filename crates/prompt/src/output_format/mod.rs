//! `ctx.output_format`: what the model is told about the form of its answer.

mod cycles;
mod discover;
mod options;
mod write;

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};
use types::Type;

use crate::scope::Scope;
pub(crate) use options::NAMES as ARGUMENTS;
use options::Options;

/// The value `ctx.output_format`: prints in its default form, and can be called with named arguments.
pub(crate) struct OutputFormat {
    scope: Arc<Scope>,
    returns: Type,
}

impl OutputFormat {
    pub(crate) fn new(scope: &Arc<Scope>, returns: Type) -> Self {
        Self { scope: Arc::clone(scope), returns }
    }

    fn text(&self, options: &Options) -> Result<String, String> {
        let text = write::output_format(&self.scope.schema, &self.returns, options)?;
        self.scope.enter(&text);
        Ok(text)
    }
}

impl fmt::Debug for OutputFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("output_format")
    }
}

impl Object for OutputFormat {
    fn get_value(self: &Arc<Self>, _key: &Value) -> Option<Value> {
        None
    }

    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, _state: &State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let options = Options::read(args)?;
        self.text(&options)
            .map(Value::from)
            .map_err(|message| Error::new(ErrorKind::InvalidOperation, message))
    }

    /// The default form, or nothing: a formatter cannot carry a message. What a template prints directly does not
    /// come this way but by [`OutputFormat::default_text`].
    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text(&Options::default()).unwrap_or_default())
    }
}

impl OutputFormat {
    /// The default form, or why there is none.
    pub(crate) fn default_text(&self) -> Result<String, String> {
        self.text(&Options::default())
    }
}
