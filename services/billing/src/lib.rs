//! The billing service: takes what Stripe reports of subscriptions, and gives and takes Premium.
//!
//! `webhook` answers Stripe, once `signature` has verified that it is Stripe; `event` is what we read of a report;
//! `reconcile` looks after what was never reported. What a report does to a person is in `backends::subscriptions`,
//! where the web finds it too.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod event;
mod reconcile;
mod settings;
mod signature;
mod webhook;

use anyhow::{Context, Result};
use backends::accounts::Accounts;
use backends::payments::Payments;
use backends::subscriptions::Subscriptions;
use chassis::admin::{self, Health};
use chassis::server::{self, Pages};
use chassis::shutdown;
use futures_util::FutureExt;
use tokio::net::TcpListener;
use tracing::info;
use warp::Filter;

pub use settings::{Settings, WebhookSecret};

/// Takes webhooks until SIGTERM, then lets those in flight finish.
pub async fn run(settings: Settings) -> Result<()> {
    let shutdown = shutdown::signal();
    let listener = TcpListener::bind(settings.billing_listen).await;
    let listener = listener.with_context(|| format!("listen on {}", settings.billing_listen))?;
    let aws = backends::aws::connect(&settings.aws).await;
    let accounts = Accounts::connect(&settings.database)?;
    chassis::metrics::watch_pool(&accounts);
    match shutdown.cuts(accounts.await_schema()).await {
        Some(ready) => ready?,
        None => return Ok(()),
    }
    let payments = Payments::connect(&settings.stripe)?;
    let subscriptions = Subscriptions::connect(&aws, &settings.topics, accounts.clone(), payments).await?;
    let checked = accounts.clone();
    let health = Health::new("billing").check("accounts database", move || {
        let accounts = checked.clone();
        async move { accounts.ping().await }
    });
    info!("Taking webhooks on {}", settings.billing_listen);
    let webhooks = webhook::routes(&settings.webhook_secrets, &accounts, &subscriptions)?;
    let pages = Pages {
        filter: webhooks.or(health.clone().route(shutdown.clone())).unify().boxed(),
        trust_traceparent: false,
    };
    let server = server::serve(listener, None, &settings.clients, pages, shutdown.clone());
    let reconciling = reconcile::run(&accounts, &subscriptions, settings.reconcile_interval, &shutdown);
    tokio::try_join!(
        server,
        reconciling.map(Ok),
        admin::serve(&settings.admin, health, shutdown.clone())
    )?;
    Ok(())
}
