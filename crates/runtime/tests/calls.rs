//! Calls against a scripted model on loopback: who is asked, how often, and what the caller gets.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, measures waits, and runs a server beside itself"
)]

mod support;

use std::time::Duration;

use baml_runtime::{CallOptions, Collector, FailureKind, settle};
use support::{Model, RESUME, Script, call, client, program, registry, variables};
use types::{Config, ConfigMap, Value};

fn name_of(value: &Value) -> &str {
    let Value::Instance(instance) = value else { panic!("{value:?}") };
    let Some(Value::String(name)) = instance.get("name") else { panic!("{value:?}") };
    name
}

#[tokio::test]
async fn a_registry_client_answers_with_a_typed_value() {
    let model = Model::start(&[Script::Say(RESUME)]).await;
    let runtime = program(&client("Main", &Model::start(&[Script::Status(500)]).await, ""));
    let options = CallOptions { registry: Some(registry(&model)), ..CallOptions::default() };
    let value = call(&runtime, options).await.unwrap();
    assert_eq!(name_of(&value), "Ada");
    let seen = &model.seen()[0];
    assert!(seen.head.starts_with("post /v1/chat/completions"), "{}", seen.head);
    assert!(seen.head.contains("authorization: bearer sk-secret-of-registry"), "{}", seen.head);
    assert!(seen.body.contains("Extract from: Ada knows maths"), "{}", seen.body);
}

#[tokio::test]
async fn a_provider_is_told_the_form_of_the_answer_if_its_client_says_so() {
    for (options, told) in [("", false), ("structured_output true", true)] {
        let model = Model::start(&[Script::Say(RESUME)]).await;
        let value = call(&program(&client("Main", &model, options)), CallOptions::default()).await.unwrap();
        assert_eq!(name_of(&value), "Ada");
        let body: serde_json::Value = serde_json::from_str(&model.seen()[0].body).unwrap();
        let schema = body.pointer("/response_format/json_schema/schema/properties/name/type");
        assert_eq!(schema.and_then(serde_json::Value::as_str), told.then_some("string"), "{body}");
    }
}

#[tokio::test]
async fn connections_are_shared_by_all_calls_and_registries() {
    let model = Model::start(&[Script::Say(RESUME)]).await;
    let runtime = program(&client("Main", &model, ""));
    for fresh in [true, false].into_iter().cycle().take(20) {
        let registry = fresh.then(|| registry(&model));
        call(&runtime, CallOptions { registry, ..CallOptions::default() }).await.unwrap();
    }
    assert_eq!((model.seen().len(), model.connections()), (20, 1));
}

#[tokio::test]
async fn a_failure_that_may_pass_is_retried_after_the_policy_s_waits() {
    let model = Model::start(&[Script::Status(503), Script::Reset, Script::Say(RESUME)]).await;
    let policy = "retry_policy Twice {\n  max_retries 2\n  strategy {\n    type exponential_backoff\n    \
                  delay_ms 40\n    multiplier 3\n  }\n}\n";
    let main = client("Main", &model, "").replace("provider openai", "provider openai\n  retry_policy Twice");
    let value = call(&program(&(main + policy)), CallOptions::default()).await.unwrap();
    assert_eq!(name_of(&value), "Ada");
    let gaps = model.gaps();
    assert!(gaps[0] >= Duration::from_millis(40) && gaps[1] >= Duration::from_millis(120), "{gaps:?}");
}

