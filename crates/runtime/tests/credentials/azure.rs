//! Microsoft Entra ID.

use baml_runtime::FailureKind;
use serde_json::{Value, json};

use crate::world::{Cloud, Subject, ok, status};

fn options(more: &Value) -> Value {
    let mut options = json!({ "base_url": "http://h.test", "model": "gpt" });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

#[tokio::test]
async fn an_application_gets_a_token_by_its_password() {
    let cloud = Cloud::start(|_, _| ok(r#"{"access_token":"eyJ.a.b","expires_in":3599}"#)).await;
    let authority = [("AZURE_AUTHORITY_HOST", cloud.url.as_str())];
    let given = options(&json!({ "tenant_id": "t 1", "client_id": "c", "client_secret": "s&p" }));
    let subject = Subject::new("azure-openai", &given, &authority);
    let request = subject.request().await.unwrap();
    assert_eq!(request.headers["authorization"], "Bearer eyJ.a.b");
    assert!(!request.headers.contains_key("api-key"));
    let seen = &cloud.seen()[0];
    assert_eq!(seen.line, "POST /t+1/oauth2/v2.0/token");
    assert_eq!(seen.field("client_secret").unwrap(), "s&p");
    assert_eq!(seen.field("grant_type").unwrap(), "client_credentials");
    assert_eq!(seen.field("scope").unwrap(), "https://cognitiveservices.azure.com/.default");
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert!(body.get("client_secret").is_none() && body.get("tenant_id").is_none(), "{body}");

    // What the options leave out is in the variables of Azure's own tools.
    let variables = [authority[0], ("AZURE_TENANT_ID", "t2"), ("AZURE_CLIENT_SECRET", "s2")];
    let subject = Subject::new("azure-openai", &options(&json!({ "client_id": "c2" })), &variables);
    assert_eq!(subject.authorization().await, "Bearer eyJ.a.b");
    assert_eq!(cloud.lines()[1], "POST /t2/oauth2/v2.0/token");
}

#[tokio::test]
async fn what_is_missing_and_what_is_refused_is_named() {
    let subject = Subject::new("azure-openai", &options(&json!({ "tenant_id": "t", "client_id": "c" })), &[]);
    let failure = subject.failure().await;
    assert_eq!(failure.kind(), FailureKind::InvalidArgument);
    let text = failure.to_string();
    assert!(text.contains("`client_secret`") && text.contains("AZURE_CLIENT_SECRET"), "{text}");

    let refusal = r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret"}"#;
    let cloud = Cloud::start(move |_, _| status(401, refusal)).await;
    let given = options(&json!({ "tenant_id": "t", "client_id": "c", "client_secret": "canary" }));
    let subject = Subject::new("azure-openai", &given, &[("AZURE_AUTHORITY_HOST", &cloud.url)]);
    let failure = subject.failure().await;
    let text = failure.to_string();
    assert!(
        text.contains("Microsoft Entra ID") && text.contains("401: invalid_client (AADSTS7000215"),
        "{text}"
    );
    assert!(!text.contains("canary"), "{text}");
}
