//! What whoever runs the service tells everybody ahead of time, at hand for every page: the database is asked every few
//! seconds, however many pages there are.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use backends::accounts::Announced;
use domain::Timestamp;
use tokio::time::sleep;
use tracing::warn;

use crate::app::App;

/// How old the announcements may be.
const PAUSE: Duration = Duration::from_secs(5);

/// What was announced when the database was asked last.
#[derive(Default)]
pub struct Announcements(RwLock<Vec<Announced>>);

impl Announcements {
    /// What goes on, or is to come.
    pub fn all(&self) -> Vec<Announced> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What every page tells of now.
    pub fn told(&self) -> Vec<Announced> {
        let now = Timestamp::now();
        let mut told = self.all();
        told.retain(|one| one.maintenance.is_told(now));
        told
    }

    fn replace(&self, all: Vec<Announced>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = all;
    }
}

/// Asks again and again. While the database does not answer, what was announced last stands.
pub async fn ask_until_shutdown(app: App) {
    loop {
        match app.accounts.maintenance().await {
            Ok(all) => app.announcements.replace(all),
            Err(error) => warn!("Could not read which maintenance is announced: {error:#}"),
        }
        tokio::select! {
            () = sleep(PAUSE) => {}
            () = app.shutdown.requested() => return,
        }
    }
}
