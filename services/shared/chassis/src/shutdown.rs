//! When to stop: SIGTERM from the orchestrator, SIGINT from a terminal.

use tokio::signal::unix::{SignalKind, signal as unix_signal};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Tells every part of a service that it shall stop. Clones tell the same.
#[derive(Debug, Clone, Default)]
pub struct Shutdown(CancellationToken);

impl Shutdown {
    /// Waits until the service shall stop.
    pub async fn requested(&self) {
        self.0.cancelled().await;
    }

    /// Whether the service shall stop.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.is_cancelled()
    }

    /// What `work` gives; `None` if the service shall stop first.
    pub async fn cuts<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.0.run_until_cancelled(work).await
    }

    /// Asks the service to stop.
    pub fn request(&self) {
        self.0.cancel();
    }
}

/// A shutdown that SIGTERM or SIGINT requests. Call it inside the runtime, before anything that takes time.
#[must_use]
pub fn signal() -> Shutdown {
    let shutdown = Shutdown::default();
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let requested = shutdown.clone();
        match unix_signal(kind) {
            Ok(mut signals) => drop(tokio::spawn(async move {
                signals.recv().await;
                info!("Shutting down");
                requested.request();
            })),
            Err(error) => warn!("Could not listen for signal {}: {error}", kind.as_raw_value()),
        }
    }
    shutdown
}
