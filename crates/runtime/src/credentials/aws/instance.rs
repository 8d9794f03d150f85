//! The role of an instance (EC2): asked of its metadata service, second version.

use super::super::exchange::{METADATA, ask, bare, local, send, with, with_secret};
use super::{CredentialsError, IssuedKeys, Place, keys_of};

/// Where the service is, unless `AWS_EC2_METADATA_SERVICE_ENDPOINT` says otherwise.
const SERVICE: &str = "http://169.254.169.254";

/// Who is asked, in errors.
const WHO: &str = "the instance's metadata service";

const ROLES: &str = "latest/meta-data/iam/security-credentials/";

/// The keys of the instance's role.
pub(super) async fn keys(place: Place<'_>) -> Result<IssuedKeys, CredentialsError> {
    if place.variable("AWS_EC2_METADATA_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Err(CredentialsError::not_found("AWS_EC2_METADATA_DISABLED is set"));
    }
    let service = place.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT").unwrap_or_else(|| SERVICE.to_owned());
    let url = |path: &str| format!("{}/{path}", service.trim_end_matches('/'));
    let text = |body: &[u8]| String::from_utf8_lossy(body).trim().to_owned();

    let request =
        with(bare("PUT", &url("latest/api/token")), "x-aws-ec2-metadata-token-ttl-seconds", "21600");
    // Where nobody answers, this is no instance.
    let response = send(&local(), WHO, &request, METADATA)
        .await
        .map_err(|error| CredentialsError::not_found(error.to_string()))?;
    let token = text(&response.body);
    let authorized =
        |path: &str| with_secret(bare("GET", &url(path)), "x-aws-ec2-metadata-token", token.as_str().into());

    let response = send(&local(), WHO, &authorized(ROLES), METADATA).await.map_err(no_role)?;
    let role = text(&response.body).lines().next().unwrap_or_default().to_owned();
    let answer = ask(&local(), WHO, &authorized(&format!("{ROLES}{role}")), METADATA).await?;
    keys_of(&answer, &format!("the answer of {WHO}"))
}

/// An instance without a role answers 404.
fn no_role(error: CredentialsError) -> CredentialsError {
    CredentialsError::not_found(error.within("the instance has no role").to_string())
}
