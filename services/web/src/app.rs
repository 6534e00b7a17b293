//! What every page has at hand.

use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use backends::accounts::Accounts;
use backends::aws::SdkConfig;
use backends::job_requests::JobRequests;
use backends::jobs::Jobs;
use backends::mailer::Mailer;
use backends::object_store::ObjectStore;
use backends::payments::Payments;
use backends::subscriptions::Subscriptions;
use backends::topic::Topic;
use bytes::Bytes;
use chassis::shutdown::Shutdown;
use domain::{PlanLimits, Reach, Retention, Timestamp};

use crate::Settings;
use crate::announcements::Announcements;
use crate::csrf::CsrfKeys;
use crate::follow::Followers;
use crate::limits::Limits;
use crate::pages::Line;
use crate::places::Places;
use crate::plain_downloads::PlainDownloads;
use crate::region_sets::RegionSets;
use crate::rendered::Rendered;
use crate::security::SecurityHeaders;
use crate::stripe_js::StripeJs;
use crate::templates::Templates;
use crate::variant_tables::VariantTables;
use crate::views::Everywhere;
use crate::waiting_line::WaitingLine;

/// What every page has at hand; cheap to clone.
pub type App = Arc<Application>;

/// The stores, the templates and the rules that the pages work with.
pub struct Application {
    pub(crate) accounts: Accounts,
    pub(crate) jobs: Jobs,
    pub(crate) objects: ObjectStore,
    pub(crate) job_requests: JobRequests,
    pub(crate) plan_changes: Topic,
    pub(crate) deletions: Topic,
    /// The queues that the overview shows, found by these names.
    pub(crate) queues: Vec<String>,
    pub(crate) aws: SdkConfig,
    pub(crate) mailer: Mailer,
    pub(crate) payments: Payments,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) stripe_js: StripeJs,
    pub(crate) security: SecurityHeaders,
    pub(crate) templates: Templates,
    /// The home page of visitors, once it has been rendered.
    pub(crate) visitors_home: OnceLock<Bytes>,
    /// What was found, by its JSON.
    pub(crate) summaries: Rendered<String>,
    /// Lines of lists of jobs.
    pub(crate) lines: Rendered<Line>,
    pub(crate) limits: Limits,
    pub(crate) csrf: CsrfKeys,
    pub(crate) public_url: String,
    pub(crate) retention: Retention,
    /// Where webhooks may lead.
    pub(crate) webhooks_reach: Reach,
    pub(crate) input_limits: PlanLimits,
    pub(crate) plain_downloads: PlainDownloads,
    /// Files of variants, as far as they were read lately.
    pub(crate) variants: VariantTables,
    /// Regions that filters of variants name.
    pub(crate) region_sets: RegionSets,
    /// One export of each person's data at a time.
    pub(crate) exports: Places,
    pub(crate) waiting_line: WaitingLine,
    pub(crate) followers: Followers,
    pub(crate) trusted_proxies: usize,
    pub(crate) announcements: Announcements,
    /// When this process began.
    pub(crate) running_since: Timestamp,
    pub(crate) shutdown: Shutdown,
}

impl Application {
    /// Connects to every store, and waits until the accounts database has the schema of this release.
    pub async fn connect(settings: &Settings, shutdown: Shutdown) -> Result<App> {
        let aws = backends::aws::connect(&settings.aws).await;
        let accounts = Accounts::connect(&settings.database)?;
        accounts.await_schema().await?;
        chassis::metrics::watch_pool(&accounts);
        let payments = Payments::connect(&settings.stripe)?;
        let subscriptions =
            Subscriptions::connect(&aws, &settings.subscriptions, accounts.clone(), payments.clone()).await?;
        let input_limits = settings.input_limits.limits();
        let jobs = Jobs::new(&aws, &settings.stores);
        let objects = ObjectStore::new(&aws, &settings.aws, &settings.stores);
        let stripe_js = StripeJs::new(&settings.stripe_js)?;
        let limits = Limits::new(&settings.limits, accounts.clone());
        Ok(Arc::new(Self {
            security: SecurityHeaders::new(&objects.upload_origin(), &stripe_js)?,
            accounts,
            payments,
            subscriptions,
            stripe_js,
            waiting_line: WaitingLine::new(jobs.clone()),
            jobs,
            objects,
            job_requests: JobRequests::connect(&aws, &settings.stores, &settings.job_requests_topic, &settings.turns)
                .await?,
            plan_changes: Topic::connect(&aws, &settings.subscriptions.plan_changes_topic).await?,
            deletions: Topic::connect(&aws, &settings.deletions_topic).await?,
            queues: settings.queues.clone(),
            mailer: Mailer::new(&aws, &settings.mail),
            templates: Templates::load(&Everywhere::of(input_limits)).context("load the templates")?,
            visitors_home: OnceLock::new(),
            summaries: Rendered::default(),
            lines: Rendered::default(),
            limits,
            csrf: CsrfKeys::new(&settings.web_secrets)?,
            public_url: settings.public_url.clone(),
            webhooks_reach: settings.webhooks.reach(),
            retention: settings.retention.rule(),
            input_limits,
            plain_downloads: PlainDownloads::new(settings.limits.plain_downloads),
            variants: VariantTables::default(),
            region_sets: RegionSets::default(),
            exports: Places::new(1),
            followers: Followers::new(settings.limits.followed_jobs.into()),
            trusted_proxies: settings.limits.trusted_proxies,
            announcements: Announcements::default(),
            running_since: Timestamp::now(),
            shutdown,
            aws,
        }))
    }
}
