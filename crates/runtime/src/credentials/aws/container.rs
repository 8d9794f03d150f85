//! The role of a container (ECS, EKS): asked of a service on the machine.

use llm::HttpRequest;
use secrecy::SecretString;
use url::{Host, Url};

use super::super::exchange::{METADATA, ask, bare, local, with_secret};
use super::super::{error, files};
use super::{CredentialsError, IssuedKeys, Place, keys_of};

/// Where a path alone leads.
const SERVICE: &str = "http://169.254.170.2";

/// Who is asked, in errors.
const WHO: &str = "the container's credentials service";

/// The keys of the container's role; `None` when no variable says that there is one.
pub(super) async fn keys(place: Place<'_>) -> Result<Option<IssuedKeys>, CredentialsError> {
    let url = match (
        place.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
        place.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    ) {
        (Some(path), _) => format!("{SERVICE}{path}"),
        (None, Some(url)) => {
            refuse_foreign(&url)?;
            url
        }
        (None, None) => return Ok(None),
    };
    let request = authorized(bare("GET", &url), place).await?;
    let answer = ask(&local(), WHO, &request, METADATA).await?;
    keys_of(&answer, &format!("the answer of {WHO}")).map(Some)
}

async fn authorized(request: HttpRequest, place: Place<'_>) -> Result<HttpRequest, CredentialsError> {
    let token = match place.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
        Some(path) => Some(files::required(&files::expanded(place, &path)).await?.trim().to_owned()),
        None => place.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN"),
    };
    Ok(match token {
        Some(token) => with_secret(request, "authorization", SecretString::from(token)),
        None => request,
    })
}

/// The token must not leave the machine unencrypted.
fn refuse_foreign(url: &str) -> Result<(), CredentialsError> {
    let parsed = Url::parse(url).ok();
    let is_safe = parsed.as_ref().is_some_and(|url| {
        url.scheme() == "https"
            || match url.host() {
                Some(Host::Ipv4(address)) => {
                    address.is_loopback() || matches!(address.octets(), [169, 254, 170, 2 | 23])
                }
                Some(Host::Ipv6(address)) => {
                    address.is_loopback() || address.segments() == [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23]
                }
                Some(Host::Domain(name)) => name == "localhost",
                None => false,
            }
    });
    let host = parsed.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    if is_safe { Ok(()) } else { Err(error::unsafe_container_address(&host)) }
}
