//! Google Cloud.

use std::time::Duration;

use baml_runtime::FailureKind;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Value, json};

use crate::world::{Answer, Cloud, Home, Subject, in_seconds, ok, status};

const TOKEN: &str = r#"{"access_token":"ya29.fresh","expires_in":3600,"token_type":"Bearer"}"#;

fn vertex(more: &Value) -> Value {
    let mut options = json!({ "model": "gemini", "location": "us-central1" });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

/// A key that was made for these tests, and its public half, which ring reads from the private one.
fn key() -> (RsaKeyPair, String) {
    let pem = include_str!("keys/pkcs8.pem");
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    (RsaKeyPair::from_pkcs8(&STANDARD.decode(body).unwrap()).unwrap(), pem.to_owned())
}

fn service_account(cloud: &Cloud, pem: &str) -> Value {
    json!({
        "type": "service_account", "project_id": "proj-a", "private_key_id": "kid", "private_key": pem,
        "client_email": "sa@proj-a.example", "token_uri": format!("{}/token", cloud.url),
    })
}

#[tokio::test]
async fn a_key_in_the_older_form_signs_too() {
    let cloud = Cloud::start(|_, _| ok(TOKEN)).await;
    let credentials = service_account(&cloud, include_str!("keys/pkcs1.pem"));
    let subject = Subject::new("vertex-ai", &vertex(&json!({ "credentials": credentials })), &[]);
    assert_eq!(subject.request().await.unwrap().headers["authorization"], "Bearer ya29.fresh");
}

#[tokio::test]
async fn a_service_account_signs_a_claim_and_gets_a_token() {
    let cloud = Cloud::start(|_, _| ok(TOKEN)).await;
    let (key, pem) = key();
    let credentials = service_account(&cloud, &pem);
    let subject = Subject::new("vertex-ai", &vertex(&json!({ "credentials": credentials })), &[]);
    let request = subject.request().await.unwrap();
    assert_eq!(request.headers["authorization"], "Bearer ya29.fresh");
    assert!(request.url.contains("/projects/proj-a/locations/us-central1/"), "{}", request.url);

    let seen = &cloud.seen()[0];
    assert_eq!(seen.field("grant_type").unwrap(), "urn:ietf:params:oauth:grant-type:jwt-bearer");
    let assertion = seen.field("assertion").unwrap();
    let (message, signature) = assertion.rsplit_once('.').unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public())
        .verify(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
        .unwrap();
    let part = |index: usize| -> Value {
        let part = message.split('.').nth(index).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    assert_eq!(part(0), json!({ "alg": "RS256", "typ": "JWT", "kid": "kid" }));
    let claims = part(1);
    assert_eq!(claims["iss"], "sa@proj-a.example");
    assert_eq!(claims["aud"], format!("{}/token", cloud.url));
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 3600);

    // The token is kept, for other clients of the process too.
    let other = vertex(&json!({ "model": "other", "credentials": credentials.to_string() }));
    let other = Subject::new("vertex-ai", &other, &[]);
    assert_eq!(other.authorization().await, "Bearer ya29.fresh");
    assert_eq!(subject.authorization().await, "Bearer ya29.fresh");
    assert_eq!(cloud.seen().len(), 1);
}

#[tokio::test]
async fn calls_at_once_ask_once_and_all_get_the_error_of_a_refusal() {
    let cloud = Cloud::start(|_, before| match before {
        0 => Answer(
            400,
            r#"{"error":"invalid_grant","error_description":"no such account"}"#.to_owned(),
            Duration::from_millis(150),
        ),
        _ => Answer(200, TOKEN.to_owned(), Duration::from_millis(150)),
    })
    .await;
    let (_, pem) = key();
    let credentials = json!({ "credentials": service_account(&cloud, &pem) });
    let subject = Subject::new("vertex-ai", &vertex(&credentials), &[]);
    let all = || {
        (0..50)
            .map(|_| {
                let subject = subject.clone();
                tokio::spawn(async move {
                    subject.request().await.map(|request| request.headers["authorization"].clone())
                })
            })
            .collect::<Vec<_>>()
    };
    for call in all() {
        let failure = call.await.unwrap().unwrap_err();
        assert_eq!(failure.kind(), FailureKind::Client);
        let text = failure.to_string();
        assert!(text.contains("400: invalid_grant (no such account)") && text.contains("/token"), "{text}");
        assert!(!text.contains("PRIVATE") && !text.contains("assertion"), "{text}");
    }
    assert_eq!(cloud.seen().len(), 1);
    for call in all() {
        assert_eq!(call.await.unwrap().unwrap(), "Bearer ya29.fresh");
    }
    assert_eq!(cloud.seen().len(), 2);
}

#[tokio::test]
async fn a_token_is_fetched_again_shortly_before_it_expires() {
    let cloud =
        Cloud::start(|_, before| ok(format!(r#"{{"access_token":"t{before}","expires_in":2}}"#))).await;
    let (_, pem) = key();
    let subject =
        Subject::new("vertex-ai", &vertex(&json!({ "credentials": service_account(&cloud, &pem) })), &[]);
    assert_eq!(subject.authorization().await, "Bearer t0");
    assert_eq!(subject.authorization().await, "Bearer t0");
    // A tenth of two seconds before their end.
    tokio::time::sleep(Duration::from_millis(1850)).await;
    assert_eq!(subject.authorization().await, "Bearer t1");
    assert_eq!(cloud.seen().len(), 2);
}

#[tokio::test]
async fn what_was_not_renewed_is_used_until_its_end() {
    let cloud = Cloud::start(|_, before| match before {
        0 => ok(r#"{"access_token":"old","expires_in":5}"#),
        _ => status(500, "no"),
    })
    .await;
    let (_, pem) = key();
    let subject =
        Subject::new("vertex-ai", &vertex(&json!({ "credentials": service_account(&cloud, &pem) })), &[]);
    assert_eq!(subject.authorization().await, "Bearer old");
    tokio::time::sleep(Duration::from_millis(4550)).await;
    assert_eq!(subject.authorization().await, "Bearer old");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(subject.request().await.unwrap_err().to_string().contains("answered 500"));
}

#[tokio::test]
async fn the_users_own_header_stays_and_the_project_is_still_found() {
    let cloud = Cloud::start(|_, _| ok(TOKEN)).await;
    let (_, pem) = key();
    let options = json!({
        "credentials": service_account(&cloud, &pem), "headers": { "Authorization": "Bearer mine" },
    });
    let request = Subject::new("vertex-ai", &vertex(&options), &[]).request().await.unwrap();
    assert_eq!(request.headers["authorization"], "Bearer mine");
    assert!(request.url.contains("/projects/proj-a/"), "{}", request.url);

    // With the project known there is nothing to find.
    let options = json!({ "project_id": "p", "headers": { "Authorization": "Bearer mine" } });
    let subject =
        Subject::new("vertex-ai", &vertex(&options), &[("GOOGLE_APPLICATION_CREDENTIALS", "/gone")]);
    assert_eq!(subject.authorization().await, "Bearer mine");
}

#[tokio::test]
async fn a_person_who_signed_in_has_a_file() {
    let cloud = Cloud::start(|_, _| ok(TOKEN)).await;
    let home = Home::new("google-user");
    let user = json!({
        "type": "authorized_user", "client_id": "id", "client_secret": "canary-secret", "refresh_token": "canary-refresh",
        "token_uri": format!("{}/token", cloud.url), "quota_project_id": "proj-q",
    });
    home.write(".config/gcloud/application_default_credentials.json", &user.to_string());
    let subject = Subject::new("vertex-ai", &vertex(&json!({})), &[("HOME", home.path())]);
    let request = subject.request().await.unwrap();
    assert_eq!(request.headers["authorization"], "Bearer ya29.fresh");
    assert_eq!(request.headers["x-goog-user-project"], "proj-q");
    assert!(request.url.contains("/projects/proj-q/"), "{}", request.url);
    assert_eq!(cloud.seen()[0].field("refresh_token").unwrap(), "canary-refresh");

    let project = [("HOME", home.path()), ("GOOGLE_CLOUD_PROJECT", "proj-e")];
    let request = Subject::new("vertex-ai", &vertex(&json!({})), &project).request().await.unwrap();
    assert!(request.url.contains("/projects/proj-e/"), "{}", request.url);
}

#[tokio::test]
async fn variables_name_a_file_or_hold_it() {
    let cloud = Cloud::start(|_, _| ok(TOKEN)).await;
    let home = Home::new("google-variables");
    let (_, pem) = key();
    let json = service_account(&cloud, &pem).to_string();
    let path = home.write("key.json", &json);
    let variables: [&[(&str, &str)]; 3] = [
        &[("GOOGLE_APPLICATION_CREDENTIALS", &path)],
        &[("GOOGLE_APPLICATION_CREDENTIALS", &json)],
        &[("GOOGLE_APPLICATION_CREDENTIALS_CONTENT", &json)],
    ];
    for variables in variables {
        let subject = Subject::new("vertex-ai", &vertex(&json!({})), variables);
        assert_eq!(subject.authorization().await, "Bearer ya29.fresh", "{variables:?}");
    }
    for option in ["credentials", "credentials_content"] {
        let subject = Subject::new("vertex-ai", &vertex(&json!({ option: json })), &[]);
        assert_eq!(subject.authorization().await, "Bearer ya29.fresh", "{option}");
    }
    let subject = Subject::new("vertex-ai", &vertex(&json!({ "credentials": path })), &[]);
    assert_eq!(subject.authorization().await, "Bearer ya29.fresh");
}

#[tokio::test]
async fn the_metadata_server_gives_the_machines_own() {
    let cloud = Cloud::start(|seen, _| match seen.line.rsplit('/').next() {
        Some("token") => ok(TOKEN),
        _ => ok("proj-m"),
    })
    .await;
    let host = cloud.url.trim_start_matches("http://");
    let subject = Subject::new(
        "vertex-ai",
        &vertex(&json!({})),
        &[("GCE_METADATA_HOST", host), ("HOME", "/nonexistent")],
    );
    let request = subject.request().await.unwrap();
    assert_eq!(request.headers["authorization"], "Bearer ya29.fresh");
    assert!(request.url.contains("/projects/proj-m/"), "{}", request.url);
    assert!(cloud.seen().iter().all(|seen| seen.head.contains("metadata-flavor: Google")));
}

#[tokio::test]
async fn one_account_acts_as_another() {
    let cloud = Cloud::start(|seen, _| match seen.line.as_str() {
        "POST /token" => ok(TOKEN),
        _ => ok(json!({ "accessToken": "as-another", "expireTime": in_seconds(600) }).to_string()),
    })
    .await;
    let (_, pem) = key();
    let credentials = json!({
        "type": "impersonated_service_account", "delegates": ["d"],
        "service_account_impersonation_url": format!("{}/v1/sa:generateAccessToken", cloud.url),
        "source_credentials": service_account(&cloud, &pem),
    });
    let options = vertex(&json!({ "credentials": credentials, "project_id": "p" }));
    let subject = Subject::new("vertex-ai", &options, &[]);
    assert_eq!(subject.authorization().await, "Bearer as-another");
    let asked = &cloud.seen()[1];
    assert!(asked.head.contains("authorization: Bearer ya29.fresh"), "{}", asked.head);
    assert!(asked.body.contains(r#""delegates":["d"]"#), "{}", asked.body);
    assert_eq!(subject.authorization().await, "Bearer as-another");
    assert_eq!(cloud.seen().len(), 2);
}

#[tokio::test]
async fn a_token_of_another_provider_is_exchanged() {
    let cloud = Cloud::start(|seen, _| match seen.line.as_str() {
        "GET /identity" => ok(r#"{"value":"subject"}"#),
        "POST /sts" => ok(TOKEN),
        _ => ok(json!({ "accessToken": "as-service", "expireTime": in_seconds(600) }).to_string()),
    })
    .await;
    let home = Home::new("google-workload");
    let path = home.write("subject", "subject\n");
    let account = |source: Value, more: Value| {
        let mut account = json!({
            "type": "external_account", "audience": "//iam/pool", "token_url": format!("{}/sts", cloud.url),
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt", "credential_source": source,
        });
        account.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        vertex(&json!({ "credentials": account, "project_id": "p" }))
    };
    let of_file = account(json!({ "file": path }), json!({}));
    assert_eq!(Subject::new("vertex-ai", &of_file, &[]).authorization().await, "Bearer ya29.fresh");
    let asked = &cloud.seen()[0];
    assert_eq!(asked.field("subject_token").unwrap(), "subject");
    assert_eq!(asked.field("audience").unwrap(), "//iam/pool");

    let source = json!({
        "url": format!("{}/identity", cloud.url), "headers": { "Metadata": "true" },
        "format": { "type": "json", "subject_token_field_name": "value" },
    });
    let url = json!({ "service_account_impersonation_url": format!("{}/as", cloud.url) });
    let of_url = account(source, url);
    assert_eq!(Subject::new("vertex-ai", &of_url, &[]).authorization().await, "Bearer as-service");
    assert_eq!(cloud.lines()[1..], ["GET /identity", "POST /sts", "POST /as"]);
    assert!(cloud.seen()[1].head.contains("metadata: true"));
}

#[tokio::test]
async fn where_nothing_is_found_the_error_says_where_was_looked() {
    let nobody = "127.0.0.1:9";
    let variables = [("HOME", "/nonexistent"), ("GCE_METADATA_HOST", nobody)];
    let subject = Subject::new("vertex-ai", &vertex(&json!({})), &variables);
    let text = subject.failure().await.to_string();
    for place in [
        "GOOGLE_APPLICATION_CREDENTIALS: it is not set",
        "/nonexistent/.config/gcloud/application_default_credentials.json",
        nobody,
        "gcloud",
    ] {
        assert!(text.contains(place), "{place} is not in: {text}");
    }
    // A request that is only shown says what is not known.
    let shown = subject.request().await.unwrap();
    assert_eq!(shown.headers["authorization"], "Bearer $GOOGLE_APPLICATION_CREDENTIALS");
    assert!(shown.url.contains("/projects/$GOOGLE_CLOUD_PROJECT/"), "{}", shown.url);
}

#[tokio::test]
async fn credentials_that_cannot_be_used_are_named_and_not_shown() {
    let home = Home::new("google-bad");
    let canary = "canary-7a1";
    let cut = home.write("cut.json", &format!(r#"{{"private_key": "{canary}"#));
    let cases = [
        (json!({ "credentials": "/nonexistent/file.json" }), "`/nonexistent/file.json` cannot be read"),
        (json!({ "credentials": cut }), "is not valid JSON (line 1"),
        (json!({ "credentials": format!(r#"{{"a":"{canary}"}}"#) }), "`credentials` has no `type`"),
        (json!({ "credentials": { "type": "robot", "key": canary } }), "of the type `robot`"),
        (
            json!({ "credentials": { "type": "service_account", "client_email": "e", "private_key": canary } }),
            "`private_key` of `credentials` is not an RSA key",
        ),
        (
            json!({ "credentials": { "type": "authorized_user", "client_secret": canary } }),
            "has no `client_id`",
        ),
    ];
    for (options, expected) in cases {
        let subject = Subject::new("vertex-ai", &vertex(&options), &[]);
        for failure in [subject.failure().await, subject.request().await.unwrap_err()] {
            let text = failure.to_string();
            assert!(text.contains(expected), "{expected} is not in: {text}");
            assert!(!text.contains(canary), "{text}");
            assert_eq!(failure.kind(), FailureKind::InvalidArgument);
        }
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up() {
    let cloud = Cloud::start(|_, _| Answer(200, TOKEN.to_owned(), Duration::from_mins(1))).await;
    let host = cloud.url.trim_start_matches("http://");
    let variables = [("GCE_METADATA_HOST", host), ("HOME", "/nonexistent")];
    let started = std::time::Instant::now();
    let text = Subject::new("vertex-ai", &vertex(&json!({})), &variables).failure().await.to_string();
    assert!(text.contains("no answer within 1500 ms"), "{text}");
    assert!(started.elapsed() < Duration::from_secs(3));

    let (_, pem) = key();
    let options = json!({
        "credentials": service_account(&cloud, &pem), "http": { "request_timeout_ms": 100 },
    });
    let failure = Subject::new("vertex-ai", &vertex(&options), &[]).failure().await;
    assert_eq!(failure.kind(), FailureKind::Timeout);
    assert_eq!(failure.details().timeout.as_ref().unwrap().timeout_type, "request_timeout_ms");
}
