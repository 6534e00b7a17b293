//! Stripe: customers, their cards, their subscriptions, their invoices. Numbers of cards never come here.
//!
//! `async-stripe` builds the requests. The replies are read into small structs of our own, which take what Stripe says
//! today and what an emulator or an older version of the API says. Requests that make something carry an idempotency
//! key, so that asking twice makes it once (<https://docs.stripe.com/api/idempotent_requests>).

mod cards;
mod customers;
mod error;
mod ids;
mod invoices;
mod replies;
mod subscriptions;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use miniserde::Deserialize;
use stripe::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeRequest};
use stripe_billing::plan::RetrievePlan;
use tokio::sync::OnceCell;

use crate::settings::StripeSettings;
use replies::PriceReply;

pub use cards::{Card, CardSetup};
pub use error::PaymentError;
pub use ids::{CustomerId, SetupIntentId, SubscriptionId};
pub use invoices::Invoice;
pub use subscriptions::{FirstPayment, Subscription};

/// How long one request may take. Stripe answers most within a second, a first payment within a few.
const PATIENCE: Duration = Duration::from_secs(8);
/// Attempts at a request that only reads.
const ATTEMPTS: u32 = 2;

/// A client of one Stripe account, which sells one price.
#[derive(Clone)]
pub struct Payments {
    client: Client,
    price_id: String,
    price: Arc<OnceCell<Price>>,
}

/// What Premium costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// In the currency's smallest unit.
    pub cents: i64,
    /// Three letters, lower case (ISO 4217).
    pub currency: String,
    /// `week`, `month`, …
    pub interval: String,
}

impl Payments {
    /// A client as configured; nothing is asked yet.
    pub fn connect(settings: &StripeSettings) -> anyhow::Result<Self> {
        let url = format!("{}/", settings.stripe_api_url.trim_end_matches('/'));
        let client = ClientBuilder::new(&settings.stripe_secret_key)
            .url(url)
            .timeout(PATIENCE)
            .build()
            .map_err(|error| anyhow!("{error}"))
            .context("read GAS_STRIPE_API_URL and GAS_STRIPE_SECRET_KEY")?;
        Ok(Self {
            client,
            price_id: settings.stripe_price.clone(),
            price: Arc::default(),
        })
    }

    /// The price of the subscription. It is asked for once: a price never changes at Stripe, it is replaced by another.
    pub async fn price(&self) -> Result<&Price, PaymentError> {
        // Stripe gives prices as plans too, and older accounts and the emulator have plans only.
        let ask = || async {
            let reply: PriceReply = self.read(&RetrievePlan::new(self.price_id.clone())).await?;
            Ok(Price {
                cents: reply.amount,
                currency: reply.currency,
                interval: reply.interval,
            })
        };
        self.price.get_or_try_init(ask).await
    }

    /// Asks for something, again if need be.
    async fn read<R: Deserialize>(&self, request: &impl StripeRequest) -> Result<R, PaymentError> {
        self.send(request, RequestStrategy::Retry(ATTEMPTS)).await
    }

    /// Changes something in a way that may be repeated.
    async fn change<R: Deserialize>(&self, request: &impl StripeRequest) -> Result<R, PaymentError> {
        self.send(request, RequestStrategy::Once).await
    }

    /// Makes something, once for the key.
    async fn make<R: Deserialize>(&self, request: &impl StripeRequest, key: String) -> Result<R, PaymentError> {
        let key = IdempotencyKey::new(key).map_err(|error| PaymentError::Refused(error.to_string()))?;
        self.send(request, RequestStrategy::Idempotent(key)).await
    }

    async fn send<R: Deserialize>(
        &self,
        request: &impl StripeRequest,
        strategy: RequestStrategy,
    ) -> Result<R, PaymentError> {
        let request = request.build().customize::<R>().request_strategy(strategy);
        Ok(request.send(&self.client).await?)
    }
}
