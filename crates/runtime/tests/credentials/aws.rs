//! Amazon Web Services.

use std::time::Duration;

use serde_json::{Value, json};

use crate::world::{Answer, Cloud, Home, Seen, Subject, in_seconds, ok, status};

fn bedrock(more: &Value) -> Value {
    let mut options = json!({ "model": "anthropic.claude" });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

fn keys(id: &str, seconds: u64) -> String {
    json!({
        "Code": "Success", "AccessKeyId": id, "SecretAccessKey": "secret", "Token": format!("token-{id}"),
        "Expiration": in_seconds(seconds),
    })
    .to_string()
}

fn sts(action: &str, id: &str) -> String {
    format!(
        "<{action}Response><{action}Result><Credentials><AccessKeyId>{id}</AccessKeyId>\
         <SecretAccessKey>secret</SecretAccessKey><SessionToken>token-{id}</SessionToken>\
         <Expiration>{}</Expiration></Credentials></{action}Result></{action}Response>",
        in_seconds(900)
    )
}

/// The id of the key that signed, the region, and the session token.
async fn signed(subject: &Subject) -> (String, String, String) {
    let request = subject.request().await.unwrap_or_else(|failure| panic!("{failure}"));
    let authorization = request.headers["authorization"].clone();
    let scope = authorization.split("Credential=").nth(1).unwrap_or_else(|| panic!("{authorization}"));
    let mut parts = scope.split('/');
    let (id, region) = (parts.next().unwrap().to_owned(), parts.nth(1).unwrap().to_owned());
    assert!(request.url.contains(&format!("bedrock-runtime.{region}.")), "{}", request.url);
    (id, region, request.headers.get("x-amz-security-token").cloned().unwrap_or_default())
}

fn is(found: &(String, String, String), id: &str, region: &str, token: &str) {
    assert_eq!((found.0.as_str(), found.1.as_str(), found.2.as_str()), (id, region, token));
}

#[tokio::test]
async fn keys_are_in_the_options_or_in_variables() {
    let given = json!({
        "region": "us-west-2", "access_key_id": "AKIAO", "secret_access_key": "s", "session_token": "t",
    });
    let subject = Subject::new("aws-bedrock", &bedrock(&given), &[("AWS_ACCESS_KEY_ID", "AKIAE")]);
    is(&signed(&subject).await, "AKIAO", "us-west-2", "t");

    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKIAE"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
        ("AWS_SESSION_TOKEN", "te"),
        ("AWS_DEFAULT_REGION", "eu-west-3"),
    ];
    let subject = Subject::new("aws-bedrock", &bedrock(&json!({})), &variables);
    is(&signed(&subject).await, "AKIAE", "eu-west-3", "te");

    let half = [("AWS_ACCESS_KEY_ID", "AKIAE"), ("AWS_REGION", "us-east-1")];
    let text = Subject::new("aws-bedrock", &bedrock(&json!({})), &half).failure().await.to_string();
    assert!(text.contains("`AWS_SECRET_ACCESS_KEY` is not"), "{text}");
}

#[tokio::test]
async fn a_key_of_bedrock_itself_is_a_token() {
    let variables = [("AWS_BEARER_TOKEN_BEDROCK", "bedrock-key"), ("AWS_REGION", "us-east-1")];
    let subject = Subject::new("aws-bedrock", &bedrock(&json!({})), &variables);
    assert_eq!(subject.authorization().await, "Bearer bedrock-key");
}

