//! Downloads from servers on this machine. Only `127.0.0.1` counts as public in most of these tests, and its
//! neighbours stand for everything else.

use std::collections::BTreeMap;
use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use llm::{Client, DownloadLimits, HostPattern};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Barrier;
use types::{
    Config, ConfigMap, Content as PartContent, Media, MediaKind, MediaSource, Message, Part, Prompt,
};

use super::fetch::FetchError;
use super::{Content, Downloads};
use crate::deadline::Deadline;
use crate::failure::FailureKind;
use crate::reach::{Reach, names};
use crate::transport::Settings;

/// How many requests for `/together` are answered at the same time, and no fewer.
const TOGETHER: usize = 4;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

/// A server whose answer depends on the path: `/png`, `/to/URL`, `/together`, `/slow`, `/large`, `/endless`, `/status/404`.
struct Server {
    base: String,
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Server {
    async fn start(address: &str) -> Self {
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let together = Arc::new(Barrier::new(TOGETHER));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let together = Arc::clone(&together);
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        head.push(stream.read_u8().await?);
                    }
                    let head = String::from_utf8_lossy(&head).into_owned();
                    let path = head.split(' ').nth(1).unwrap_or_default();
                    if path == "/slow" {
                        tokio::time::sleep(Duration::from_secs(20)).await;
                    }
                    let path = path.split('?').next().unwrap_or_default();
                    if path == "/together" {
                        together.wait().await;
                    }
                    stream.write_all(&answer(path)).await?;
                    stream.shutdown().await
                });
            }
        });
        Self { base: format!("http://{address}:{port}"), port, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn answer(path: &str) -> Vec<u8> {
    let head = |rest: &str| format!("HTTP/1.1 {rest}\r\nconnection: close\r\n").into_bytes();
    let body = |length: &str, body: &[u8]| {
        [&head("200 OK"), length.as_bytes(), b"content-type: image/png\r\n\r\n", body].concat()
    };
    match path {
        "/large" => body("content-length: 5000\r\n", &[b'x'; 5000]),
        "/endless" => body("", &[b'x'; 5000]),
        "/cut" => body("content-length: 5000\r\n", PNG),
        "/nowhere" => [head("302 Found"), b"\r\n".to_vec()].concat(),
        "/round" => [head("302 Found"), b"location: /round\r\n\r\n".to_vec()].concat(),
        _ => {
            if let Some(status) = path.strip_prefix("/status/") {
                return [head(&format!("{status} Status")), b"\r\n".to_vec()].concat();
            }
            if let Some(rest) = path.strip_prefix("/hops/") {
                let left: usize = rest.parse().unwrap_or(0);
                let next = if left == 0 { "/png".to_owned() } else { format!("/hops/{}", left - 1) };
                return [head("307 Temporary Redirect"), format!("location: {next}\r\n\r\n").into_bytes()]
                    .concat();
            }
            match path.strip_prefix("/to/") {
                Some(target) => {
                    [head("302 Found"), format!("location: {target}\r\n\r\n").into_bytes()].concat()
                }
                None => body(&format!("content-length: {}\r\n", PNG.len()), PNG),
            }
        }
    }
}

fn limits() -> DownloadLimits {
    DownloadLimits::default()
}

fn hosts(hosts: &[&str]) -> DownloadLimits {
    let allowed_hosts = hosts.iter().map(|host| HostPattern::parse(host).unwrap()).collect();
    DownloadLimits { allowed_hosts: Some(allowed_hosts), ..limits() }
}

async fn fetch(url: &str, limits: &DownloadLimits, reach: Reach) -> Result<Content, FetchError> {
    super::fetch::fetch(url, limits, &settings(reach)).await
}

fn settings(reach: Reach) -> Settings {
    Settings { reach, ..Settings::default() }
}

async fn refusal(url: &str, limits: &DownloadLimits, reach: Reach) -> String {
    match fetch(url, limits, reach).await {
        Err(FetchError::Refused(why)) => why,
        other => panic!("{url}: {other:?}"),
    }
}

/// The status and the words of a failure.
async fn failure(url: &str, limits: &DownloadLimits, reach: Reach) -> (u16, String) {
    match fetch(url, limits, reach).await {
        Err(FetchError::Status { status, message }) => (status, message),
        other => panic!("{url}: {other:?}"),
    }
}

#[tokio::test]
async fn content_comes_with_its_type() {
    let server = Server::start("127.0.0.1").await;
    let content = fetch(&server.url("/png"), &limits(), Reach::Anywhere).await.unwrap();
    assert_eq!((content.bytes.as_ref(), content.content_type.as_deref()), (PNG, Some("image/png")));
}

#[tokio::test]
async fn five_redirects_are_followed_and_no_more() {
    let server = Server::start("127.0.0.1").await;
    assert!(fetch(&server.url("/hops/4"), &limits(), Reach::Anywhere).await.is_ok());
    let asked = server.asked();
    let (status, why) = failure(&server.url("/round"), &limits(), Reach::Anywhere).await;
    assert_eq!((status, why.as_str()), (302, "the server redirects more than 5 times"));
    assert_eq!(server.asked() - asked, 6);
    let why = failure(&server.url("/nowhere"), &limits(), Reach::Anywhere).await;
    assert_eq!(why, (302, "the server answered 302 without saying where to go".to_owned()));
}

#[tokio::test]
async fn redirects_lead_to_no_other_scheme() {
    let server = Server::start("127.0.0.1").await;
    for target in ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:25/"] {
        let why = refusal(&server.url(&format!("/to/{target}")), &limits(), Reach::Anywhere).await;
        assert!(why.contains("only http and https"), "{why}");
    }
}

