//! What the TypeScript face of the package has plugged into the addon: functions that JavaScript does better.

use napi::Result;
use napi::bindgen_prelude::{Env, Function, FunctionRef, Object, Unknown};
use napi_derive::napi;

/// The functions of one JavaScript environment (a worker thread has its own).
#[derive(Default)]
pub(crate) struct Face {
    /// An error of a failure's data.
    pub(crate) make_error: Option<FunctionRef<Object<'static>, Unknown<'static>>>,
    /// An argument that is plain data as one array of numbers and one text; null for any other.
    pub(crate) pack_argument: Option<FunctionRef<Object<'static>, Option<Object<'static>>>>,
}

/// Sets the function that makes an error of a failure's data. Called once by the package's entry.
#[napi]
pub fn set_error_factory(env: Env, factory: Function<'_, Object<'static>, Unknown<'static>>) -> Result<()> {
    let reference = factory.create_ref()?;
    with(&env, |face| face.make_error = Some(reference))
}

/// Sets the function that packs arguments. Called once by the package's entry; without it arguments
/// are read property by property.
#[napi]
pub fn set_argument_packer(
    env: Env,
    packer: Function<'_, Object<'static>, Option<Object<'static>>>,
) -> Result<()> {
    let reference = packer.create_ref()?;
    with(&env, |face| face.pack_argument = Some(reference))
}

/// What has been plugged in.
pub(crate) fn face(env: &Env) -> Result<Option<&'static Face>> {
    Ok(env.get_instance_data::<Face>()?.map(|face| &*face))
}

fn with(env: &Env, change: impl FnOnce(&mut Face)) -> Result<()> {
    if let Some(face) = env.get_instance_data::<Face>()? {
        change(face);
        return Ok(());
    }
    let mut face = Face::default();
    change(&mut face);
    env.set_instance_data(face, (), |_| {})
}
