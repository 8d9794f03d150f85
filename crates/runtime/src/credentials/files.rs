//! Files with credentials, and where a user's own are.

use std::path::{Path, PathBuf};

use super::{CredentialsError, Place, error};

/// No file of credentials is nearly as large.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The content of a file; `None` when there is none.
pub(super) async fn read(path: &Path) -> Result<Option<String>, CredentialsError> {
    match tokio::fs::metadata(path).await {
        Ok(metadata) if metadata.len() > LARGEST => return Err(error::too_large(path)),
        Ok(_) => {}
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(failed) => return Err(error::unreadable(path, &failed)),
    }
    tokio::fs::read_to_string(path).await.map(Some).map_err(|failed| error::unreadable(path, &failed))
}

/// The content of a file that must be there.
pub(super) async fn required(path: &Path) -> Result<String, CredentialsError> {
    tokio::fs::metadata(path).await.map_err(|failed| error::unreadable(path, &failed))?;
    let missing = || error::unreadable(path, &std::io::ErrorKind::NotFound.into());
    read(path).await?.ok_or_else(missing)
}

/// The user's own folder.
pub(super) fn home(place: Place<'_>) -> Option<PathBuf> {
    place.variable("HOME").or_else(|| place.variable("USERPROFILE")).map(PathBuf::from)
}

/// A path as users write it: `~` is their own folder.
pub(super) fn expanded(place: Place<'_>, path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), home(place)) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}
