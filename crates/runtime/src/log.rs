//! Lines about calls on standard error. The default level is `warn`: only calls that failed, and never a
//! prompt or a reply unless the user asked for `info` or more.

use std::fmt::{Display, Write as _};
use std::io::Write as _;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};

use serde_json::json;
use types::{Content, Prompt, nearest};

use crate::clock;
use crate::failure::{Failure, FailureKind};
use crate::record::FunctionLog;

/// How much is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// Failed calls.
    Error,
    /// Failed calls and doubtful configuration; the default.
    Warn,
    /// Every call, with prompt and reply.
    Info,
    /// The same as `info`, with the requests.
    Debug,
    /// The same as `debug`.
    Trace,
}

impl LogLevel {
    const ALL: [Self; 6] = [Self::Off, Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    /// The name in upper case, as `getLogLevel` answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "OFF",
            Self::Error => "ERROR",
            Self::Warn => "WARN",
            Self::Info => "INFO",
            Self::Debug => "DEBUG",
            Self::Trace => "TRACE",
        }
    }

    /// Reads a name in any case.
    ///
    /// # Errors
    /// A sentence that lists the valid names, and the nearest.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(text.trim())).ok_or_else(|| {
            let names = Self::ALL.map(Self::name);
            let meant =
                nearest(text, names).map(|name| format!("; did you mean {name}?")).unwrap_or_default();
            format!("`{text}` is not a log level: use one of {}{meant}", names.join(", "))
        })
    }
}

static LEVEL: LazyLock<AtomicU8> = LazyLock::new(|| {
    let level = match std::env::var("BAML_LOG") {
        Ok(text) if !text.trim().is_empty() => LogLevel::parse(&text).unwrap_or_else(|problem| {
            write_line(format_args!("[BAML WARN] BAML_LOG: {problem}"));
            LogLevel::Warn
        }),
        _ => LogLevel::Warn,
    };
    AtomicU8::new(level as u8)
});
static JSON: LazyLock<AtomicBool> = LazyLock::new(|| {
    AtomicBool::new(
        std::env::var("BAML_LOG_JSON_MODE").is_ok_and(|text| matches!(&*text.to_lowercase(), "1" | "true")),
    )
});
/// Zero means no limit.
static MAX_CHUNK_LENGTH: LazyLock<AtomicUsize> = LazyLock::new(|| {
    let length = std::env::var("BAML_LOG_MAX_CHUNK_LENGTH").ok().and_then(|text| text.trim().parse().ok());
    AtomicUsize::new(length.unwrap_or(64_000))
});

/// The level in force: set by [`set_level`], or else `BAML_LOG`, or else `warn`.
pub fn level() -> LogLevel {
    let number = LEVEL.load(Ordering::Relaxed);
    LogLevel::ALL.into_iter().find(|level| *level as u8 == number).unwrap_or(LogLevel::Warn)
}

/// Sets the level for the whole process.
pub fn set_level(level: LogLevel) {
    LEVEL.store(level as u8, Ordering::Relaxed);
}

/// Prints one JSON object a line instead of text blocks.
pub fn set_json_mode(json: bool) {
    JSON.store(json, Ordering::Relaxed);
}

/// Cuts each prompt and reply that is printed to this many characters; 0 means no limit.
pub fn set_max_chunk_length(characters: usize) {
    MAX_CHUNK_LENGTH.store(characters, Ordering::Relaxed);
}

/// Prints a warning about configuration that works, but perhaps not as meant.
pub fn warn(message: &str) {
    if level() < LogLevel::Warn {
        return;
    }
    if JSON.load(Ordering::Relaxed) {
        write_line(json!({ "timestamp": clock::unix_ms(), "level": "warn", "message": message }));
    } else {
        write_line(format_args!("[BAML WARN] {message}"));
    }
}

