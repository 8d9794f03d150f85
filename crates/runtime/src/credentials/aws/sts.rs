//! The Security Token Service: temporary keys for a role.

use llm::AwsKeys;
use secrecy::SecretString;

use super::super::exchange::{SERVICE, form, send, tag};
use super::super::{error, files};
use super::profile::Section;
use super::{CredentialsError, IssuedKeys, Place};
use crate::clock;
use crate::credentials::slot::Lasts;

/// Who is asked, in errors.
const SERVICE_NAME: &str = "the AWS Security Token Service";

/// What a session is called when nobody named it.
const SESSION: &str = "baml";

const VERSION: (&str, &str) = ("Version", "2011-06-15");

/// The keys of a role for a token of Kubernetes or another provider of identities, as environment variables say;
/// `None` when they say nothing.
pub(super) async fn of_environment(
    region: Option<&str>,
    place: Place<'_>,
) -> Result<Option<IssuedKeys>, CredentialsError> {
    let (Some(path), Some(role)) =
        (place.variable("AWS_WEB_IDENTITY_TOKEN_FILE"), place.variable("AWS_ROLE_ARN"))
    else {
        return Ok(None);
    };
    let session = place.variable("AWS_ROLE_SESSION_NAME");
    let session = session.as_deref().unwrap_or(SESSION);
    web_identity(&role, session, &path, region, place).await.map(Some)
}

/// The same for a profile.
pub(super) async fn with_web_identity(
    profile: &Section,
    name: &str,
    path: &str,
    region: Option<&str>,
    place: Place<'_>,
) -> Result<IssuedKeys, CredentialsError> {
    let role = profile.get("role_arn").ok_or_else(|| error::profile_lacks(name, "role_arn"))?;
    let session = profile.get("role_session_name").map_or(SESSION, String::as_str);
    let region = region.or(profile.get("region").map(String::as_str));
    web_identity(role, session, path, region, place).await
}

async fn web_identity(
    role: &str,
    session: &str,
    path: &str,
    region: Option<&str>,
    place: Place<'_>,
) -> Result<IssuedKeys, CredentialsError> {
    let token = files::required(&files::expanded(place, path)).await?;
    let fields = [
        ("Action", "AssumeRoleWithWebIdentity"),
        VERSION,
        ("RoleArn", role),
        ("RoleSessionName", session),
        ("WebIdentityToken", token.trim()),
    ];
    let response =
        send(place.settings, SERVICE_NAME, &form(&endpoint(region, place), &fields), SERVICE).await?;
    keys_in(&response.body)
}

/// The keys of a role that these keys may take on.
pub(super) async fn assume(
    keys: &AwsKeys,
    name: &str,
    role: &Section,
    region: Option<&str>,
    place: Place<'_>,
) -> Result<IssuedKeys, CredentialsError> {
    if role.contains_key("mfa_serial") {
        return Err(error::profile_wants_mfa(name));
    }
    let setting = |key: &str| role.get(key).map(String::as_str);
    let arn = setting("role_arn").ok_or_else(|| error::profile_lacks(name, "role_arn"))?;
    let region = region.or(setting("region"));
    let mut fields = vec![
        ("Action", "AssumeRole"),
        VERSION,
        ("RoleArn", arn),
        ("RoleSessionName", setting("role_session_name").unwrap_or(SESSION)),
    ];
    fields.extend(setting("external_id").map(|id| ("ExternalId", id)));
    fields.extend(setting("duration_seconds").map(|seconds| ("DurationSeconds", seconds)));
    let mut request = form(&endpoint(region, place), &fields);
    llm::sign(&mut request, keys, region.unwrap_or(GLOBAL_REGION), "sts", clock::unix_ms() / 1000);
    let response = send(place.settings, SERVICE_NAME, &request, SERVICE).await?;
    keys_in(&response.body)
}

/// The region that requests to the service as a whole are signed for.
const GLOBAL_REGION: &str = "us-east-1";

fn endpoint(region: Option<&str>, place: Place<'_>) -> String {
    if let Some(url) = place.variable("AWS_ENDPOINT_URL_STS") {
        return url;
    }
    match region {
        Some(region) => format!("https://sts.{region}.{}/", llm::aws_domain(region)),
        None => "https://sts.amazonaws.com/".to_owned(),
    }
}

fn keys_in(body: &[u8]) -> Result<IssuedKeys, CredentialsError> {
    let text = String::from_utf8_lossy(body);
    let field = |name: &str| {
        tag(&text, name)
            .ok_or_else(|| error::missing_field("the answer of the AWS Security Token Service", name))
    };
    Ok(IssuedKeys {
        keys: AwsKeys {
            access_key_id: field("AccessKeyId")?,
            secret_access_key: field("SecretAccessKey")?.into(),
            session_token: Some(SecretString::from(field("SessionToken")?)),
        },
        lasts: clock::parse_iso_8601(&field("Expiration")?).map_or(Lasts::Unsaid, Lasts::Until),
    })
}
