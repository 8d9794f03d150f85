//! `baml-cli plan` as a user runs it.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

const PROGRAM: &str = r##"client<llm> Main {
  provider openai
  retry_policy Once
  options {
    model "gpt-5-mini"
    api_key env.PLAN_TEST_KEY
  }
}

client<llm> Spare {
  provider openai-generic
  options {
    model "spare"
    base_url env.PLAN_TEST_URL
    api_key "sk-canary-written"
  }
}

client<llm> Backup {
  provider fallback
  options {
    strategy [Main, Spare]
  }
}

retry_policy Once {
  max_retries 1
  strategy {
    type constant_delay
    delay_ms 300
  }
}

function Ask(question: string) -> string {
  client Backup
  prompt #"{{ question }}"#
}
"##;

const REGISTRY: &str = r#"{
  "clients": [{
    "name": "Mine",
    "provider": "anthropic",
    "options": { "model": "claude", "api_key": { "env": "PLAN_TEST_KEY" } }
  }],
  "primary": "Mine"
}"#;

struct Project(TempDir);

struct Ran {
    code: i32,
    out: String,
    error: String,
}

impl Project {
    fn new() -> Self {
        let project = Self(TempDir::new().unwrap());
        project.write("baml_src/main.baml", PROGRAM);
        project.write("registry.json", REGISTRY);
        project
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs `plan` with the variables that the program names.
    fn plan(&self, words: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_baml-cli"))
            .arg("plan")
            .args(words)
            .current_dir(self.0.path())
            .env("PLAN_TEST_KEY", "sk-canary-variable")
            .env("PLAN_TEST_URL", "https://me:canary-password@spare.test/v1?key=canary-query")
            .env("BAML_LOG", "warn")
            .output()
            .unwrap();
        let ran = Ran {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!ran.out.contains("canary") && !ran.error.contains("canary"), "{}{}", ran.out, ran.error);
        ran
    }

    /// What a run that succeeds prints.
    fn planned(&self, words: &[&str]) -> String {
        let ran = self.plan(words);
        assert_eq!((ran.code, ran.error.as_str()), (0, ""), "{words:?}");
        ran.out
    }

    /// What a run that fails says, on standard error alone.
    fn refused(&self, words: &[&str]) -> String {
        let ran = self.plan(words);
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{words:?}");
        ran.error
    }
}

#[test]
fn the_attempts_in_order() {
    insta::assert_snapshot!(Project::new().planned(&["Ask"]));
}

#[test]
fn as_json() {
    insta::assert_snapshot!(Project::new().planned(&["Ask", "--json", "--client", "Main"]));
}

#[test]
fn another_client() {
    let project = Project::new();
    for (words, first) in [
        (&["Ask", "--client", "Spare"][..], "Spare (openai-generic): at most 1 request\n"),
        (&["Ask", "--client", "google-ai/gemini"], "google-ai/gemini (google-ai): at most 1 request\n"),
        (&["Ask", "--registry", "registry.json"], "Mine (anthropic): at most 1 request\n"),
        (&["Ask", "--registry", "registry.json", "--client", "Main"], "Main (openai): at most 2 requests\n"),
        (&["--from", "baml_src", "Ask"], "Backup (fallback): at most 3 requests\n"),
    ] {
        let out = project.planned(words);
        assert!(out.starts_with(first), "{words:?}: {out}");
    }
}

#[test]
fn a_sticky_key_by_the_tags() {
    let project = Project::new();
    let members = r#"[{ "client": "Main" }, { "client": "Spare" }]"#;
    let options = format!(r#"{{ "strategy": {members}, "sticky_key": {{ "tag": "user_id" }} }}"#);
    let client = format!(r#"{{ "name": "Test", "provider": "weighted", "options": {options} }}"#);
    project.write("test.json", &format!(r#"{{ "clients": [{client}], "primary": "Test" }}"#));
    let arm = |tag: &str| {
        let out = project.planned(&["Ask", "--registry", "test.json", "--tag", tag, "--tag", "other=x=y"]);
        let arm = out.split("Test chose ").nth(1).and_then(|rest| rest.split(" by key").next()).unwrap();
        arm.to_owned()
    };
    let arms: Vec<String> = (0..20).map(|user| arm(&format!("user_id=user-{user}"))).collect();
    assert_eq!(arms, (0..20).map(|user| arm(&format!("user_id=user-{user}"))).collect::<Vec<_>>());
    assert!(["Main", "Spare"].iter().all(|name| arms.iter().any(|arm| arm == name)), "{arms:?}");
    let without = project.planned(&["Ask", "--registry", "test.json"]);
    assert!(without.contains(" by chance"), "{without}");
}

#[test]
fn a_registry_that_is_doubtful_beside_the_program() {
    let project = Project::new();
    let dropped = REGISTRY.replace("Mine", "Spare");
    project.write("registry.json", &dropped);
    let ran = project.plan(&["Ask", "--registry", "registry.json"]);
    assert_eq!(ran.code, 0, "{}", ran.error);
    assert!(ran.error.contains("base_url"), "{}", ran.error);
}

#[test]
fn what_cannot_be_planned() {
    let project = Project::new();
    project.write("half.json", "{");
    project.write("list.json", "[]");
    project.write("hidden.json", &REGISTRY.replace("{ \"env\": \"PLAN_TEST_KEY\" }", "\"[redacted]\""));
    project.write("typo.json", &REGISTRY.replace("anthropic", "anthropc"));
    for (words, says) in [
        (&["Ak"][..], &["error: ", "`Ak`", "Ask"][..]),
        (&["Ask", "--client", "Sparre"], &["Sparre", "Spare"]),
        (&["Ask", "--registry", "none.json"], &["error: cannot read none.json"]),
        (&["Ask", "--registry", "half.json"], &["error: half.json is not JSON", "help: "]),
        (&["Ask", "--registry", "list.json"], &["error: list.json"]),
        (&["Ask", "--registry", "hidden.json"], &["error: hidden.json", "api_key"]),
        (&["Ask", "--registry", "typo.json"], &["error: typo.json", "`anthropc`", "`anthropic`"]),
        (&["Ask", "--from", "elsewhere"], &["error: the folder elsewhere does not exist"]),
    ] {
        let error = project.refused(words);
        for part in says {
            assert!(error.contains(part), "{words:?}: {error}");
        }
    }
}

#[test]
fn a_program_with_errors() {
    let project = Project::new();
    project.write("baml_src/bad.baml", "class A {\n  a Nothing\n}\n");
    let error = project.refused(&["Ask"]);
    assert!(error.contains("--> baml_src/bad.baml:2:"), "{error}");
    assert!(error.ends_with("error: there is no plan: the .baml files have 1 error\n"), "{error}");
}

#[test]
fn mistakes_in_the_arguments() {
    let project = Project::new();
    for words in [
        &[][..],
        &["Ask", "More"],
        &["Ask", "--client", ""],
        &["Ask", "--registry"],
        &["Ask", "--tag", "user"],
        &["Ask", "--tag", "=x"],
    ] {
        let ran = project.plan(words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}");
        assert!(!ran.error.is_empty(), "{words:?}");
    }
}
