//! The Stripe emulator's plan, and where its webhooks go. A real account's price is made by its owner.

use anyhow::{Context, Result, ensure};
use backends::settings::secret;
use clap::Args;
use domain::Plan;
use reqwest::StatusCode;
use serde_json::json;

use crate::localstripe::SECRET_KEY;

/// The Stripe emulator, where there is one.
#[derive(Clone, Args)]
pub struct StripeEmulatorSettings {
    /// Address of a Stripe emulator (localstripe) to make the plan in
    #[arg(long, env = "GAS_STRIPE_EMULATOR")]
    pub stripe_emulator: Option<String>,
    /// Id of the plan to make
    #[arg(long, env = "GAS_STRIPE_PRICE", default_value = "premium_plan")]
    pub stripe_price: String,
    /// Where the emulator sends webhooks
    #[arg(
        long,
        env = "GAS_STRIPE_WEBHOOK_URL",
        default_value = "http://127.0.0.1:4434/webhooks/stripe"
    )]
    pub stripe_webhook_url: String,
    /// What the emulator signs webhooks with
    #[arg(long, env = "GAS_STRIPE_WEBHOOK_SECRETS", hide_env_values = true, value_parser = secret)]
    pub stripe_webhook_secret: Option<String>,
}

/// Makes the plan where it is missing, and registers the webhook, which the emulator forgets at every start.
pub async fn make(settings: &StripeEmulatorSettings) -> Result<()> {
    let Some(emulator) = &settings.stripe_emulator else {
        return Ok(());
    };
    let client = reqwest::Client::new();
    let plan = json!({
        "id": settings.stripe_price, "product": { "name": "GAS Premium" },
        "amount": Plan::PREMIUM_CENTS_PER_WEEK, "currency": "usd", "interval": "week",
    });
    let request = client.post(format!("{emulator}/v1/plans")).bearer_auth(SECRET_KEY);
    let made = request
        .json(&plan)
        .send()
        .await
        .context("make the Stripe plan")?
        .status();
    ensure!(
        made.is_success() || made == StatusCode::CONFLICT,
        "the Stripe emulator refused the plan with {made}"
    );
    let webhook = json!({ "url": settings.stripe_webhook_url, "secret": settings.stripe_webhook_secret });
    let request = client.post(format!("{emulator}/_config/webhooks/gas")).json(&webhook);
    let registered = request.send().await.context("register the Stripe webhook")?.status();
    ensure!(
        registered.is_success(),
        "the Stripe emulator refused the webhook with {registered}"
    );
    Ok(())
}
