//! Results as plain text, unpacked on their way from the object store to the browser: a piece at a time, as fast as the
//! browser takes them, for so many people at once.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_compression::tokio::bufread::GzipDecoder;
use bytes::Bytes;
use domain::UserId;
use futures_util::{Stream, StreamExt};
use tokio::io::{AsyncRead, BufReader};
use tokio::sync::mpsc::Sender;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::io::ReaderStream;
use tracing::info;

use crate::pieces::pieces;
use crate::places::{self, Places};

/// Bytes unpacked at once. A download holds some of these, whatever the size of the results.
const PIECE: usize = 64 * 1024;
/// How long a browser may leave a piece untaken before its place goes to another.
const PATIENCE: Duration = Duration::from_secs(60);
/// Downloads of one person at once.
const EACH: usize = 2;

/// The places for downloads that unpack.
pub struct PlainDownloads {
    all: Arc<Semaphore>,
    people: Places,
}

/// A place, free again when this is dropped.
pub struct Place {
    _all: OwnedSemaphorePermit,
    _own: places::Place,
}

impl PlainDownloads {
    /// So many places.
    #[must_use]
    pub fn new(places: u16) -> Self {
        Self {
            all: Arc::new(Semaphore::new(usize::from(places))),
            people: Places::new(EACH),
        }
    }

    /// A place for one more download of this person, if there is one.
    pub fn begin(&self, user: UserId) -> Option<Place> {
        let all = Arc::clone(&self.all).try_acquire_owned().ok()?;
        let own = self.people.take(user)?;
        Some(Place { _all: all, _own: own })
    }
}

/// The unpacked content of bgzip. The stream ends with an error where the content does not end well, so that a browser
/// never takes a part for the whole.
pub fn unpack(
    packed: impl AsyncRead + Send + Unpin + 'static,
    place: Place,
) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync {
    unpack_within(PATIENCE, packed, place)
}

fn unpack_within(
    patience: Duration,
    packed: impl AsyncRead + Send + Unpin + 'static,
    place: Place,
) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync {
    pieces(
        "the results could not be unpacked to their end",
        move |sender| async move {
            send(packed, sender, patience).await;
            drop(place);
        },
    )
}

/// Sends every piece, and nothing after the last; less if the browser has gone, takes nothing, or the content ends ill.
async fn send(packed: impl AsyncRead + Unpin, sender: Sender<Option<Bytes>>, patience: Duration) {
    let mut decoder = GzipDecoder::new(BufReader::with_capacity(PIECE, packed));
    decoder.multiple_members(true);
    let mut pieces = ReaderStream::with_capacity(decoder, PIECE).map(|piece| piece.map(Some));
    loop {
        let piece = match pieces.next().await {
            Some(Err(error)) => return info!("Could not unpack results: {error:#}"),
            Some(Ok(piece)) => piece,
            None => None,
        };
        let was_last = piece.is_none();
        match timeout(patience, sender.send(piece)).await {
            Ok(Ok(())) if !was_last => {}
            Err(_) => return info!("Gave up a download that nobody takes"),
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use async_compression::tokio::bufread::GzipEncoder;
    use futures_util::stream;
    use tokio::io::AsyncReadExt;

    use super::*;

    /// Two members of gzip, as bgzip has many, and an empty one at the end.
    async fn packed() -> Vec<u8> {
        let mut members = Vec::new();
        for text in ["##fileformat=VCFv4.3\n", "#CHROM\tPOS\n", ""] {
            GzipEncoder::new(text.as_bytes())
                .read_to_end(&mut members)
                .await
                .unwrap();
        }
        members
    }

    async fn unpacked(packed: Vec<u8>) -> Result<Vec<u8>, String> {
        let place = PlainDownloads::new(1).begin(UserId::random()).unwrap();
        let mut pieces = Box::pin(unpack(io::Cursor::new(packed), place));
        let mut text = Vec::new();
        while let Some(piece) = pieces.next().await {
            text.extend_from_slice(&piece.map_err(|error| error.to_string())?);
        }
        Ok(text)
    }

    #[tokio::test]
    async fn every_member_is_unpacked_and_a_part_is_never_the_whole() {
        let mut packed = packed().await;
        assert_eq!(
            unpacked(packed.clone()).await.unwrap(),
            b"##fileformat=VCFv4.3\n#CHROM\tPOS\n"
        );
        packed.truncate(packed.len() / 2);
        let cut_off = unpacked(packed).await;
        assert_eq!(cut_off.unwrap_err(), "the results could not be unpacked to their end");
    }

    #[tokio::test]
    async fn a_person_has_two_places_and_a_browser_that_leaves_gives_its_own_back() {
        let places = PlainDownloads::new(3);
        let (ada, grace) = (UserId::random(), UserId::random());
        let (first, second) = (places.begin(ada).unwrap(), places.begin(ada).unwrap());
        assert!(places.begin(ada).is_none());
        let third = places.begin(grace).unwrap();
        assert!(places.begin(grace).is_none(), "all three are taken");
        drop((first, third));
        assert!(places.begin(grace).is_some());
        let left = unpack(endless().await, second);
        drop(left);
        while !places.people.are_all_free() {
            tokio::task::yield_now().await;
        }
        assert_eq!(places.all.available_permits(), 3);
    }

    #[tokio::test]
    async fn a_browser_that_takes_nothing_loses_its_place() {
        let places = PlainDownloads::new(1);
        let ada = UserId::random();
        let patience = Duration::from_millis(200);
        let before = std::time::Instant::now();
        let waiting = unpack_within(patience, endless().await, places.begin(ada).unwrap());
        while places.all.available_permits() == 0 {
            assert!(before.elapsed() < patience * 50, "the place is still taken");
            tokio::time::sleep(patience / 10).await;
        }
        assert!(before.elapsed() >= patience);
        drop(waiting);
    }

    /// Packed text without end.
    async fn endless() -> impl AsyncRead + Send + Unpin + 'static {
        let packed = Bytes::from(packed().await);
        tokio_util::io::StreamReader::new(stream::repeat(packed).map(Ok::<_, io::Error>))
    }
}
