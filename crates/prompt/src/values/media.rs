//! Media in templates.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use types::Media;

use crate::scope::Scope;

/// An image, audio clip, PDF or video. Printing it leaves its marker in the text; the template sees nothing of
/// its content.
pub(crate) struct MediaValue {
    scope: Arc<Scope>,
    media: Arc<Media>,
}

impl MediaValue {
    pub(crate) fn new(scope: &Arc<Scope>, media: &Arc<Media>) -> Self {
        Self { scope: Arc::clone(scope), media: Arc::clone(media) }
    }
}

impl fmt::Debug for MediaValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.media.kind.name())
    }
}

impl Object for MediaValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, _key: &Value) -> Option<Value> {
        None
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scope.media(&self.media) {
            Some(marker) => fmt::Write::write_char(formatter, marker),
            None => Err(fmt::Error),
        }
    }
}
