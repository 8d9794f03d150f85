//! Which media are downloaded first, and what becomes of them.

use crate::support;
use std::collections::BTreeMap;

use crate::llm::{Client, Mode, downloads, request, substitute};
use serde_json::{Value, json};
use types::Prompt;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

fn client(options: Value) -> Client {
    let mut all = json!({ "api_key": "k", "model": "m" });
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let case = json!({ "provider": "openai", "options": all });
    Client::build("Test", support::provider(&case), &support::options(&case), &BTreeMap::new()).unwrap()
}

fn prompt(part: Value) -> Prompt {
    support::prompt(&json!({ "messages": [{ "role": "user", "parts": ["look", part] }] }))
}

/// What is downloaded, and the media part that is sent when each download gives `content`.
fn sent(options: Value, part: Value, header: Option<&str>, content: &[u8]) -> (Vec<String>, Value) {
    let client = client(options);
    let mut prompt = prompt(part);
    let found = downloads(&client, &prompt).unwrap();
    for download in &found {
        substitute(&mut prompt, download, header, content).unwrap();
    }
    let request = request(&client, &prompt, Mode::Call).unwrap();
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    (found.into_iter().map(|download| download.url).collect(), body["messages"][0]["content"][1].clone())
}

#[test]
fn images_go_by_url_unless_the_content_is_asked_for() {
    let image = json!({ "image": { "url": "http://h.test/a.jpg" } });
    let (fetched, part) = sent(json!({}), image.clone(), None, PNG);
    assert_eq!((fetched.len(), &part["image_url"]["url"]), (0, &json!("http://h.test/a.jpg")));

    for handling in ["send_base64", "send_url_add_mime_type", "send_base64_unless_google_url"] {
        let options = json!({ "media_url_handler": { "image": handling } });
        // The content decides, whatever name and header say.
        let (fetched, part) = sent(options, image.clone(), Some("image/jpeg"), PNG);
        assert_eq!(fetched, ["http://h.test/a.jpg"], "{handling}");
        assert_eq!(part["image_url"]["url"], json!("data:image/png;base64,iVBORw0KGgpyZXN0"), "{handling}");
    }
}

#[test]
fn a_known_mime_type_or_a_google_url_needs_no_download() {
    let options = json!({ "media_url_handler": { "image": "send_url_add_mime_type" } });
    let image = json!({ "image": { "url": "http://h.test/a", "mime": "image/webp" } });
    assert_eq!(sent(options, image, None, PNG).0.len(), 0);
    let options = json!({ "media_url_handler": { "image": "send_base64_unless_google_url" } });
    assert_eq!(sent(options, json!({ "image": { "url": "gs://bucket/a.png" } }), None, PNG).0.len(), 0);
    let options = json!({ "media_url_handler": { "pdf": "send_url_add_mime_type" } });
    let (fetched, part) = sent(options, json!({ "pdf": { "url": "http://h.test/a.pdf" } }), None, b"");
    assert_eq!((fetched.len(), &part["file"]["file_url"]), (0, &json!("http://h.test/a.pdf")));
}

