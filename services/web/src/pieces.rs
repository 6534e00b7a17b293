//! Bodies that are made while they are sent, as fast as the browser takes them.

use std::io;
use std::task::{Poll, ready};

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::mpsc::{Sender, channel};

/// The pieces that `write` sends, and `None` after the last. Where `write` ends without it the stream ends with an error that
/// says `broken_off`, so that a browser never takes a part for the whole.
pub fn pieces<Writing>(
    broken_off: &'static str,
    write: impl FnOnce(Sender<Option<Bytes>>) -> Writing + 'static,
) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync
where
    Writing: Future<Output = ()> + Send + 'static,
{
    let (sender, mut pieces) = channel(1);
    tokio::spawn(write(sender));
    let mut is_over = false;
    stream::poll_fn(move |context| {
        if is_over {
            return Poll::Ready(None);
        }
        let next = match ready!(pieces.poll_recv(context)) {
            Some(Some(piece)) => return Poll::Ready(Some(Ok(piece))),
            Some(None) => None,
            None => Some(Err(io::Error::other(broken_off))),
        };
        is_over = true;
        Poll::Ready(next)
    })
}
