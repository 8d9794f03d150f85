//! Amazon Web Services: keys from wherever its own tools find them, in their order.

mod container;
mod instance;
mod profile;
mod resolve;
mod sso;
mod sts;

use llm::{AwsKeys, AwsSource, Credentials};
use secrecy::SecretString;
use serde_json::Value;

use self::profile::Profiles;
use super::slot::{Issued, Lasts};
use super::{CredentialsError, Place, error};
use crate::clock;

/// Keys and how long they last.
pub(super) struct IssuedKeys {
    keys: AwsKeys,
    lasts: Lasts,
}

/// Finds keys, and the region of the profile when the client knows none.
pub(super) async fn issue(
    source: &AwsSource,
    region: Option<&str>,
    place: Place<'_>,
) -> Result<Issued, CredentialsError> {
    let profiles = Unread { source, place };
    let region = match region {
        Some(region) => Some(region.to_owned()),
        None => profiles.region().await?,
    };
    let (credentials, lasts) = if let Some(token) = bedrock_token(source, place) {
        (Credentials::Bearer(token), Lasts::Unsaid)
    } else {
        let IssuedKeys { keys, lasts } = keys(source, &profiles, region.as_deref(), place).await?;
        (Credentials::Aws { keys, region }, lasts)
    };
    Ok(Issued { credentials, lasts })
}

/// A key of Bedrock itself comes before the keys of the account, unless the options choose those.
fn bedrock_token(source: &AwsSource, place: Place<'_>) -> Option<SecretString> {
    let chosen = source.keys.is_some() || source.profile.is_some();
    if chosen { None } else { place.variable("AWS_BEARER_TOKEN_BEDROCK").map(SecretString::from) }
}

/// The shared files, which are read only when something is looked for in them.
struct Unread<'a> {
    source: &'a AwsSource,
    place: Place<'a>,
}

impl Unread<'_> {
    async fn read(&self) -> Result<Profiles, CredentialsError> {
        Profiles::read(self.place).await
    }

    /// The profile that somebody chose.
    fn chosen(&self) -> Option<String> {
        let variable = |name| self.place.variable(name);
        self.source
            .profile
            .clone()
            .or_else(|| variable("AWS_PROFILE"))
            .or_else(|| variable("AWS_DEFAULT_PROFILE"))
    }

    fn name(&self) -> String {
        self.chosen().unwrap_or_else(|| "default".to_owned())
    }

    async fn region(&self) -> Result<Option<String>, CredentialsError> {
        Ok(self.read().await?.get(&self.name()).and_then(|profile| profile.get("region").cloned()))
    }
}

async fn keys(
    source: &AwsSource,
    unread: &Unread<'_>,
    region: Option<&str>,
    place: Place<'_>,
) -> Result<IssuedKeys, CredentialsError> {
    if let Some(keys) = &source.keys {
        return Ok(IssuedKeys { keys: keys.clone(), lasts: Lasts::Unsaid });
    }
    if source.profile.is_some() {
        return resolve::profile(&unread.read().await?, &unread.name(), region, place).await;
    }
    let mut tried = Vec::new();
    match environment(place)? {
        Some(keys) => return Ok(IssuedKeys { keys, lasts: Lasts::Unsaid }),
        None => tried.push("the environment variables: AWS_ACCESS_KEY_ID is not set".to_owned()),
    }
    let profiles = unread.read().await?;
    let name = unread.name();
    if unread.chosen().is_some() || profiles.get(&name).is_some_and(resolve::has_credentials) {
        return resolve::profile(&profiles, &name, region, place).await;
    }
    tried.push(format!("the profile `{name}`: it is not in {}, or has no credentials", profiles.files()));
    match sts::of_environment(region, place).await? {
        Some(issued) => return Ok(issued),
        None => {
            tried.push("a web identity: AWS_WEB_IDENTITY_TOKEN_FILE or AWS_ROLE_ARN is not set".to_owned());
        }
    }
    match container::keys(place).await? {
        Some(issued) => return Ok(issued),
        None => tried.push(
            "a container's role: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor \
             AWS_CONTAINER_CREDENTIALS_FULL_URI is set"
                .to_owned(),
        ),
    }
    match instance::keys(place).await {
        Ok(issued) => Ok(issued),
        Err(error) if error.is_not_found() => {
            tried.push(format!("the instance's role: {error}"));
            Err(error::nothing_found("AWS", &tried))
        }
        Err(error) => Err(error),
    }
}

/// Keys in environment variables.
fn environment(place: Place<'_>) -> Result<Option<AwsKeys>, CredentialsError> {
    const ID: &str = "AWS_ACCESS_KEY_ID";
    const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
    match (place.variable(ID), place.variable(SECRET)) {
        (Some(access_key_id), Some(secret)) => Ok(Some(AwsKeys {
            access_key_id,
            secret_access_key: secret.into(),
            session_token: place.variable("AWS_SESSION_TOKEN").map(SecretString::from),
        })),
        (Some(_), None) => Err(error::pair_missing(ID, SECRET)),
        (None, Some(_)) => Err(error::pair_missing(SECRET, ID)),
        (None, None) => Ok(None),
    }
}

/// The keys in the JSON that containers, instances and commands answer.
fn keys_of(answer: &Value, who: &str) -> Result<IssuedKeys, CredentialsError> {
    let text = |name: &str| answer[name].as_str().filter(|text| !text.is_empty());
    let needed = |name: &str| text(name).ok_or_else(|| error::missing_field(who, name));
    let token = text("Token").or_else(|| text("SessionToken"));
    Ok(IssuedKeys {
        keys: AwsKeys {
            access_key_id: needed("AccessKeyId")?.to_owned(),
            secret_access_key: needed("SecretAccessKey")?.into(),
            session_token: token.map(SecretString::from),
        },
        lasts: text("Expiration").and_then(clock::parse_iso_8601).map_or(Lasts::Unsaid, Lasts::Until),
    })
}
