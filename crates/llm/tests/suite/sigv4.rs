//! Signatures of AWS, against what independent parties make of the same requests: AWS's published test suite
//! (`aws/suite.json`) and botocore's own Bedrock client (`aws/botocore.json`). `scripts/aws_vectors.py` derives both.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use types::Prompt;

use crate::llm::{AwsKeys, Client, Credentials, HeaderValue, HttpRequest, Mode, authorize, request, sign};
use crate::support;

fn cases(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/aws").join(name);
    support::read(&path).as_array().unwrap().clone()
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap()
}

fn keys(case: &Value) -> AwsKeys {
    AwsKeys {
        access_key_id: text(&case["keys"], "id").to_owned(),
        secret_access_key: text(&case["keys"], "secret").to_owned().into(),
        session_token: case["token"].as_str().map(|token| token.to_owned().into()),
    }
}

fn unsigned(case: &Value) -> HttpRequest {
    let headers = case["headers"].as_object().unwrap().iter();
    HttpRequest {
        method: if text(case, "method") == "GET" { "GET" } else { "POST" },
        url: text(case, "url").to_owned(),
        headers: headers
            .map(|(name, value)| (name.clone(), HeaderValue::Plain(value.as_str().unwrap().to_owned())))
            .collect(),
        body: text(case, "body").to_owned().into(),
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.header(name).map(HeaderValue::expose).unwrap_or_default()
}

#[test]
fn signatures_are_those_of_independent_parties() {
    for file in ["suite.json", "botocore.json"] {
        let cases = cases(file);
        assert!(cases.len() > 20, "{file}");
        for case in cases {
            let mut request = unsigned(&case);
            let time = case["unix_seconds"].as_u64().unwrap();
            sign(&mut request, &keys(&case), text(&case, "region"), text(&case, "service"), time);
            assert_eq!(
                header(&request, "authorization"),
                text(&case, "authorization"),
                "{file}: {}",
                case["name"]
            );
            assert_eq!(header(&request, "x-amz-security-token"), case["token"].as_str().unwrap_or_default());
            let once = format!("{:?}", request.headers);
            sign(&mut request, &keys(&case), text(&case, "region"), text(&case, "service"), time);
            assert_eq!(
                format!("{:?}", request.headers),
                once,
                "signing again changes nothing: {}",
                case["name"]
            );
        }
    }
}

fn client(case: &Value) -> Client {
    let mut options = json!({ "model": case["model"], "region": case["region"] });
    if case["endpoint"].is_string() {
        options["endpoint_url"] = case["endpoint"].clone();
    }
    let options = support::options(&json!({ "options": options }));
    Client::build(
        "Test",
        support::provider(&json!({ "provider": "aws-bedrock" })),
        &options,
        &BTreeMap::new(),
    )
    .unwrap()
}

/// The same place for the same model, region and endpoint.
#[test]
fn urls_are_those_of_botocore() {
    for case in cases("botocore.json") {
        let mode = if case["stream"] == true { Mode::Stream } else { Mode::Call };
        let request = request(&client(&case), &Prompt::default(), mode).unwrap();
        // A URL with the port of its scheme is the same without.
        assert_eq!(request.url, text(&case, "url").replace(":443/", "/"), "{}", case["name"]);
    }
}

/// The region of the profile is put into the URL, and is signed.
#[test]
fn a_region_that_is_known_late() {
    for case in cases("botocore.json").iter().filter(|case| case["endpoint"].is_null()) {
        let options = support::options(&json!({ "options": { "model": case["model"] } }));
        let provider = support::provider(&json!({ "provider": "aws-bedrock" }));
        let client = Client::build("Test", provider, &options, &BTreeMap::new()).unwrap();
        let mode = if case["stream"] == true { Mode::Stream } else { Mode::Call };
        let mut request = request(&client, &Prompt::default(), mode).unwrap();
        request.body = text(case, "body").to_owned().into();
        request.headers.retain(|(name, _)| name == "content-type");
        let credentials =
            Credentials::Aws { keys: keys(case), region: Some(text(case, "region").to_owned()) };
        authorize(&client, &mut request, &credentials, case["unix_seconds"].as_u64().unwrap()).unwrap();
        assert_eq!(request.url, text(case, "url"), "{}", case["name"]);
        assert_eq!(header(&request, "authorization"), text(case, "authorization"), "{}", case["name"]);

        let mut nowhere = crate::llm::request(&client, &Prompt::default(), mode).unwrap();
        let credentials = Credentials::Aws { keys: keys(case), region: None };
        let error = authorize(&client, &mut nowhere, &credentials, 0).unwrap_err();
        assert!(error.message().contains("AWS region"), "{error}");
    }
}

#[test]
fn what_proxies_change_is_sent_and_not_signed() {
    let case = &cases("botocore.json")[0];
    let mut request = unsigned(case);
    for name in ["user-agent", "x-amzn-trace-id", "accept-encoding", "traceparent"] {
        request.headers.push((name.to_owned(), HeaderValue::Plain("x".to_owned())));
    }
    let time = case["unix_seconds"].as_u64().unwrap();
    sign(&mut request, &keys(case), text(case, "region"), "bedrock", time);
    assert_eq!(header(&request, "authorization"), text(case, "authorization"));
    assert_eq!(header(&request, "user-agent"), "x");
}

#[test]
fn secrets_are_not_shown() {
    let case =
        json!({ "keys": { "id": "AKIAX", "secret": "very-secret-key" }, "token": "very-secret-token" });
    let keys = keys(&case);
    let mut request = HttpRequest {
        method: "POST",
        url: "https://h.test/".to_owned(),
        headers: Vec::new(),
        body: Vec::new().into(),
    };
    sign(&mut request, &keys, "us-east-1", "bedrock", 0);
    assert_eq!(header(&request, "x-amz-security-token"), "very-secret-token");
    let signature = header(&request, "authorization").rsplit('=').next().unwrap().to_owned();
    for shown in [format!("{keys:?}"), format!("{request:?}")] {
        assert!(!shown.contains("very-secret"), "{shown}");
        assert!(!shown.contains(&signature), "{shown}");
    }
}

proptest! {
    /// Whatever the URL, the headers, the body and the time: no panic, one signature, and the rest as it was.
    #[test]
    fn anything_is_signed(
        url in prop_oneof![".{0,20}", "https?://[a-z]{1,5}(:[0-9]{1,6})?/.{0,20}"],
        headers in prop::collection::vec(("[a-z-]{1,12}", ".{0,8}"), 0..4),
        body in prop::collection::vec(any::<u8>(), 0..40),
        time in any::<u64>(),
        key in ".{0,80}",
    ) {
        let mut request = HttpRequest {
            method: "POST",
            url: url.clone(),
            headers: headers.into_iter().map(|(name, value)| (name, HeaderValue::Plain(value))).collect(),
            body: body.clone().into(),
        };
        let keys = AwsKeys { access_key_id: key.clone(), secret_access_key: key.into(), session_token: None };
        sign(&mut request, &keys, "r", "s", time);
        prop_assert_eq!(&request.url, &url);
        prop_assert_eq!(&request.body[..], &body[..]);
        let signatures = request.headers.iter().filter(|(name, _)| name == "authorization").count();
        prop_assert!(signatures == 1 || url::Url::parse(&url).is_err());
    }
}
