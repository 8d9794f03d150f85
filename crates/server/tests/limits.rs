//! Callers who do not do their part: they are answered or given up, and cost no other caller anything.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, and runs servers beside itself"
)]

use std::net::SocketAddr;
use std::time::Duration;

use baml_server::{Limits, Server, Settings};
use runtime::Runtime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

/// Short enough for a test, and long enough for a busy machine.
const SHORT: Duration = Duration::from_millis(500);

/// Much longer than anything here takes.
const LONG: Duration = Duration::from_secs(30);

const HEAD: &str = "host: localhost\r\ncontent-type: application/json\r\n";

/// A model that says `text` to everyone.
async fn model(text: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let body = format!(
                r#"{{"choices":[{{"message":{{"role":"assistant","content":"{text}"}},"finish_reason":"stop"}}]}}"#
            );
            tokio::spawn(async move {
                let mut asked = vec![0; 1 << 16];
                // The requests here are small and come at once.
                let _ = stream.read(&mut asked).await;
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(head.as_bytes()).await;
                let _ = stream.write_all(body.as_bytes()).await;
            });
        }
    });
    address
}

/// A server whose one function says what the model says.
async fn serve(said: &str, limits: Limits) -> SocketAddr {
    let model = model(said.to_owned()).await;
    let source = format!(
        "client Main {{\n  provider openai\n  options {{\n    model \"m\"\n    api_key \"k\"\n    base_url \"http://{model}/v1\"\n  }}\n}}\n\
         function Say(text: string) -> string {{\n  client Main\n  prompt #\"{{{{ text }}}}\"#\n}}\n"
    );
    let runtime = Runtime::from_sources([("main.baml".to_owned(), source)].into()).unwrap();
    let settings = Settings { limits, access_log: false, ..Settings::local(0) };
    let server = Server::bind(settings, runtime).await.unwrap();
    let address = server.address();
    tokio::spawn(server.run(std::future::pending()));
    address
}

fn post(path: &str, body: &str) -> String {
    format!("POST {path} HTTP/1.1\r\n{HEAD}connection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// Sends the text and reads until the server closes the connection.
async fn ask(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    rest(&mut stream).await
}

/// What comes until the end, which must come.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A connection that is reset has come to its end as well.
    let _ = timeout(LONG, stream.read_to_end(&mut bytes)).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_connection_without_a_request_is_closed() {
    let limits = Limits { header_timeout: SHORT, ..Limits::default() };
    let address = serve("", limits).await;
    for beginning in ["", "P", "PRI * HTTP/2", "POST /call/Say HTTP/1.1\r\nhost: local"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        assert_eq!(rest(&mut stream).await, "", "{beginning}");
    }
    // One that has had its answer, too: it was not asked to close.
    let answer = ask(address, "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_body_that_comes_slowly_takes_no_place_of_a_call() {
    let limits = Limits { calls: 1, body_timeout: Duration::from_secs(3), ..Limits::default() };
    let address = serve("hello", limits).await;
    let mut slow = Vec::new();
    for _ in 0..5 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let text = format!("POST /call/Say HTTP/1.1\r\n{HEAD}content-length: 100\r\n\r\n{{\"te");
        stream.write_all(text.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    sleep(Duration::from_millis(200)).await;
    let answer = ask(address, &post("/call/Say", r#"{"text":"x"}"#)).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\"hello\""), "{answer}");
    for mut stream in slow {
        let mut head = vec![0; 12];
        timeout(LONG, stream.read_exact(&mut head)).await.unwrap().unwrap();
        assert_eq!(head, b"HTTP/1.1 408");
    }
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_given_up() {
    let limits = Limits { calls: 1, write_timeout: SHORT, ..Limits::default() };
    // More than the system keeps for a connection.
    let long = "x".repeat(16 << 20);
    let address = serve(&long, limits).await;
    for path in ["/call/Say", "/stream/Say"] {
        let mut deaf = TcpStream::connect(address).await.unwrap();
        deaf.write_all(post(path, r#"{"text":"x"}"#).as_bytes()).await.unwrap();
        // The place of its call is free before that.
        timeout(LONG, async {
            loop {
                let answer = ask(address, &post("/call/Say", r#"{"text":"x"}"#)).await;
                if answer.starts_with("HTTP/1.1 200") {
                    break;
                }
                assert!(answer.starts_with("HTTP/1.1 503"), "{path}: {}", &answer[..answer.len().min(300)]);
                sleep(Duration::from_millis(50)).await;
            }
        })
        .await
        .unwrap();
        sleep(SHORT * 3).await;
        let got = rest(&mut deaf).await;
        assert!(got.starts_with("HTTP/1.1 200") && got.len() < long.len(), "{path}: {}", got.len());
    }
}

#[tokio::test]
async fn who_sends_too_much_before_reading_gets_the_answer() {
    let limits = Limits { body_bytes: 1 << 20, ..Limits::default() };
    let address = serve("", limits).await;
    let chunk = format!("100000\r\n{}\r\n", " ".repeat(1 << 20));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(format!("POST /call/Say HTTP/1.1\r\n{HEAD}transfer-encoding: chunked\r\n\r\n").as_bytes())
        .await
        .unwrap();
    for _ in 0..32 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    let mut head = vec![0; 12];
    timeout(LONG, stream.read_exact(&mut head)).await.unwrap().unwrap();
    assert_eq!(head, b"HTTP/1.1 413");

    // Announced, it is refused at once, and the rest is taken all the same.
    let body = " ".repeat(32 << 20);
    let answer = ask(address, &post("/call/Say", &body)).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{}", &answer[..answer.len().min(300)]);
}

#[tokio::test]
async fn what_is_refused_for_another_reason_is_read_on_too() {
    let address = serve("", Limits::default()).await;
    let body = " ".repeat(8 << 20);
    for (path, status) in [("/call/Nobody", 404), ("/nothing", 404), ("/healthz", 405)] {
        let answer = ask(address, &post(path, &body)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {answer}");
    }
}