#[tokio::test]
async fn size_is_limited_whether_announced_or_not() {
    let server = Server::start("127.0.0.1").await;
    let small = DownloadLimits { max_bytes: Some(4999), ..limits() };
    for path in ["/large", "/endless"] {
        let why = refusal(&server.url(path), &small, Reach::Anywhere).await;
        assert_eq!(why, "it is larger than 4999 bytes (media_download.max_bytes)", "{path}");
        let fits = DownloadLimits { max_bytes: Some(5000), ..limits() };
        assert!(fetch(&server.url(path), &fits, Reach::Anywhere).await.is_ok(), "{path}");
        let unlimited = DownloadLimits { max_bytes: None, timeout_ms: None, ..limits() };
        assert!(fetch(&server.url(path), &unlimited, Reach::Anywhere).await.is_ok(), "{path}");
    }
}

#[tokio::test]
async fn time_is_limited() {
    let server = Server::start("127.0.0.1").await;
    let short = DownloadLimits { timeout_ms: Some(100), ..limits() };
    let started = Instant::now();
    match fetch(&server.url("/slow"), &short, Reach::Anywhere).await {
        Err(FetchError::Timeout(Deadline {
            option: "media_download.timeout_ms",
            configured_ms: 100,
            ..
        })) => {}
        other => panic!("{other:?}"),
    }
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_status_other_than_200_is_a_failure() {
    let server = Server::start("127.0.0.1").await;
    for status in ["204", "206", "304", "404", "500"] {
        let why = failure(&server.url(&format!("/status/{status}")), &limits(), Reach::Anywhere).await;
        assert_eq!(why, (status.parse().unwrap(), format!("the server answered {status}")));
    }
}

#[tokio::test]
async fn only_allowed_hosts_are_asked_after_redirects_too() {
    let server = Server::start("127.0.0.1").await;
    let other = Server::start("127.0.0.2").await;
    let allowed = hosts(&["127.0.0.1", "*.example.com"]);
    assert!(fetch(&server.url("/png"), &allowed, Reach::Anywhere).await.is_ok());
    let why = refusal(&other.url("/png"), &allowed, Reach::Anywhere).await;
    assert_eq!(why, "host `127.0.0.2` is not among `media_download.allowed_hosts`");
    let detour = server.url(&format!("/to/{}", other.url("/png")));
    assert_eq!(refusal(&detour, &allowed, Reach::Anywhere).await, why);
    assert_eq!(other.asked(), 0);
    refusal(&server.url("/png"), &hosts(&[]), Reach::Anywhere).await;
}

#[test]
fn host_patterns() {
    for (pattern, host, matches) in [
        ("example.com", "example.com", true),
        ("EXAMPLE.com.", "example.com", true),
        ("example.com", "example.com.", true),
        ("example.com", "a.example.com", false),
        ("*.example.com", "a.b.example.com", true),
        ("*.example.com", "example.com", false),
        ("*.example.com", "badexample.com", false),
        ("bücher.de", "xn--bcher-kva.de", true),
        ("0x7f.1", "127.0.0.1", true),
        ("[::1]", "[::1]", true),
    ] {
        assert_eq!(hosts(&[pattern]).allows_host(host), matches, "{pattern} {host}");
    }
    for pattern in [
        "",
        "*",
        "*.*.com",
        "a*.com",
        "http://a.com",
        "a.com/",
        "a.com:80",
        "a.com:",
        "me@a.com",
        "a b",
        "a?b",
    ] {
        assert_eq!(HostPattern::parse(pattern), None, "{pattern}");
    }
}

/// Every way to spell an address that is not public, and names that resolve to one.
#[tokio::test]
async fn nothing_private_is_asked_for_a_stranger() {
    let server = Server::start("127.0.0.1").await;
    let port = server.port;
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "168.63.129.16",
        "100.100.100.200",
        "[fd00:ec2::254]",
        "[fe80::1]",
    ] {
        let why = refusal(&format!("http://{host}:{port}/png"), &limits(), Reach::PublicAddresses).await;
        assert!(why.ends_with("is not on the public internet"), "{host}: {why}");
    }
    assert_eq!(server.asked(), 0);
}

