//! Why there are no credentials. Each message names what was tried, and never holds a secret.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use registry::Cause;

use super::callback::HostError;
use crate::deadline::Deadline;
use crate::failure::{Failure, FailureKind};
use crate::messages;

/// Why there are no credentials.
#[derive(Clone, Debug)]
pub(crate) struct CredentialsError {
    kind: Kind,
    message: String,
    thrown: Option<HostError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Nobody has set any up.
    NotFound,
    /// What was set up cannot be used.
    Unusable,
    /// Who was asked for them said no, or something that is not understood.
    Refused,
    /// Whoever gives them out was not reached.
    Network,
    /// The time for the whole request ran out meanwhile.
    Timeout(Deadline),
}

impl CredentialsError {
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self { kind: Kind::NotFound, message: message.into(), thrown: None }
    }

    pub(crate) fn unusable(message: impl Into<String>) -> Self {
        Self { kind: Kind::Unusable, message: message.into(), thrown: None }
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self { kind: Kind::Refused, message: message.into(), thrown: None }
    }

    pub(crate) fn network(message: impl Into<String>) -> Self {
        Self { kind: Kind::Network, message: message.into(), thrown: None }
    }

    /// An error that a function of the host language threw.
    pub(crate) fn thrown(message: String, thrown: Option<HostError>) -> Self {
        Self { kind: Kind::Refused, message, thrown }
    }

    /// Whether nobody has set any up.
    pub(crate) fn is_not_found(&self) -> bool {
        self.kind == Kind::NotFound
    }

    /// The same, with what was being done.
    pub(crate) fn within(self, what: &str) -> Self {
        Self { message: format!("{what}: {}", self.message), ..self }
    }

    /// The failure of an attempt for want of credentials.
    pub(crate) fn failure(self, client: &str) -> Failure {
        let (kind, cause) = match self.kind {
            // As with a key that is not set: nothing could be sent.
            Kind::NotFound | Kind::Unusable => (FailureKind::InvalidArgument, Cause::Unusable),
            Kind::Refused => (FailureKind::Client, Cause::Unusable),
            Kind::Network => (FailureKind::Client, Cause::Network),
            Kind::Timeout { .. } => (FailureKind::Timeout, Cause::Timeout),
        };
        Failure::new(kind, messages::transport(client, &self.message)).with(|details| {
            details.client_name = Some(client.to_owned());
            details.cause = Some(cause);
            if let Kind::Timeout(deadline) = self.kind {
                details.status_code = Some(408);
                details.timeout = Some(deadline.into());
            }
            details.thrown = self.thrown;
        })
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

pub(super) fn out_of_time(deadline: Deadline) -> CredentialsError {
    let Deadline { option, configured_ms, .. } = deadline;
    CredentialsError {
        kind: Kind::Timeout(deadline),
        message: format!("no credentials within {configured_ms} ms ({option})"),
        thrown: None,
    }
}

pub(super) fn unset_placeholder(path: &str) -> CredentialsError {
    CredentialsError::not_found(format!("`{path}` stands for a variable that is not set"))
}

pub(super) fn foreign_callback() -> CredentialsError {
    CredentialsError::unusable("the function given as `api_key` is not one that gives keys")
}

pub(super) fn callback_blocked() -> CredentialsError {
    CredentialsError::refused(
        "the function given as `api_key` cannot run while a synchronous call blocks its thread: make the call \
         asynchronously",
    )
}

pub(super) fn callback_gone() -> CredentialsError {
    CredentialsError::refused(
        "the function given as `api_key` gave no answer: the thread that it belongs to has ended",
    )
}

pub(super) fn callback_gave_nothing() -> CredentialsError {
    CredentialsError::refused("the function given as `api_key` gave an empty key")
}

pub(super) fn callback_threw(message: &str, thrown: Option<HostError>) -> CredentialsError {
    CredentialsError::thrown(format!("the function given as `api_key` failed: {message}"), thrown)
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> CredentialsError {
    CredentialsError::unusable(format!("the file `{}` cannot be read: {error}", path.display()))
}

pub(super) fn too_large(path: &Path) -> CredentialsError {
    CredentialsError::unusable(format!("the file `{}` is too large to hold credentials", path.display()))
}

pub(super) fn not_json(what: &str, error: &serde_json::Error) -> CredentialsError {
    // The error's own text may quote what it read.
    let place = format!("line {}, column {}", error.line(), error.column());
    CredentialsError::unusable(format!("{what} is not valid JSON ({place})"))
}

pub(super) fn missing_field(what: &str, field: &str) -> CredentialsError {
    CredentialsError::unusable(format!("{what} has no `{field}`"))
}

pub(super) fn no_answer(who: &str, within: Duration) -> CredentialsError {
    CredentialsError::network(format!("{who} gave no answer within {} ms", within.as_millis()))
}

pub(super) fn not_reached(who: &str, reason: &str) -> CredentialsError {
    CredentialsError::network(format!("{who}: {reason}"))
}

pub(super) fn refused(who: &str, status: u16, reason: Option<&str>) -> CredentialsError {
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    let message = format!("{who} answered {status}{reason}");
    if status >= 500 || status == 429 {
        CredentialsError::network(message)
    } else {
        CredentialsError::refused(message)
    }
}

pub(super) fn unreadable_answer(who: &str) -> CredentialsError {
    CredentialsError::refused(format!("{who} answered something that is not understood"))
}

pub(super) fn nothing_found(what: &str, tried: &[String]) -> CredentialsError {
    let lines: Vec<String> = tried.iter().map(|tried| format!("\n  - {tried}")).collect();
    CredentialsError::not_found(format!("no {what} credentials were found; tried:{}", lines.concat()))
}

pub(super) fn command_failed(command: &str, reason: &str) -> CredentialsError {
    CredentialsError::refused(format!("the command `{command}` failed: {reason}"))
}

pub(super) fn bad_private_key(what: &str) -> CredentialsError {
    CredentialsError::unusable(format!("the `private_key` of {what} is not an RSA key in PEM form"))
}

pub(super) fn unknown_google_type(what: &str, found: &str, known: &[&str]) -> CredentialsError {
    CredentialsError::unusable(format!(
        "{what} is of the type `{found}`, which is not known; known are {}",
        known.join(", ")
    ))
}

pub(super) fn unknown_subject_source(what: &str) -> CredentialsError {
    CredentialsError::unusable(format!(
        "the `credential_source` of {what} must have a `file` or a `url`; others cannot be used"
    ))
}

pub(super) fn unknown_profile(profile: &str, files: &str) -> CredentialsError {
    CredentialsError::unusable(format!("the AWS profile `{profile}` is not in {files}"))
}

pub(super) fn empty_profile(profile: &str, files: &str) -> CredentialsError {
    CredentialsError::unusable(format!(
        "the AWS profile `{profile}` in {files} has no credentials: neither `aws_access_key_id`, nor a role, \
         single sign-on or `credential_process`"
    ))
}

pub(super) fn circular_profiles(profile: &str) -> CredentialsError {
    CredentialsError::unusable(format!(
        "the AWS profile `{profile}` comes back to itself by `source_profile`"
    ))
}

pub(super) fn profile_lacks(profile: &str, key: &str) -> CredentialsError {
    CredentialsError::unusable(format!("the AWS profile `{profile}` needs `{key}`"))
}

pub(super) fn profile_wants_mfa(profile: &str) -> CredentialsError {
    CredentialsError::unusable(format!(
        "the AWS profile `{profile}` asks for a code of multi-factor authentication, which nobody can enter here"
    ))
}

pub(super) fn unknown_credential_source(profile: &str, found: &str) -> CredentialsError {
    CredentialsError::unusable(format!(
        "`credential_source` of the AWS profile `{profile}` must be Environment, Ec2InstanceMetadata or \
         EcsContainer, not `{found}`"
    ))
}

pub(super) fn no_sso_session(profile: &str, session: &str) -> CredentialsError {
    CredentialsError::unusable(format!(
        "the AWS profile `{profile}` names the single sign-on session `{session}`, which is not there"
    ))
}

pub(super) fn not_signed_in(profile: &str) -> CredentialsError {
    CredentialsError::unusable(format!(
        "the single sign-on of the AWS profile `{profile}` has expired or never began: run \
         `aws sso login --profile {profile}`"
    ))
}

pub(super) fn unsafe_container_address(host: &str) -> CredentialsError {
    CredentialsError::unusable(format!(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https, or name this machine or its container service, not `{host}`"
    ))
}

pub(super) fn pair_missing(present: &str, absent: &str) -> CredentialsError {
    CredentialsError::unusable(format!(
        "the environment variable `{present}` is set, and `{absent}` is not: set both"
    ))
}
