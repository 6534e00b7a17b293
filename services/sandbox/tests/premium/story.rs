//! One job of one person and what becomes of its results.

use std::time::Duration;

use backends::jobs::Jobs;
use backends::object_store::ObjectStore;
use backends::topic::Topic;
use domain::events::PlanChanged;
use domain::{Archive, Job, JobId, ResultsState, Role, Timestamp, keys};
use tokio::io::AsyncReadExt;

use crate::people::Person;
use crate::reach::{Reach, reach};
use crate::upload::{SAMPLE, ended, submit};
use crate::vaults::{AnyVault, stores};
use crate::{LEASE, RETENTION, eventually, sandbox};

/// One job of one person, whose results were these bytes when it completed.
pub struct Story {
    pub person: Person,
    pub id: JobId,
    pub results: Vec<u8>,
    pub reach: Reach,
    pub objects: ObjectStore,
    pub vault: AnyVault,
}

impl Story {
    /// A free user whose job has just completed.
    pub async fn begin(name: &str) -> Self {
        let person = Person::new(name).await;
        let id = submit(&person, "sample.vcf", SAMPLE).await;
        Self::of(person, id).await
    }

    /// A free user whose results are archived, and nothing is left to do.
    pub async fn archived(name: &str) -> Self {
        let story = Self::begin(name).await;
        story.until_archived().await;
        story
    }

    pub async fn of(person: Person, id: JobId) -> Self {
        let key = ended(id).await.results_key.unwrap();
        let sandbox = sandbox().await;
        let objects = ObjectStore::new(&sandbox.aws_config().await, &sandbox.aws_settings(), &stores());
        let results = read(&objects, &key).await.unwrap();
        Self {
            person,
            id,
            results,
            reach: reach().await,
            objects,
            vault: AnyVault::of_sandbox().await,
        }
    }

    pub fn jobs(&self) -> &Jobs {
        &self.reach.jobs
    }

    pub async fn job(&self) -> Job {
        self.jobs().get(self.id).await.unwrap().unwrap()
    }

    /// The row once it is as `is` says.
    pub async fn until(&self, what: &str, is: impl Fn(&Job) -> bool) -> Job {
        let what = format!("{what} ({})", self.person.username);
        eventually(&what, || async { Some(self.job().await).filter(&is) }).await
    }

    /// We are the archiver that is at it, for so long. Gives the row that we hold.
    pub async fn held(&self, time: Duration) -> Job {
        let until = Timestamp::now().plus(time);
        let upload = self.vault.begin(self.id, self.results.len() as u64).await;
        let held = self.jobs().begin_archive(&self.job().await, &upload, until).await;
        held.unwrap().unwrap()
    }

    /// What becomes of the copy that whoever holds the job has begun.
    pub async fn copy(&self, held: &Job) -> Archive {
        let upload = held.archival.upload.as_ref().unwrap();
        self.vault.store(upload, &self.results).await
    }

    /// Held until the owner's time is over, so that the archiver of the sandbox does not archive the results itself.
    pub async fn held_past_retention(&self) -> Job {
        let held = self.held(RETENTION * 10).await;
        self.past_retention().await;
        held
    }

    /// Held, and the copy is made; the row does not know.
    pub async fn half_archived(&self) -> (Job, Archive) {
        let held = self.held(LEASE * 20).await;
        let archive = self.copy(&held).await;
        (held, archive)
    }

    pub async fn until_archived(&self) -> Job {
        let is_done = |job: &Job| job.archival.due.is_none() && job.archival.discarded_key.is_none();
        let archived = |job: &Job| job.results_state == ResultsState::Archived && is_done(job);
        let job = self.until("the archive", archived).await;
        let variants = self.object(&self.variants_key(&job)).await;
        assert!(
            job.stored.variants.is_none() && variants.is_none(),
            "a table of archived results is left"
        );
        job
    }

    /// Where the table of variants is that was made beside the results.
    pub fn variants_key(&self, job: &Job) -> String {
        keys::attempt(job.user_id, job.id, job.attempt, &job.input_file_name).variants
    }

    /// The row once the results are in the bucket, nothing is left to delete and nobody holds it.
    pub async fn until_back(&self) -> Job {
        let is_tidy = |job: &Job| job.archival.discarded_archive.is_none() && job.archival.discarded_key.is_none();
        let back = |job: &Job| job.results_state == ResultsState::Live && is_tidy(job);
        self.until("the results", back).await
    }

    /// Waits until a free owner's time would be over for good: the sweep has passed by.
    pub async fn past_retention(&self) {
        let completed = self.job().await.complete_time.unwrap();
        let later = completed.plus(RETENTION + Duration::from_secs(3));
        eventually("the retention to pass", || async {
            (Timestamp::now() > later).then_some(())
        })
        .await;
    }

    /// Changes the plan as billing does: the role, then the event.
    pub async fn change_plan(&self, role: Role) {
        self.set_role(role).await;
        self.tell_plan().await;
    }

    pub async fn set_role(&self, role: Role) {
        self.person.becomes(role).await;
    }

    pub async fn tell_plan(&self) {
        let user = self.reach.user(&self.person.username).await.id;
        let topic = Topic::connect(&sandbox().await.aws_config().await, "plan_changes").await;
        topic.unwrap().publish(&PlanChanged::new(user)).await.unwrap();
    }

    /// The bytes of an object of the results bucket, if it is there.
    pub async fn object(&self, key: &str) -> Option<Vec<u8>> {
        read(&self.objects, key).await
    }

    pub fn address(&self, file: &str) -> String {
        format!("/annotations/{}{file}", self.id)
    }

    /// Downloads the results through the pages, as their owner does, and compares them with what they were.
    pub async fn assert_downloadable(&self) {
        let index = self.person.get(&self.address("/index")).await;
        assert_eq!(index.status, 302, "{}: {}", self.person.username, index.body);
        let index = self.person.browser.client.get(index.location()).send().await.unwrap();
        assert_eq!(index.status(), 200, "the index is there whenever the results are");
        let redirect = self.person.get(&self.address("/results")).await;
        assert_eq!(redirect.status, 302, "{}: {}", self.person.username, redirect.body);
        let downloaded = self
            .person
            .browser
            .client
            .get(redirect.location())
            .send()
            .await
            .unwrap();
        assert_eq!(downloaded.status(), 200);
        assert!(
            downloaded.bytes().await.unwrap() == self.results,
            "{}: other bytes",
            self.person.username
        );
        assert!(
            self.person
                .get(&self.address(""))
                .await
                .attributes("a", "href")
                .contains(&self.address("/results"))
        );
    }

    /// Neither page nor address gives the results, and the log opens all the same.
    pub async fn assert_refused(&self, status: u16, words: &str) {
        for file in ["/results", "/plain", "/index"] {
            let refused = self.person.get(&self.address(file)).await;
            assert_eq!(refused.status, status, "{file}: {}", refused.body);
        }
        let page = self.person.get(&self.address("")).await;
        assert!(page.says(words), "{words}: {}", page.body);
        let links = page.attributes("a", "href");
        let is_result = |link: &String| ["/results", "/plain", "/index"].iter().any(|file| link.ends_with(file));
        assert!(!links.iter().any(is_result), "{links:?}");
        assert_eq!(self.person.get(&self.address("/log")).await.status, 200);
        assert_eq!(self.person.get(&self.address("/log?download=1")).await.status, 302);
    }
}

async fn read(objects: &ObjectStore, key: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    objects
        .open_result(key)
        .await
        .ok()?
        .reader
        .read_to_end(&mut bytes)
        .await
        .unwrap();
    Some(bytes)
}
