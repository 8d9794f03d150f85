//! Server-sent events: bytes in, however they are cut, events out. The format is that of the HTML standard;
//! reconnection is left to the caller, so `id` and `retry` are reported and nothing more.

/// The largest event that is read unless a decoder is told otherwise: room for an image written as base64, and
/// an end to a line that never ends.
pub const LARGEST_EVENT_BYTES: usize = 16 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// An event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SseEvent {
    /// Its name, where one was given.
    pub event: Option<String>,
    /// Its `data` lines, joined by line breaks.
    pub data: String,
    /// The id that its own lines gave.
    pub id: Option<String>,
    /// After how many milliseconds its own lines asked to reconnect.
    pub retry: Option<u64>,
}

/// An event is larger than the decoder's limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTooLarge {
    /// The limit in bytes.
    pub limit: usize,
}

/// Decodes a stream of events. The same bytes give the same events wherever they are cut, and every byte is
/// looked at once.
#[derive(Debug)]
pub struct SseDecoder {
    limit: usize,
    /// The start of a line whose end has not come yet.
    line: Vec<u8>,
    /// The event whose end has not come yet, but for its data.
    event: SseEvent,
    /// Its data, once it has a `data` line: an empty one counts.
    data: Option<String>,
    /// Whether the last byte was a carriage return: a line feed next to it belongs to it.
    after_return: bool,
    is_first_line: bool,
    too_large: bool,
}

impl Default for SseDecoder {
    fn default() -> Self {
        Self::new(LARGEST_EVENT_BYTES)
    }
}

impl SseDecoder {
    /// A decoder at the start of a stream. `limit` is the largest event in bytes, one line of which may be
    /// under way.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            event: SseEvent::default(),
            data: None,
            after_return: false,
            is_first_line: true,
            too_large: false,
        }
    }

    /// Takes the next bytes and appends the events that they complete.
    ///
    /// # Errors
    /// An event, or a line, larger than the limit. The events before it are appended; nothing after it is read.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<SseEvent>) -> Result<(), EventTooLarge> {
        let mut rest = bytes;
        while !rest.is_empty() && !self.too_large {
            if self.after_return {
                self.after_return = false;
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
                continue;
            }
            let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                if self.has_room_for(rest) {
                    self.line.extend_from_slice(rest);
                }
                break;
            };
            let (start, ending) = rest.split_at(end);
            self.after_return = ending.starts_with(b"\r");
            rest = &ending[1..];
            if self.has_room_for(start) {
                self.end_line(start, events);
            }
        }
        if self.too_large { Err(EventTooLarge { limit: self.limit }) } else { Ok(()) }
    }

    /// The event that the end of the stream cut off before its blank line. The standard drops it; some servers
    /// end with one that is whole, so the caller may look.
    #[must_use]
    pub fn into_unfinished(mut self) -> Option<SseEvent> {
        let mut events = Vec::new();
        if !self.line.is_empty() {
            self.end_line(b"", &mut events);
        }
        if self.too_large { None } else { self.data.map(|data| SseEvent { data, ..self.event }) }
    }

    /// Also remembers when there is none.
    fn has_room_for(&mut self, more: &[u8]) -> bool {
        let data = self.data.as_ref().map_or(0, String::len);
        self.too_large = data + self.line.len() + more.len() > self.limit;
        !self.too_large
    }

    /// A line is complete: `end` is what this chunk adds to what earlier ones brought.
    fn end_line(&mut self, end: &[u8], events: &mut Vec<SseEvent>) {
        let earlier = std::mem::take(&mut self.line);
        if earlier.is_empty() {
            self.read_line(end, events);
        } else {
            let mut line = earlier;
            line.extend_from_slice(end);
            self.read_line(&line, events);
            // Its memory serves the next line.
            line.clear();
            self.line = line;
        }
    }

    fn read_line(&mut self, line: &[u8], events: &mut Vec<SseEvent>) {
        let is_first = std::mem::take(&mut self.is_first_line);
        let line = if is_first { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line };
        if line.is_empty() {
            self.end_event(events);
            return;
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &line[line.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => self.add_data(&String::from_utf8_lossy(value)),
            b"event" => self.event.event = Some(String::from_utf8_lossy(value).into_owned()),
            b"id" if !value.contains(&0) => self.event.id = Some(String::from_utf8_lossy(value).into_owned()),
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                self.event.retry = String::from_utf8_lossy(value).parse().ok();
            }
            // Comments, whose field is empty, and fields that the standard does not know.
            _ => {}
        }
    }

    fn add_data(&mut self, line: &str) {
        match &mut self.data {
            Some(data) => {
                data.push('\n');
                data.push_str(line);
            }
            None => self.data = Some(line.to_owned()),
        }
    }

    fn end_event(&mut self, events: &mut Vec<SseEvent>) {
        let event = std::mem::take(&mut self.event);
        if let Some(data) = self.data.take() {
            events.push(SseEvent { data, ..event });
        }
    }
}
