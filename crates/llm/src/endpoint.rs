//! Base URLs, and the URL of one endpoint under them.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// The domains of Amazon's clouds, by how the names of their regions begin. All other regions are in the first one,
/// `amazonaws.com`.
const PARTITIONS: [(&str, &str); 6] = [
    ("cn-", "amazonaws.com.cn"),
    ("eusc-", "amazonaws.eu"),
    ("us-iso-", "c2s.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov"),
    ("us-isof-", "csp.hci.ic.gov"),
    ("eu-isoe-", "cloud.adc-e.uk"),
];

/// The domain under which AWS's services are in a region: `amazonaws.com` but for China and the closed clouds.
#[must_use]
pub fn aws_domain(region: &str) -> &'static str {
    let partition = PARTITIONS.iter().find(|(prefix, _)| region.starts_with(prefix));
    partition.map_or("amazonaws.com", |(_, domain)| domain)
}

/// Where a client's requests go: a checked http or https URL, with what must stay last split off.
#[derive(Clone)]
pub(crate) struct Endpoint {
    /// Without query, fragment, user name and password.
    base: Url,
    /// The query of the base URL as written. It may hold a key.
    query: Option<SecretString>,
    /// User name and password of the base URL.
    user: Option<(String, SecretString)>,
    /// The host as written, when a variable that is not set stands in it: parsed URLs have theirs in small letters.
    placeholder: Option<String>,
}

/// The host of a URL as written, when the name of a variable stands in it (`$NAME`).
fn placeholder(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    host.contains('$').then(|| host.to_owned())
}

/// The URL with its host as it was written, when a variable stands in it.
pub(crate) fn with_written_host(url: String, written: &str) -> String {
    with_placeholder(url, placeholder(written).as_deref())
}

fn with_placeholder(url: String, placeholder: Option<&str>) -> String {
    match placeholder {
        Some(host) => url.replacen(&host.to_ascii_lowercase(), host, 1),
        None => url,
    }
}

impl Endpoint {
    /// Checks a base URL.
    ///
    /// # Errors
    /// Why it is not one, in a few words that do not repeat it: it may hold a password.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.trim().is_empty() {
            return Err("it is empty");
        }
        let mut url = Url::parse(text).map_err(|error| match error {
            url::ParseError::RelativeUrlWithoutBase => "it does not start with http:// or https://",
            url::ParseError::EmptyHost => "it has no host",
            url::ParseError::InvalidPort => "its port is not a number up to 65535",
            _ => "its host is not valid",
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("it does not start with http:// or https://");
        }
        let query = url.query().map(|query| SecretString::from(query.to_owned()));
        let user = (!url.username().is_empty() || url.password().is_some()).then(|| {
            (decoded(url.username()), SecretString::from(decoded(url.password().unwrap_or_default())))
        });
        url.set_query(None);
        url.set_fragment(None);
        // Both fail only for URLs without a host, which http URLs always have.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Ok(Self { base: url, query, user, placeholder: placeholder(text) })
    }

    /// The base of an Azure deployment.
    pub(crate) fn azure(resource: &str, deployment: &str) -> Option<Self> {
        let mut endpoint = Self::parse(&format!("https://{resource}.openai.azure.com")).ok()?;
        endpoint.base.path_segments_mut().ok()?.extend(["openai", "deployments", deployment]);
        Some(endpoint)
    }

    /// The base of a resource of Azure AI Foundry.
    pub(crate) fn foundry(resource: &str) -> Option<Self> {
        Self::parse(&format!("https://{resource}.services.ai.azure.com/openai/v1")).ok()
    }

    /// Bedrock's own endpoint in a region. `None` when this is no region's name.
    pub(crate) fn bedrock(region: &str) -> Option<Self> {
        let is_label =
            !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_label {
            return None;
        }
        Self::parse(&format!("https://bedrock-runtime.{region}.{}", aws_domain(region))).ok()
    }

    /// The base without its query, as it may be shown.
    pub(crate) fn shown(&self) -> &str {
        self.base.as_str()
    }

    /// Whether the URL had more than [`Endpoint::shown`] shows.
    pub(crate) fn hides_something(&self) -> bool {
        self.query.is_some() || self.user.is_some()
    }

    /// User name and password, to be sent as basic authentication.
    pub(crate) fn user(&self) -> Option<(&str, &SecretString)> {
        self.user.as_ref().map(|(name, password)| (name.as_str(), password))
    }

    /// Whether the base URL's own query has this parameter.
    pub(crate) fn has_query_param(&self, name: &str) -> bool {
        self.query.as_ref().is_some_and(|query| {
            url::form_urlencoded::parse(query.expose_secret().as_bytes()).any(|(known, _)| known == name)
        })
    }

    /// The URL of `path` under the base: one slash at the base's end is dropped, its query stays last, and the
    /// parameters follow it, form-encoded.
    pub(crate) fn join<'q>(
        &self,
        path: &str,
        params: impl IntoIterator<Item = (&'q str, &'q str)>,
    ) -> String {
        let mut url = self.base.clone();
        let base_path = url.path().strip_suffix('/').unwrap_or(url.path()).to_owned();
        url.set_path(&format!("{base_path}/{path}"));
        url.set_query(self.query.as_ref().map(ExposeSecret::expose_secret));
        let mut params = params.into_iter().peekable();
        if params.peek().is_some() {
            url.query_pairs_mut().extend_pairs(params);
        }
        with_placeholder(url.into(), self.placeholder.as_deref())
    }
}

fn decoded(part: &str) -> String {
    // Percent-decoding is what form decoding does, but for `+`, which means a space there only.
    let escaped = part.replace('+', "%2B");
    url::form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map(|(text, rest)| if rest.is_empty() { text.into_owned() } else { format!("{text}={rest}") })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    fn join(base: &str, params: &[(&str, &str)]) -> Result<String, &'static str> {
        Ok(Endpoint::parse(base)?.join("chat/completions", params.iter().copied()))
    }

    #[test]
    fn joins_path_query_and_parameters() {
        let url = |base: &str| join(base, &[]).unwrap();
        assert_eq!(url("http://h.test"), "http://h.test/chat/completions");
        assert_eq!(url("http://h.test/api/"), "http://h.test/api/chat/completions");
        assert_eq!(url("http://h.test//"), "http://h.test//chat/completions");
        assert_eq!(url("http://h.test/v1?x=1"), "http://h.test/v1/chat/completions?x=1");
        assert_eq!(url("http://h.test/v1#f"), "http://h.test/v1/chat/completions");
        assert_eq!(url("http://me:pass@h.test/v1"), "http://h.test/v1/chat/completions");
        assert_eq!(
            join("http://h.test/v1?x=1", &[("a", "b c"), ("d", "é")]).unwrap(),
            "http://h.test/v1/chat/completions?x=1&a=b+c&d=%C3%A9"
        );
    }

    #[test]
    fn keeps_the_user_apart() {
        let endpoint = Endpoint::parse("http://me:p%40ss@h.test").unwrap();
        let (name, password) = endpoint.user().unwrap();
        assert_eq!((name, secrecy::ExposeSecret::expose_secret(password)), ("me", "p@ss"));
    }

    #[test]
    fn refuses_what_is_not_an_http_url() {
        for base in ["", "not a url", "h.test/v1", "ftp://h.test", "http://", "http://a b/", "http://h:99999"]
        {
            assert!(join(base, &[]).is_err(), "{base}");
        }
    }
}
