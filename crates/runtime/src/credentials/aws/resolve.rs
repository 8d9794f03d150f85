//! What a profile of the shared files comes to: its own keys, or those that it says how to get.

use llm::AwsKeys;
use secrecy::SecretString;
use serde_json::Value;

use super::super::{error, process};
use super::profile::{Profiles, Section};
use super::{CredentialsError, IssuedKeys, Place, container, environment, instance, keys_of, sso, sts};
use crate::credentials::slot::Lasts;

/// How many roles may be taken on one after the other.
const MOST_ROLES: usize = 10;

/// Whether a profile says anything about credentials.
pub(super) fn has_credentials(profile: &Section) -> bool {
    const KEYS: [&str; 5] =
        ["aws_access_key_id", "role_arn", "sso_session", "sso_start_url", "credential_process"];
    KEYS.iter().any(|key| profile.contains_key(*key))
}

/// The keys of a profile. A role is taken on with the keys of another profile, and so on.
pub(super) async fn profile(
    profiles: &Profiles,
    name: &str,
    region: Option<&str>,
    place: Place<'_>,
) -> Result<IssuedKeys, CredentialsError> {
    let mut roles: Vec<(&str, &Section)> = Vec::new();
    let mut current = name;
    let mut issued = loop {
        let section =
            profiles.get(current).ok_or_else(|| error::unknown_profile(current, profiles.files()))?;
        let is_source_of_itself = roles.last().is_some_and(|(last, _)| *last == current);
        if !section.contains_key("role_arn") || is_source_of_itself {
            break own(profiles, current, section, place).await?;
        }
        if roles.len() == MOST_ROLES || roles.iter().any(|(seen, _)| *seen == current) {
            return Err(error::circular_profiles(name));
        }
        if let Some(path) = section.get("web_identity_token_file") {
            break sts::with_web_identity(section, current, path, region, place).await?;
        }
        roles.push((current, section));
        match (section.get("source_profile"), section.get("credential_source")) {
            (Some(source), _) => current = source,
            (None, Some(source)) => break of_source(current, source, place).await?,
            (None, None) => return Err(error::profile_lacks(current, "source_profile")),
        }
    };
    for (name, role) in roles.iter().rev() {
        issued = sts::assume(&issued.keys, name, role, region, place).await?;
    }
    Ok(issued)
}

/// The keys that a profile has without taking on a role.
async fn own(
    profiles: &Profiles,
    name: &str,
    section: &Section,
    place: Place<'_>,
) -> Result<IssuedKeys, CredentialsError> {
    if let Some(id) = section.get("aws_access_key_id") {
        let secret = section
            .get("aws_secret_access_key")
            .ok_or_else(|| error::profile_lacks(name, "aws_secret_access_key"))?;
        let keys = AwsKeys {
            access_key_id: id.clone(),
            secret_access_key: secret.as_str().into(),
            session_token: section.get("aws_session_token").map(|token| SecretString::from(token.as_str())),
        };
        return Ok(IssuedKeys { keys, lasts: Lasts::Unsaid });
    }
    if section.contains_key("sso_session") || section.contains_key("sso_start_url") {
        return sso::keys(profiles, name, section, place).await;
    }
    if let Some(line) = section.get("credential_process") {
        return of_command(name, line).await;
    }
    Err(error::empty_profile(name, profiles.files()))
}

async fn of_source(name: &str, source: &str, place: Place<'_>) -> Result<IssuedKeys, CredentialsError> {
    let absent =
        || error::nothing_found("AWS", &[format!("`credential_source` of the profile `{name}`: {source}")]);
    match source {
        "Environment" => {
            let keys = environment(place)?.ok_or_else(absent)?;
            Ok(IssuedKeys { keys, lasts: Lasts::Unsaid })
        }
        "EcsContainer" => container::keys(place).await?.ok_or_else(absent),
        "Ec2InstanceMetadata" => instance::keys(place).await,
        other => Err(error::unknown_credential_source(name, other)),
    }
}

async fn of_command(name: &str, line: &str) -> Result<IssuedKeys, CredentialsError> {
    let words = process::words(line);
    let (program, arguments) =
        words.split_first().ok_or_else(|| error::profile_lacks(name, "credential_process"))?;
    let printed = process::output(program, arguments).await?;
    let who = format!("what `credential_process` of the AWS profile `{name}` printed");
    let answer: Value = serde_json::from_str(&printed).map_err(|failed| error::not_json(&who, &failed))?;
    keys_of(&answer, &who)
}
