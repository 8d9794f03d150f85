//! The shared files of AWS's tools: profiles and sessions by name.

use std::collections::HashMap;
use std::path::PathBuf;

use super::super::files;
use super::{CredentialsError, Place};

/// The settings of one profile or session.
pub(super) type Section = HashMap<String, String>;

/// What both files say.
#[derive(Default)]
pub(super) struct Profiles {
    by_name: HashMap<String, Section>,
    sessions: HashMap<String, Section>,
    files: String,
}

impl Profiles {
    /// Reads both files; one that is not there says nothing.
    pub(super) async fn read(place: Place<'_>) -> Result<Self, CredentialsError> {
        let of_variable = |name: &str| place.variable(name).map(|path| files::expanded(place, &path));
        let of_home = |name: &str| files::home(place).map(|home| home.join(".aws").join(name));
        let config = of_variable("AWS_CONFIG_FILE").or_else(|| of_home("config"));
        let credentials = of_variable("AWS_SHARED_CREDENTIALS_FILE").or_else(|| of_home("credentials"));
        let mut found = Self::default();
        let shown = |path: &Option<PathBuf>, name: &str| {
            path.as_ref().map_or_else(|| format!("`~/.aws/{name}`"), |path| format!("`{}`", path.display()))
        };
        found.files = format!("{} and {}", shown(&config, "config"), shown(&credentials, "credentials"));
        if let Some(path) = config
            && let Some(text) = files::read(&path).await?
        {
            found.add(&text, true);
        }
        if let Some(path) = credentials
            && let Some(text) = files::read(&path).await?
        {
            found.add(&text, false);
        }
        Ok(found)
    }

    /// The settings of a profile.
    pub(super) fn get(&self, profile: &str) -> Option<&Section> {
        self.by_name.get(profile)
    }

    /// The settings of a single sign-on session.
    pub(super) fn session(&self, name: &str) -> Option<&Section> {
        self.sessions.get(name)
    }

    /// The paths of both files, for messages.
    pub(super) fn files(&self) -> &str {
        &self.files
    }

    /// Adds what a file says; the file of credentials comes last and wins. In the file of settings the sections are
    /// called `profile NAME`, but for the default one.
    fn add(&mut self, text: &str, is_config: bool) {
        let mut section: Option<&mut Section> = None;
        for line in text.lines() {
            // An indented line belongs to the setting above it, and none that is looked for has such lines.
            if line.starts_with([' ', '\t', '#', ';']) || line.trim().is_empty() {
                continue;
            }
            if let Some(header) = line.strip_prefix('[') {
                let name = header.split(']').next().unwrap_or_default().trim();
                section = match name.split_once(char::is_whitespace) {
                    Some(("profile", name)) if is_config => {
                        Some(self.by_name.entry(unquoted(name)).or_default())
                    }
                    Some(("sso-session", name)) if is_config => {
                        Some(self.sessions.entry(unquoted(name)).or_default())
                    }
                    None if !is_config || name == "default" => {
                        Some(self.by_name.entry(unquoted(name)).or_default())
                    }
                    _ => None,
                };
                continue;
            }
            if let (Some(section), Some((key, value))) = (&mut section, line.split_once('=')) {
                let value = [" #", " ;", "\t#", "\t;"].iter().fold(value, |value, comment| {
                    value.split_once(comment).map_or(value, |(before, _)| before)
                });
                section.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
            }
        }
    }
}

fn unquoted(name: &str) -> String {
    name.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::Profiles;

    #[test]
    fn both_files_make_a_profile() {
        let mut profiles = Profiles::default();
        let config = "[default]\nregion = eu-west-1 # home\ns3 =\n  max = 1\n[profile  \"work\"]\nRegion=us-east-2\n\
                      [sso-session corp]\nsso_start_url = https://corp.test/#/\n[work]\nregion = lost\n";
        profiles.add(config, true);
        profiles.add("; keys\n[work]\naws_access_key_id = AKIA=\n", false);
        let get = |name: &str, key: &str| profiles.get(name).and_then(|section| section.get(key)).cloned();
        assert_eq!(get("default", "region").as_deref(), Some("eu-west-1"));
        assert_eq!(get("default", "max"), None);
        assert_eq!(get("work", "region").as_deref(), Some("us-east-2"));
        assert_eq!(get("work", "aws_access_key_id").as_deref(), Some("AKIA="));
        let session = profiles.session("corp").unwrap();
        assert_eq!(session["sso_start_url"], "https://corp.test/#/");
    }
}