#[tokio::test]
async fn redirects_stay_within_reach() {
    let server = Server::start("127.0.0.1").await;
    let private = Server::start("127.0.0.2").await;
    assert!(fetch(&server.url("/hops/1"), &limits(), Reach::OneAddress).await.is_ok());
    for target in [private.url("/png"), format!("http://[::1]:{}/png", private.port)] {
        let detour = server.url(&format!("/to/{target}"));
        let why = refusal(&detour, &limits(), Reach::OneAddress).await;
        assert!(why.ends_with("is not on the public internet"), "{why}");
    }
    assert_eq!(private.asked(), 0);
}

/// The check before the connection and the connection resolve a name each: here the first is left out, as if it
/// had been told another address.
#[tokio::test]
async fn connections_look_at_the_addresses_themselves() {
    let server = Server::start("127.0.0.1").await;
    let url = format!("http://localhost:{}/png", server.port);
    let open = |reach| {
        let request = llm::HttpRequest {
            method: "GET",
            url: url.clone(),
            headers: Vec::new(),
            body: bytes::Bytes::new(),
        };
        async move { crate::transport::open(&settings(reach), &request).await.map(|opened| opened.status) }
    };
    assert_eq!(open(Reach::OneAddress).await.unwrap(), 200);
    let error = open(Reach::PublicAddresses).await.unwrap_err();
    assert!(error.message.contains("is not on the public internet"), "{}", error.message);
    assert_eq!(server.asked(), 1);
}

/// The owner of a name says one address to whoever looks whether it may be asked, and another to the connection.
#[tokio::test]
async fn a_name_that_leads_elsewhere_the_next_time_gains_nothing() {
    let server = Server::start("127.0.0.1").await;
    let private = Server::start("127.0.0.2").await;
    let url = |name: &str, of: &Server| format!("http://{name}:{}/png", of.port);

    names::set("moved.example.com", &[&["127.0.0.1"]]);
    assert!(fetch(&url("moved.example.com", &server), &limits(), Reach::OneAddress).await.is_ok());

    names::set("rebound.example.com", &[&["127.0.0.1"], &["127.0.0.2"]]);
    let why = refusal(&url("rebound.example.com", &private), &limits(), Reach::OneAddress).await;
    assert!(why.contains("`rebound.example.com` is not on the public internet"), "{why}");

    // Of several addresses only those are connected to that may be.
    names::set("mixed.example.com", &[&["127.0.0.2", "127.0.0.1"]]);
    assert!(fetch(&url("mixed.example.com", &server), &limits(), Reach::OneAddress).await.is_ok());
    assert!(fetch(&url("mixed.example.com", &private), &limits(), Reach::OneAddress).await.is_err());
    assert_eq!((server.asked(), private.asked()), (2, 0));
}

fn client(options: &[(&str, Config)]) -> Client {
    let text = |text: &str| Config::String(text.to_owned());
    let mut all = vec![("model", text("m")), ("api_key", text("k"))];
    all.extend(options.iter().cloned());
    let options: ConfigMap = all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let environment = BTreeMap::<String, String>::new();
    Client::build("Test", llm::provider("google-ai").unwrap(), &options, &environment).unwrap()
}

fn prompt(urls: &[String]) -> Prompt {
    let parts = urls
        .iter()
        .map(|url| {
            let source = MediaSource::Url(url.clone());
            let media = Media { kind: MediaKind::Image, mime_type: None, source };
            Part { content: PartContent::Media(Arc::new(media)), metadata: None }
        })
        .collect();
    Prompt { messages: vec![Message { role: "user".to_owned(), parts }] }
}

#[tokio::test]
async fn each_url_is_fetched_once_per_call_and_several_at_once() {
    let server = Server::start("127.0.0.1").await;
    let mut urls: Vec<String> =
        (0..TOGETHER).map(|index| server.url(&format!("/together?{index}"))).collect();
    urls.extend((0..4).map(|_| server.url("/png")));
    let downloads = Downloads::new(Reach::Anywhere);
    for _attempt in 0..3 {
        let mut prompt = prompt(&urls);
        downloads.inline(&client(&[]), &mut prompt, None).await.unwrap();
        assert!(prompt.messages[0].parts.iter().all(is_inline_png));
    }
    assert_eq!(server.asked(), TOGETHER + 1);
    // Another call asks again.
    Downloads::new(Reach::Anywhere).inline(&client(&[]), &mut prompt(&urls), None).await.unwrap();
    assert_eq!(server.asked(), 2 * (TOGETHER + 1));
}

