//! A person who has signed in with `gcloud auth application-default login`.

use secrecy::SecretString;

use super::super::exchange::{SERVICE, ask, form};
use super::file::Content;
use super::{CredentialsError, Place, token_of};
use crate::credentials::slot::Lasts;

const TOKEN_SERVICE: &str = "https://oauth2.googleapis.com/token";

pub(super) async fn token(
    content: &Content<'_>,
    place: Place<'_>,
) -> Result<(SecretString, Lasts), CredentialsError> {
    let url = content
        .optional("token_uri")
        .or_else(|| content.optional("token_url"))
        .unwrap_or_else(|| TOKEN_SERVICE.to_owned());
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", content.text("client_id")?),
        ("client_secret", content.text("client_secret")?),
        ("refresh_token", content.text("refresh_token")?),
    ];
    let answer = ask(place.settings, "Google's token service", &form(&url, &fields), SERVICE).await.map_err(
        |error| error.within("signing in again may help (`gcloud auth application-default login`)"),
    )?;
    token_of(&answer, "the answer of Google's token service")
}
