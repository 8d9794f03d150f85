//! `application/vnd.amazon.eventstream`: bytes in, however they are cut, messages out.
//!
//! A message is the length of all of it and of its headers (4 bytes each, highest first), a checksum of these
//! eight bytes, the headers, the payload, and a checksum of everything before. A message whose checksums or
//! lengths do not fit is never given out.

use std::fmt;

/// The largest message that is read unless a decoder is told otherwise. The format's own limit for a payload.
pub const LARGEST_MESSAGE_BYTES: usize = 16 << 20;

/// The lengths and their checksum.
const PRELUDE_BYTES: usize = 12;
/// A message with neither headers nor payload.
const SMALLEST_MESSAGE_BYTES: usize = PRELUDE_BYTES + CHECKSUM_BYTES;
const CHECKSUM_BYTES: usize = 4;

/// A message whose checksums fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventStreamMessage {
    /// The headers that are text, in the order sent. Those of other types are checked and left out.
    pub headers: Vec<(String, String)>,
    /// The payload.
    pub payload: Vec<u8>,
}

impl EventStreamMessage {
    /// The text of the header with this name, such as `:event-type`.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Why bytes are no stream of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventStreamError {
    /// The checksum of a message's beginning or of all of it does not fit: bytes were changed or are missing.
    Checksum,
    /// The lengths in a message contradict each other.
    Length,
    /// A header is not as the format says.
    Header,
    /// A message is larger than the decoder's limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

impl fmt::Display for EventStreamError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum => formatter.write_str("the checksum of a message does not fit"),
            Self::Length => formatter.write_str("the lengths in a message contradict each other"),
            Self::Header => formatter.write_str("a header of a message cannot be read"),
            Self::TooLarge { limit } => write!(formatter, "a message has more than {limit} bytes"),
        }
    }
}

impl std::error::Error for EventStreamError {}

/// Decodes a stream of messages. The same bytes give the same messages wherever they are cut, and every byte is
/// copied once.
#[derive(Debug)]
pub struct EventStreamDecoder {
    limit: usize,
    /// The start of a message whose end has not come yet.
    pending: Vec<u8>,
    failed: Option<EventStreamError>,
}

impl Default for EventStreamDecoder {
    fn default() -> Self {
        Self::new(LARGEST_MESSAGE_BYTES)
    }
}

impl EventStreamDecoder {
    /// A decoder at the start of a stream. `limit` is the largest message in bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { limit, pending: Vec::new(), failed: None }
    }

    /// Takes the next bytes and appends the messages that they complete.
    ///
    /// # Errors
    /// The bytes are no such stream. The messages before the fault are appended; nothing after it is read, and
    /// every later call gives the same error.
    pub fn push(
        &mut self,
        bytes: &[u8],
        messages: &mut Vec<EventStreamMessage>,
    ) -> Result<(), EventStreamError> {
        let mut rest = bytes;
        while self.failed.is_none() && !rest.is_empty() {
            match self.take(&mut rest) {
                Ok(message) => messages.extend(message),
                Err(error) => self.failed = Some(error),
            }
        }
        self.failed.map_or(Ok(()), Err)
    }

    /// Whether the bytes so far end within a message: a stream that ends now was cut off.
    #[must_use]
    pub fn is_within_a_message(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Moves bytes over until there is a whole message or nothing is left.
    fn take(&mut self, rest: &mut &[u8]) -> Result<Option<EventStreamMessage>, EventStreamError> {
        if self.pending.len() < PRELUDE_BYTES && !self.fill(rest, PRELUDE_BYTES) {
            return Ok(None);
        }
        // Before anything is waited for: a length that was spoilt could mean for ever.
        let lengths = Lengths::read(&self.pending, self.limit)?;
        if !self.fill(rest, lengths.message) {
            return Ok(None);
        }
        let message = read_message(&self.pending, &lengths)?;
        self.pending.clear();
        Ok(Some(message))
    }

    /// Whether there are as many pending bytes now.
    fn fill(&mut self, rest: &mut &[u8], length: usize) -> bool {
        let missing = length.saturating_sub(self.pending.len()).min(rest.len());
        let (taken, left) = rest.split_at(missing);
        self.pending.extend_from_slice(taken);
        *rest = left;
        self.pending.len() >= length
    }
}

