//! Functions of the host language that give keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use baml_runtime::{FailureKind, HostError, IssuedKey, KeyAnswer, KeyError, key_callback};
use serde_json::json;
use types::Callback;

use crate::world::{Cloud, Subject, ok, status};

fn now_ms() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// A function that gives `key-0`, `key-1` and so on, after a while, for so long.
fn counting(delay_ms: u64, lasts_ms: Option<u64>) -> (Callback, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let callback = key_callback(move |answer: KeyAnswer| {
        let key = format!("key-{}", count.fetch_add(1, Ordering::SeqCst));
        let expires_ms = lasts_ms.map(|lasts| now_ms() + lasts);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(delay_ms)).await;
            answer.give(Ok(IssuedKey { key: key.into(), expires_ms }));
        });
    });
    (callback, asked)
}

fn subject(provider: &str, callback: Callback) -> Subject {
    let options = json!({ "model": "m", "base_url": "http://h.test/v1" });
    Subject::with_key(provider, &options, &[], Some(callback))
}

#[tokio::test]
async fn a_key_is_kept_until_it_expires_and_asked_for_once() {
    let (callback, asked) = counting(50, Some(1200));
    let subject = subject("openai", callback);
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let subject = subject.clone();
            tokio::spawn(async move { subject.authorization().await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), "Bearer key-0");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    tokio::time::sleep(Duration::from_millis(1150)).await;
    assert_eq!(subject.authorization().await, "Bearer key-1");
}

#[tokio::test]
async fn a_key_that_does_not_say_its_end_is_kept_for_a_while_and_one_at_its_end_is_not() {
    let (callback, asked) = counting(0, None);
    let subject_of = |callback| subject("anthropic", callback);
    let kept = subject_of(callback);
    for _ in 0..3 {
        assert_eq!(kept.header("x-api-key").await, "key-0");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);

    let (callback, asked) = counting(20, Some(0));
    let not_kept = subject_of(callback);
    assert_eq!(not_kept.header("x-api-key").await, "key-0");
    assert_eq!(not_kept.header("x-api-key").await, "key-1");
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let subject = not_kept.clone();
            tokio::spawn(async move { subject.header("x-api-key").await })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    // Those who wait at the same time share an answer.
    assert!(asked.load(Ordering::SeqCst) < 22, "{asked:?}");
}

#[tokio::test]
async fn who_gives_up_does_not_take_the_others_along() {
    let (callback, asked) = counting(150, Some(60_000));
    let subject = subject("openai", callback);
    let impatient = subject.clone();
    let gone = tokio::time::timeout(Duration::from_millis(50), impatient.authorization());
    let (gone, other) = tokio::join!(gone, async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        subject.authorization().await
    });
    assert!(gone.is_err());
    assert_eq!((other.as_str(), asked.load(Ordering::SeqCst)), ("Bearer key-1", 2));
}

#[tokio::test]
async fn azure_takes_keys_and_tokens_in_different_headers() {
    for (key, header, expected) in [
        ("plain", "api-key", "plain"),
        ("eyJhbGciOi.eyJhdWQi.c2ln", "authorization", "Bearer eyJhbGciOi.eyJhdWQi.c2ln"),
    ] {
        let callback =
            key_callback(move |answer| answer.give(Ok(IssuedKey { key: key.into(), expires_ms: None })));
        assert_eq!(subject("azure-openai", callback).header(header).await, expected);
    }
}

#[tokio::test]
async fn what_a_function_throws_comes_out_with_the_failure() {
    let callback = key_callback(|answer| {
        let thrown = Some(HostError::new(42_u8));
        answer.give(Err(KeyError { message: "vault is sealed".to_owned(), thrown }));
    });
    let failure = subject("openai", callback).failure().await;
    assert_eq!(failure.kind(), FailureKind::Client);
    assert_eq!(failure.to_string(), "client `C`: the function given as `api_key` failed: vault is sealed");
    assert_eq!(failure.details().thrown.as_ref().unwrap().downcast_ref::<u8>(), Some(&42));

    let silent = subject("openai", key_callback(drop)).failure().await;
    assert!(silent.to_string().contains("gave no answer"), "{silent}");
    let empty = key_callback(|answer| answer.give(Ok(IssuedKey { key: "".into(), expires_ms: None })));
    assert!(subject("openai", empty).failure().await.to_string().contains("gave an empty key"));
}

#[tokio::test]
async fn a_synchronous_call_takes_what_is_kept_and_never_waits_for_its_own_thread() {
    let (callback, _) = counting(0, Some(60_000));
    let mut subject = subject("openai", callback);
    subject.host_waits = true;
    let text = subject.failure().await.to_string();
    assert!(text.contains("cannot run while a synchronous call blocks"), "{text}");
    subject.host_waits = false;
    assert_eq!(subject.authorization().await, "Bearer key-0");
    subject.host_waits = true;
    assert_eq!(subject.authorization().await, "Bearer key-0");
}

#[tokio::test]
async fn a_key_that_the_provider_refuses_is_not_used_again_and_never_shown() {
    let reply =
        json!({ "choices": [{ "message": { "content": "yes" }, "finish_reason": "stop" }] }).to_string();
    let model = Cloud::start(move |seen, _| {
        if seen.head.contains("authorization: Bearer key-00000000-1") {
            ok(reply.clone())
        } else {
            status(401, r#"{"error":{"message":"bad key key-00000000-0"}}"#)
        }
    })
    .await;
    let asked = Arc::new(AtomicUsize::new(0));
    let callback = key_callback(move |answer| {
        let key = format!("key-00000000-{}", asked.fetch_add(1, Ordering::SeqCst));
        answer.give(Ok(IssuedKey { key: key.into(), expires_ms: Some(now_ms() + 600_000) }));
    });
    let options = json!({ "model": "m", "base_url": model.url });
    let subject = Subject::with_key("openai", &options, &[], Some(callback));
    let failure = subject.failure().await;
    let shown = format!("{failure} {:?}", failure.details());
    assert!(!shown.contains("key-00000000-0"), "{shown}");
    assert!(subject.call().await.is_ok());
}

#[tokio::test]
async fn a_function_has_no_place_elsewhere() {
    use baml_runtime::ClientRegistry;
    use types::{Config, ConfigMap};
    let (callback, _) = counting(0, None);
    let mut registry = ClientRegistry::new();
    let options = |name: &str| ConfigMap::from_iter([(name.to_owned(), Config::Callback(callback.clone()))]);
    let problems = registry.add("C", "openai", options("temperature"), None).unwrap_err();
    assert!(problems[0].message.contains("`temperature` cannot be a function"), "{problems:?}");
    registry.add("C", "openai", options("api_key"), None).unwrap();
    let json = registry.to_json();
    assert_eq!(json["clients"][0]["options"]["api_key"], "[callback]");
    let problems = ClientRegistry::from_json(&json, false).unwrap_err();
    assert!(problems[0].message.contains("stands for a function"), "{problems:?}");
}
