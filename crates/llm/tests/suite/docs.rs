//! The table of `docs/providers.md` is that of the program: `UPDATE_DOCS=1 cargo test -p baml-llm --test suite docs`
//! writes it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use types::MediaKind;

use crate::llm;
use crate::llm::{Auth, Client, Dialect, Mode, PROVIDERS, Provider, ProviderKind};
use crate::support;

const START: &str = "<!-- providers:";
const END: &str = "<!-- /providers -->";

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whoever changes the table says by a variable that the text is to follow"
)]
fn the_table_of_providers_is_written_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/providers.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let start = text.find(START).unwrap();
    let start = start + text[start..].find("-->\n").unwrap() + "-->\n".len();
    let end = text.find(END).unwrap();
    let table = table();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{}{table}{}", &text[..start], &text[end..])).unwrap();
        return;
    }
    assert_eq!(&text[start..end], table, "run with UPDATE_DOCS=1");
}

/// The vendors that the prose names are those of the table.
#[test]
fn vendors_of_which_something_is_said_are_those_of_the_table() {
    let text = include_str!("../../../../docs/providers.md");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = |is_meant: fn(&Provider) -> bool| -> Vec<String> {
        let vendors = PROVIDERS.iter().filter(|row| row.name != "openai" && is_meant(row));
        vendors.map(|row| format!("`{}`", row.name)).collect()
    };
    let asked = named(|row| row.asks_for_stream_usage).join(", ");
    assert!(text.contains(&format!("where the vendor tells it only then: {asked}.")), "{asked}");
    let keyless = named(|row| row.key_is_optional).join(" and ");
    assert!(text.contains(&format!("{keyless} run without a key where none is given")), "{keyless}");
}

/// The table of `docs/media.md`: what each provider does with URLs where `media_url_handler` says nothing.
#[test]
fn what_is_done_with_urls_is_written_down() {
    let text = include_str!("../../../../docs/media.md");
    for row in PROVIDERS {
        let ProviderKind::Model(dialect) = row.kind else { continue };
        let models: &[&str] = if dialect == Dialect::Vertex { &["gemini-3", "claude-4"] } else { &["m"] };
        for model in models {
            let options = json!({ "model": model, "api_key": "k", "base_url": "http://h.test" });
            let options = if dialect == Dialect::Bedrock {
                json!({ "model": model, "region": "us-east-1", "api_key": "k" })
            } else if dialect == Dialect::Vertex {
                json!({ "model": model, "base_url": "http://h.test", "project_id": "p" })
            } else {
                options
            };
            let case = json!({ "provider": row.name, "options": options });
            let options = support::options(&case);
            let client = Client::build("Test", row, &options, &BTreeMap::new()).unwrap();
            let name = match dialect {
                Dialect::OpenAiChat | Dialect::OpenAiResponses => {
                    "`openai` and all that speak as it does".to_owned()
                }
                Dialect::Vertex if model.starts_with("claude") => "`vertex-ai`, Claude".to_owned(),
                Dialect::Vertex => "`vertex-ai`, Gemini".to_owned(),
                Dialect::Anthropic | Dialect::Google | Dialect::Bedrock => format!("`{}`", row.name),
            };
            let cells = MediaKind::ALL.map(|kind| {
                let media = json!({ kind.name(): { "base64": "AAAA", "mime": "x/y" } });
                let prompt = json!({ "messages": [{ "role": "user", "parts": [media] }] });
                let is_taken = llm::request(&client, &support::prompt(&prompt), Mode::Call).is_ok();
                let handling = client.media_handlers().of(kind).name();
                if is_taken { format!("`{handling}`") } else { "not taken".to_owned() }
            });
            let [image, audio, pdf, video] = cells;
            let line = format!("| {name} | {image} | {audio} | {pdf} | {video}");
            assert!(text.contains(&line), "{}: {line}", row.name);
        }
    }
}

fn table() -> String {
    let mut text = String::from("\n| provider | wire format | where | key |\n| --- | --- | --- | --- |\n");
    for row in PROVIDERS {
        let ProviderKind::Model(dialect) = row.kind else { continue };
        let names: Vec<String> =
            std::iter::once(&row.name).chain(row.aliases).map(|name| format!("`{name}`")).collect();
        let cells = [names.join(", "), wire_format(dialect).to_owned(), code(row.base_url), key(row)];
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text.push('\n');
    text
}

fn wire_format(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::OpenAiChat => "OpenAI chat completions",
        Dialect::OpenAiResponses => "OpenAI responses",
        Dialect::Anthropic => "Anthropic messages",
        Dialect::Google => "Gemini",
        Dialect::Vertex => "Gemini, Anthropic messages",
        Dialect::Bedrock => "Bedrock Converse",
    }
}

fn code(text: Option<&str>) -> String {
    text.map(|text| format!("`{text}`")).unwrap_or_default()
}

fn key(row: &Provider) -> String {
    let place = match row.auth {
        Auth::Bearer => "`Authorization: Bearer`".to_owned(),
        Auth::Header(name) => format!("`{name}`"),
        Auth::None => return "[credentials](credentials.md) of the cloud".to_owned(),
    };
    match row.key_variable {
        Some(variable) if row.key_is_optional => format!("`{variable}` if it is set, in {place}"),
        Some(variable) => format!("`{variable}`, in {place}"),
        None => format!("if given, in {place}"),
    }
}
