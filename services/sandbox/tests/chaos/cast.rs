//! People who upload, come to Premium and leave it, while everything around them breaks; and what they did.

use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use backends::accounts::Actor;
use backends::object_store::SETTINGS_FIELDS;
use backends::topic::Topic;
use domain::events::{Notice, NoticeDue, PlanChanged};
use domain::{JobId, Role, UserId, Username, keys};
use futures_util::future::join_all;
use reqwest::multipart::{Form, Part};
use tokio::time::{Instant, sleep, timeout};

use crate::dice::Dice;
use crate::people::{Answer, Person};
use crate::reach::{Reach, reach};
use crate::sandbox;
use crate::stripe;
use crate::upload::{SAMPLE, long_vcf};

const PEOPLE: usize = 8;
/// How long one request may take; a store may be paused meanwhile.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it may take until it is done.
const LONGEST: Duration = Duration::from_secs(180);
const UNFIT: &str = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nMT\t73\n";

/// The people, and what is known of what they did.
pub struct Cast {
    people: Vec<(Person, UserId)>,
    reach: Reach,
    plan_changes: Topic,
    notices: Topic,
    done: Mutex<Done>,
}

/// What was asked of the system, and is to have come about in the end.
#[derive(Default, Clone)]
pub struct Done {
    /// Submitted jobs, and whose.
    pub jobs: Vec<(JobId, String)>,
    /// Notices that were asked for by their number, and whose.
    pub notices: Vec<(u64, String)>,
}

impl Cast {
    pub async fn arrive() -> Self {
        let arrivals = (0..PEOPLE).map(|number| async move {
            let name = format!("chaos{number}");
            match number % 4 {
                0 => Person::premium(&name).await,
                _ => Person::new(&name).await,
            }
        });
        let reach = reach().await;
        let mut people = Vec::new();
        for person in join_all(arrivals).await {
            let id = reach.user(&person.username).await.id;
            people.push((person, id));
        }
        let aws = sandbox().await.aws_config().await;
        Self {
            people,
            reach,
            plan_changes: Topic::connect(&aws, "plan_changes").await.unwrap(),
            notices: Topic::connect(&aws, "notices").await.unwrap(),
            done: Mutex::default(),
        }
    }

    pub fn done(&self) -> Done {
        self.done.lock().unwrap().clone()
    }

    /// Everybody goes about their business until then, and ends what they have begun.
    pub async fn live(&self, until: Instant, seed: u64) {
        let uploads =
            (0..PEOPLE).map(|number| self.upload_all_the_time(number, until, Dice::new(seed + number as u64)));
        tokio::join!(
            join_all(uploads),
            self.change_plans(until, Dice::new(seed + 100)),
            self.send_notices(until, Dice::new(seed + 200)),
            self.report_payments(until),
        );
    }

    /// Publishes again what was published before, about a job or a person.
    pub async fn repeat_a_message(&self, dice: &mut Dice) -> Result<()> {
        let done = self.done();
        let job = dice.one_of(&done.jobs).map(|(job, _)| *job);
        let (_, person) = dice.one_of(&self.people).context("nobody is there")?;
        let reach = &self.reach;
        match (dice.below(3), job) {
            (0, Some(job)) => {
                reach
                    .job_requests
                    .publish(&domain::events::JobRequested::new(job))
                    .await
            }
            (1, Some(job)) => reach.job_results.publish(&domain::events::JobCompleted::new(job)).await,
            _ => self.plan_changes.publish(&PlanChanged::new(*person)).await,
        }
    }

    async fn upload_all_the_time(&self, number: usize, until: Instant, mut dice: Dice) {
        let (person, user) = &self.people[number];
        let mut count = 0;
        while Instant::now() < until {
            let content = match dice.below(10) {
                0 => UNFIT.as_bytes().to_vec(),
                1 | 2 if number.is_multiple_of(4) => long_vcf(1 << 20 << dice.below(3)),
                _ => SAMPLE.as_bytes().to_vec(),
            };
            count += 1;
            let name = format!("{number}-{count}.vcf");
            let (id, location) = insist("upload a file", || upload(person, *user, &name, &content)).await;
            // What is uploaded is submitted, however often it takes.
            insist("submit what is uploaded", || submit(person, &location)).await;
            self.done.lock().unwrap().jobs.push((id, person.email.clone()));
            sleep(dice.between(Duration::from_secs(2), Duration::from_secs(9))).await;
        }
    }