/// What the first bytes of a message say.
struct Lengths {
    /// Of all of it.
    message: usize,
    headers: usize,
}

impl Lengths {
    fn read(bytes: &[u8], limit: usize) -> Result<Self, EventStreamError> {
        let mut reader = Reader(bytes);
        let (message, headers) = (reader.u32()?, reader.u32()?);
        if crc32fast::hash(bytes.get(..8).unwrap_or_default()) != reader.u32()? {
            return Err(EventStreamError::Checksum);
        }
        let (message, headers) = (length(message)?, length(headers)?);
        if message > limit {
            return Err(EventStreamError::TooLarge { limit });
        }
        match message.checked_sub(SMALLEST_MESSAGE_BYTES) {
            Some(room) if headers <= room => Ok(Self { message, headers }),
            _ => Err(EventStreamError::Length),
        }
    }
}

fn read_message(bytes: &[u8], lengths: &Lengths) -> Result<EventStreamMessage, EventStreamError> {
    let (content, checksum) = bytes.split_at(lengths.message - CHECKSUM_BYTES);
    if crc32fast::hash(content) != Reader(checksum).u32()? {
        return Err(EventStreamError::Checksum);
    }
    let (headers, payload) = content[PRELUDE_BYTES..].split_at(lengths.headers);
    Ok(EventStreamMessage { headers: read_headers(headers)?, payload: payload.to_vec() })
}

fn read_headers(bytes: &[u8]) -> Result<Vec<(String, String)>, EventStreamError> {
    let mut reader = Reader(bytes);
    let mut headers = Vec::new();
    while !reader.0.is_empty() {
        let length = reader.u8()?;
        let name = reader.text(usize::from(length))?;
        match reader.u8()? {
            // True and false have no more bytes.
            0 | 1 => {}
            2 => drop(reader.bytes(1)?),
            3 => drop(reader.bytes(2)?),
            4 => drop(reader.bytes(4)?),
            // A long integer and a time.
            5 | 8 => drop(reader.bytes(8)?),
            6 => {
                let length = reader.u16()?;
                reader.bytes(usize::from(length))?;
            }
            7 => {
                let length = reader.u16()?;
                headers.push((name, reader.text(usize::from(length))?));
            }
            // A UUID.
            9 => drop(reader.bytes(16)?),
            _ => return Err(EventStreamError::Header),
        }
    }
    Ok(headers)
}

fn length(value: u32) -> Result<usize, EventStreamError> {
    usize::try_from(value).map_err(|_| EventStreamError::Length)
}

/// The bytes that are left.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> Result<&'a [u8], EventStreamError> {
        let (taken, left) = self.0.split_at_checked(count).ok_or(EventStreamError::Header)?;
        self.0 = left;
        Ok(taken)
    }

    fn array<const COUNT: usize>(&mut self) -> Result<[u8; COUNT], EventStreamError> {
        self.bytes(COUNT)?.try_into().map_err(|_| EventStreamError::Header)
    }

    fn u8(&mut self) -> Result<u8, EventStreamError> {
        self.array().map(u8::from_be_bytes)
    }

    fn u16(&mut self) -> Result<u16, EventStreamError> {
        self.array().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Result<u32, EventStreamError> {
        self.array().map(u32::from_be_bytes)
    }

    fn text(&mut self, length: usize) -> Result<String, EventStreamError> {
        let bytes = self.bytes(length)?.to_vec();
        String::from_utf8(bytes).map_err(|_| EventStreamError::Header)
    }
}
