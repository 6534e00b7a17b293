//! Following jobs: however many pages follow however many jobs, each job that is followed is looked at once a second, a
//! hundred of them in one request, and what is seen is told to all who follow it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use domain::{JobId, JobState, UserId};
use futures_util::{Stream, stream};
use serde::Serialize;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::warn;

use crate::app::App;
use crate::pages::StateView;
use crate::places::{Place, Places};

/// Progress is written at most once a second, so looking more often shows nothing new.
const INTERVAL: Duration = Duration::from_secs(1);

/// Who follows what.
pub struct Followers {
    jobs: Mutex<HashMap<JobId, watch::Sender<News>>>,
    places: Places,
    joined: Notify,
}

/// How far a job is, as its followers are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Whether there will be no more.
    pub is_last: bool,
    /// For the page's script.
    pub json: Arc<str>,
}

/// One page that follows one job.
pub struct Following {
    news: watch::Receiver<News>,
    _place: Place,
}

impl News {
    /// What is told of a job in this state.
    pub fn of(state: JobState, view: &impl Serialize) -> Result<Self> {
        Ok(Self {
            is_last: state.status.is_final(),
            json: serde_json::to_string(view)?.into(),
        })
    }
}

impl Followers {
    /// Nobody; each person may follow so many jobs, or one of them so many times.
    #[must_use]
    pub fn new(places_each: usize) -> Self {
        Self {
            jobs: Mutex::default(),
            places: Places::new(places_each),
            joined: Notify::new(),
        }
    }

    /// Begins to follow a job of which this is known; `None` if the person has no place left.
    pub fn join(&self, job: JobId, person: UserId, known: News) -> Option<Following> {
        let place = self.places.take(person)?;
        let news = match known.is_last {
            true => watch::channel(known).1,
            false => self.subscribe(job, known),
        };
        Some(Following { news, _place: place })
    }

    fn subscribe(&self, job: JobId, known: News) -> watch::Receiver<News> {
        let mut jobs = self.jobs();
        let sender = jobs.entry(job).or_insert_with(|| watch::channel(known).0);
        self.joined.notify_one();
        sender.subscribe()
    }

    /// The jobs that somebody follows; waits until there are any.
    async fn followed(&self) -> Vec<JobId> {
        loop {
            let joined = self.joined.notified();
            let followed = self.followed_now();
            if !followed.is_empty() {
                return followed;
            }
            joined.await;
        }
    }

    fn followed_now(&self) -> Vec<JobId> {
        let mut jobs = self.jobs();
        jobs.retain(|_, sender| sender.receiver_count() > 0);
        jobs.keys().copied().collect()
    }

    /// Tells all who follow the job, if this is news to them.
    fn tell(&self, job: JobId, seen: News) {
        let mut jobs = self.jobs();
        let Some(sender) = jobs.get(&job) else { return };
        let is_last = seen.is_last;
        sender.send_if_modified(|told| {
            let is_news = *told != seen;
            *told = seen;
            is_news
        });
        if is_last {
            jobs.remove(&job);
        }
    }

    /// Ends what follows the job: there is none.
    fn forget(&self, job: JobId) {
        self.jobs().remove(&job);
    }

    /// Ends what follows any job. Browsers connect again, to another replica.
    fn part(&self) {
        self.jobs().clear();
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<JobId, watch::Sender<News>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Following {
    /// What is known now, and whatever is news later: until the last, or until then.
    pub fn news(self, until: Instant) -> impl Stream<Item = News> + Send + Sync {
        stream::unfold(
            (self, false, false),
            move |(mut following, is_begun, is_over)| async move {
                if is_over || (is_begun && !following.is_news(until).await) {
                    return None;
                }
                let news = following.news.borrow_and_update().clone();
                let is_over = news.is_last;
                Some((news, (following, true, is_over)))
            },
        )
    }

    async fn is_news(&mut self, until: Instant) -> bool {
        matches!(timeout_at(until, self.news.changed()).await, Ok(Ok(())))
    }
}

/// Looks at what is followed until shutdown.
pub async fn look_until_shutdown(app: App) {
    let mut shutdown = std::pin::pin!(app.shutdown.requested());
    loop {
        let jobs = tokio::select! {
            jobs = app.followers.followed() => jobs,
            () = &mut shutdown => break,
        };
        // When a store does not answer, the next look may do better.
        if let Err(error) = look(&app, &jobs).await {
            warn!("Could not look at {} jobs that are followed: {error:#}", jobs.len());
        }
        tokio::select! {
            () = sleep(INTERVAL) => {}
            () = &mut shutdown => break,
        }
    }
    app.followers.part();
}

async fn look(app: &App, jobs: &[JobId]) -> Result<()> {
    let states = app.jobs.states(jobs).await?;
    for job in jobs {
        match states.of.get(job) {
            Some(state) => {
                let view = StateView::of(app, *state).await?;
                app.followers.tell(*job, News::of(*state, &view)?);
            }
            None if states.untold.contains(job) => {}
            None => app.followers.forget(*job),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt;

    fn news(json: &str, is_last: bool) -> News {
        News {
            is_last,
            json: json.into(),
        }
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    #[tokio::test]
    async fn a_job_is_looked_at_once_for_all_who_follow_it_and_not_after_they_have_gone() {
        let followers = Followers::new(2);
        let (job, ada) = (JobId::random(), UserId::random());
        let first = followers.join(job, ada, news("1", false)).unwrap();
        let second = followers.join(job, ada, news("1", false)).unwrap();
        assert_eq!(followers.followed().await, [job]);
        drop(first);
        assert_eq!(followers.followed_now(), [job]);
        drop(second);
        assert!(followers.followed_now().is_empty());
        assert!(followers.places.are_all_free());
    }

    #[tokio::test]
    async fn every_follower_is_told_what_is_known_then_what_is_news_then_the_last() {
        let followers = Followers::new(2);
        let (job, ada) = (JobId::random(), UserId::random());
        let join = || followers.join(job, ada, news("1", false)).unwrap().news(soon()).boxed();
        let (mut one, mut other) = (join(), join());
        for follower in [&mut one, &mut other] {
            assert_eq!(follower.next().await, Some(news("1", false)));
        }
        followers.tell(job, news("1", false));
        followers.tell(job, news("2", true));
        for follower in [&mut one, &mut other] {
            assert_eq!(follower.next().await, Some(news("2", true)));
            assert_eq!(follower.next().await, None);
        }
        assert!(followers.followed_now().is_empty());
    }

    #[tokio::test]
    async fn a_person_without_a_place_follows_nothing_more() {
        let followers = Followers::new(1);
        let (ada, grace) = (UserId::random(), UserId::random());
        let taken = followers.join(JobId::random(), ada, news("1", false));
        assert!(followers.join(JobId::random(), ada, news("1", false)).is_none());
        assert!(followers.join(JobId::random(), grace, news("1", false)).is_some());
        drop(taken);
        assert!(followers.join(JobId::random(), ada, news("1", false)).is_some());
    }

    #[tokio::test]
    async fn a_stream_ends_in_time_when_its_job_is_gone_and_at_shutdown() {
        let followers = Followers::new(9);
        let (job, other, ada) = (JobId::random(), JobId::random(), UserId::random());
        let join = |job, until| followers.join(job, ada, news("1", false)).unwrap().news(until);
        let mut streams = [join(job, Instant::now()), join(job, soon()), join(other, soon())].map(StreamExt::boxed);
        followers.forget(job);
        followers.part();
        for stream in &mut streams {
            assert_eq!(stream.next().await, Some(news("1", false)));
            assert_eq!(stream.next().await, None);
        }
    }
}
