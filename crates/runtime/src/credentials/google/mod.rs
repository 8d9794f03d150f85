//! Google Cloud: access tokens from wherever its own tools find credentials, in their order.

mod command;
mod file;
mod impersonated;
mod metadata;
mod service_account;
mod user;
mod workload;

use std::path::PathBuf;

use llm::{Credentials, GoogleSource};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::slot::{Issued, Lasts};
use super::{CredentialsError, Place, error, files, is_placeholder};
use crate::clock;

/// What tokens are for.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// A token and what its credentials say of projects.
pub(super) struct Token {
    secret: SecretString,
    lasts: Lasts,
    project: Option<String>,
    quota_project: Option<String>,
}

/// Finds credentials and fetches a token for them.
pub(super) async fn issue(source: &GoogleSource, place: Place<'_>) -> Result<Issued, CredentialsError> {
    let token = match source {
        GoogleSource::Json(json) => file::token(json.expose_secret(), "`credentials`", place).await?,
        GoogleSource::Path(path) => of_path(path, place).await?,
        GoogleSource::Default => default(place).await?,
    };
    let of_environment = || {
        ["GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"]
            .iter()
            .find_map(|name| place.variable(name))
    };
    let quota_project = place.variable("GOOGLE_CLOUD_QUOTA_PROJECT").or(token.quota_project);
    let project = token.project.or_else(of_environment).or_else(|| quota_project.clone());
    let credentials = Credentials::Google { token: token.secret, project, quota_project };
    Ok(Issued { credentials, lasts: token.lasts })
}

async fn of_path(path: &str, place: Place<'_>) -> Result<Token, CredentialsError> {
    if is_placeholder(path, place) {
        // Only in a request that is shown; a call would have been refused.
        return Err(error::unset_placeholder(path));
    }
    let path = files::expanded(place, path);
    let text = files::required(&path).await?;
    file::token(&text, &format!("the file `{}`", path.display()), place).await
}

/// Whatever the machine has.
async fn default(place: Place<'_>) -> Result<Token, CredentialsError> {
    const FILE: &str = "GOOGLE_APPLICATION_CREDENTIALS";
    const CONTENT: &str = "GOOGLE_APPLICATION_CREDENTIALS_CONTENT";
    let mut tried = Vec::new();
    match place.variable(FILE).map(GoogleSource::of_text) {
        Some(GoogleSource::Path(path)) => {
            return of_path(&path, place).await.map_err(|error| error.within(FILE));
        }
        Some(GoogleSource::Json(json)) => return file::token(json.expose_secret(), FILE, place).await,
        Some(GoogleSource::Default) | None => tried.push(format!("the variable {FILE}: it is not set")),
    }
    match place.variable(CONTENT) {
        Some(json) => return file::token(&json, CONTENT, place).await,
        None => tried.push(format!("the variable {CONTENT}: it is not set")),
    }
    match user_file(place) {
        Some(path) => match files::read(&path).await? {
            Some(text) => return file::token(&text, &format!("the file `{}`", path.display()), place).await,
            None => tried.push(format!("the file `{}`: it is not there", path.display())),
        },
        None => tried.push("the file that gcloud writes: HOME is not set".to_owned()),
    }
    match metadata::token(place).await {
        Err(error) if error.is_not_found() => tried.push(format!("the metadata server: {error}")),
        outcome => return outcome,
    }
    match command::token(place).await {
        Err(error) if error.is_not_found() => tried.push(format!("the command gcloud: {error}")),
        outcome => return outcome,
    }
    Err(error::nothing_found("Google Cloud", &tried))
}

/// Where `gcloud auth application-default login` writes.
fn user_file(place: Place<'_>) -> Option<PathBuf> {
    let folder = place.variable("CLOUDSDK_CONFIG").map(PathBuf::from).or_else(|| {
        let of_windows = place.variable("APPDATA").map(|data| PathBuf::from(data).join("gcloud"));
        of_windows.or_else(|| Some(files::home(place)?.join(".config").join("gcloud")))
    })?;
    Some(folder.join("application_default_credentials.json"))
}

/// The token in the answer of a token service, and how long it lasts.
pub(super) fn token_of(answer: &Value, who: &str) -> Result<(SecretString, Lasts), CredentialsError> {
    let token = answer["access_token"].as_str().filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| error::missing_field(who, "access_token"))?;
    let seconds = &answer["expires_in"];
    let seconds = seconds.as_u64().or_else(|| seconds.as_str()?.parse().ok());
    let lasts = seconds.map_or(Lasts::Unsaid, |seconds| {
        Lasts::Until(clock::unix_ms().saturating_add(seconds.saturating_mul(1000)))
    });
    Ok((token.into(), lasts))
}
