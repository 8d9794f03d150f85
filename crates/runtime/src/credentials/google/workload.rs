//! An identity of another provider (workload identity federation): its token is exchanged for Google's.

use llm::HttpRequest;
use secrecy::SecretString;
use serde_json::Value;

use super::super::exchange::{SERVICE, ask, bare, form, send, with};
use super::super::{error, files};
use super::file::Content;
use super::{CredentialsError, Place, SCOPE, impersonated, token_of};
use crate::credentials::slot::Lasts;

const TOKEN_SERVICE: &str = "https://sts.googleapis.com/v1/token";

pub(super) async fn token(
    content: &Content<'_>,
    place: Place<'_>,
) -> Result<(SecretString, Lasts), CredentialsError> {
    let subject = subject(content, place).await?;
    let url = content.optional("token_url").unwrap_or_else(|| TOKEN_SERVICE.to_owned());
    let fields = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ("audience", content.text("audience")?),
        ("scope", SCOPE),
        ("subject_token_type", content.text("subject_token_type")?),
        ("subject_token", subject.trim()),
    ];
    let answer = ask(place.settings, "Google's token exchange", &form(&url, &fields), SERVICE).await?;
    let (token, lasts) = token_of(&answer, "the answer of Google's token exchange")?;
    match content.json["service_account_impersonation_url"].as_str() {
        None => Ok((token, lasts)),
        Some(url) => {
            let seconds = content.json["service_account_impersonation"]["token_lifetime_seconds"].as_u64();
            let lifetime = format!("{}s", seconds.unwrap_or(3600));
            impersonated::token_at(url, &Value::Null, &lifetime, &token, place).await
        }
    }
}

/// The other provider's token: in a file, or where a URL leads.
async fn subject(content: &Content<'_>, place: Place<'_>) -> Result<String, CredentialsError> {
    let source = &content.json["credential_source"];
    let text = match (source["file"].as_str(), source["url"].as_str()) {
        (Some(path), _) => files::required(&files::expanded(place, path)).await?,
        (None, Some(url)) => {
            let request = with_headers(bare("GET", url), &source["headers"]);
            let who = "the service with the identity's token";
            let response = send(place.settings, who, &request, SERVICE).await?;
            String::from_utf8_lossy(&response.body).into_owned()
        }
        (None, None) => return Err(error::unknown_subject_source(content.what)),
    };
    let format = &source["format"];
    if format["type"] != "json" {
        return Ok(text);
    }
    let what = "the identity's token";
    let answer: Value = serde_json::from_str(&text).map_err(|failed| error::not_json(what, &failed))?;
    let field = format["subject_token_field_name"].as_str().unwrap_or("access_token");
    answer[field].as_str().map(str::to_owned).ok_or_else(|| error::missing_field(what, field))
}

fn with_headers(request: HttpRequest, headers: &Value) -> HttpRequest {
    let headers = headers.as_object().into_iter().flatten();
    headers.fold(request, |request, (name, value)| with(request, name, value.as_str().unwrap_or_default()))
}
