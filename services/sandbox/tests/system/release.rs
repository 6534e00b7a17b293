//! A release while people work: all services are replaced by others, and then by the first again, and nobody notices. Skipped
//! aloud unless `docker/release` has set up the system, and says by `GAS_TEST_RELEASE` which program does the one and the other.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use domain::{JobId, JobStatus};
use reqwest::{Client, RequestBuilder, redirect};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, timeout_at};

use crate::billing::stripe::{recorded, try_report};
use crate::people::{Answer, Browser, PASSWORD, Person};
use crate::reach::reach;
use crate::upload::{FormFields, SAMPLE, long_vcf};
use crate::{eventually, skipped};

const PEOPLE: usize = 20;
/// Of these, so many have Premium and files that are being annotated when their annotator is stopped.
const WITH_LARGE_FILES: usize = 2;
const LARGE: usize = 2 * 1024 * 1024;
/// Between a person's requests.
const PACE: Duration = Duration::from_secs(2);
/// Looks at the list of jobs between one job and the next.
const LOOKS: usize = 8;
/// Between Stripe's reports.
const REPORTS: Duration = Duration::from_secs(1);
/// A job that takes longer is lost.
const PATIENCE: Duration = Duration::from_secs(120);

/// What all of them have done so far.
#[derive(Default)]
struct Books {
    stopped: AtomicBool,
    requests: AtomicUsize,
    reports: AtomicUsize,
    failures: Mutex<Vec<String>>,
    /// Each job that was submitted, with the name of its file and whose it is.
    submitted: Mutex<BTreeMap<JobId, (String, String)>>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_and_its_way_back_lose_nothing_and_do_nothing_twice() {
    let Some(release) = std::env::var_os("GAS_TEST_RELEASE") else {
        skipped("a_release_and_its_way_back_lose_nothing_and_do_nothing_twice: nobody releases (docker/release)");
        return;
    };
    let (books, mut work) = (Arc::new(Books::default()), JoinSet::new());
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(Arc::new(somebody(number).await));
    }
    for (number, person) in people.iter().enumerate() {
        work.spawn(works(number, Arc::clone(person), Arc::clone(&books)));
    }
    work.spawn(reports(Arc::clone(&books)));
    for way in ["forward", "back"] {
        let ended = tokio::process::Command::new(&release).arg(way).status().await.unwrap();
        assert!(ended.success(), "{way} failed");
        let jobs = books.submitted.lock().await.len();
        let (requests, reports) = (&books.requests, &books.reports);
        println!("{way}: {requests:?} requests, {reports:?} webhooks and {jobs} jobs so far");
    }
    books.stopped.store(true, Ordering::Relaxed);
    while let Some(ended) = work.join_next().await {
        ended.unwrap();
    }
    let failures = books.failures.lock().await;
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
    let (requests, reports) = (
        books.requests.load(Ordering::Relaxed),
        books.reports.load(Ordering::Relaxed),
    );
    assert!(
        requests > 500 && reports > 50,
        "{requests} requests and {reports} webhooks are no load"
    );
    every_job_ended_once(&people, &*books.submitted.lock().await).await;
}

/// A person whose browser opens a connection for each request. To our stand-in of the load balancer new targets mean new
/// worker processes, and it closes the connections of browsers that are idle just then, as a load balancer does not.
async fn somebody(number: usize) -> Person {
    let person = Person::new("release").await;
    if number < WITH_LARGE_FILES {
        person.becomes(domain::Role::PremiumUser).await;
    }
    let client = Client::builder()
        .cookie_store(true)
        .tls_danger_accept_invalid_certs(true);
    let client = client.pool_max_idle_per_host(0).redirect(redirect::Policy::none());
    let browser = Browser {
        client: client.build().unwrap(),
        base: person.browser.base.clone(),
    };
    assert_eq!(browser.sign_in(&person.username, PASSWORD).await.status, 303);
    Person { browser, ..person }
}

/// Uploads, waits, downloads and looks around, again and again.
async fn works(number: usize, person: Arc<Person>, books: Arc<Books>) {
    let content = if number < WITH_LARGE_FILES {
        long_vcf(LARGE)
    } else {
        SAMPLE.into()
    };
    let mut round = 0;
    while !books.stopped.load(Ordering::Relaxed) {
        let name = format!("{}-{round}.vcf", person.username);
        round += 1;
        a_job(&person, &name, &content, &books).await;
        let mut pace = interval(PACE);
        for _ in 0..LOOKS {
            pace.tick().await;
            get(&person, "/annotations", 200, &books).await;
        }
    }
}