#[test]
fn audio_is_downloaded_and_named_by_its_format() {
    let audio = json!({ "audio": { "url": "http://h.test/a" } });
    for (header, content, format) in [
        (None, &b"ID3\x03audio"[..], "mp3"),
        (None, b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (Some("audio/ogg; codecs=opus"), b"unknown", "ogg"),
    ] {
        let (fetched, part) = sent(json!({}), audio.clone(), header, content);
        assert_eq!((fetched.len(), &part["input_audio"]["format"]), (1, &json!(format)));
    }
}

#[test]
fn data_urls_are_content_already() {
    let options = json!({ "media_url_handler": { "image": "send_base64" } });
    for (url, expected) in [
        ("data:image/gif;base64,aGVsbG8=", "data:image/gif;base64,aGVsbG8="),
        ("data:text/plain,hello%20x", "data:text/plain;base64,aGVsbG8geA=="),
        ("DATA:image/png;charset=x;BASE64,aGk%3D", "data:image/png;base64,aGk="),
    ] {
        let (fetched, part) = sent(options.clone(), json!({ "image": { "url": url } }), None, PNG);
        assert_eq!((fetched.len(), &part["image_url"]["url"]), (0, &json!(expected)));
    }
}

#[test]
fn content_that_is_a_data_url_and_called_base64_is_read_as_one() {
    let image = json!({ "image": { "base64": "data:image/gif;base64,aGVsbG8=", "mime": "image/png" } });
    let (_, part) = sent(json!({}), image, None, PNG);
    assert_eq!(part["image_url"]["url"], json!("data:image/gif;base64,aGVsbG8="));
    for url in ["data:image/png;base64", "data:"] {
        let error =
            request(&client(json!({})), &prompt(json!({ "image": { "url": url } })), Mode::Call).unwrap_err();
        assert!(error.message().contains("`data:` URL of the image"), "{error}");
    }
}

#[test]
fn a_youtube_page_is_no_video_to_download() {
    let options = |handling: &str| json!({ "media_url_handler": { "video": handling } });
    let video = |url: &str| prompt(json!({ "video": { "url": url } }));
    let google = |options: Value| {
        let case = json!({ "provider": "google-ai", "options": options });
        let mut all = support::options(&case);
        all.extend(support::options(&json!({ "options": { "api_key": "k", "model": "m" } })));
        Client::build("Test", support::provider(&case), &all, &BTreeMap::new()).unwrap()
    };
    let unless = google(options("send_base64_unless_google_url"));
    for url in ["https://www.youtube.com/watch?v=a", "https://youtu.be/a", "gs://b/a"] {
        assert_eq!(downloads(&unless, &video(url)).unwrap(), []);
    }
    for url in ["https://youtube.com.evil.test/a", "https://evil.test/?https://youtu.be/a"] {
        assert_eq!(downloads(&unless, &video(url)).unwrap().len(), 1);
    }
}

#[test]
fn what_cannot_be_fetched_is_said_before_anything_is_sent() {
    let audio = prompt(json!({ "audio": { "url": "gs://bucket/a.mp3?signature=secret" } }));
    let error = downloads(&client(json!({})), &audio).unwrap_err();
    assert_eq!(
        error.message(),
        "client `Test` must send the content of the audio at gs://bucket/a.mp3, but only http and https URLs can be \
         downloaded; to send the URL itself use `media_url_handler { audio \"send_url\" }`"
    );
}

#[test]
fn content_of_another_type_than_was_said_is_an_error() {
    let options = json!({ "media_url_handler": { "image": "send_base64" } });
    let mut prompt = prompt(json!({ "image": { "url": "http://h.test/a", "mime": "image/webp" } }));
    let found = downloads(&client(options), &prompt).unwrap();
    let error = substitute(&mut prompt, &found[0], Some("image/webp"), PNG).unwrap_err();
    assert_eq!(
        error.message(),
        "the image at http://h.test/a was given as `image/webp`, but its content is `image/png`: correct the URL or \
         the MIME type"
    );
}

#[test]
fn the_mime_type_of_base64_content_is_found_or_asked_for() {
    let image = |base64: &str| json!({ "image": { "base64": base64 } });
    let (_, part) = sent(json!({}), image("iVBORw0KGgpyZXN0"), None, b"");
    assert_eq!(part["image_url"]["url"], json!("data:image/png;base64,iVBORw0KGgpyZXN0"));
    let error = request(&client(json!({})), &prompt(image("aGVsbG8=")), Mode::Call).unwrap_err();
    assert!(error.message().contains("MIME type"), "{error}");
}

/// What becomes of each kind of media at each provider, by default and for each `media_url_handler`.
#[test]
fn every_provider_and_every_kind() {
    let rows = ["openai", "openai-responses", "anthropic", "google-ai", "vertex-ai", "aws-bedrock", "groq"];
    let handlers = [None, Some("send_url"), Some("send_base64"), Some("send_url_add_mime_type")];
    let handlers = handlers.into_iter().chain([Some("send_base64_unless_google_url")]);
    let mut text = String::new();
    for handler in handlers {
        text.push_str(&format!("{}\n", handler.unwrap_or("by default")));
        for row in rows {
            for kind in ["image", "audio", "pdf", "video"] {
                for url in ["https://h.test/a", "gs://bucket/a.webp"] {
                    let outcome = becomes(row, kind, url, handler);
                    text.push_str(&format!("  {row} {kind} {url}: {outcome}\n"));
                }
            }
        }
    }
    insta::assert_snapshot!(text);
}

fn becomes(provider: &str, kind: &str, url: &str, handler: Option<&str>) -> String {
    let mut options =
        json!({ "model": "m", "location": "l", "project_id": "p", "region": "r", "api_key": "k" });
    let takes: &[&str] = match provider {
        "vertex-ai" => &["model", "location", "project_id"],
        "aws-bedrock" => &["model", "region"],
        _ => &["model", "api_key"],
    };
    options.as_object_mut().unwrap().retain(|name, _| takes.contains(&name.as_str()));
    if let Some(handler) = handler {
        options["media_url_handler"] = json!({ kind: handler });
    }
    let case = json!({ "provider": provider, "options": options });
    let client =
        Client::build("Test", support::provider(&case), &support::options(&case), &BTreeMap::new()).unwrap();
    let mut prompt = prompt(json!({ kind: { "url": url } }));
    let found = match downloads(&client, &prompt) {
        Ok(found) => found,
        Err(error) => return error.to_string(),
    };
    for download in &found {
        let content: &[u8] = match kind {
            "image" => PNG,
            "audio" => b"ID3\x03audio",
            "pdf" => b"%PDF-1.4",
            _ => b"\0\0\0\x18ftypmp42",
        };
        substitute(&mut prompt, download, None, content).unwrap();
    }
    match request(&client, &prompt, Mode::Call) {
        Ok(request) => {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let messages = ["messages", "input", "contents"].iter().find_map(|key| body.get(*key)).unwrap();
            let part = messages[0].get("content").or(messages[0].get("parts")).unwrap()[1].to_string();
            let fetched = if found.is_empty() { "" } else { "downloaded, " };
            format!("{fetched}{part}")
        }
        Err(error) => error.to_string(),
    }
}

/// What the first bytes of a download show, beside what the server said.
#[test]
fn content_shows_its_type() {
    let mut text = String::new();
    for (kind, content) in [
        ("image", &b"\x89PNG\r\n\x1a\nx"[..]),
        ("image", b"\xff\xd8\xff\xe0"),
        ("image", b"GIF89a"),
        ("image", b"RIFF\0\0\0\0WEBP"),
        ("image", b"BM\0\0\0\0\0\0\0\0"),
        ("image", b"BMW is no picture"),
        ("image", b"\0\0\0\x1cftypheic"),
        ("image", b"\0\0\0\x1cftypavif"),
        ("image", b"II*\0"),
        ("audio", b"ID3\x03"),
        ("audio", b"\xff\xf3\x01"),
        ("audio", b"\xff\xf1\x01"),
        ("audio", b"RIFF\0\0\0\0WAVE"),
        ("audio", b"FORM\0\0\0\0AIFF"),
        ("audio", b"OggS"),
        ("audio", b"\x1a\x45\xdf\xa3"),
        ("audio", b"\0\0\0\x1cftypisom"),
        ("audio", b"\0\0\0\x1cftypM4A "),
        ("video", b"\0\0\0\x1cftypisom"),
        ("video", b"\0\0\0\x1cftypqt  "),
        ("video", b"\0\0\0\x1cftyp3gp5"),
        ("video", b"\x1a\x45\xdf\xa3"),
        ("video", b"OggS"),
        ("video", b"RIFF\0\0\0\0AVI "),
        ("video", b"\0\0\x01\xba"),
        ("pdf", b"%PDF-1.7"),
        ("pdf", b"?"),
        ("audio", b"?"),
    ] {
        let options = json!({ "media_url_handler": { kind: "send_base64" } });
        let case = json!({ "provider": "google-ai", "options": options });
        let mut all = support::options(&case);
        all.extend(support::options(&json!({ "options": { "api_key": "k", "model": "m" } })));
        let client = Client::build("Test", support::provider(&case), &all, &BTreeMap::new()).unwrap();
        let mut prompt = prompt(json!({ kind: { "url": "http://h.test/a" } }));
        let found = downloads(&client, &prompt).unwrap();
        substitute(&mut prompt, &found[0], Some("text/x-said; charset=x"), content).unwrap();
        let request = request(&client, &prompt, Mode::Call).unwrap();
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let mime_type = &body["contents"][0]["parts"][1]["inline_data"]["mime_type"];
        text.push_str(&format!("{kind} {:?}: {mime_type}\n", String::from_utf8_lossy(content)));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn names_of_one_type_agree_with_each_other() {
    for (kind, given, content, agrees) in [
        ("audio", "audio/mp3", &b"ID3\x03"[..], true),
        ("audio", "audio/ogg; codecs=opus", b"OggS", true),
        ("audio", "audio/opus", b"OggS", true),
        ("audio", "audio/webm", b"\x1a\x45\xdf\xa3", true),
        ("audio", "audio/wav", b"ID3\x03", false),
        ("video", "video/x-matroska", b"\x1a\x45\xdf\xa3", true),
        ("video", "video/webm", b"\0\0\0\x1cftypisom", false),
        ("pdf", "application/x-pdf", b"%PDF-1.7", true),
        ("image", "IMAGE/JPG", b"\xff\xd8\xff\xe0", true),
        ("image", "", b"\xff\xd8\xff\xe0", true),
        ("image", "application/pdf", b"\xff\xd8\xff\xe0", false),
        ("image", "image/svg+xml", b"<svg", true),
    ] {
        let case = json!({ "provider": "aws-bedrock", "options": { "model": "m", "region": "r" } });
        let options = support::options(&json!({
            "options": { "model": "m", "region": "r", "media_url_handler": { "video": "send_base64" } }
        }));
        let client = Client::build("Test", support::provider(&case), &options, &BTreeMap::new()).unwrap();
        let mut prompt = prompt(json!({ kind: { "url": "http://h.test/a", "mime": given } }));
        let found = downloads(&client, &prompt).unwrap();
        let outcome = substitute(&mut prompt, &found[0], None, content);
        assert_eq!(outcome.is_ok(), agrees, "{kind} {given}");
    }
}

/// What is sent for an image in base64, and why nothing is.
fn content_sent(base64: &str) -> Result<Value, String> {
    let prompt = prompt(json!({ "image": { "base64": base64, "mime": "image/webp" } }));
    let request = request(&client(json!({})), &prompt, Mode::Call).map_err(|error| error.to_string())?;
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    Ok(body["messages"][0]["content"][1]["image_url"]["url"].clone())
}

#[test]
fn base64_goes_out_in_one_form() {
    for (given, sent) in [
        ("aGVsbG8=", "aGVsbG8="),
        ("aGVsbG8", "aGVsbG8="),
        ("aGVs\r\nbG8=\n", "aGVsbG8="),
        ("-_-_", "+/+/"),
        ("data:image/webp;base64,aGVsbG8", "aGVsbG8="),
        ("data:image/webp;base64,-_%0A-_", "+/+/"),
    ] {
        assert_eq!(content_sent(given), Ok(json!(format!("data:image/webp;base64,{sent}"))), "{given:?}");
    }
}

#[test]
fn what_is_no_base64_is_not_sent() {
    let must = "the image for client `Test` must have its content in base64, but";
    for (given, fault) in [
        ("", "it is empty"),
        ("data:image/png;base64,", "it is empty"),
        ("data:image/png,", "it is empty"),
        ("data:image/png;base64,<svg>", "character 1 is `<`"),
        ("photos/cat.png", "character 11 is `.`"),
        ("AAAAA", "it has 5 characters, which are no whole number of bytes"),
    ] {
        assert_eq!(content_sent(given), Err(format!("{must} {fault}")), "{given:?}");
    }
    let options = json!({ "media_url_handler": { "image": "send_base64" } });
    let mut prompt = prompt(json!({ "image": { "url": "http://me:pass@h.test/a?sig=1" } }));
    let found = downloads(&client(options), &prompt).unwrap();
    let error = substitute(&mut prompt, &found[0], Some("image/png"), b"").unwrap_err();
    assert_eq!(error.message(), "the image at http://h.test/a is empty");
}
