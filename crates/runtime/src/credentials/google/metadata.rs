//! The metadata server of Google's machines: the token of the account that they run as.

use super::super::exchange::{METADATA, ask, bare, local, send, with};
use super::{CredentialsError, Place, Token, token_of};

/// Where the server is, unless `GCE_METADATA_HOST` says otherwise.
const SERVER: &str = "metadata.google.internal";

/// Who is asked, in errors.
const WHO: &str = "the metadata server";

pub(super) async fn token(place: Place<'_>) -> Result<Token, CredentialsError> {
    if place.variable("NO_GCE_CHECK").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Err(CredentialsError::not_found("NO_GCE_CHECK is set"));
    }
    let host = place.variable("GCE_METADATA_HOST").unwrap_or_else(|| SERVER.to_owned());
    let request = |path: &str| {
        let url = format!("http://{host}/computeMetadata/v1/{path}");
        with(bare("GET", &url), "metadata-flavor", "Google")
    };
    // Where nobody answers, this is none of Google's machines.
    let answer = ask(&local(), WHO, &request("instance/service-accounts/default/token"), METADATA)
        .await
        .map_err(|error| CredentialsError::not_found(error.to_string()))?;
    let (token, lasts) = token_of(&answer, "the answer of the metadata server")?;
    let project = send(&local(), WHO, &request("project/project-id"), METADATA).await.ok();
    let project = project.map(|response| String::from_utf8_lossy(&response.body).trim().to_owned());
    Ok(Token { secret: token, lasts, project: project.filter(|name| !name.is_empty()), quota_project: None })
}
