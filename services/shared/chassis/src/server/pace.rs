//! The pace of one connection: how long its client may leave it idle, and how long a request's headers may take.
//!
//! hyper has one time limit for headers and counts the idle time before them into it (`header_read_timeout`, hyper 1.12).
//! A load balancer keeps idle connections for a minute and sends the next request on one that we may just be closing, which
//! people then see as a 502; so idle connections have to live longer with us than with it. Headers that come drop by drop
//! must not get that long. Whether the bytes that come begin a request is seen here, where they are read.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// How long a client may take for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For the TLS handshake, and again until the first byte of the first request.
    pub first: Duration,
    /// For the headers of an HTTP/1 request, from their first byte.
    pub headers: Duration,
    /// Between the end of an answer and the next request.
    pub idle: Duration,
}

/// What a connection does, as its reading side, its requests and its answers see it.
#[derive(Debug, Clone)]
pub(super) struct Pace(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    patience: Patience,
    /// Requests whose answers have not ended; HTTP/2 has several at once.
    underway: usize,
    /// Until when something has to happen while no request is underway.
    deadline: Instant,
    /// Whether the deadline is that of headers which have begun.
    in_headers: bool,
    /// Whether bytes say nothing of requests, since HTTP/2 has frames of other kinds.
    is_multiplexed: bool,
}

impl Pace {
    /// That of a connection which begins now.
    pub(super) fn begin(patience: Patience, is_multiplexed: bool) -> Self {
        Self(Arc::new(Mutex::new(State {
            patience,
            underway: 0,
            deadline: Instant::now() + patience.first,
            in_headers: false,
            is_multiplexed,
        })))
    }

    /// When the connection is to be closed if nothing happens; `None` while a request is underway.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let state = self.state();
        (state.underway == 0).then_some(state.deadline)
    }

    /// A request's headers are complete. The request is underway until what this returns is dropped.
    pub(super) fn asked(&self) -> Answering {
        let mut state = self.state();
        state.underway += 1;
        state.in_headers = false;
        Answering(self.clone())
    }

    fn read(&self) {
        let mut state = self.state();
        if state.underway == 0 && !state.in_headers && !state.is_multiplexed {
            state.in_headers = true;
            state.deadline = Instant::now() + state.patience.headers;
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is underway.
#[derive(Debug)]
pub(super) struct Answering(Pace);

impl Drop for Answering {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.underway -= 1;
        state.deadline = Instant::now() + state.patience.idle;
    }
}

/// A stream that tells a [`Pace`] when bytes come.
#[derive(Debug)]
pub(super) struct Paced<S> {
    stream: S,
    pace: Pace,
}

impl<S> Paced<S> {
    /// The stream of the connection whose pace this is.
    pub(super) fn new(stream: S, pace: Pace) -> Self {
        Self { stream, pace }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut self.stream).poll_read(cx, buffer));
        if buffer.filled().len() > before {
            self.pace.read();
        }
        Poll::Ready(read)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// The body of an answer; the request is underway until it has been sent or given up.
#[derive(Debug)]
pub(super) struct Answer<B> {
    body: B,
    _answering: Answering,
}

impl<B> Answer<B> {
    /// The body that answers this request.
    pub(super) fn new(body: B, answering: Answering) -> Self {
        Self {
            body,
            _answering: answering,
        }
    }
}

impl<B: Body + Unpin> Body for Answer<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
