//! The command `gcloud`, for who has signed in with it and nothing else.

use super::super::process;
use super::{CredentialsError, Place, Token};
use crate::credentials::slot::Lasts;

/// The command's name: on Windows it is a script.
const COMMAND: &str = if cfg!(windows) { "gcloud.cmd" } else { "gcloud" };

/// The token that the command prints. Whatever goes wrong, it is only that there is none: the command is the last
/// resort, and most machines do not have it.
pub(super) async fn token(place: Place<'_>) -> Result<Token, CredentialsError> {
    if place.variable("PATH").is_none() {
        return Err(CredentialsError::not_found("PATH is not set"));
    }
    let run = async |words: &[&str]| {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        process::output(COMMAND, &words)
            .await
            .map(|printed| printed.trim().to_owned())
            .map_err(|error| CredentialsError::not_found(error.to_string()))
    };
    let token = run(&["auth", "print-access-token"]).await?;
    if token.is_empty() {
        return Err(CredentialsError::not_found("it printed no token"));
    }
    let project = run(&["config", "get-value", "project"]).await.ok();
    let project = project.filter(|name| !name.is_empty() && name != "(unset)");
    Ok(Token { secret: token.into(), lasts: Lasts::Unsaid, project, quota_project: None })
}