#[tokio::test]
async fn a_profile_has_keys_and_a_region() {
    let home = Home::new("aws-profile");
    home.write(".aws/config", "[default]\nregion = ap-south-1\n[profile work]\nregion = us-east-2\n");
    home.write(
        ".aws/credentials",
        "[default]\naws_access_key_id = AKIAD\naws_secret_access_key = s\n[work]\naws_access_key_id = AKIAW\n\
         aws_secret_access_key = s\naws_session_token = tw\n",
    );
    let subject = |options: Value, more: &[(&str, &str)]| {
        let mut variables = vec![("HOME", home.path())];
        variables.extend(more);
        Subject::new("aws-bedrock", &bedrock(&options), &variables)
    };
    is(&signed(&subject(json!({}), &[])).await, "AKIAD", "ap-south-1", "");
    is(&signed(&subject(json!({}), &[("AWS_PROFILE", "work")])).await, "AKIAW", "us-east-2", "tw");
    is(
        &signed(&subject(json!({ "profile": "work", "region": "us-west-1" }), &[])).await,
        "AKIAW",
        "us-west-1",
        "tw",
    );
    let text = subject(json!({ "profile": "gone" }), &[]).failure().await.to_string();
    assert!(text.contains("profile `gone` is not in") && text.contains(".aws/credentials"), "{text}");

    let elsewhere = home.write("elsewhere", "[default]\nregion = eu-north-1\n");
    let keys = home.write("keys", "[default]\naws_access_key_id = AKIAX\naws_secret_access_key = s\n");
    let variables = [("AWS_CONFIG_FILE", elsewhere.as_str()), ("AWS_SHARED_CREDENTIALS_FILE", keys.as_str())];
    is(&signed(&subject(json!({}), &variables)).await, "AKIAX", "eu-north-1", "");
}

#[tokio::test]
async fn a_role_is_taken_on_with_the_keys_of_another_profile() {
    let cloud =
        Cloud::start(|seen, _| ok(sts("AssumeRole", &format!("ASIA{}", seen.field("RoleArn").unwrap()))))
            .await;
    let home = Home::new("aws-role");
    home.write(
        ".aws/config",
        "[profile base]\naws_access_key_id = AKIAB\naws_secret_access_key = s\n\
         [profile middle]\nrole_arn = M\nsource_profile = base\nexternal_id = e&x\n\
         [profile top]\nrole_arn = T\nsource_profile = middle\nrole_session_name = me\nregion = us-east-1\n\
         [profile round]\nrole_arn = R\nsource_profile = about\n[profile about]\nrole_arn = A\nsource_profile = round\n\
         [profile codes]\nrole_arn = C\nsource_profile = base\nmfa_serial = m\nregion = us-east-1\n",
    );
    let variables = [("HOME", home.path()), ("AWS_ENDPOINT_URL_STS", cloud.url.as_str())];
    let subject =
        |profile: &str| Subject::new("aws-bedrock", &bedrock(&json!({ "profile": profile })), &variables);
    is(&signed(&subject("top")).await, "ASIAT", "us-east-1", "token-ASIAT");
    let seen = cloud.seen();
    assert_eq!(seen.iter().map(|seen| seen.field("RoleArn").unwrap()).collect::<Vec<_>>(), ["M", "T"]);
    assert_eq!(seen[0].field("ExternalId").unwrap(), "e&x");
    assert_eq!(seen[1].field("RoleSessionName").unwrap(), "me");
    assert!(
        seen[0].head.contains("Credential=AKIAB/") && seen[0].head.contains("/us-east-1/sts/"),
        "{}",
        seen[0].head
    );
    assert!(seen[1].head.contains("x-amz-security-token: token-ASIAM"), "{}", seen[1].head);

    let text = subject("round").failure().await.to_string();
    assert!(text.contains("comes back to itself"), "{text}");
    let text = subject("codes").failure().await.to_string();
    assert!(text.contains("multi-factor"), "{text}");
}

#[tokio::test]
async fn a_command_prints_keys() {
    let home = Home::new("aws-command");
    let printed =
        json!({ "Version": 1, "AccessKeyId": "ASIAP", "SecretAccessKey": "s", "SessionToken": "tp" });
    let file = home.write("my keys.json", &printed.to_string());
    let config = format!(
        "[default]\nregion = us-east-1\ncredential_process = cat \"{file}\"\n\
         [profile broken]\nregion = us-east-1\ncredential_process = cat /nonexistent/canary\n"
    );
    home.write(".aws/config", &config);
    let variables = [("HOME", home.path())];
    is(
        &signed(&Subject::new("aws-bedrock", &bedrock(&json!({})), &variables)).await,
        "ASIAP",
        "us-east-1",
        "tp",
    );
    let broken = Subject::new("aws-bedrock", &bedrock(&json!({ "profile": "broken" })), &variables);
    let text = broken.failure().await.to_string();
    assert!(text.contains("the command `cat` failed"), "{text}");
}

