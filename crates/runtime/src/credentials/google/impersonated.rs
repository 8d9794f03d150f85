//! A service account that another identity may act as.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::super::error;
use super::super::exchange::{self, SERVICE, ask, with_secret};
use super::file::Content;
use super::{CredentialsError, Place, SCOPE};
use crate::clock;
use crate::credentials::slot::Lasts;

/// Who is asked, in errors.
const WHO: &str = "Google's service for short-lived credentials";

/// How long a token holds when nobody says.
const HOLDS: &str = "3600s";

/// The token of the account that a file names, for the token of who may act as it.
pub(super) async fn of_file(
    content: &Content<'_>,
    token: SecretString,
    place: Place<'_>,
) -> Result<(SecretString, Lasts), CredentialsError> {
    let url = content.text("service_account_impersonation_url")?;
    token_at(url, &content.json["delegates"], HOLDS, &token, place).await
}

/// The token of the account behind a URL.
pub(super) async fn token_at(
    url: &str,
    delegates: &Value,
    lifetime: &str,
    token: &SecretString,
    place: Place<'_>,
) -> Result<(SecretString, Lasts), CredentialsError> {
    let mut document = json!({ "scope": [SCOPE], "lifetime": lifetime });
    if delegates.is_array() {
        document["delegates"] = delegates.clone();
    }
    let bearer = SecretString::from(format!("Bearer {}", token.expose_secret()));
    let request = with_secret(exchange::json(url, &document), "authorization", bearer);
    let answer = ask(place.settings, WHO, &request, SERVICE).await?;
    let text = |name: &str| {
        answer[name].as_str().ok_or_else(|| error::missing_field(&format!("the answer of {WHO}"), name))
    };
    let lasts = clock::parse_iso_8601(text("expireTime")?).map_or(Lasts::Unsaid, Lasts::Until);
    Ok((text("accessToken")?.into(), lasts))
}
