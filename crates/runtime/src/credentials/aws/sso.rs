//! Single sign-on: the keys of a role for who has signed in with `aws sso login`.

use std::fmt::Write as _;

use llm::AwsKeys;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::super::exchange::{self, SERVICE, ask, bare, with_secret};
use super::super::{error, files};
use super::profile::{Profiles, Section};
use super::{CredentialsError, IssuedKeys, Place};
use crate::clock;
use crate::credentials::slot::Lasts;

/// Who is asked, in errors.
const PORTAL: &str = "AWS single sign-on";

pub(super) async fn keys(
    profiles: &Profiles,
    name: &str,
    profile: &Section,
    place: Place<'_>,
) -> Result<IssuedKeys, CredentialsError> {
    let session = match profile.get("sso_session") {
        Some(session) => {
            Some((session, profiles.session(session).ok_or_else(|| error::no_sso_session(name, session))?))
        }
        None => None,
    };
    let setting = |key: &str| {
        session
            .and_then(|(_, session)| session.get(key))
            .or_else(|| profile.get(key))
            .ok_or_else(|| error::profile_lacks(name, key))
    };
    let region = setting("sso_region")?;
    // A session's token is kept under its name, one without a session under its URL.
    let kept_under = match session {
        Some((session, _)) => session,
        None => setting("sso_start_url")?,
    };
    let token = token(name, kept_under, region, place).await?;

    let role = profile.get("sso_role_name").ok_or_else(|| error::profile_lacks(name, "sso_role_name"))?;
    let account =
        profile.get("sso_account_id").ok_or_else(|| error::profile_lacks(name, "sso_account_id"))?;
    let endpoint = place
        .variable("AWS_ENDPOINT_URL_SSO")
        .unwrap_or_else(|| format!("https://portal.sso.{region}.{}", llm::aws_domain(region)));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("role_name", role), ("account_id", account)])
        .finish();
    let url = format!("{}/federation/credentials?{query}", endpoint.trim_end_matches('/'));
    let request = with_secret(bare("GET", &url), "x-amz-sso_bearer_token", token);
    let answer = ask(place.settings, PORTAL, &request, SERVICE).await?;
    let given = &answer["roleCredentials"];
    let text = |key: &str| {
        given[key].as_str().ok_or_else(|| error::missing_field("the answer of AWS single sign-on", key))
    };
    Ok(IssuedKeys {
        keys: AwsKeys {
            access_key_id: text("accessKeyId")?.to_owned(),
            secret_access_key: text("secretAccessKey")?.into(),
            session_token: Some(text("sessionToken")?.into()),
        },
        lasts: given["expiration"].as_u64().map_or(Lasts::Unsaid, Lasts::Until),
    })
}

/// The token of who has signed in. One that has expired is renewed, as long as the sign-on itself lasts.
async fn token(
    profile: &str,
    kept_under: &str,
    region: &str,
    place: Place<'_>,
) -> Result<SecretString, CredentialsError> {
    let not_signed_in = || error::not_signed_in(profile);
    let home = files::home(place).ok_or_else(not_signed_in)?;
    let mut file = home.join(".aws").join("sso").join("cache");
    file.push(format!("{}.json", sha1(kept_under)));
    let text = files::read(&file).await?.ok_or_else(not_signed_in)?;
    let what = format!("the file `{}`", file.display());
    let kept: Value = serde_json::from_str(&text).map_err(|failed| error::not_json(&what, &failed))?;
    let expires_ms = kept["expiresAt"].as_str().and_then(clock::parse_iso_8601);
    match kept["accessToken"].as_str() {
        Some(token) if expires_ms.is_none_or(|expires| expires > clock::unix_ms()) => Ok(token.into()),
        _ => renewed(&kept, region, place).await?.ok_or_else(not_signed_in),
    }
}

/// A new token for the renewal token that is kept beside the old one; `None` without one. The file is left to its
/// owner, the command line of AWS.
async fn renewed(
    kept: &Value,
    region: &str,
    place: Place<'_>,
) -> Result<Option<SecretString>, CredentialsError> {
    let text = |key: &str| kept[key].as_str();
    let (Some(renewal), Some(client), Some(secret)) =
        (text("refreshToken"), text("clientId"), text("clientSecret"))
    else {
        return Ok(None);
    };
    let endpoint = place
        .variable("AWS_ENDPOINT_URL_SSO_OIDC")
        .unwrap_or_else(|| format!("https://oidc.{region}.{}", llm::aws_domain(region)));
    let document = json!({
        "grantType": "refresh_token", "refreshToken": renewal, "clientId": client, "clientSecret": secret,
    });
    let request = exchange::json(&format!("{}/token", endpoint.trim_end_matches('/')), &document);
    let answer = ask(place.settings, PORTAL, &request, SERVICE).await?;
    Ok(answer["accessToken"].as_str().map(SecretString::from))
}

fn sha1(text: &str) -> String {
    let mut hex = String::new();
    for byte in digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
