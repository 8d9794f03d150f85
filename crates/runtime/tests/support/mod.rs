//! A loopback model that answers as told, and a program that asks it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use baml_runtime::{CallOptions, ClientRegistry, Failure, Runtime, Variables, settle};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use types::{Arguments, Config, ConfigMap, Name, Value};

/// What the model does with one request.
#[derive(Clone, Debug)]
pub(crate) enum Script {
    /// Answers 200 with this content.
    Say(&'static str),
    /// Answers this status with an error body.
    Status(u16),
    /// Answers 200 with this body.
    Body(&'static str),
    /// Never answers.
    Hang,
    /// Closes the connection.
    Reset,
}

/// A request as the model saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) at: Instant,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// A model on loopback. Each request takes the next script; the last one stays.
pub(crate) struct Model {
    pub(crate) base_url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
}

impl Model {
    pub(crate) async fn start(scripts: &[Script]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let (seen, connections) = (Arc::default(), Arc::new(AtomicUsize::new(0)));
        let served = Arc::new(Served { scripts: scripts.to_vec(), seen: Arc::clone(&seen) });
        let counter = Arc::clone(&connections);
        tokio::task::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::Relaxed);
                tokio::task::spawn(Arc::clone(&served).serve(stream));
            }
        });
        Self { base_url, seen, connections }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// The times between requests.
    pub(crate) fn gaps(&self) -> Vec<Duration> {
        self.seen().windows(2).map(|pair| pair[1].at - pair[0].at).collect()
    }
}

struct Served {
    scripts: Vec<Script>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Served {
    async fn serve(self: Arc<Self>, mut stream: TcpStream) {
        while let Some((head, body)) = read_request(&mut stream).await {
            let script = {
                let mut seen = self.seen.lock().unwrap();
                seen.push(Seen { at: Instant::now(), head, body });
                self.scripts[(seen.len() - 1).min(self.scripts.len() - 1)].clone()
            };
            let (status, body) = match script {
                Script::Say(text) => (200, reply(text)),
                Script::Status(status) => {
                    (status, format!(r#"{{"error":{{"message":"scripted {status}"}}}}"#))
                }
                Script::Body(body) => (200, body.to_owned()),
                Script::Hang => std::future::pending().await,
                Script::Reset => return,
            };
            let answer = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nx-request-id: req-7\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            );
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

fn reply(text: &str) -> String {
    serde_json::json!({
        "choices": [{ "message": { "role": "assistant", "content": text }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 11, "completion_tokens": 7 },
    })
    .to_string()
}

async fn read_request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |text| text.trim().parse().unwrap());
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some((head, String::from_utf8_lossy(&bytes[end + 4..]).into_owned()))
}

const TYPES: &str = r##"
class Resume {
  name string
  skills string[]
}

function ExtractResume(text: string) -> Resume {
  client Main
  prompt #"
    {{ _.role("user") }}
    Extract from: {{ text }}
    {{ ctx.output_format }}
  "#
}
"##;

pub(crate) const RESUME: &str = r#"{"name": "Ada", "skills": ["maths"]}"#;

/// A program with these clients beside `ExtractResume`, which asks the client `Main`.
pub(crate) fn program(clients: &str) -> Runtime {
    let source = format!("{TYPES}\n{clients}");
    Runtime::from_sources(vec![("main.baml".to_owned(), source)])
        .unwrap_or_else(|failure| panic!("{failure}"))
}

/// A `.baml` client of the model.
pub(crate) fn client(name: &str, model: &Model, more: &str) -> String {
    format!(
        "client<llm> {name} {{\n  provider openai\n  options {{\n    model \"m\"\n    base_url \"{}\"\n    \
         api_key \"sk-secret-of-{name}\"\n{more}\n  }}\n}}\n",
        model.base_url
    )
}

pub(crate) fn arguments() -> Arguments {
    Arguments::from_iter([(Name::from("text"), Value::String("Ada knows maths".to_owned()))])
}

pub(crate) async fn call(runtime: &Runtime, options: CallOptions) -> Result<Value, Failure> {
    runtime.call("ExtractResume", arguments(), options).await
}

/// A registry whose only client is chosen and asks the model.
pub(crate) fn registry(model: &Model) -> ClientRegistry {
    let mut registry = ClientRegistry::new();
    let options = ConfigMap::from_iter([
        ("model".to_owned(), Config::String("m".to_owned())),
        ("base_url".to_owned(), Config::String(model.base_url.clone())),
        ("api_key".to_owned(), Config::String("sk-secret-of-registry".to_owned())),
    ]);
    settle("client", registry.add("Chosen", "openai", options, None)).unwrap();
    registry.set_primary("Chosen").unwrap();
    registry
}

pub(crate) fn variables(entries: &[(&str, &str)]) -> Variables {
    Variables::new(entries.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}
