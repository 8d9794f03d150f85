//! `FunctionResult`: how a call ended, or a value of an answer that is still being written.

use std::cell::RefCell;
use std::rc::Rc;

use napi::Result;
use napi::bindgen_prelude::{Env, Unknown};
use napi_derive::napi;
use runtime::{Failure, FailureKind, Partial};

use crate::failure::{raise, raise_with_reason};
use crate::json_text::Ready;
use crate::partial::Mirror;

/// How a call ended.
#[napi]
pub struct FunctionResult {
    content: Content,
}

/// What a result holds.
enum Content {
    Whole(std::result::Result<Ready, Failure>),
    /// A value of an unfinished answer, and the JavaScript values that it shares with others.
    Partial(Partial, Rc<RefCell<Mirror>>),
}

impl FunctionResult {
    /// A value of an answer that is still being written.
    pub(crate) fn partial(value: Partial, mirror: Rc<RefCell<Mirror>>) -> Self {
        Self { content: Content::Partial(value, mirror) }
    }
}

/// A call that was made has a result, good or bad; one that could not be made, or was aborted, throws.
pub(crate) fn conclude(
    env: &Env,
    outcome: std::result::Result<Ready, Failure>,
    reason: Option<Unknown<'_>>,
) -> Result<FunctionResult> {
    match outcome {
        Err(failure) if failure.kind() == FailureKind::Abort => Err(raise_with_reason(env, &failure, reason)),
        Err(failure) if !failure.is_of_the_client() => Err(raise(env, &failure)),
        outcome => Ok(FunctionResult { content: Content::Whole(outcome) }),
    }
}

#[napi]
impl FunctionResult {
    /// Whether there is a value.
    #[napi]
    pub fn is_ok(&self) -> bool {
        !matches!(self.content, Content::Whole(Err(_)))
    }

    /// The value; throws the failure when there is none.
    #[napi(ts_return_type = "any")]
    pub fn parsed<'env>(
        &self,
        env: &'env Env,
        #[napi(ts_arg_type = "boolean")] _allow_partials: Option<bool>,
    ) -> Result<Unknown<'env>> {
        match &self.content {
            Content::Whole(Ok(value)) => value.to_js(env),
            Content::Whole(Err(failure)) => Err(raise(env, failure)),
            Content::Partial(value, mirror) => mirror.borrow_mut().show(env, value),
        }
    }
}
