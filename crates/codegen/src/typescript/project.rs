//! The files that do not depend on the program's functions: what connects a client to the package.

use super::Client;
use super::names;
use super::text::Text;
use crate::ClientMode;

/// What `index.ts` passes on from the package.
const ERRORS: &[&str] = &[
    "BamlAbortError",
    "BamlClientError",
    "BamlClientFinishReasonError",
    "BamlClientHttpError",
    "BamlError",
    "BamlInvalidArgumentError",
    "BamlTimeoutError",
    "BamlValidationError",
];

/// The text of `watchers.ts`.
pub(super) const WATCHERS: &str = "\
/** A change of a variable that a program watches. Programs with watched variables are experimental. */
export interface VarNotification<T> {
  variable_name: string
  value: T
  timestamp: string
  function_name: string
}
";

impl Client<'_> {
    pub(super) fn index(&self) -> String {
        let client = match self.options.default_client_mode {
            ClientMode::Async => "async_client",
            ClientMode::Sync => "sync_client",
        };
        // A type of the program wins over an error class that has the same name.
        let errors: Vec<&str> =
            ERRORS.iter().copied().filter(|name| !self.schema.types.contains_key(*name)).collect();
        let mut text = Text::default();
        text.docs("", Some("The version of the generator that wrote this client."));
        text.line(format!("export const version = {}", names::string(&self.options.version)));
        text.gap();
        text.line(format!("export {{ b }} from {}", self.sibling(client)));
        text.line(format!("export * from {}", self.sibling("types")));
        text.line(format!("export type {{ partial_types }} from {}", self.sibling("partial_types")));
        text.line(format!("export * from {}", self.sibling("tracing")));
        text.line(format!("export * as watchers from {}", self.sibling("watchers")));
        text.line(format!("export {{ resetBamlEnvVars }} from {}", self.sibling("globals")));
        text.line(format!("export {{ {} }} from \"@boundaryml/baml\"", errors.join(", ")));
        text.finish()
    }

    pub(super) fn globals(&self) -> String {
        let mut text = Text::default();
        text.line("import { openProject, type Project } from \"@boundaryml/baml/client\"");
        text.line(format!("import {{ getBamlFiles }} from {}", self.sibling("inlinedbaml")));
        text.gap();
        text.docs("", Some("The program, checked once when this file is loaded."));
        text.line(format!(
            "export const project: Project = openProject({{ version: {}, files: getBamlFiles() }})",
            names::string(&self.options.version)
        ));
        text.gap();
        text.docs("", Some("@internal Use `b`: this name may go away."));
        text.line(
            "export const DO_NOT_USE_DIRECTLY_UNLESS_YOU_KNOW_WHAT_YOURE_DOING_RUNTIME: Project[\"runtime\"] = project.runtime",
        );
        text.gap();
        text.docs("", Some("@internal Use `b` and the tracing functions: this name may go away."));
        text.line(
            "export const DO_NOT_USE_DIRECTLY_UNLESS_YOU_KNOW_WHAT_YOURE_DOING_CTX: Project[\"context\"] = project.context",
        );
        text.gap();
        text.docs(
            "",
            Some("@deprecated Environment variables are looked up at each call. Pass the `env` option to change them for a call."),
        );
        text.line("export function resetBamlEnvVars(env: Record<string, string | undefined>): void {");
        text.line("  project.resetEnv(env)");
        text.line("}");
        text.finish()
    }

    pub(super) fn config(&self) -> String {
        let mut text = Text::default();
        text.line("export { getLogLevel, setLogJsonMode, setLogLevel } from \"@boundaryml/baml/logging\"");
        text.line(format!("export {{ resetBamlEnvVars }} from {}", self.sibling("globals")));
        text.finish()
    }

    pub(super) fn tracing(&self) -> String {
        let mut text = Text::default();
        text.line("import { tracing } from \"@boundaryml/baml/client\"");
        text.line(format!("import {{ project }} from {}", self.sibling("globals")));
        text.gap();
        text.line("type Tracing = ReturnType<typeof tracing>");
        text.line("const functions: Tracing = tracing(project)");
        for (name, docs) in [
            ("traceAsync", "Wraps an async function, so that the calls inside it are traced under its name."),
            ("traceSync", "Wraps a function, so that the calls inside it are traced under its name."),
            ("setTags", "Sets tags on the traced function that runs, and so on the calls inside it."),
            ("flush", "Waits until everything traced so far is handed on."),
            ("onLogEvent", "Sets what is called with each log event; without an argument, nothing is."),
        ] {
            text.gap();
            text.docs("", Some(docs));
            text.line(format!("export const {name}: Tracing[{}] = functions.{name}", names::string(name)));
        }
        text.finish()
    }

    pub(super) fn inlined_sources(&self) -> String {
        let mut sources: Vec<(String, &str)> =
            self.sources.iter().map(|(path, text)| (path.replace('\\', "/"), text.as_str())).collect();
        sources.sort();
        let mut text = Text::default();
        text.line("const files: Record<string, string> = {");
        for (path, source) in sources {
            text.line(format!("  {}: {},", names::string(&path), names::string(source)));
        }
        text.line("}");
        text.gap();
        text.docs("", Some("The .baml files that this client was generated from: paths and texts."));
        text.line("export function getBamlFiles(): Record<string, string> {");
        text.line("  return files");
        text.line("}");
        text.finish()
    }
}
