//! What requests are authorised with when that is not a key among the client's options: where it comes from, as
//! data that `runtime` acts on, and how it gets into a request.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use types::Callback;

use crate::bedrock;
use crate::client::Client;
use crate::error::Error;
use crate::header::HeaderValue;
use crate::http::HttpRequest;
use crate::options::set_header;
use crate::provider::{Auth, Dialect, OptionSet, Provider};
use crate::sigv4::sign;

/// Where a client gets its credentials.
#[derive(Clone, Debug)]
pub enum CredentialSource {
    /// Google Cloud: an access token for the cloud platform.
    Google(GoogleSource),
    /// Amazon Web Services: keys that sign requests.
    Aws(AwsSource),
    /// Microsoft Entra ID: an access token of an application, for Azure's models.
    AzureEntra(EntraSource),
    /// A function of the host language (`api_key: async () => token`).
    Callback(Callback),
}

/// Which Google credentials.
#[derive(Clone, Debug)]
pub enum GoogleSource {
    /// The content of a credentials file.
    Json(SecretString),
    /// The path of one.
    Path(String),
    /// Whatever the machine has: variables, the file that `gcloud` wrote, the metadata server, `gcloud` itself.
    Default,
}

impl GoogleSource {
    /// A text that may be either: what begins as JSON does is content, all else is a path.
    #[must_use]
    pub fn of_text(text: String) -> Self {
        if text.trim_start().starts_with('{') { Self::Json(text.into()) } else { Self::Path(text) }
    }
}

/// Which AWS credentials.
#[derive(Clone, Debug)]
pub struct AwsSource {
    /// Keys among the options; they come before everything else.
    pub keys: Option<AwsKeys>,
    /// A profile of the shared files.
    pub profile: Option<String>,
}

/// The keys that an AWS account gives out.
#[derive(Clone)]
pub struct AwsKeys {
    /// Names the key; no secret.
    pub access_key_id: String,
    /// Signs, and is never sent.
    pub secret_access_key: SecretString,
    /// Sent beside the signature of temporary keys.
    pub session_token: Option<SecretString>,
}

impl fmt::Debug for AwsKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AwsKeys").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// An application that is registered with Microsoft Entra ID.
#[derive(Clone)]
pub struct EntraSource {
    /// The directory: an id or a domain.
    pub tenant_id: String,
    /// The application.
    pub client_id: String,
    /// Its password.
    pub client_secret: SecretString,
}

impl fmt::Debug for EntraSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EntraSource")
            .field("tenant_id", &self.tenant_id)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What authorises a request.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A token that is sent as `Authorization: Bearer`.
    Bearer(SecretString),
    /// A key that is sent as the provider wants its keys.
    Key(SecretString),
    /// A token of Google Cloud.
    Google {
        /// Sent as `Authorization: Bearer`.
        token: SecretString,
        /// The project that the credentials belong to, for clients without `project_id`.
        project: Option<String>,
        /// The project that a person's calls are charged to, sent in a header.
        quota_project: Option<String>,
    },
    /// Keys of AWS.
    Aws {
        /// Sign the request.
        keys: AwsKeys,
        /// The region of the profile, for clients that say none.
        region: Option<String>,
    },
}

impl Credentials {
    /// The secrets among them.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        match self {
            Self::Bearer(token) | Self::Key(token) | Self::Google { token, .. } => [Some(token), None],
            Self::Aws { keys, .. } => [Some(&keys.secret_access_key), keys.session_token.as_ref()],
        }
        .into_iter()
        .flatten()
    }
}

/// Stands in a URL where the project goes, until [`authorize`] knows it. Nobody's project is called so.
pub const UNKNOWN_PROJECT: &str = "$GOOGLE_CLOUD_PROJECT";

/// Stands in a URL where the region goes, until [`authorize`] knows it.
pub const UNKNOWN_REGION: &str = "$AWS_REGION";

/// Puts credentials into a request, just before it is sent: tokens become headers, AWS keys sign, and the project
/// or region that a request could not be made with is filled in. The user's own `authorization` header stays.
/// `unix_seconds` is the time now.
///
/// # Errors
/// Neither the client nor the credentials name the project or the region.
pub fn authorize(
    client: &Client,
    request: &mut HttpRequest,
    credentials: &Credentials,
    unix_seconds: u64,
) -> Result<(), Error> {
    client.learn(credentials);
    match credentials {
        Credentials::Bearer(token) => set_bearer(client, request, token),
        Credentials::Key(key) => set_key(client, request, key),
        Credentials::Google { token, project, quota_project } => {
            fill(request, UNKNOWN_PROJECT, project.as_deref(), || Error::no_project(client.name()))?;
            set_bearer(client, request, token);
            if let Some(project) = quota_project
                && !has_own(client, QUOTA_PROJECT)
            {
                let value = HeaderValue::Plain(project.clone());
                set_header(&mut request.headers, QUOTA_PROJECT.to_owned(), value);
            }
        }
        Credentials::Aws { keys, region } => {
            let region = client.region().or(region.as_deref());
            let region = region.ok_or_else(|| Error::no_region(client.name()))?;
            bedrock::fill_region(client, request, region)?;
            sign(request, keys, region, bedrock::SERVICE, unix_seconds);
        }
    }
    // A token says nothing of places.
    fill(request, UNKNOWN_PROJECT, None, || Error::no_project(client.name()))?;
    fill(request, UNKNOWN_REGION, None, || Error::no_region(client.name()))
}

