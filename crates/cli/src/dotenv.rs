//! Variables from a `.env` file, read only when asked.

use std::collections::HashMap;
use std::path::{Path, PathBuf, absolute};

use crate::arguments::DotenvOptions;
use crate::failure::{self, Failure};

/// The variables of the file that the options name; none when they name none.
pub(crate) fn variables(options: &DotenvOptions) -> Result<HashMap<String, String>, Failure> {
    let path = match &options.dotenv_path {
        Some(path) => path.clone(),
        None if options.dotenv => nearest().ok_or_else(failure::no_dotenv)?,
        None => return Ok(HashMap::new()),
    };
    let unreadable = |error: dotenvy::Error| failure::bad_dotenv(&path, &error);
    dotenvy::from_path_iter(&path).map_err(unreadable)?.collect::<Result<_, _>>().map_err(unreadable)
}

/// The `.env` of the working directory, or of the nearest folder above it that has one.
fn nearest() -> Option<PathBuf> {
    let here = absolute(Path::new(".")).ok()?;
    here.ancestors().map(|folder| folder.join(".env")).find(|path| path.is_file())
}