fn is_inline_png(part: &Part) -> bool {
    let PartContent::Media(media) = &part.content else { return false };
    matches!(media.source, MediaSource::Base64(_)) && media.mime_type.as_deref() == Some("image/png")
}

#[tokio::test]
async fn what_a_user_is_told() {
    let server = Server::start("127.0.0.1").await;
    let url = server.url("/status/404?signature=secret").replace("//", "//me:secret@");
    let error =
        Downloads::new(Reach::Anywhere).inline(&client(&[]), &mut prompt(&[url]), None).await.unwrap_err();
    let shown = format!(
        "client `Test`: media at `{}` could not be downloaded: the server answered 404",
        server.url("/status/404")
    );
    assert_eq!((error.to_string(), error.kind(), error.code()), (shown, FailureKind::Client, "status"));
    assert_eq!(
        (error.details().client_name.as_deref(), error.details().status_code),
        (Some("Test"), Some(404))
    );

    let url = server.url("/png?signature=secret");
    let error = Downloads::new(Reach::PublicAddresses)
        .inline(&client(&[]), &mut prompt(slice::from_ref(&url)), None)
        .await
        .unwrap_err();
    let shown = format!(
        "media at `{}` may not be downloaded: `127.0.0.1` is not on the public internet",
        server.url("/png")
    );
    assert_eq!((error.to_string(), error.kind()), (shown, FailureKind::InvalidArgument));

    // A client may say the same for itself.
    let block = ConfigMap::from_iter([("public_only".to_owned(), Config::Bool(true))]);
    let careful = client(&[("media_download", Config::Map(block))]);
    let error =
        Downloads::new(Reach::Anywhere).inline(&careful, &mut prompt(&[url]), None).await.unwrap_err();
    assert_eq!(error.kind(), FailureKind::InvalidArgument);
    assert_eq!(server.asked(), 1);
}

/// What retry policies decide by.
#[tokio::test]
async fn failures_have_their_causes() {
    let server = Server::start("127.0.0.1").await;
    let closed = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        format!("http://{}/png", listener.local_addr().unwrap())
    };
    let attempt = Some(Deadline::after(Instant::now(), "request_timeout_ms", 80));
    let short = Config::Map(ConfigMap::from_iter([("timeout_ms".to_owned(), Config::Number(50.into()))]));
    for (url, options, deadline, kind, code, timeout) in [
        (closed, vec![], None, FailureKind::Client, "network", None),
        (server.url("/cut"), vec![], None, FailureKind::Client, "network", None),
        (server.url("/status/503"), vec![], None, FailureKind::Client, "status", None),
        (
            server.url("/slow"),
            vec![],
            attempt,
            FailureKind::Timeout,
            "timeout",
            Some(("request_timeout_ms", 80)),
        ),
        (
            server.url("/slow"),
            vec![("media_download", short)],
            None,
            FailureKind::Timeout,
            "timeout",
            Some(("media_download.timeout_ms", 50)),
        ),
    ] {
        let downloads = Downloads::new(Reach::Anywhere);
        let error = downloads
            .inline(&client(&options), &mut prompt(slice::from_ref(&url)), deadline)
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.code()), (kind, code), "{error}");
        assert_eq!(error.details().client_name.as_deref(), Some("Test"));
        assert!(error.to_string().contains(&url), "{error}");
        let shown = error.details().timeout.as_ref();
        assert_eq!(shown.map(|timeout| (timeout.timeout_type, timeout.configured_value_ms)), timeout);
    }
}

/// A proxy resolves names itself: behind one, nobody would have looked at the address.
#[tokio::test]
async fn proxies_serve_only_those_who_may_go_anywhere() {
    let server = Server::start("127.0.0.1").await;
    let proxy = Server::start("127.0.0.2").await;
    let block = ConfigMap::from_iter([("proxy".to_owned(), Config::String(proxy.base.clone()))]);
    let client = client(&[("http", Config::Map(block))]);
    let urls = [server.url("/png")];
    Downloads::new(Reach::Anywhere).inline(&client, &mut prompt(&urls), None).await.unwrap();
    assert_eq!((server.asked(), proxy.asked()), (0, 1));
    Downloads::new(Reach::OneAddress).inline(&client, &mut prompt(&urls), None).await.unwrap();
    assert_eq!((server.asked(), proxy.asked()), (1, 1));
}
