//! `baml-cli init`.

use std::fs;

use crate::arguments::InitOptions;
use crate::console::Console;
use crate::failure::{self, Failure};
use crate::{VERSION, paths};

/// The files of a new project.
const FILES: &[(&str, &str)] = &[
    ("clients.baml", include_str!("../starter/clients.baml")),
    ("generators.baml", include_str!("../starter/generators.baml")),
    ("resume.baml", include_str!("../starter/resume.baml")),
];

/// Stands in a starter file for the version of this command line.
const VERSION_PLACE: &str = "VERSION";

/// Writes a new `baml_src`.
pub(crate) fn init(options: &InitOptions, console: &mut Console) -> Result<i32, Failure> {
    let folder = paths::shown(&options.dest.join(paths::SOURCE_FOLDER));
    if folder.exists() {
        return Err(failure::project_exists(&folder));
    }
    fs::create_dir_all(&folder).map_err(|error| failure::cannot_write(&folder, &error))?;
    for (name, text) in FILES {
        let path = folder.join(name);
        fs::write(&path, text.replace(VERSION_PLACE, VERSION))
            .map_err(|error| failure::cannot_write(&path, &error))?;
    }
    let names: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    console.say(&format!(
        "Started a BAML project in {}: {}\n\
         Next: `baml-cli generate` writes the typed client, and `baml-cli test` tries the function (its client needs OPENAI_API_KEY).",
        folder.display(),
        names.join(", ")
    ));
    Ok(0)
}
