//! Strict JSON that was cut off inside of a list, as by a limit of tokens: the fast path writes the whole items, and only the
//! last of them and what is left of the next one are bent, as a text of their own.

use std::cell::RefCell;

use schema::Schema;
use types::{Judge, Type};

use crate::candidates::Candidates;
use crate::coerce::Aligner;
use crate::cost::Tier;
use crate::direct;
use crate::document::Kind;
use crate::frame::Frame;
use crate::output::{Output, Write};
use crate::parse::align;
use crate::value::{AlignedKind, ValueId};

/// Writes the list, where the rest of the text leaves no doubt that it is the answer; otherwise what was written is of no
/// use.
pub(crate) fn write(
    schema: &Schema,
    ty: &Type,
    text: &str,
    judge: &dyn Judge,
    out: &mut Write,
) -> Option<()> {
    let start = Frame::find(text)?.start;
    let last = direct::write_items(schema, ty, text, start, out)?;
    // A longer rest is not worth a second look, and a fence in it may be the end of the list.
    if last.at < text.len() / 2 || memchr::memmem::find(&text.as_bytes()[start..], b"```").is_some() {
        return None;
    }
    out.truncate(last.written);
    let rest = [text.get(..=start)?, text.get(last.at..)?].concat();
    let out = RefCell::new(out);
    let made = align(schema, ty, &rest, judge, false, &|aligner, candidates, value| {
        let mut out = out.borrow_mut();
        for item in aligner.items_of_cut_off(candidates?, value)? {
            aligner.full(*item, &mut **out);
            out.item(&mut (), ());
        }
        out.end_list(());
        Some(())
    });
    made.ok().and_then(|(written, _)| written)
}

impl Aligner<'_, '_, '_> {
    /// The items of the list that is all there is in the text, has no end, and was taken as it is.
    fn items_of_cut_off(&self, candidates: &Candidates, value: ValueId) -> Option<&[ValueId]> {
        let [only] = candidates.found.as_slice() else { return None };
        let (aligned, node) = (self.values.get(value), self.document.node(only.node));
        let AlignedKind::List(items) = aligned.kind else { return None };
        let as_it_is = aligned.node == only.node
            && node.kind == Kind::List
            && aligned.checks.is_none()
            && aligned.cost.tier() == Tier::Natural;
        (as_it_is && !node.complete).then(|| self.values.children_of(items))
    }
}
