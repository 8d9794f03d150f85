//! Counts and times in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

/// The upper ends of the histogram's buckets, in seconds: models answer in tenths of a second to minutes.
const BUCKETS: [f64; 12] = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0];

/// What the server counts itself; how clients do is known to the runtime.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<Labels, Measured>>,
    /// How many streams ended so, by function.
    streams: Mutex<BTreeMap<(String, &'static str), u64>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Labels {
    route: &'static str,
    /// Only names of functions that exist: others would make a series for each.
    function: String,
    status: u16,
}

#[derive(Debug, Default)]
struct Measured {
    count: u64,
    seconds: f64,
    buckets: [u64; BUCKETS.len()],
}

impl Metrics {
    pub(crate) fn count(&self, route: &'static str, function: Option<&str>, status: u16, took: Duration) {
        let labels = Labels { route, function: function.unwrap_or_default().to_owned(), status };
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let measured = requests.entry(labels).or_default();
        measured.count += 1;
        measured.seconds += took.as_secs_f64();
        for (bucket, limit) in measured.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(took.as_secs_f64() <= limit);
        }
    }

    /// A stream came to its end.
    pub(crate) fn count_stream(&self, function: Option<&str>, end: &'static str) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        *streams.entry((function.unwrap_or_default().to_owned(), end)).or_default() += 1;
    }

    /// The text, with how many calls and streams are under way, and how the clients do as `Runtime::health` tells it.
    pub(crate) fn text(&self, under_way: usize, health: &Value) -> String {
        let mut text = String::new();
        head(&mut text, "baml_requests_under_way", "gauge", "Calls that are under way.");
        line(&mut text, "baml_requests_under_way", "", under_way);
        self.write_requests(&mut text);
        self.write_streams(&mut text);
        write_clients(&mut text, health);
        text
    }

    fn write_requests(&self, text: &mut String) {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        head(
            text,
            "baml_request_duration_seconds",
            "histogram",
            "From a request to the beginning of its answer.",
        );
        for (labels, measured) in requests.iter() {
            let Labels { route, function, status } = labels;
            let common = format!("route=\"{route}\",function=\"{}\",status=\"{status}\"", escaped(function));
            for (limit, bucket) in BUCKETS.iter().zip(measured.buckets) {
                line(
                    text,
                    "baml_request_duration_seconds_bucket",
                    &format!("{common},le=\"{limit}\""),
                    bucket,
                );
            }
            let all = format!("{common},le=\"+Inf\"");
            line(text, "baml_request_duration_seconds_bucket", &all, measured.count);
            line(text, "baml_request_duration_seconds_sum", &common, measured.seconds);
            line(text, "baml_request_duration_seconds_count", &common, measured.count);
        }
    }

    fn write_streams(&self, text: &mut String) {
        let streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        head(text, "baml_streams_total", "counter", "Streams that began, by how they ended.");
        for ((function, end), count) in streams.iter() {
            let labels = format!("function=\"{}\",end=\"{end}\"", escaped(function));
            line(text, "baml_streams_total", &labels, count);
        }
    }
}

fn write_clients(text: &mut String, health: &Value) {
    let clients: Vec<(String, &Value)> = health
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, client)| {
            let provider = client["provider"].as_str().unwrap_or_default();
            (format!("client=\"{}\",provider=\"{}\"", escaped(name), escaped(provider)), client)
        })
        .collect();
    head(text, "baml_client_requests_total", "counter", "Requests sent to each client's provider.");
    for (labels, client) in &clients {
        line(text, "baml_client_requests_total", labels, client["requests"].as_u64().unwrap_or_default());
    }
    head(text, "baml_client_failures_total", "counter", "Attempts that failed, by cause.");
    for (labels, client) in &clients {
        for (cause, count) in client["failures"].as_object().into_iter().flatten() {
            let labels = format!("{labels},cause=\"{}\"", escaped(cause));
            line(text, "baml_client_failures_total", &labels, count.as_u64().unwrap_or_default());
        }
    }
    head(text, "baml_client_tokens_total", "counter", "Tokens as providers count them.");
    for (labels, client) in &clients {
        for (kind, count) in client["tokens"].as_object().into_iter().flatten() {
            if let Some(count) = count.as_u64() {
                let labels = format!("{labels},kind=\"{}\"", escaped(kind));
                line(text, "baml_client_tokens_total", &labels, count);
            }
        }
    }
    head(text, "baml_client_latency_milliseconds", "gauge", "Percentiles of how long answers took.");
    for (labels, client) in &clients {
        for (share, quantile) in [("p50", "0.5"), ("p90", "0.9"), ("p99", "0.99")] {
            if let Some(latency) = client["latencyMs"][share].as_u64() {
                let labels = format!("{labels},quantile=\"{quantile}\"");
                line(text, "baml_client_latency_milliseconds", &labels, latency);
            }
        }
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a `String` cannot fail.
    let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
}

fn line(text: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _ = if labels.is_empty() {
        writeln!(text, "{name} {value}")
    } else {
        writeln!(text, "{name}{{{labels}}} {value}")
    };
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