/// Makes a request that is only shown read as one whose credentials are not known yet.
///
/// # Errors
/// Nothing names the region: then there is no place to show.
pub fn authorize_as_unknown(client: &Client, request: &mut HttpRequest) -> Result<(), Error> {
    let placeholder = match client.credential_source() {
        Some(CredentialSource::Google(_)) => "$GOOGLE_APPLICATION_CREDENTIALS",
        Some(CredentialSource::AzureEntra(_)) => "$AZURE_CLIENT_SECRET",
        // An unsigned request says enough.
        Some(CredentialSource::Aws(_)) if request.url.contains(UNKNOWN_REGION) => {
            return Err(Error::no_region(client.name()));
        }
        Some(CredentialSource::Aws(_) | CredentialSource::Callback(_)) | None => return Ok(()),
    };
    set_bearer(client, request, &SecretString::from(placeholder));
    Ok(())
}

const QUOTA_PROJECT: &str = "x-goog-user-project";

fn set_bearer(client: &Client, request: &mut HttpRequest, token: &SecretString) {
    if !has_own(client, "authorization") {
        let value = HeaderValue::Secret(format!("Bearer {}", token.expose_secret()).into());
        set_header(&mut request.headers, "authorization".to_owned(), value);
    }
}

/// A key that is a token of Microsoft Entra ID goes where Azure takes tokens.
fn set_key(client: &Client, request: &mut HttpRequest, key: &SecretString) {
    match client.provider().auth {
        Auth::Header(name) if !is_web_token(key.expose_secret()) => {
            if !has_own(client, name) {
                set_header(&mut request.headers, name.to_owned(), HeaderValue::Secret(key.clone()));
            }
        }
        Auth::Header(_) | Auth::Bearer | Auth::None => set_bearer(client, request, key),
    }
}

/// Whether the text has the form of a JSON Web Token: three parts, the first an object in base64.
fn is_web_token(text: &str) -> bool {
    text.starts_with("eyJ") && text.split('.').count() == 3
}

fn has_own(client: &Client, name: &str) -> bool {
    client.headers().iter().any(|(own, _)| own == name)
}

fn fill(
    request: &mut HttpRequest,
    placeholder: &str,
    known: Option<&str>,
    missing: impl FnOnce() -> Error,
) -> Result<(), Error> {
    if request.url.contains(placeholder) {
        let known = known.ok_or_else(missing)?;
        // A name that is none of a project could lead elsewhere.
        let known: String = url::form_urlencoded::byte_serialize(known.as_bytes()).collect();
        request.url = request.url.replacen(placeholder, &known.replace("%3A", ":"), 2);
    }
    Ok(())
}

/// The environment variables that a provider's credentials may come from, beside those that its options name and
/// the one of its key: what the cloud's own tools read.
#[must_use]
pub fn credential_variables(provider: &Provider) -> &'static [&'static str] {
    match (provider.dialect(), provider.options) {
        (Some(Dialect::Vertex), _) => GOOGLE,
        (Some(Dialect::Bedrock), _) => AWS,
        (_, OptionSet::Azure) => AZURE,
        (_, OptionSet::Foundry) => FOUNDRY,
        _ => &[],
    }
}

const GOOGLE: &[&str] = &[
    "APPDATA",
    "CLOUDSDK_CONFIG",
    "CLOUDSDK_CORE_PROJECT",
    "GCE_METADATA_HOST",
    "GCLOUD_PROJECT",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_APPLICATION_CREDENTIALS_CONTENT",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_CLOUD_QUOTA_PROJECT",
    "HOME",
    "NO_GCE_CHECK",
    "PATH",
];

const AWS: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_CONFIG_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_PROFILE",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
    "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_SSO_OIDC",
    "AWS_ENDPOINT_URL_STS",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "HOME",
    "PATH",
    "USERPROFILE",
];

const AZURE: &[&str] = &["AZURE_AUTHORITY_HOST", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID"];

const FOUNDRY: &[&str] = &[
    "AZURE_AUTHORITY_HOST",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_RESOURCE_NAME",
    "AZURE_TENANT_ID",
];
