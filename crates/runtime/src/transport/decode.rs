//! Replies that came compressed: decoded piece by piece, so that streams stay streams. Some gateways compress
//! whether or not they were asked to.

use std::io::{self, Write};

use brotli_decompressor::DecompressorWriter;
use bytes::Bytes;
use flate2::write::{DeflateDecoder, GzDecoder, ZlibDecoder};

/// How large a decoded reply may be: a few compressed kilobytes could otherwise fill the memory.
const LARGEST: usize = 256 * 1024 * 1024;

/// How much of a brotli reply is decoded at once.
const BROTLI_BUFFER: usize = 16 * 1024;

/// Decodes the body of one reply.
pub(crate) enum Decoding {
    /// It came as it is.
    Plain,
    /// Deflate, of which two forms go by the same name: the first byte tells them apart.
    DeflateUnseen,
    /// Under way.
    Gzip(Box<GzDecoder<Limited>>),
    /// As the standard says, within zlib.
    Zlib(Box<ZlibDecoder<Limited>>),
    /// As some servers do, without it.
    Deflate(Box<DeflateDecoder<Limited>>),
    /// Under way.
    Brotli(Box<DecompressorWriter<Limited>>),
}

impl Decoding {
    /// What the reply's `content-encoding` asks for.
    ///
    /// # Errors
    /// The name of an encoding that is not known here.
    pub(crate) fn of(encoding: Option<&str>) -> Result<Self, String> {
        let name = encoding.unwrap_or_default().trim().to_ascii_lowercase();
        Ok(match name.as_str() {
            "" | "identity" => Self::Plain,
            "gzip" | "x-gzip" => Self::Gzip(Box::new(GzDecoder::new(Limited::default()))),
            "deflate" => Self::DeflateUnseen,
            "br" => Self::Brotli(Box::new(DecompressorWriter::new(Limited::default(), BROTLI_BUFFER))),
            _ => return Err(name),
        })
    }

    /// Whether bytes pass as they are.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain)
    }

    /// What these bytes of the body add to what is decoded; it may be nothing yet.
    pub(crate) fn push(&mut self, bytes: Bytes) -> io::Result<Bytes> {
        if let (Self::DeflateUnseen, Some(first)) = (&*self, bytes.first()) {
            // The low half of zlib's first byte is its method, which is always 8.
            *self = if first & 0x0f == 8 {
                Self::Zlib(Box::new(ZlibDecoder::new(Limited::default())))
            } else {
                Self::Deflate(Box::new(DeflateDecoder::new(Limited::default())))
            };
        }
        match self {
            Self::Plain | Self::DeflateUnseen => Ok(bytes),
            Self::Gzip(decoder) => decoded(&mut **decoder, GzDecoder::get_mut, &bytes),
            Self::Zlib(decoder) => decoded(&mut **decoder, ZlibDecoder::get_mut, &bytes),
            Self::Deflate(decoder) => decoded(&mut **decoder, DeflateDecoder::get_mut, &bytes),
            Self::Brotli(decoder) => decoded(&mut **decoder, DecompressorWriter::get_mut, &bytes),
        }
    }
}

fn decoded<D: Write>(
    decoder: &mut D,
    output: impl FnOnce(&mut D) -> &mut Limited,
    mut bytes: &[u8],
) -> io::Result<Bytes> {
    while !bytes.is_empty() {
        match decoder.write(bytes)? {
            // What stands behind the end belongs to nobody.
            0 => break,
            taken => bytes = &bytes[taken..],
        }
    }
    decoder.flush()?;
    Ok(output(decoder).take())
}

/// Takes what is decoded, up to a limit.
#[derive(Default)]
pub(crate) struct Limited {
    ready: Vec<u8>,
    taken: usize,
}

impl Limited {
    fn take(&mut self) -> Bytes {
        self.taken += self.ready.len();
        std::mem::take(&mut self.ready).into()
    }
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.taken + self.ready.len() + bytes.len() > LARGEST {
            return Err(io::Error::other(format!("it is larger than {} MiB", LARGEST / 1024 / 1024)));
        }
        self.ready.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use bytes::Bytes;

    use super::{Decoding, LARGEST, Limited};

    #[test]
    fn what_is_decoded_has_a_limit() {
        let mut output = Limited { ready: Vec::new(), taken: LARGEST - 10 };
        assert_eq!(output.write(&[0; 10]).unwrap(), 10);
        assert!(output.write(&[0]).unwrap_err().to_string().contains("larger than 256 MiB"));
    }

    #[test]
    fn any_bytes_decode_or_are_refused() {
        for encoding in ["gzip", "deflate", "br"] {
            for length in 0..64_u8 {
                let mut decoding = Decoding::of(Some(encoding)).unwrap();
                let bytes: Vec<u8> = (0..length).map(|index| index.wrapping_mul(67) ^ length).collect();
                for byte in bytes {
                    if decoding.push(Bytes::from(vec![byte])).is_err() {
                        break;
                    }
                }
            }
        }
        assert_eq!(Decoding::of(Some("zstd")).err().as_deref(), Some("zstd"));
    }
}