#[tokio::test]
async fn a_failure_that_stays_is_not_retried() {
    for status in [400, 401, 403, 404, 422] {
        let model = Model::start(&[Script::Status(status), Script::Say(RESUME)]).await;
        let policy = "retry_policy Twice {\n  max_retries 2\n}\n";
        let main =
            client("Main", &model, "").replace("provider openai", "provider openai\n  retry_policy Twice");
        let failure = call(&program(&(main + policy)), CallOptions::default()).await.unwrap_err();
        assert_eq!((failure.kind(), failure.details().status_code), (FailureKind::Http, Some(status)));
        assert_eq!(model.seen().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_fallback_moves_on_after_every_failure_and_lists_them() {
    let bad = Model::start(&[Script::Status(401)]).await;
    let good = Model::start(&[Script::Say(RESUME)]).await;
    let strategy =
        "client<llm> Main {\n  provider fallback\n  options {\n    strategy [NoKey, Bad, Good]\n  }\n}\n";
    let no_key = "client<llm> NoKey {\n  provider openai\n  options {\n    model \"m\"\n    api_key env.ABSENT\n  }\n}\n";
    let clients = [strategy, no_key, &client("Bad", &bad, ""), &client("Good", &good, "")].concat();
    let collector = Collector::new("c");
    let options = CallOptions { collectors: vec![collector.clone()], ..CallOptions::default() };
    let value = call(&program(&clients), options).await.unwrap();
    assert_eq!(name_of(&value), "Ada");
    let log = collector.last().unwrap();
    let attempts: Vec<(&str, bool, bool)> = log
        .attempts
        .iter()
        .map(|attempt| (attempt.client_name.as_str(), attempt.selected, attempt.error.is_some()))
        .collect();
    assert_eq!(attempts, [("NoKey", false, true), ("Bad", false, true), ("Good", true, false)]);
    assert_eq!((log.usage.input_tokens, log.usage.output_tokens), (Some(11), Some(7)));

    let all_bad = clients.replace(&good.base_url, &bad.base_url);
    let failure = call(&program(&all_bad), CallOptions::default()).await.unwrap_err();
    let details = failure.details();
    let failed: Vec<&str> = details.attempts.iter().map(|attempt| attempt.client_name.as_str()).collect();
    assert_eq!(failed, ["NoKey", "Bad", "Good"]);
    assert_eq!(details.client_name.as_deref(), Some("Good"));
    assert_eq!(details.request_id.as_deref(), Some("req-7"));
    let text = details.detailed_message.as_deref().unwrap();
    assert!(text.starts_with("3 failed attempts:") && text.contains("ABSENT"), "{text}");
}

#[tokio::test]
async fn times_that_run_out_are_named() {
    let model = Model::start(&[Script::Hang]).await;
    let limited = "    http {\n      request_timeout_ms 60\n    }\n";
    let failure = call(&program(&client("Main", &model, limited)), CallOptions::default()).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Timeout);
    let timeout = failure.details().timeout.clone().unwrap();
    assert_eq!((timeout.timeout_type, timeout.configured_value_ms), ("request_timeout_ms", 60));
    assert!(timeout.elapsed_ms >= 60);

    let strategy = "client<llm> Main {\n  provider fallback\n  options {\n    strategy [A, A]\n    http {\n      \
                    total_timeout_ms 80\n    }\n  }\n}\n";
    let clients = format!("{strategy}{}", client("A", &model, ""));
    let failure = call(&program(&clients), CallOptions::default()).await.unwrap_err();
    let timeout = failure.details().timeout.clone().unwrap();
    assert_eq!((timeout.timeout_type, timeout.configured_value_ms), ("total_timeout_ms", 80));
}

#[tokio::test]
async fn an_abort_ends_the_call_at_once() {
    let model = Model::start(&[Script::Hang]).await;
    let runtime = program(&client("Main", &model, ""));
    let options = CallOptions::default();
    let cancellation = options.cancellation.clone();
    let running = tokio::task::spawn(async move { call(&runtime, options).await });
    while model.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    cancellation.cancel();
    assert_eq!(running.await.unwrap().unwrap_err().kind(), FailureKind::Abort);
}

#[tokio::test]
async fn variables_belong_to_the_call() {
    let model = Model::start(&[Script::Say(RESUME)]).await;
    let main = client("Main", &model, "").replace("\"sk-secret-of-Main\"", "env.TENANT_KEY");
    let runtime = program(&main);
    assert!(runtime.variables("ExtractResume", None).contains("TENANT_KEY"));
    for key in ["tenant-a", "tenant-b"] {
        let options = CallOptions { variables: variables(&[("TENANT_KEY", key)]), ..CallOptions::default() };
        call(&runtime, options).await.unwrap();
    }
    let failure = call(&runtime, CallOptions::default()).await.unwrap_err();
    assert!(failure.to_string().contains("TENANT_KEY"), "{failure}");
    let keys: Vec<bool> = model
        .seen()
        .iter()
        .zip(["tenant-a", "tenant-b"])
        .map(|(seen, key)| seen.head.contains(&format!("authorization: bearer {key}")))
        .collect();
    assert_eq!(keys, [true, true]);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_says_so() {
    let model = Model::start(&[Script::Say("I would rather not")]).await;
    let failure = call(&program(&client("Main", &model, "")), CallOptions::default()).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Validation);
    let details = failure.details();
    assert_eq!(details.raw_output.as_deref(), Some("I would rather not"));
    assert!(details.prompt.as_deref().unwrap().contains("Ada knows maths"));
}

#[tokio::test]
async fn a_body_that_is_no_reply_is_a_failure_of_the_client() {
    for body in ["<html>", "", "{}", r#"{"choices":[]}"#, r#"{"error":{"message":"overloaded"}}"#] {
        let model = Model::start(&[Script::Body(body)]).await;
        let failure = call(&program(&client("Main", &model, "")), CallOptions::default()).await.unwrap_err();
        assert_eq!((failure.kind(), failure.details().status_code), (FailureKind::Http, Some(200)), "{body}");
        assert_eq!(failure.details().raw_response.as_deref(), Some(body));
    }
}

#[tokio::test]
async fn no_key_is_shown_anywhere() {
    let echo = Model::start(&[Script::Body(r#"{"error":{"message":"bad key sk-secret-of-Main"}}"#)]).await;
    let runtime =
        program(&client("Main", &echo, "    query_params {\n      token \"sk-in-the-query\"\n    }\n"));
    let collector = Collector::new("c");
    let options = CallOptions { collectors: vec![collector.clone()], ..CallOptions::default() };
    let failure = call(&runtime, options).await.unwrap_err();
    let log = collector.last().unwrap();
    let request = log.attempts[0].request.as_ref().unwrap();
    let shown = format!(
        "{failure} {failure:?} {:?} {} {:?} {:?} {runtime:?}",
        failure.details(),
        request.url,
        request.headers,
        log.attempts[0].error
    );
    assert!(!shown.contains("sk-secret-of-Main") && !shown.contains("sk-in-the-query"), "{shown}");

    let built =
        runtime.request("ExtractResume", support::arguments(), CallOptions::default(), false).await.unwrap();
    assert_eq!(built.headers["authorization"], "Bearer sk-secret-of-Main");
}

#[tokio::test]
async fn what_cannot_be_called_is_refused_before_anything_is_sent() {
    let model = Model::start(&[Script::Say(RESUME)]).await;
    let runtime = program(&client("Main", &model, ""));
    let mut unknown = registry(&model);
    unknown.set_primary("Chosem").unwrap();
    let options = CallOptions { registry: Some(unknown), ..CallOptions::default() };
    let failure = call(&runtime, options).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::InvalidArgument);
    assert!(failure.to_string().contains("did you mean `Chosen`"), "{failure}");

    let failure =
        runtime.call("ExtractResume", types::Arguments::new(), CallOptions::default()).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::InvalidArgument);
    assert_eq!(failure.details().problems[0].path, "text");

    let failure =
        runtime.call("ExtractResum", support::arguments(), CallOptions::default()).await.unwrap_err();
    assert!(failure.to_string().contains("did you mean `ExtractResume`"), "{failure}");
    assert!(model.seen().is_empty());
}

#[tokio::test]
async fn a_nested_answer_of_a_hundred_thousand_brackets_is_an_error() {
    let answer: &'static str = Box::leak("[".repeat(100_000).into_boxed_str());
    let model = Model::start(&[Script::Say(answer)]).await;
    let failure = call(&program(&client("Main", &model, "")), CallOptions::default()).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Validation);
    assert!(failure.to_string().len() < 10_000);
}

#[tokio::test]
async fn health_counts_every_attempt_once() {
    let model = Model::start(&[Script::Status(500), Script::Say("no resume"), Script::Say(RESUME)]).await;
    let runtime = program(&client("Main", &model, ""));
    for _ in 0..3 {
        let _ = call(&runtime, CallOptions::default()).await;
    }
    let health = &runtime.health()["Main"];
    assert_eq!((&health["provider"], &health["requests"]), (&"openai".into(), &3.into()));
    assert_eq!(health["failures"], serde_json::json!({ "status": 1, "validation": 1 }));
    assert_eq!(health["tokens"]["input"], 22);
    assert!(health["latencyMs"]["p50"].is_u64());
}

#[tokio::test]
async fn an_attempt_that_is_cut_off_is_in_the_log() {
    let model = Model::start(&[Script::Hang]).await;
    let strategy = "client<llm> Main {\n  provider fallback\n  options {\n    strategy [A]\n    http {\n      \
                    total_timeout_ms 60\n    }\n  }\n}\n";
    let collector = Collector::new("c");
    let options = CallOptions { collectors: vec![collector.clone()], ..CallOptions::default() };
    let failure =
        call(&program(&format!("{strategy}{}", client("A", &model, ""))), options).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Timeout);
    let log = collector.last().unwrap();
    let [attempt] = log.attempts.as_slice() else { panic!("{:?}", log.attempts) };
    assert_eq!((attempt.client_name.as_str(), attempt.selected), ("A", false));
    assert!(attempt.request.is_some() && attempt.error.as_deref().unwrap().contains("total_timeout_ms"));
}

/// Written as an address or as a name that leads to one; a connection that others opened serves them no better.
#[tokio::test]
async fn clients_of_strangers_reach_no_private_address() {
    let model = Model::start(&[Script::Say(RESUME)]).await;
    let runtime = program(&client("Main", &model, ""));
    for base_url in [model.base_url.clone(), model.base_url.replace("127.0.0.1", "localhost")] {
        let mut registry = registry(&model);
        let changed = ConfigMap::from_iter([("base_url".to_owned(), Config::String(base_url))]);
        settle("client", registry.extend("Stranger", "Chosen", changed, None)).unwrap();
        registry.set_primary("Stranger").unwrap();
        let options = |strangers: &[&str]| CallOptions {
            registry: Some(registry.clone()),
            strangers: strangers.iter().map(ToString::to_string).collect(),
            ..CallOptions::default()
        };
        call(&runtime, options(&["Main", "Chosen"])).await.unwrap();
        let asked = model.seen().len();
        let failure = call(&runtime, options(&["Stranger"])).await.unwrap_err();
        assert!(failure.to_string().contains("is not on the public internet"), "{failure}");
        assert_eq!(failure.kind(), FailureKind::InvalidArgument);
        assert_eq!(model.seen().len(), asked);
    }
}
