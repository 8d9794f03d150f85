//! The engine's filters that put values in order, kept from values that it panics on: an integer that no float equals
//! beside a float.

use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, filters};

use crate::failures;
use crate::values::MAX_DEPTH;

/// Puts the guard before each of them.
pub(crate) fn register(environment: &mut Environment<'static>) {
    environment.add_filter("sort", |state: &State<'_, '_>, value: Value, named: Kwargs| {
        check(&value)?;
        filters::sort(state, value, named)
    });
    environment.add_filter("unique", |state: &State<'_, '_>, value: Value, named: Kwargs| {
        check(&value)?;
        filters::unique(state, value, named)
    });
    environment.add_filter("min", |state: &State<'_, '_>, value: Value| {
        check(&value)?;
        filters::min(state, value)
    });
    environment.add_filter("max", |state: &State<'_, '_>, value: Value| {
        check(&value)?;
        filters::max(state, value)
    });
    environment.add_filter("dictsort", |value: &Value, named: Kwargs| {
        check(value)?;
        filters::dictsort(value, named)
    });
    environment.add_filter("groupby", |value: Value, attribute: Option<&str>, named: Kwargs| {
        check(&value)?;
        filters::groupby(value, attribute, named)
    });
}

/// The kinds of numbers in a value.
#[derive(Default)]
struct Numbers {
    float: bool,
    /// An integer larger than a float holds exactly.
    wide: bool,
}

fn check(value: &Value) -> Result<(), Error> {
    let mut numbers = Numbers::default();
    numbers.collect(value, MAX_DEPTH);
    if numbers.wide && numbers.float {
        return Err(Error::new(ErrorKind::InvalidOperation, failures::cannot_order_numbers()));
    }
    Ok(())
}

impl Numbers {
    fn collect(&mut self, value: &Value, depth: usize) {
        let Some(inside) = depth.checked_sub(1) else { return };
        match value.kind() {
            ValueKind::Number if value.is_integer() => {
                let exact = |integer: i128| integer.unsigned_abs() <= 1 << 53;
                self.wide |= !i128::try_from(value.clone()).is_ok_and(exact);
            }
            ValueKind::Number => self.float = true,
            ValueKind::Map => {
                let Some(object) = value.as_object() else { return };
                for (key, value) in object.try_iter_pairs().into_iter().flatten() {
                    self.collect(&key, inside);
                    self.collect(&value, inside);
                }
            }
            ValueKind::Seq | ValueKind::Iterable => {
                for item in value.try_iter().into_iter().flatten() {
                    self.collect(&item, inside);
                }
            }
            _ => {}
        }
    }
}
