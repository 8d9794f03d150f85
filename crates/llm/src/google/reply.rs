//! Replies of Gemini: one object, or a list of them, which is how a stream comes that was not asked for as events.

use serde_json::Value;

use super::chunk::{self, blocked, reports_error};
use crate::reply::{
    Answer, Reply, ReplyError, ReplyErrorKind, messages, told_error, told_status, with_details,
};
use crate::stream::Progress;

pub(crate) fn reply(answer: &Answer<'_>) -> Result<Reply, Box<ReplyError>> {
    let json = answer.json()?;
    let chunks = match &json {
        Value::Array(chunks) => chunks.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut progress = Progress::default();
    for chunk in chunks {
        if reports_error(chunk) {
            let told = told_error(chunk).unwrap_or_else(|| messages::UNTOLD.to_owned());
            let error = answer.error(ReplyErrorKind::Reported, &messages::reported(&told));
            let error = with_details(error, Some(chunk));
            let reported_status = told_status(chunk);
            return Err(Box::new(ReplyError { reported_status, usage: progress.usage, ..*error }));
        }
        chunk::read(chunk, &mut progress);
    }
    if !progress.has_answer {
        let error = match chunks.iter().find_map(blocked) {
            Some(blocked) => answer.blocked(&blocked.reason, blocked.told.as_deref()),
            None => answer.error(ReplyErrorKind::Malformed, &messages::no_candidates()),
        };
        return Err(Box::new(ReplyError { usage: progress.usage, ..*error }));
    }
    Ok(progress.reply())
}
