//! Credentials from every place that they come from, each played by a server on loopback.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and runs a server beside itself"
)]

mod aws;
mod azure;
mod callback;
mod google;
mod world;

/// A door hands over only the variables that are listed: one that is read and not listed would never be seen.
#[test]
fn every_variable_that_is_read_is_listed() {
    let listed: Vec<&str> = ["vertex-ai", "aws-bedrock", "azure-openai"]
        .iter()
        .flat_map(|name| llm::credential_variables(llm::provider(name).unwrap()).iter().copied())
        .collect();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/credentials"))];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            // Whatever stands in quotes alone and looks like a variable is one.
            for name in source.split('"').filter(|text| text.len() > 3) {
                let is_name = |byte: u8| byte == b'_' || byte.is_ascii_uppercase();
                let is_variable =
                    name.contains('_') || ["APPDATA", "HOME", "PATH", "USERPROFILE"].contains(&name);
                if is_variable && name.bytes().all(is_name) {
                    assert!(listed.contains(&name), "{} reads {name}", path.display());
                    read += 1;
                }
            }
        }
    }
    assert!(read > 20, "{read}");
}
