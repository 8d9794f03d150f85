//! Every message that this room shows to a user, each under a name.

use std::fmt::Write as _;
use std::path::Path;

use crate::deadline::Deadline;
use crate::failure::FailedAttempt;

pub(crate) fn unknown_function<'a>(
    name: &str,
    meant: Option<&str>,
    names: impl Iterator<Item = &'a str>,
) -> String {
    if let Some(meant) = meant {
        return format!("function `{name}` not found; did you mean `{meant}`?");
    }
    let names: Vec<&str> = names.take(20).collect();
    if names.is_empty() {
        return format!("function `{name}` not found: the program has no functions");
    }
    format!("function `{name}` not found; the program has {}", names.join(", "))
}

pub(crate) fn not_a_directory(path: &Path) -> String {
    format!("`{}` is not a folder: give the folder that holds your .baml files (baml_src)", path.display())
}

pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("`{}` cannot be read: {error}", path.display())
}

pub(crate) fn invalid_arguments(function: &str, problems: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = problems.map(|problem| format!("\n  {problem}")).collect();
    format!("invalid arguments for function `{function}`:{}", lines.concat())
}

pub(crate) fn aborted() -> &'static str {
    "the call was aborted"
}

pub(crate) fn transport(client: &str, detail: &str) -> String {
    format!("client `{client}`: {detail}")
}

pub(crate) fn attempts(attempts: &[FailedAttempt]) -> String {
    let mut text = format!("{} failed attempts:", attempts.len());
    for (index, attempt) in attempts.iter().enumerate() {
        let _ = write!(text, "\n\nAttempt {index}: client `{}`\n{}", attempt.client_name, attempt.message);
    }
    text
}

pub(crate) fn nobody_to_ask(function: &str) -> String {
    format!("function `{function}` has no client to ask")
}

pub(crate) fn total_timeout(client: &str, milliseconds: u64) -> String {
    format!("client `{client}`: no answer within {milliseconds} ms over all attempts (total_timeout_ms)")
}

pub(crate) fn wait_over_total_timeout(client: &str, limit_ms: u64, wait_ms: u64, left_ms: u64) -> String {
    format!(
        "client `{client}`: no answer within {limit_ms} ms over all attempts (total_timeout_ms): the next attempt \
         would begin in {wait_ms} ms, and {left_ms} ms are left"
    )
}

pub(crate) fn skipped_events(client: &str, count: usize) -> String {
    let events = if count == 1 { "1 event" } else { &format!("{count} events") };
    let were = if count == 1 { "was" } else { "were" };
    format!(
        "client `{client}`: {events} of its stream could not be read and {were} passed over; text may be missing"
    )
}

pub(crate) fn invalid_client(client: &str, problems: &[llm::Problem]) -> String {
    not_valid(&format!("client `{client}`"), problems)
}

pub(crate) fn not_valid(subject: &str, problems: &[llm::Problem]) -> String {
    match problems {
        [only] => format!("{subject}: {only}"),
        several => {
            let lines: Vec<String> = several.iter().map(|problem| format!("\n  {problem}")).collect();
            format!("{subject} is not valid:{}", lines.concat())
        }
    }
}

pub(crate) fn does_not_fit(function: &str, reason: &str) -> String {
    format!("the model's answer does not fit the return type of function `{function}`: {reason}")
}

pub(crate) fn unknown_encoding(name: &str) -> String {
    format!("the reply is compressed as `{name}`, which nobody asked for; gzip, deflate and br can be read")
}

pub(crate) fn undecodable(error: &std::io::Error) -> String {
    format!("the reply's compression cannot be undone: {error}")
}

pub(crate) fn unusable_proxy(url: &str) -> String {
    format!("`http.proxy` {url} cannot be used as a proxy")
}

pub(crate) fn unreadable_option(option: &str, path: &str, error: &std::io::Error) -> String {
    format!("the file `{path}` of `{option}` cannot be read: {error}")
}

pub(crate) fn no_certificate(option: &str, path: &str) -> String {
    format!("the file `{path}` of `{option}` has no certificate in PEM form")
}

pub(crate) fn no_certificate_with_key(path: &str) -> String {
    format!(
        "the file `{path}` of `http.client_cert` needs a certificate and its key in PEM form; the key may also be \
         in the file of `http.client_key`"
    )
}

pub(crate) fn no_http_client(reason: &str) -> String {
    format!("connections cannot be set up: {reason}")
}

pub(crate) fn download_failed(url: &str, detail: &str) -> String {
    format!("media at `{}` could not be downloaded: {detail}", llm::shown_url(url))
}

pub(crate) fn download_refused(url: &str, why: &str) -> String {
    format!("media at `{}` may not be downloaded: {why}", llm::shown_url(url))
}

pub(crate) fn download_status(status: u16) -> String {
    format!("the server answered {status}")
}

pub(crate) fn download_timeout(Deadline { option, configured_ms, .. }: &Deadline) -> String {
    if *option == "media_download.timeout_ms" {
        return format!("it took longer than {configured_ms} ms ({option})");
    }
    format!("it was not there within {configured_ms} ms of the attempt ({option})")
}

pub(crate) fn download_too_large(most: u64) -> String {
    format!("it is larger than {most} bytes (media_download.max_bytes)")
}

pub(crate) fn too_many_redirects(most: usize) -> String {
    format!("the server redirects more than {most} times")
}

pub(crate) fn redirect_to_nowhere(status: u16) -> String {
    format!("the server answered {status} without saying where to go")
}

pub(crate) fn redirect_to_scheme(scheme: &str) -> String {
    format!("it leads to a `{scheme}:` URL, and only http and https URLs are downloaded")
}

pub(crate) fn host_not_allowed(host: &str) -> String {
    format!("host `{host}` is not among `media_download.allowed_hosts`")
}

pub(crate) fn no_public_address(host: &str) -> String {
    format!("`{host}` is not on the public internet")
}

pub(crate) fn test_file_unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("the test's arguments need the file `{}`, which cannot be read: {error}", path.display())
}

pub(crate) fn test_variable_missing(name: &str) -> String {
    format!("the test's arguments need the environment variable `{name}`, which is not set")
}
