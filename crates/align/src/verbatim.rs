//! Strict JSON that is the JSON of its value already: nothing has to be written. Every field has its own name and its
//! place in the order of the class.

use std::ops::Range;

use schema::Schema;
use types::{CheckResult, ClassId, EnumId, Name, StreamState, Type};

use crate::direct;
use crate::output::{Output, is_json_text};

/// Where the JSON stands in the text.
pub(crate) fn place(schema: &Schema, ty: &Type, text: &str) -> Option<Range<usize>> {
    let mut verbatim = Verbatim { departed: false };
    let strict = direct::parse(schema, ty, text, true, &mut verbatim)?;
    (!verbatim.departed).then_some(strict.place)
}

/// Looks whether the text can stay as it is, and makes nothing.
struct Verbatim {
    departed: bool,
}

impl Output for Verbatim {
    type Value = ();
    type List = ();
    type Map = ();
    type Object = ();

    fn departs(&mut self) {
        self.departed = true;
    }

    fn goes_on(&self) -> bool {
        !self.departed
    }

    fn null(&mut self) {}
    fn bool(&mut self, _: bool) {}
    fn int(&mut self, _: i64) {}
    fn float(&mut self, _: f64) {}
    fn text(&mut self, _: &str) {}
    fn enumeration(&mut self, _: EnumId, _: &Name) {}
    fn written_int(&mut self, _: i64, _: &str) {}
    fn written_float(&mut self, _: f64, _: &str) {}

    fn written_text(&mut self, written: &str) -> Option<()> {
        is_json_text(written).then_some(())
    }

    fn list(&mut self, _: usize) {}
    fn item(&mut self, (): &mut (), (): ()) {}
    fn end_list(&mut self, (): ()) {}

    fn map(&mut self, _: usize) {}
    fn key(&mut self, _: &str) {}
    fn entry(&mut self, (): &mut (), _: &str, (): ()) -> bool {
        false
    }
    fn end_map(&mut self, (): ()) {}

    fn object(&mut self, _: usize) {}
    fn field(&mut self, (): &mut (), _: &Name, (): ()) {}
    fn end_object(&mut self, (): (), _: ClassId, order: Option<&[usize]>) {
        self.departed |= order.is_some();
    }

    fn checked(&mut self) {}
    fn end_checked(&mut self, (): (), _: &[CheckResult]) {}
    fn stated(&mut self, _: StreamState) {}
    fn end_stated(&mut self, (): (), _: StreamState) {}
}
