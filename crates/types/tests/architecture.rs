//! Holds the plan of the house (ARCHITECTURE.md): who may import whom, which room may name which outside crate,
//! and what the pure rooms never touch. It reads the manifests and sources of the whole workspace.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Its napi macros expand to `unsafe`, which the workspace forbids: it lists its lints itself.
const DOOR: &str = "baml-node";

/// The rooms each package may import. The order is bottom up: a row names only rows above it.
const DIRECTIONS: &[(&str, &[&str])] = &[
    ("baml-types", &[]),
    ("baml-syntax", &[]),
    ("baml-schema", &["baml-types", "baml-syntax"]),
    ("baml-prompt", &["baml-types", "baml-schema"]),
    ("baml-align", &["baml-types", "baml-schema"]),
    ("baml-codegen", &["baml-types", "baml-schema"]),
    ("baml-llm", &["baml-types"]),
    ("baml-registry", &["baml-types", "baml-schema", "baml-llm"]),
    (
        "baml-runtime",
        &["baml-types", "baml-schema", "baml-prompt", "baml-align", "baml-llm", "baml-registry"],
    ),
    (
        "baml-server",
        &["baml-types", "baml-schema", "baml-llm", "baml-registry", "baml-runtime", "baml-codegen"],
    ),
    (
        "baml-cli",
        &[
            "baml-types",
            "baml-syntax",
            "baml-schema",
            "baml-prompt",
            "baml-align",
            "baml-codegen",
            "baml-llm",
            "baml-registry",
            "baml-runtime",
            "baml-server",
        ],
    ),
    ("baml-node", &["baml-types", "baml-runtime", "baml-cli"]),
];

/// Outside crates that only some packages may name.
const OWNERS: &[(&str, &[&str])] = &[
    ("annotate-snippets", &["baml-syntax"]),
    ("brotli-decompressor", &["baml-runtime"]),
    ("clap", &["baml-cli"]),
    ("crc32fast", &["baml-llm"]),
    ("fastrand", &["baml-runtime"]),
    ("flate2", &["baml-runtime"]),
    ("getrandom", &["baml-runtime"]),
    ("hyper", &["baml-server"]),
    ("hyper-util", &["baml-server"]),
    ("minijinja", &["baml-prompt"]),
    ("napi", &["baml-node"]),
    ("napi-build", &["baml-node"]),
    ("napi-derive", &["baml-node"]),
    ("rand", &["baml-runtime"]),
    ("reqwest", &["baml-runtime"]),
    ("sha2", &["baml-llm"]),
    ("ring", &["baml-runtime"]),
    ("rustls", &["baml-runtime"]),
    ("tokio", &["baml-runtime", "baml-server", "baml-cli", "baml-node"]),
    ("tokio-util", &["baml-runtime", "baml-server", "baml-node"]),
    ("tracing", &["baml-runtime"]),
];

/// Rooms that turn values into values: no files, sockets, processes, threads, environment, clock or output.
const PURE_ROOMS: &[&str] = &["types", "syntax", "schema", "prompt", "align", "llm", "registry", "codegen"];

const IMPURE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
];

const LONGEST_FILE: usize = 800;

struct Package {
    name: String,
    manifest: PathBuf,
    /// Names of what it is built from; what only its tests use is not listed.
    dependencies: Vec<String>,
}

#[test]
fn every_package_has_a_row() {
    let rows: Vec<&str> = DIRECTIONS.iter().map(|(name, _)| *name).collect();
    let mut found: Vec<String> = packages().into_iter().map(|package| package.name).collect();
    found.sort();
    let mut expected = rows.clone();
    expected.sort_unstable();
    assert_eq!(found, expected, "a new room needs a row in DIRECTIONS and a paragraph in ARCHITECTURE.md");
}

#[test]
fn directions_point_downwards() {
    for (index, (name, targets)) in DIRECTIONS.iter().enumerate() {
        for target in *targets {
            let position = DIRECTIONS.iter().position(|(row, _)| row == target);
            assert!(
                position.is_some_and(|found| found < index),
                "{name} -> {target} does not point downwards"
            );
        }
    }
}

#[test]
fn rooms_import_only_the_rooms_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = DIRECTIONS.iter().copied().collect();
    let mut wrong = Vec::new();
    for package in packages() {
        let targets = allowed.get(package.name.as_str()).copied().unwrap_or_default();
        for dependency in package.dependencies.iter().filter(|name| allowed.contains_key(name.as_str())) {
            if !targets.contains(&dependency.as_str()) {
                wrong.push(format!("{} imports {dependency}", package.name));
            }
        }
    }
    assert!(wrong.is_empty(), "against the direction of the house: {wrong:#?}");
}

#[test]
fn outside_crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for package in packages() {
        for (outside, owners) in OWNERS {
            let names_it = package.dependencies.iter().any(|dependency| dependency == outside);
            if names_it && !owners.contains(&package.name.as_str()) {
                wrong.push(format!("{} names {outside}, which belongs to {owners:?}", package.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_takes_the_workspace_lints() {
    for package in packages().into_iter().filter(|package| package.name != DOOR) {
        let manifest = fs::read_to_string(&package.manifest).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{} sets its own lints", package.name);
    }
}

#[test]
fn pure_rooms_do_nothing_but_compute() {
    let mut wrong = Vec::new();
    for room in PURE_ROOMS {
        for file in rust_files(&root().join("crates").join(room).join("src"))
            .into_iter()
            .filter(|file| !file.to_string_lossy().ends_with("_tests.rs"))
        {
            let source = fs::read_to_string(&file).unwrap();
            let shipped = source.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in shipped.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for name in IMPURE.iter().filter(|name| code.contains(**name)) {
                    wrong.push(format!("{}:{}: {name}", show(&file), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "only `runtime` may do this: {wrong:#?}");
}

#[test]
fn files_stay_short_enough_to_read() {
    let root = root();
    let sources = ["src", "crates"].iter().flat_map(|folder| rust_files(&root.join(folder)));
    let long: Vec<String> = sources
        .map(|file| (fs::read_to_string(&file).unwrap().lines().count(), file))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, file)| format!("{}: {lines} lines", show(&file)))
        .collect();
    assert!(long.is_empty(), "what would a reader split? {long:#?}");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn show(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).display().to_string()
}

fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().iter().map(read_package).collect()
}

fn read_package(package: &Value) -> Package {
    let is_built = |dependency: &&Value| dependency["kind"] != "dev";
    let dependencies = package["dependencies"].as_array().unwrap().iter().filter(is_built);
    Package {
        name: text(&package["name"]),
        manifest: PathBuf::from(text(&package["manifest_path"])),
        dependencies: dependencies.map(|dependency| text(&dependency["name"])).collect(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}
