//! Adding a client to a registry, with what is wrong as a failure that a door can throw.

use registry::{ClientRegistry, PolicyReference};
use types::ConfigMap;

use crate::call::problem;
use crate::failure::{Failure, FailureKind};
use crate::{log, messages};

/// Adds a client to a registry, or replaces the one of the same name. Options that are probably misspelt are
/// sent on to the provider, with a warning in the log.
///
/// # Errors
/// All that is wrong with the provider and the options; the registry is then unchanged.
pub fn add_client(
    registry: &mut ClientRegistry,
    name: &str,
    provider: &str,
    options: ConfigMap,
    retry_policy: Option<&str>,
) -> Result<(), Failure> {
    let retry_policy = retry_policy.map(PolicyReference::from);
    let added = registry.add(name, provider, options, retry_policy).map_err(|problems| {
        Failure::new(FailureKind::InvalidArgument, messages::invalid_client(name, &problems)).with(
            |details| {
                details.client_name = Some(name.to_owned());
                details.problems = problems.iter().map(problem).collect();
            },
        )
    });
    for doubt in added? {
        log::warn(&messages::invalid_client(name, &[doubt]));
    }
    Ok(())
}