#[tokio::test]
async fn who_has_signed_on_gets_keys_of_a_role() {
    let cloud = Cloud::start(|seen, _| match seen.line.split(['?', ' ']).nth(1) {
        Some("/token") => ok(r#"{"accessToken":"renewed","expiresIn":3600}"#),
        _ => ok(json!({ "roleCredentials": {
            "accessKeyId": "ASIAS", "secretAccessKey": "s", "sessionToken": "ts", "expiration": 4_102_444_800_000_u64,
        }})
        .to_string()),
    })
    .await;
    let home = Home::new("aws-sso");
    home.write(
        ".aws/config",
        "[default]\nsso_session = corp\nsso_account_id = 123\nsso_role_name = Dev Role\nregion = us-east-1\n\
         [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.test/start\n",
    );
    // The names of the files are the SHA-1 sums of `corp` and so on.
    let kept = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
    let variables = [
        ("HOME", home.path()),
        ("AWS_ENDPOINT_URL_SSO", cloud.url.as_str()),
        ("AWS_ENDPOINT_URL_SSO_OIDC", cloud.url.as_str()),
    ];
    let subject = |more: &str| {
        // Whatever differs in the environment is a place of its own to keep keys.
        let mut variables = variables.to_vec();
        variables.push(("AWS_ROLE_SESSION_NAME", more));
        Subject::new("aws-bedrock", &bedrock(&json!({})), &variables)
    };
    let text = subject("0").failure().await.to_string();
    assert!(text.contains("aws sso login --profile default"), "{text}");

    home.write(kept, &json!({ "accessToken": "signed-on", "expiresAt": in_seconds(600) }).to_string());
    is(&signed(&subject("1")).await, "ASIAS", "us-east-1", "ts");
    let seen = &cloud.seen()[0];
    assert_eq!(seen.line, "GET /federation/credentials?role_name=Dev+Role&account_id=123");
    assert!(seen.head.contains("x-amz-sso_bearer_token: signed-on"), "{}", seen.head);

    let old = json!({
        "accessToken": "old", "expiresAt": "2020-01-01T00:00:00Z", "refreshToken": "r", "clientId": "i",
        "clientSecret": "s",
    });
    home.write(kept, &old.to_string());
    is(&signed(&subject("2")).await, "ASIAS", "us-east-1", "ts");
    assert_eq!(cloud.lines()[1], "POST /token");
    assert!(cloud.seen()[2].head.contains("x-amz-sso_bearer_token: renewed"));
}

#[tokio::test]
async fn a_web_identity_takes_on_a_role() {
    let cloud = Cloud::start(|_, _| ok(sts("AssumeRoleWithWebIdentity", "ASIAW"))).await;
    let home = Home::new("aws-web");
    let token = home.write("token", "web-token\n");
    let variables = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", token.as_str()),
        ("AWS_ROLE_ARN", "arn:role"),
        ("AWS_ENDPOINT_URL_STS", cloud.url.as_str()),
        ("AWS_REGION", "us-east-1"),
    ];
    let subject = Subject::new("aws-bedrock", &bedrock(&json!({})), &variables);
    is(&signed(&subject).await, "ASIAW", "us-east-1", "token-ASIAW");
    let seen = &cloud.seen()[0];
    assert_eq!(seen.field("WebIdentityToken").unwrap(), "web-token");
    assert_eq!(seen.field("RoleArn").unwrap(), "arn:role");
    assert!(!seen.head.contains("authorization:"), "{}", seen.head);
}

