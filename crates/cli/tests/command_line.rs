//! The command line as a user runs it: the program, a folder, and what is printed, written and returned.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

const PROGRAM: &str = r##"client<llm> Main {
  provider openai
  options {
    model "gpt-5-mini"
    api_key env.OPENAI_API_KEY
  }
}

class Answer {
  text string
}

function Ask(question: string) -> Answer {
  client Main
  prompt #"
    {{ question }}
    {{ ctx.output_format }}
  "#
}
"##;

const TEST_BLOCK: &str = "
test sample {
  functions [Ask]
  args {
    question \"why\"
  }
}
";

struct Project {
    folder: TempDir,
}

struct Ran {
    code: i32,
    out: String,
    error: String,
}

impl Project {
    fn empty() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// A project with one function and the given generator block.
    fn with(generator: &str) -> Self {
        let project = Self::empty();
        project.write("baml_src/main.baml", PROGRAM);
        if !generator.is_empty() {
            project.write("baml_src/generators.baml", generator);
        }
        project
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn run(&self, words: &[&str]) -> Ran {
        self.run_in(".", words)
    }

    fn run_in(&self, folder: &str, words: &[&str]) -> Ran {
        run_at(&self.path(folder), words)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

fn run_at(folder: &Path, words: &[&str]) -> Ran {
    let output =
        Command::new(env!("CARGO_BIN_EXE_baml-cli")).args(words).current_dir(folder).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        error: String::from_utf8(output.stderr).unwrap(),
    }
}

fn generator(body: &str) -> String {
    format!("generator target {{\n  output_type \"typescript\"\n  version \"0.226.2\"\n{body}\n}}\n")
}

#[test]
fn version_and_help() {
    let project = Project::empty();
    let version = project.run(&["--version"]);
    assert_eq!((version.code, version.out.as_str()), (0, "baml-cli 0.226.2\n"));
    let help = project.run(&["help"]);
    assert_eq!(help.code, 0);
    insta::assert_snapshot!("help", help.out);
    insta::assert_snapshot!("help_check", project.run(&["check", "--help"]).out);
    insta::assert_snapshot!("help_health", project.run(&["health", "--help"]).out);
    insta::assert_snapshot!("help_generate", project.run(&["generate", "--help"]).out);
    insta::assert_snapshot!("help_init", project.run(&["init", "--help"]).out);
    insta::assert_snapshot!("help_plan", project.run(&["plan", "--help"]).out);
    insta::assert_snapshot!("help_serve", project.run(&["serve", "--help"]).out);
    insta::assert_snapshot!("help_test", project.run(&["test", "--help"]).out);
    insta::assert_snapshot!("help_dev", project.run(&["dev", "--help"]).out);
}

#[test]
fn mistakes_in_the_arguments() {
    let project = Project::empty();
    for words in [
        &[][..],
        &["nonsense"],
        &["generate", "--bad"],
        &["init", "--client-type", "cobol"],
        &["--features", "none", "check"],
    ] {
        let ran = project.run(words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}");
        assert!(!ran.error.is_empty(), "{words:?}");
    }
    assert!(project.run(&["generat"]).error.contains("'generate'"));
}

#[test]
fn commands_of_later_releases_say_so() {
    let project = Project::with("");
    for command in ["fmt", "lsp", "optimize"] {
        let ran = project.run(&[command, "--port", "99999", "-i", "["]);
        assert_eq!(ran.code, 4, "{command}");
        assert_eq!(ran.error, format!("error: `{command}` is not part of this release of baml-cli yet\n"));
    }
}

#[test]
fn init_starts_a_project_that_checks_and_generates() {
    let project = Project::empty();
    let init = project.run(&["init"]);
    assert_eq!((init.code, init.error.as_str()), (0, ""));
    assert_eq!(project.list("baml_src"), ["clients.baml", "generators.baml", "resume.baml"]);
    assert!(project.read("baml_src/generators.baml").contains("version \"0.226.2\""));

    let check = project.run(&["check"]);
    assert_eq!((check.code, check.out.as_str(), check.error.as_str()), (0, "", ""));
    assert_eq!(project.run(&["generate"]).code, 0);
    assert!(project.read("baml_client/async_client.ts").contains("ExtractResume("));

    let again = project.run(&["init"]);
    assert_eq!(again.code, 4);
    assert!(again.error.contains("there is already a BAML project: baml_src exists"), "{}", again.error);
}

#[test]
fn a_slip_in_a_prompt_is_a_warning_that_stops_nothing() {
    let project = Project::with(&generator(""));
    project.write("baml_src/main.baml", &PROGRAM.replace("{{ question }}", "{{ qestion }}"));
    let check = project.run(&["check"]);
    assert_eq!((check.code, check.out.as_str()), (1, ""));
    assert!(check.error.starts_with("warning: there is no variable `qestion` here"), "{}", check.error);
    assert!(check.error.contains("main.baml:16:8\n"), "{}", check.error);
    assert!(check.error.contains("did you mean `question`?"), "{}", check.error);

    let generate = project.run(&["generate"]);
    assert_eq!(generate.code, 0);
    assert!(generate.error.contains("`qestion`"), "{}", generate.error);
}

#[test]
fn what_a_prompt_may_read_is_not_judged_while_types_are_wrong() {
    let project = Project::with("");
    project.write(
        "baml_src/main.baml",
        &PROGRAM
            .replace("question: string", "question: Qestion")
            .replace("{{ question }}", "{{ question.text }}"),
    );
    let check = project.run(&["check"]);
    assert_eq!(check.code, 1);
    assert!(check.error.contains("error: "), "{}", check.error);
    assert!(!check.error.contains("warning: "), "{}", check.error);
}

#[test]
fn init_in_another_folder() {
    let project = Project::empty();
    assert_eq!(project.run(&["init", "--dest", "a/b", "--client-type", "typescript"]).code, 0);
    assert_eq!(project.list("a/b/baml_src").len(), 3);
}

#[test]
fn generate_writes_a_client() {
    let project = Project::with(&generator("  output_dir \"../web\""));
    let ran = project.run(&["generate"]);
    assert_eq!((ran.code, ran.error.as_str()), (0, ""));
    assert_eq!(ran.out, "Wrote 14 files to web/baml_client\nGenerated 1 baml_client: web/baml_client\n");
    assert_eq!(project.list("web/baml_client").len(), 14);
    assert!(project.read("web/baml_client/inlinedbaml.ts").contains("\"main.baml\": "));

    let again = project.run(&["generate"]);
    assert!(again.out.starts_with("Wrote 14 files to web/baml_client (nothing changed)\n"), "{}", again.out);
}

#[test]
fn generate_touches_only_files_that_changed() {
    let project = Project::with(&generator(""));
    project.run(&["generate"]);
    let written =
        |name: &str| fs::metadata(project.path("baml_client").join(name)).unwrap().modified().unwrap();
    let (types, index) = (written("types.ts"), written("index.ts"));
    project.write("baml_src/more.baml", "class More {\n  a int\n}\n");
    assert_eq!(project.run(&["generate"]).code, 0);
    assert_eq!(written("index.ts"), index);
    assert_ne!(written("types.ts"), types);
}

#[test]
fn generate_without_a_generator_block() {
    let project = Project::with("");
    let ran = project.run(&["generate"]);
    assert_eq!((ran.code, ran.error.as_str()), (0, ""));
    insta::assert_snapshot!(ran.out);
    assert_eq!(project.list("baml_client").len(), 14);
}

#[test]
fn the_project_is_found_from_anywhere_in_it() {
    let project = Project::with("");
    fs::create_dir_all(project.path("app/deep")).unwrap();
    fs::create_dir_all(project.path("baml_src/sub")).unwrap();
    for (folder, words) in [
        (".", &["generate"][..]),
        ("app/deep", &["generate"]),
        ("baml_src", &["generate"]),
        ("baml_src/sub", &["generate"]),
        (".", &["generate", "--from", "baml_src"]),
        (".", &["generate", "--from", "."]),
        ("app", &["generate", "--from", "../baml_src"]),
        ("app", &["generate", "--from", ".."]),
    ] {
        let _ = fs::remove_dir_all(project.path("baml_client"));
        let ran = project.run_in(folder, words);
        assert_eq!(ran.code, 0, "{folder} {words:?}: {}", ran.error);
        assert_eq!(project.list("baml_client").len(), 14, "{folder} {words:?}");
    }
}

#[test]
fn folders_that_are_no_project() {
    let project = Project::empty();
    project.write("file.txt", "");
    project.write("empty/baml_src/readme.md", "");
    for (from, message) in [
        ("missing", "error: the folder missing does not exist"),
        ("file.txt", "error: file.txt is not a folder"),
        ("empty", "error: there are no .baml files in empty/baml_src"),
        (".", "error: . is not named baml_src, and neither it nor a folder above it contains one"),
    ] {
        for command in ["generate", "check"] {
            let ran = project.run(&[command, "--from", from]);
            assert_eq!(ran.code, 4, "{command} {from}");
            assert!(ran.error.starts_with(message), "{command} {from}: {}", ran.error);
        }
    }
    let ran = project.run(&["check"]);
    assert!(
        ran.error.starts_with("error: there is no baml_src folder here or in a folder above"),
        "{}",
        ran.error
    );
}

/// Kubernetes mounts the files of a `ConfigMap` so; editors mark open files by a link that leads nowhere.
#[cfg(unix)]
#[test]
fn links_are_read_as_the_files_they_lead_to_and_once() {
    use std::os::unix::fs::symlink;

    let project = Project::empty();
    project.write("baml_src/..2026_11_22/main.baml", PROGRAM);
    symlink("..2026_11_22", project.path("baml_src/..data")).unwrap();
    symlink("..data/main.baml", project.path("baml_src/main.baml")).unwrap();
    symlink("somebody@nowhere", project.path("baml_src/.#main.baml")).unwrap();
    symlink("..", project.path("baml_src/loop")).unwrap();
    let ran = project.run(&["generate"]);
    assert_eq!((ran.code, ran.error.as_str()), (0, ""));
    assert!(!project.read("baml_client/inlinedbaml.ts").contains("2026_11_22"));
}

#[test]
fn byte_order_marks_and_other_line_ends() {
    let project = Project::with("");
    project.write("baml_src/main.baml", &format!("\u{feff}{}", PROGRAM.replace('\n', "\r\n")));
    let ran = project.run(&["check"]);
    assert_eq!((ran.code, ran.error.as_str()), (0, ""));
}

#[test]
fn folders_with_spaces_and_other_letters() {
    let project = Project::empty();
    project.write("mein Projekt/größe/baml_src/übung.baml", PROGRAM);
    let ran = project.run(&["generate", "--from", "mein Projekt/größe/baml_src"]);
    assert_eq!((ran.code, ran.error.as_str()), (0, ""));
    assert!(ran.out.starts_with("Wrote 14 files to mein Projekt/größe/baml_client\n"), "{}", ran.out);
    project.write("mein Projekt/größe/baml_src/übung.baml", "class {");
    let ran = project.run_in("mein Projekt/größe", &["check"]);
    assert_eq!(ran.code, 1);
    assert!(ran.error.contains("baml_src/übung.baml:1:"), "{}", ran.error);
}

#[test]
fn a_source_that_is_not_text() {
    let project = Project::with("");
    fs::write(project.path("baml_src/bad.baml"), [0xff, 0xfe, 0x00]).unwrap();
    let ran = project.run(&["check"]);
    assert_eq!(ran.code, 4);
    assert_eq!(ran.error, "error: baml_src/bad.baml is not UTF-8 text\n");
}

#[test]
fn errors_in_the_sources() {
    let project = Project::with(&generator(""));
    project.write("baml_src/sub/bad.baml", "class A {\n  a Answr\n}\n");
    let check = project.run(&["check"]);
    assert_eq!((check.code, check.out.as_str()), (1, ""));
    assert!(check.error.contains("--> baml_src/sub/bad.baml:2:"), "{}", check.error);
    assert!(check.error.contains("Answer"), "{}", check.error);

    let generate = project.run(&["generate"]);
    assert_eq!((generate.code, generate.out.as_str()), (4, ""));
    assert!(generate.error.starts_with(check.error.trim_end()), "{}", generate.error);
    assert!(generate.error.ends_with("error: no client was generated: the .baml files have 1 error\n"));
    assert!(!project.path("baml_client").exists());
}

#[test]
fn a_generator_for_another_version() {
    let project = Project::with("generator old {\n  output_type \"typescript\"\n  version \"0.225.0\"\n}\n");
    let generate = project.run(&["generate"]);
    assert_eq!(generate.code, 4);
    assert!(
        generate.error.contains("generator old is for version 0.225.0, and this is 0.226.2"),
        "{}",
        generate.error
    );
    assert!(!project.path("baml_client").exists());
    let check = project.run(&["check"]);
    assert_eq!(check.code, 1);
    assert!(check.error.contains("0.225.0"), "{}", check.error);
    assert!(check.error.contains("--> baml_src/generators.baml:1:"), "{}", check.error);

    assert_eq!(project.run(&["check", "--no-version-check"]).code, 0);
    assert_eq!(project.run(&["generate", "--no-version-check"]).code, 0);
}

#[test]
fn a_generator_without_a_version() {
    let project = Project::with("generator old {\n  output_type \"typescript\"\n}\n");
    let ran = project.run(&["generate"]);
    assert_eq!(ran.code, 4);
    assert!(ran.error.contains("version \"0.226.2\""), "{}", ran.error);
    assert_eq!(project.run(&["generate", "--no-version-check"]).code, 0);
}

#[test]
fn several_generators() {
    let project = Project::with(&format!(
        "{}\n{}\n{}",
        generator("  output_dir \"../a\"\n  module_format esm"),
        generator("  output_dir \"../b\"\n  default_client_mode sync").replace("target", "second"),
        "generator snake {\n  output_type \"python/pydantic\"\n  version \"0.226.2\"\n}",
    ));
    let ran = project.run(&["generate"]);
    assert_eq!(ran.code, 0, "{}", ran.error);
    assert!(ran.error.contains("generator snake is skipped"), "{}", ran.error);
    assert!(ran.out.ends_with("Generated 2 baml_clients: a/baml_client, b/baml_client\n"), "{}", ran.out);
    assert!(project.read("a/baml_client/index.ts").contains("from \"./async_client.js\""));
    assert!(project.read("b/baml_client/index.ts").contains("from \"./sync_client\""));
}

#[test]
fn nothing_is_written_when_one_generator_cannot_be() {
    let project = Project::with(&format!(
        "{}\n{}",
        generator("  output_dir \"../a\""),
        generator("  output_dir \"../b\"").replace("target", "second"),
    ));
    project.write("b/baml_client/mine.ts", "export const mine = 1\n");
    let ran = project.run(&["generate"]);
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    assert!(!project.path("a").exists());
}

#[test]
fn two_generators_with_one_folder() {
    let project = Project::with(&format!("{}\n{}", generator(""), generator("").replace("target", "second")));
    let ran = project.run(&["generate"]);
    assert_eq!(ran.code, 4);
    assert!(ran.error.contains("generators target and second both write to baml_client"), "{}", ran.error);
}

#[test]
fn only_other_languages() {
    let project =
        Project::with("generator snake {\n  output_type \"python/pydantic\"\n  version \"0.226.2\"\n}");
    let ran = project.run(&["generate"]);
    assert_eq!(ran.code, 4);
    assert!(ran.error.contains("no generator block has `output_type \"typescript\"`"), "{}", ran.error);
}

#[test]
fn a_file_of_the_users_blocks_generating() {
    let project = Project::with(&generator(""));
    project.run(&["generate"]);
    project.write("baml_client/lib/mine.ts", "export const mine = 1\n");
    project.write("baml_src/more.baml", "class More {\n  a int\n}\n");
    let ran = project.run(&["generate"]);
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    assert!(
        ran.error.contains("baml_client contains a file that was not generated: baml_client/lib/mine.ts"),
        "{}",
        ran.error
    );
    assert_eq!(project.read("baml_client/lib/mine.ts"), "export const mine = 1\n");
    assert!(!project.read("baml_client/types.ts").contains("More"));

    fs::remove_dir_all(project.path("baml_client/lib")).unwrap();
    assert_eq!(project.run(&["generate"]).code, 0);
    assert!(project.read("baml_client/types.ts").contains("More"));
}

#[test]
fn what_belongs_to_a_client_does_not_block() {
    let project = Project::with(&generator(""));
    project.run(&["generate"]);
    // From `tsc`, from an operating system, and from a generator of before.
    project.write("baml_client/types.js", "exports.mine = 1\n");
    project.write("baml_client/types.d.ts", "export {}\n");
    project.write("baml_client/.DS_Store", "\0");
    project
        .write("baml_client/react/hooks.tsx", "// This file was generated by BAML: please do not edit it.\n");
    let ran = project.run(&["generate"]);
    assert_eq!((ran.code, ran.error.as_str()), (0, ""));
    assert!(project.path("baml_client/types.js").exists());
    assert!(!project.path("baml_client/react/hooks.tsx").exists());
}

#[cfg(unix)]
#[test]
fn on_generate_runs_in_the_folder_and_its_files_are_remembered() {
    let command =
        "echo made > made.txt && mkdir -p out && echo x > out/deep.js && echo '// mine' > watchers.ts";
    let project = Project::with(&generator(&format!("  on_generate \"{command}\"")));
    let ran = project.run(&["generate"]);
    assert_eq!((ran.code, ran.error.as_str()), (0, ""));
    assert!(ran.out.contains(&format!("Running \"{command}\" in baml_client\n")), "{}", ran.out);
    assert_eq!(project.read("baml_client/made.txt"), "made\n");
    assert_eq!(
        project.read("baml_client/.on_generate.json"),
        "{\n  \"made_by_on_generate\": [\n    \"made.txt\",\n    \"out\",\n    \"watchers.ts\"\n  ]\n}\n"
    );
    let again = project.run(&["generate"]);
    assert_eq!((again.code, again.error.as_str()), (0, ""));

    project.write("baml_client/mine.txt", "");
    let blocked = project.run(&["generate"]);
    assert_eq!(blocked.code, 4);
    assert!(blocked.error.contains("baml_client/mine.txt"), "{}", blocked.error);
    assert!(!blocked.error.contains("made.txt"), "{}", blocked.error);
}

#[cfg(unix)]
#[test]
fn on_generate_that_fails() {
    let project = Project::with(&generator(
        "  on_generate \"echo half > half.txt; echo to out; echo to error >&2; exit 3\"",
    ));
    let ran = project.run(&["generate"]);
    assert_eq!(ran.code, 4);
    assert!(ran.error.contains("on_generate of generator target exited with 3"), "{}", ran.error);
    assert!(ran.error.contains("to out\nto error"), "{}", ran.error);

    project.write("baml_src/generators.baml", &generator("  on_generate \"true\""));
    let mended = project.run(&["generate"]);
    assert_eq!((mended.code, mended.error.as_str()), (0, ""), "what it left behind does not block");
}

#[test]
fn tests_can_be_left_out() {
    let project = Project::with("");
    project.write("baml_src/main.baml", &format!("{PROGRAM}{TEST_BLOCK}\nclass Last {{\n}}\n"));
    assert_eq!(project.run(&["generate"]).code, 0);
    assert!(project.read("baml_client/inlinedbaml.ts").contains("test sample"));
    assert_eq!(project.run(&["generate", "--no-tests"]).code, 0);
    let inlined = project.read("baml_client/inlinedbaml.ts");
    assert!(!inlined.contains("test sample") && !inlined.contains("why"), "{inlined}");
    assert!(inlined.contains("function Ask") && inlined.contains("class Last"), "{inlined}");
}

#[cfg(unix)]
#[test]
fn a_closed_output_is_no_failure() {
    let project = Project::with("");
    let mut child = Command::new(env!("CARGO_BIN_EXE_baml-cli"))
        .arg("generate")
        .current_dir(project.folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(project.list("baml_client").len(), 14);
}