/// Writes a line, or several, to standard error, in one piece: it is not buffered. That nobody reads it any more is no reason
/// to end, as it would be for `eprintln!`.
pub fn write_line(text: impl Display) {
    drop(std::io::stderr().write_all(format!("{text}\n").as_bytes()));
}

/// Whether a call that ended like this is not printed at the level in force.
pub(crate) fn is_silent(failure: Option<&Failure>) -> bool {
    // Who aborts a call knows of it.
    let failed = failure.is_some_and(|failure| failure.kind() != FailureKind::Abort);
    level() < if failed { LogLevel::Error } else { LogLevel::Info }
}

/// Prints a finished call, if the level asks for it.
pub(crate) fn call(log: &FunctionLog, failure: Option<&Failure>) {
    if is_silent(failure) {
        return;
    }
    let level = level();
    if JSON.load(Ordering::Relaxed) {
        write_line(json_line(log, failure, level));
    } else {
        write_line(text_block(log, failure, level));
    }
}

fn json_line(log: &FunctionLog, failure: Option<&Failure>, level: LogLevel) -> serde_json::Value {
    let attempt = log.attempts.last();
    let mut line = json!({
        "timestamp": clock::unix_ms(),
        "level": if failure.is_some() { "error" } else { "info" },
        "function_name": log.function_name,
        "id": log.id,
        "start_time": log.timing.start_time_utc_ms,
        "latency_ms": log.timing.duration_ms,
        "num_tries": log.attempts.len(),
        "client": attempt.map(|attempt| &attempt.client_name),
        "tokens": { "input": log.usage.input_tokens, "output": log.usage.output_tokens },
        "error": failure.map(ToString::to_string),
    });
    if let Some(object) = line.as_object_mut().filter(|_| level >= LogLevel::Info) {
        object.insert("prompt".to_owned(), log.prompt_text().map(|text| cut(&text)).into());
        object.insert("llm_reply".to_owned(), log.raw_llm_response.as_deref().map(cut).into());
    }
    line
}

fn text_block(log: &FunctionLog, failure: Option<&Failure>, level: LogLevel) -> String {
    let mut text = String::new();
    let title = if failure.is_some() { "ERROR" } else { "INFO" };
    let client = log.attempts.last().map_or("no client", |attempt| &attempt.client_name);
    let _ = write!(
        text,
        "[BAML {title}] {} by {client} in {} ms, {} attempt(s), tokens in/out: {}/{}",
        log.function_name,
        log.timing.duration_ms,
        log.attempts.len(),
        count(log.usage.input_tokens),
        count(log.usage.output_tokens),
    );
    if let Some(failure) = failure {
        let _ = write!(text, "\n{failure}");
    }
    if level >= LogLevel::Info {
        if let Some(prompt) = log.prompt_text() {
            let _ = write!(text, "\n--- prompt\n{}", cut(&prompt));
        }
        if let Some(reply) = &log.raw_llm_response {
            let _ = write!(text, "\n--- reply\n{}", cut(reply));
        }
    }
    text
}

fn count(tokens: Option<u64>) -> String {
    tokens.map_or_else(|| "?".to_owned(), |tokens| tokens.to_string())
}

/// The prompt as one text: each message under its role, media by kind.
pub(crate) fn prompt_text(prompt: &Prompt) -> String {
    let mut text = String::new();
    for (index, message) in prompt.messages.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let _ = write!(text, "[{}]", message.role);
        for part in &message.parts {
            match &part.content {
                Content::Text(words) => {
                    text.push('\n');
                    text.push_str(words);
                }
                Content::Media(media) => {
                    let _ = write!(text, "\n<{}>", media.kind.name());
                }
            }
        }
    }
    text
}

fn cut(text: &str) -> String {
    let limit = MAX_CHUNK_LENGTH.load(Ordering::Relaxed);
    match text.char_indices().nth(limit) {
        Some((end, _)) if limit > 0 => format!("{}… ({} bytes in all)", &text[..end], text.len()),
        _ => text.to_owned(),
    }
}
