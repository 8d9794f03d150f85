//! `AbortSignal` to a cancellation token.

use napi::Result;
use napi::bindgen_prelude::{Env, FnArgs, Function, FunctionRef, JsObjectValue, Object, ObjectRef, Unknown};
use tokio_util::sync::CancellationToken;

/// `addEventListener` and `removeEventListener`.
type ListenerMethod<'env> = Function<'env, FnArgs<(&'static str, Function<'env, (), ()>)>, Unknown<'env>>;

/// A listener on a signal for the length of one call.
pub(crate) struct AbortListener {
    token: CancellationToken,
    signal: ObjectRef<false>,
    listener: FunctionRef<(), ()>,
}

impl AbortListener {
    /// Listens: the token is cancelled when the signal aborts, or at once when it has aborted already.
    pub(crate) fn attach(env: &Env, signal: &Object<'_>) -> Result<Self> {
        let token = CancellationToken::new();
        if signal.get_named_property::<Option<bool>>("aborted")?.unwrap_or(false) {
            token.cancel();
        }
        let on_abort = token.clone();
        let listener: Function<'_, (), ()> = env.create_function_from_closure("onAbort", move |_| {
            on_abort.cancel();
            Ok(())
        })?;
        let add: ListenerMethod<'_> = signal.get_named_property("addEventListener")?;
        add.apply(*signal, ("abort", listener).into())?;
        Ok(Self { token, signal: signal.create_ref()?, listener: listener.create_ref()? })
    }

    /// Cancelled when the signal aborts.
    pub(crate) fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Stops listening; answers what the caller gave as the reason.
    pub(crate) fn detach(self, env: &Env) -> Result<Unknown<'_>> {
        let signal = self.signal.get_value(env)?;
        let listener = self.listener.borrow_back(env)?;
        let remove: ListenerMethod<'_> = signal.get_named_property("removeEventListener")?;
        remove.apply(signal, ("abort", listener).into())?;
        let reason = signal.get_named_property("reason")?;
        self.signal.unref(env)?;
        Ok(reason)
    }
}
