//! A credentials file: which sort it is, and the token that it gives.

use secrecy::SecretString;
use serde_json::Value;

use super::super::error;
use super::{CredentialsError, Place, Token, impersonated, service_account, user, workload};
use crate::credentials::slot::Lasts;

const TYPES: [&str; 5] = [
    "service_account",
    "authorized_user",
    "external_account",
    "external_account_authorized_user",
    "impersonated_service_account",
];

/// The content of a credentials file. `what` names it in errors.
pub(super) struct Content<'a> {
    pub(super) json: &'a Value,
    pub(super) what: &'a str,
}

impl<'a> Content<'a> {
    /// A text that must be there.
    pub(super) fn text(&self, name: &str) -> Result<&'a str, CredentialsError> {
        self.json[name].as_str().ok_or_else(|| error::missing_field(self.what, name))
    }

    /// A text that may be there.
    pub(super) fn optional(&self, name: &str) -> Option<String> {
        self.json[name].as_str().map(str::to_owned)
    }
}

/// A token for the content of a credentials file.
pub(super) async fn token(text: &str, what: &str, place: Place<'_>) -> Result<Token, CredentialsError> {
    let json: Value = serde_json::from_str(text).map_err(|failed| error::not_json(what, &failed))?;
    let content = Content { json: &json, what };
    let (token, lasts) = if content.json["type"] == "impersonated_service_account" {
        let source = Content { json: &json["source_credentials"], what };
        let token = plain(&source, place).await?.0;
        impersonated::of_file(&content, token, place).await?
    } else {
        plain(&content, place).await?
    };
    Ok(Token {
        secret: token,
        lasts,
        project: content.optional("project_id"),
        quota_project: content.optional("quota_project_id"),
    })
}

/// A token for credentials that stand for themselves.
async fn plain(content: &Content<'_>, place: Place<'_>) -> Result<(SecretString, Lasts), CredentialsError> {
    // Files that were cut down by hand may have lost their type.
    let kind = match content.json["type"].as_str() {
        Some(kind) => kind,
        None if content.json["private_key"].is_string() => "service_account",
        None => return Err(error::missing_field(content.what, "type")),
    };
    match kind {
        "service_account" => service_account::token(content, place).await,
        "authorized_user" | "external_account_authorized_user" => user::token(content, place).await,
        "external_account" => workload::token(content, place).await,
        other => Err(error::unknown_google_type(content.what, other, &TYPES)),
    }
}
