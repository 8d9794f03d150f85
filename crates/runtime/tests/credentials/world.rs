//! A server that plays the clouds, and a program whose client asks them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baml_runtime::{CallOptions, ClientRegistry, Failure, RequestRecord, Runtime, Variables, settle};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use types::{Arguments, Callback, Config, ConfigMap};

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Method and target: `GET /path?query`.
    pub(crate) line: String,
    /// In lower case, one a line.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Seen {
    /// A field of a form.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.body.as_bytes())
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// What the server answers: a status and a body, after a while.
pub(crate) struct Answer(pub(crate) u16, pub(crate) String, pub(crate) Duration);

pub(crate) fn ok(body: impl Into<String>) -> Answer {
    Answer(200, body.into(), Duration::ZERO)
}

pub(crate) fn status(status: u16, body: &str) -> Answer {
    Answer(status, body.to_owned(), Duration::ZERO)
}

/// A server on loopback.
pub(crate) struct Cloud {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Cloud {
    /// A server that answers by what is asked, and by how much was asked before.
    pub(crate) async fn start(answer: impl Fn(&Seen, usize) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (all, answer) = (Arc::clone(&seen), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&all), Arc::clone(&answer)));
            }
        });
        Self { url, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }
}

async fn serve<A: Fn(&Seen, usize) -> Answer>(
    mut stream: TcpStream,
    all: Arc<Mutex<Vec<Seen>>>,
    answer: Arc<A>,
) {
    while let Some(seen) = read(&mut stream).await {
        let before = {
            let mut all = all.lock().unwrap();
            all.push(seen.clone());
            all.len() - 1
        };
        let Answer(status, body, delay) = answer(&seen, before);
        tokio::time::sleep(delay).await;
        let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", body.len());
        if stream.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let (line, head) = text.split_once("\r\n")?;
    let head: String = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| [&name.to_lowercase(), ":", value, "\n"].concat())
        .collect();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |text| text.trim().parse().unwrap());
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
    Some(Seen { line: line.trim_end_matches(" HTTP/1.1").to_owned(), head, body })
}

/// A client of one call.
#[derive(Clone)]
pub(crate) struct Subject {
    runtime: Runtime,
    registry: ClientRegistry,
    variables: Variables,
    pub(crate) host_waits: bool,
}

impl Subject {
    pub(crate) fn new(provider: &str, options: &serde_json::Value, variables: &[(&str, &str)]) -> Self {
        Self::with_key(provider, options, variables, None)
    }

    pub(crate) fn with_key(
        provider: &str,
        options: &serde_json::Value,
        variables: &[(&str, &str)],
        key: Option<Callback>,
    ) -> Self {
        let source = "function F() -> string { client \"openai/x\" prompt #\"hi\"# }";
        let runtime = Runtime::from_sources(vec![("main.baml".to_owned(), source.to_owned())]).unwrap();
        let Config::Map(mut options) = Config::from(options.clone()) else { panic!("{options}") };
        options.extend(key.map(|key| ("api_key".to_owned(), Config::Callback(key))));
        let mut registry = ClientRegistry::new();
        settle("client", registry.add("C", provider, ConfigMap::from_iter(options), None)).unwrap();
        registry.set_primary("C").unwrap();
        let entries = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self { runtime, registry, variables: Variables::new(entries), host_waits: false }
    }

    fn options(&self) -> CallOptions {
        CallOptions {
            registry: Some(self.registry.clone()),
            variables: self.variables.clone(),
            host_waits: self.host_waits,
            ..CallOptions::default()
        }
    }

    /// The request as a call would send it.
    pub(crate) async fn request(&self) -> Result<RequestRecord, Failure> {
        self.runtime.request("F", Arguments::default(), self.options(), false).await
    }

    pub(crate) async fn header(&self, name: &str) -> String {
        let request = self.request().await.unwrap_or_else(|failure| panic!("{failure}"));
        request.headers.get(name).cloned().unwrap_or_default()
    }

    pub(crate) async fn authorization(&self) -> String {
        self.header("authorization").await
    }

    /// Why a call cannot be made.
    pub(crate) async fn failure(&self) -> Failure {
        let outcome = self.runtime.call("F", Arguments::default(), self.options()).await;
        outcome.unwrap_err()
    }

    pub(crate) async fn call(&self) -> Result<types::Value, Failure> {
        self.runtime.call("F", Arguments::default(), self.options()).await
    }
}

/// A folder that is a user's own, gone with the test.
pub(crate) struct Home(PathBuf);

impl Home {
    pub(crate) fn new(name: &str) -> Self {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    /// Writes a file; answers its path.
    pub(crate) fn write(&self, path: &str, text: &str) -> String {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A time so many seconds from now, as clouds write it.
pub(crate) fn in_seconds(seconds: u64) -> String {
    let time = std::time::SystemTime::now() + Duration::from_secs(seconds);
    let unix = time.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let (days, of_day) = (i64::try_from(unix / 86_400).unwrap(), unix % 86_400);
    // The civil date of a day, counted the slow way: a second opinion on the engine's own.
    let (mut year, mut left) = (1970, days);
    let length = |year: i64| if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) { 366 } else { 365 };
    while left >= length(year) {
        left -= length(year);
        year += 1;
    }
    let february = length(year) - 337;
    let mut month = 1;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < days {
            break;
        }
        left -= days;
        month += 1;
    }
    format!(
        "{year}-{month:02}-{:02}T{:02}:{:02}:{:02}Z",
        left + 1,
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    )
}