/// One job, from the form to the results; `None` as soon as something fails, which is in the books.
async fn a_job(person: &Person, name: &str, content: &[u8], books: &Books) -> Option<()> {
    let page = get(person, "/annotate", 200, books).await?;
    let stored = upload(person, &page, name, content, books).await?;
    let submitted = get(person, stored.location(), 303, books).await?;
    let id: JobId = submitted.location().rsplit('/').next()?.parse().unwrap();
    let whose = (name.to_owned(), person.email.clone());
    books.submitted.lock().await.insert(id, whose);
    let (path, deadline) = (format!("/annotations/{id}"), Instant::now() + PATIENCE);
    let mut pace = interval(PACE);
    let ended = async {
        loop {
            pace.tick().await;
            get(person, "/annotations", 200, books).await?;
            let page = get(person, &path, 200, books).await?;
            if page.attributes("#job", "data-status") == ["COMPLETED"] {
                return Some(());
            }
        }
    };
    if let Ok(ended) = timeout_at(deadline, ended).await {
        ended?;
    } else {
        books
            .failed(format!("{name}: job {id} has not completed within {PATIENCE:?}"))
            .await;
        return None;
    }
    let results = get(person, &format!("{path}/results"), 302, books).await?;
    get(person, results.location(), 200, books).await.map(drop)
}

async fn upload(person: &Person, page: &Answer, name: &str, content: &[u8], books: &Books) -> Option<Answer> {
    let form = FormFields::of(page);
    let request = person.browser.client.post(&form.action);
    ask(request.multipart(form.with_file(name, content.to_vec())), 303, books).await
}

async fn get(person: &Person, path: &str, expected: u16, books: &Books) -> Option<Answer> {
    ask(person.browser.client.get(person.browser.address(path)), expected, books).await
}

/// The answer, if it is the expected one; what else came is a failure.
async fn ask(request: RequestBuilder, expected: u16, books: &Books) -> Option<Answer> {
    books.requests.fetch_add(1, Ordering::Relaxed);
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let what = format!("{} {}", request.method(), request.url().path());
    match client.execute(request).await {
        Ok(response) if response.status() == expected => {
            let (status, headers) = (response.status(), response.headers().clone());
            match response.bytes().await {
                Ok(body) => {
                    let body = String::from_utf8_lossy(&body).into_owned();
                    return Some(Answer { status, headers, body });
                }
                Err(error) => books.failed(format!("{what}: {error:?}")).await,
            }
        }
        Ok(response) => {
            books
                .failed(format!("{what}: {} instead of {expected}", response.status()))
                .await
        }
        Err(error) => books.failed(format!("{what}: {error:?}")).await,
    }
    None
}

/// What Stripe reports meanwhile, each thing once: in production it would try again, here every report counts.
async fn reports(books: Arc<Books>) {
    let mut pace = interval(REPORTS);
    while !books.stopped.load(Ordering::Relaxed) {
        pace.tick().await;
        books.reports.fetch_add(1, Ordering::Relaxed);
        match try_report(&recorded("invoice.paid", "cus_nobody")).await {
            Ok(status) if status == 200 => {}
            other => books.failed(format!("webhook: {other:?}")).await,
        }
    }
}

impl Books {
    async fn failed(&self, what: String) {
        let at = domain::Timestamp::now().epoch_seconds();
        self.failures.lock().await.push(format!("{at} {what}"));
    }
}

/// Nobody has other jobs than were submitted, each has completed, and its owner got one mail about it.
async fn every_job_ended_once(people: &[Arc<Person>], submitted: &BTreeMap<JobId, (String, String)>) {
    let reach = reach().await;
    let (mut jobs, mut again) = (0, 0);
    for person in people {
        let user = reach.user(&person.username).await;
        let mut after = None;
        loop {
            let page = reach.jobs.list(user.id, 100, after).await.unwrap();
            for job in page.jobs {
                assert!(submitted.contains_key(&job.id), "nobody submitted job {}", job.id);
                assert_eq!(job.status, JobStatus::Completed, "job {}", job.id);
                (jobs, again) = (jobs + 1, again + u32::from(job.attempt > 1));
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    assert_eq!(jobs, submitted.len(), "jobs were lost");
    let expected: BTreeMap<_, _> = submitted.keys().map(|id| (id.to_string(), 1)).collect();
    eventually("the mails", || async {
        (mails(people, submitted).await.len() == jobs).then_some(())
    })
    .await;
    assert_eq!(mails(people, submitted).await, expected, "mails about each job");
    println!("{jobs} jobs, {again} of them given from one annotator to another, {jobs} mails");
}

/// How many mails there are about each job.
async fn mails(people: &[Arc<Person>], submitted: &BTreeMap<JobId, (String, String)>) -> BTreeMap<String, usize> {
    let mut about = BTreeMap::new();
    for person in people {
        let ours = submitted.iter().filter(|(_, (_, email))| *email == person.email);
        let mails = person.mails(".vcf").await;
        for (id, _) in ours {
            let id = id.to_string();
            let count = mails.iter().filter(|mail| mail.text.contains(&id)).count();
            if count > 0 {
                about.insert(id, count);
            }
        }
    }
    about
}