#[tokio::test]
async fn a_container_has_a_role() {
    let cloud = Cloud::start(|_, _| ok(keys("ASIAC", 900))).await;
    let home = Home::new("aws-container");
    let token = home.write("token", "pod-token");
    let url = format!("{}/creds", cloud.url);
    let variables = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str()),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.as_str()),
        ("AWS_REGION", "us-east-1"),
    ];
    let subject = Subject::new("aws-bedrock", &bedrock(&json!({})), &variables);
    is(&signed(&subject).await, "ASIAC", "us-east-1", "token-ASIAC");
    assert!(cloud.seen()[0].head.contains("authorization: pod-token"));

    let foreign = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.test/x"), ("AWS_REGION", "us-east-1")];
    let text = Subject::new("aws-bedrock", &bedrock(&json!({})), &foreign).failure().await.to_string();
    assert!(text.contains("`evil.test`"), "{text}");
}

fn instance(seen: &Seen, keys: String) -> Answer {
    match seen.line.as_str() {
        "PUT /latest/api/token" => ok("imds-token"),
        _ if !seen.head.contains("x-aws-ec2-metadata-token: imds-token") => status(401, ""),
        "GET /latest/meta-data/iam/security-credentials/" => ok("my-role\n"),
        "GET /latest/meta-data/iam/security-credentials/my-role" => ok(keys),
        _ => status(404, ""),
    }
}

#[tokio::test]
async fn an_instance_has_a_role_whose_keys_change() {
    let cloud = Cloud::start(|seen, before| instance(seen, keys(&format!("ASIA{before}"), 2))).await;
    let variables = [("AWS_EC2_METADATA_SERVICE_ENDPOINT", cloud.url.as_str()), ("AWS_REGION", "us-east-1")];
    let subject = Subject::new("aws-bedrock", &bedrock(&json!({})), &variables);
    is(&signed(&subject).await, "ASIA2", "us-east-1", "token-ASIA2");
    is(&signed(&subject).await, "ASIA2", "us-east-1", "token-ASIA2");
    assert!(cloud.seen()[0].head.contains("x-aws-ec2-metadata-token-ttl-seconds: 21600"));
    tokio::time::sleep(Duration::from_millis(2100)).await;
    is(&signed(&subject).await, "ASIA5", "us-east-1", "token-ASIA5");
}

#[tokio::test]
async fn where_nothing_is_found_the_error_says_where_was_looked() {
    let variables = [
        ("HOME", "/nonexistent"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9"),
        ("AWS_REGION", "us-east-1"),
    ];
    let subject = Subject::new("aws-bedrock", &bedrock(&json!({})), &variables);
    let text = subject.failure().await.to_string();
    for place in [
        "AWS_ACCESS_KEY_ID is not set",
        "/nonexistent/.aws/credentials",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "http://127.0.0.1:9/latest/api/token",
    ] {
        assert!(text.contains(place), "{place} is not in: {text}");
    }
    // A request that is only shown is not signed.
    assert!(!subject.request().await.unwrap().headers.contains_key("authorization"));

    let disabled = [("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_REGION", "us-east-1")];
    let text = Subject::new("aws-bedrock", &bedrock(&json!({})), &disabled).failure().await.to_string();
    assert!(text.contains("AWS_EC2_METADATA_DISABLED is set"), "{text}");
}

#[tokio::test]
async fn a_machine_that_does_not_answer_is_given_up_soon() {
    let cloud = Cloud::start(|_, _| Answer(200, String::new(), Duration::from_mins(1))).await;
    let variables = [("AWS_EC2_METADATA_SERVICE_ENDPOINT", cloud.url.as_str()), ("AWS_REGION", "us-east-1")];
    let started = std::time::Instant::now();
    let text = Subject::new("aws-bedrock", &bedrock(&json!({})), &variables).failure().await.to_string();
    assert!(text.contains("no answer within 1500 ms"), "{text}");
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_region_that_nobody_knows_is_asked_for() {
    let given = json!({ "access_key_id": "AKIAO", "secret_access_key": "s" });
    let text = Subject::new("aws-bedrock", &bedrock(&given), &[]).failure().await.to_string();
    assert!(text.contains("`region`") && text.contains("AWS_REGION"), "{text}");
}
