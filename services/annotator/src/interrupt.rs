//! Ctrl-C on the command line: what is half done is removed.

use std::sync::mpsc::{Sender, channel};
use std::thread;

use reference::draft;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// Listens for SIGINT, SIGTERM and SIGHUP; at any of them drafts are removed, and the process ends as if the signal had
/// ended it. It listens when this returns: a signal that came before would leave what is begun by then.
pub(crate) fn remove_drafts() {
    let (listening, listens) = channel();
    thread::spawn(|| {
        let Ok(runtime) = Builder::new_current_thread().enable_io().build() else {
            return;
        };
        if let Ok(number) = runtime.block_on(signalled(listening)) {
            draft::remove_all();
            std::process::exit(128 + number);
        }
    });
    // Whoever cannot listen drops the sender.
    let _ = listens.recv();
}

/// The number of the first signal.
async fn signalled(listening: Sender<()>) -> std::io::Result<i32> {
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [mut interrupt, mut terminate, mut hangup] = [signal(kinds[0])?, signal(kinds[1])?, signal(kinds[2])?];
    let _ = listening.send(());
    let kind = tokio::select! {
        _ = interrupt.recv() => kinds[0],
        _ = terminate.recv() => kinds[1],
        _ = hangup.recv() => kinds[2],
    };
    Ok(kind.as_raw_value())
}
