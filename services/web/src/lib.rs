//! The web service: pages for people, over HTTPS.
//!
//! A handler is a plain async function from a [`visit::Visit`] to a reply or a [`error::PageError`]; `routes` says
//! which path leads to which handler, and gives every answer its security headers and every error its page.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod announcements;
mod api;
mod app;
mod assets;
mod body;
mod browser_name;
mod checkout;
mod csrf;
mod deletions;
mod error;
mod export;
mod follow;
mod grant;
mod limits;
mod mail;
mod migrate;
mod no_file;
mod pages;
mod part_uploads;
mod password;
mod pieces;
mod places;
mod plain_downloads;
mod region_sets;
mod rendered;
mod routes;
mod security;
mod session;
mod settings;
mod stripe_js;
mod templates;
pub mod totp;
mod unlock;
mod variant_tables;
mod views;
mod visit;
mod waiting_line;
mod webhooks;

use anyhow::{Context, Result};
use chassis::admin::{self, Health};
use chassis::server::{self, Pages};
use chassis::shutdown;
use tokio::net::TcpListener;
use tracing::info;

pub use app::{App, Application};
pub use grant::{Grant, GrantSettings, grant};
pub use migrate::migrate;
pub use settings::{LimitSettings, Secret, Settings, StripeJsSettings};
pub use unlock::{UnlockSettings, unlock};

/// Serves the pages until SIGTERM, then lets requests in flight finish.
pub async fn run(settings: Settings) -> Result<()> {
    let shutdown = shutdown::signal();
    let listener = TcpListener::bind(settings.web_listen).await;
    let listener = listener.with_context(|| format!("listen on {}", settings.web_listen))?;
    let Some(app) = shutdown.cuts(Application::connect(&settings, shutdown.clone())).await else {
        return Ok(());
    };
    let app = app?;
    let accounts = app.accounts.clone();
    let health = Health::new("web").check("accounts database", move || {
        let accounts = accounts.clone();
        async move { accounts.ping().await }
    });
    let admin = admin::serve(&settings.admin, health, shutdown.clone());
    tokio::spawn(follow::look_until_shutdown(app.clone()));
    tokio::spawn(announcements::ask_until_shutdown(app.clone()));
    info!("Serving {} on {}", settings.public_url, settings.web_listen);
    let pages = Pages {
        filter: routes::all(app),
        trust_traceparent: settings.telemetry.trust_traceparent,
    };
    let pages = server::serve(listener, Some(&settings.tls), &settings.clients, pages, shutdown);
    tokio::try_join!(admin, pages)?;
    Ok(())
}
