//! A service account with a key: it signs a claim, and the token service gives a token for it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use secrecy::SecretString;
use serde_json::json;

use super::super::error;
use super::super::exchange::{SERVICE, ask, form};
use super::file::Content;
use super::{CredentialsError, Place, SCOPE, token_of};
use crate::clock;
use crate::credentials::slot::Lasts;

/// Where claims go that name no place.
const TOKEN_SERVICE: &str = "https://oauth2.googleapis.com/token";

/// How long a claim holds, in seconds: the longest that is accepted.
const HOLDS: u64 = 3600;

pub(super) async fn token(
    content: &Content<'_>,
    place: Place<'_>,
) -> Result<(SecretString, Lasts), CredentialsError> {
    let url = content.optional("token_uri").unwrap_or_else(|| TOKEN_SERVICE.to_owned());
    let assertion = claim(content, &url)?;
    let fields =
        [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion.as_str())];
    let answer = ask(place.settings, "Google's token service", &form(&url, &fields), SERVICE).await?;
    token_of(&answer, "the answer of Google's token service")
}

/// The signed claim, a JSON Web Token.
fn claim(content: &Content<'_>, audience: &str) -> Result<String, CredentialsError> {
    let now = clock::unix_ms() / 1000;
    let mut header = json!({ "alg": "RS256", "typ": "JWT" });
    if let Some(id) = content.optional("private_key_id") {
        header["kid"] = id.into();
    }
    let claims = json!({
        "iss": content.text("client_email")?, "scope": SCOPE, "aud": audience, "iat": now, "exp": now + HOLDS,
    });
    let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let bad_key = || error::bad_private_key(content.what);
    let key = key(content.text("private_key")?).ok_or_else(bad_key)?;
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
        .map_err(|_| bad_key())?;
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The key in a text in PEM form, of either sort that there is.
fn key(pem: &str) -> Option<RsaKeyPair> {
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    let body: String = body.chars().filter(|character| !character.is_whitespace()).collect();
    let der = STANDARD.decode(body).ok()?;
    match label {
        "PRIVATE KEY" => RsaKeyPair::from_pkcs8(&der).ok(),
        "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der).ok(),
        _ => None,
    }
}
