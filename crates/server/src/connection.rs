//! A connection whose other end does its part: one that begins no request, or takes nothing of its answer, is
//! given up. What comes between, hyper looks after.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// So many bytes tell HTTP/2 from HTTP/1.1, and fewer make no request: until they are there hyper waits without
/// a limit.
const BEGINNING: usize = 24;

/// How long the other end may take for its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// To begin its first request.
    pub(crate) begin: Duration,
    /// To take some of an answer.
    pub(crate) take: Duration,
}

/// A connection that fails when the other end takes too long.
pub(crate) struct Connection {
    stream: TcpStream,
    received: usize,
    /// Ends the wait for the beginning; `None` once it is there.
    beginning: Option<Pin<Box<Sleep>>>,
    take: Duration,
    /// Ends the wait for room to write; `None` while there is room.
    taking: Option<Pin<Box<Sleep>>>,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, patience: Patience) -> Self {
        let beginning = Some(Box::pin(tokio::time::sleep(patience.begin)));
        Self { stream, received: 0, beginning, take: patience.take, taking: None }
    }

    /// What writing came to; while there is no room, time runs.
    fn limited<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.taking = None;
            return written;
        }
        let taking = self.taking.get_or_insert_with(|| Box::pin(tokio::time::sleep(self.take)));
        ready!(taking.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut this.stream).poll_read(context, buffer) {
            this.received = this.received.saturating_add(buffer.filled().len() - before);
            if this.received >= BEGINNING {
                this.beginning = None;
            }
            return Poll::Ready(read);
        }
        let Some(beginning) = &mut this.beginning else { return Poll::Pending };
        ready!(beginning.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.limited(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.limited(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