    /// As the web does when a role is given: the row, then the event.
    async fn change_plans(&self, until: Instant, mut dice: Dice) {
        while Instant::now() < until {
            sleep(dice.between(Duration::from_secs(2), Duration::from_secs(6))).await;
            // Every fourth has Premium all the time.
            let number = usize::try_from(dice.below(PEOPLE as u64)).unwrap();
            let role = if number.is_multiple_of(4) || dice.below(2) == 0 {
                Role::PremiumUser
            } else {
                Role::FreeUser
            };
            insist("change a plan", || self.change_plan(number, role)).await;
        }
    }

    async fn change_plan(&self, number: usize, role: Role) -> Result<()> {
        let (person, user) = &self.people[number];
        let username = Username::parse(&person.username)?;
        self.reach
            .accounts
            .change_role(&Actor::CommandLine, &username, role)
            .await?;
        self.plan_changes.publish(&PlanChanged::new(*user)).await
    }

    async fn send_notices(&self, until: Instant, mut dice: Dice) {
        for results in 1000.. {
            if Instant::now() > until {
                return;
            }
            sleep(dice.between(Duration::from_secs(1), Duration::from_secs(4))).await;
            let (person, user) = dice.one_of(&self.people).unwrap();
            let due = NoticeDue::new(*user, format!("chaos/{results}"), Notice::ResultsRestored { results });
            for _ in 0..=dice.below(2) {
                insist("ask for a notice", || self.notices.publish(&due)).await;
            }
            self.done.lock().unwrap().notices.push((results, person.email.clone()));
        }
    }

    /// As Stripe does: until billing has said that it has understood. Nobody here is this customer.
    async fn report_payments(&self, until: Instant) {
        while Instant::now() < until {
            let event = stripe::recorded("customer.subscription.updated", "cus_of_somebody_else");
            insist("report a payment", || async {
                let status = stripe::try_report(&event).await?;
                ensure!(status == 200, "billing answers {status}");
                Ok(())
            })
            .await;
            sleep(Duration::from_secs(2)).await;
        }
    }
}

/// Does something until it is done; each try may take a while.
async fn insist<T, F: Future<Output = Result<T>>>(what: &str, act: impl Fn() -> F) -> T {
    let deadline = Instant::now() + LONGEST;
    loop {
        let failure = match timeout(PATIENCE, act()).await {
            Ok(Ok(done)) => return done,
            Ok(Err(error)) => format!("{error:#}"),
            Err(_) => format!("no answer within {} s", PATIENCE.as_secs()),
        };
        assert!(Instant::now() < deadline, "could not {what}: {failure}");
        sleep(Duration::from_millis(200)).await;
    }
}

/// Uploads a file through the form to S3, as a browser does. Gives the job that it is to become, and where that begins.
async fn upload(person: &Person, user: UserId, name: &str, content: &[u8]) -> Result<(JobId, String)> {
    let page = person
        .browser
        .client
        .get(person.browser.address("/annotate"))
        .send()
        .await?;
    ensure!(page.status() == 200, "no form: {}", page.status());
    let page = Answer::of(page).await;
    let names = page.attributes("form#upload > input[type=hidden]", "name");
    let values = page.attributes("form#upload > input[type=hidden]", "value");
    let action = page
        .attributes("form#upload", "action")
        .pop()
        .context("the form is broken")?;
    let fields = names.into_iter().zip(values);
    let form = fields.fold(Form::new(), |form, (name, value)| form.text(name, value));
    // What is no choice is the default.
    let form = SETTINGS_FIELDS.iter().fold(form, |form, name| form.text(*name, ""));
    let form = form.part("file", Part::bytes(content.to_vec()).file_name(name.to_owned()));
    let stored = person.browser.client.post(action).multipart(form).send().await?;
    ensure!(stored.status() == 303, "not stored: {}", stored.status());
    let location = stored
        .headers()
        .get("location")
        .context("no redirect")?
        .to_str()?
        .to_owned();
    let address = reqwest::Url::parse(&location)?;
    let key = address
        .query_pairs()
        .find(|(name, _)| name == "key")
        .context("no key")?
        .1;
    let id = keys::job_of_input(user, &key).context("an upload is nobody's")?;
    Ok((id, location))
}

/// Goes where S3 sends a browser after an upload.
async fn submit(person: &Person, location: &str) -> Result<()> {
    let submitted = person.browser.client.get(location).send().await?;
    ensure!(submitted.status() == 303, "not submitted: {}", submitted.status());
    Ok(())
}
