//! Microsoft Entra ID: the token of an application, by its password.

use llm::{Credentials, EntraSource};
use secrecy::ExposeSecret;

use super::exchange::{SERVICE, ask, form};
use super::slot::Issued;
use super::{CredentialsError, Place, error, google, is_placeholder};

/// Where applications ask, unless `AZURE_AUTHORITY_HOST` names the place of another cloud.
const AUTHORITY: &str = "https://login.microsoftonline.com";

/// What the token is for: the models of Azure.
const SCOPE: &str = "https://cognitiveservices.azure.com/.default";

pub(super) async fn issue(source: &EntraSource, place: Place<'_>) -> Result<Issued, CredentialsError> {
    if is_placeholder(source.client_secret.expose_secret(), place) {
        // Only in a request that is shown; a call would have been refused.
        return Err(error::unset_placeholder("client_secret"));
    }
    let authority = place.variable("AZURE_AUTHORITY_HOST").unwrap_or_else(|| AUTHORITY.to_owned());
    let tenant: String = url::form_urlencoded::byte_serialize(source.tenant_id.as_bytes()).collect();
    let url = format!("{}/{tenant}/oauth2/v2.0/token", authority.trim_end_matches('/'));
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", &source.client_id),
        ("client_secret", source.client_secret.expose_secret()),
        ("scope", SCOPE),
    ];
    let answer = ask(place.settings, "Microsoft Entra ID", &form(&url, &fields), SERVICE).await?;
    let (token, lasts) = google::token_of(&answer, "the answer of Microsoft Entra ID")?;
    Ok(Issued { credentials: Credentials::Bearer(token), lasts })
}
