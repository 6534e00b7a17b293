//! `POST /webhooks/stripe`: verified, noted by its id, handled, and only then acknowledged.
//!
//! What is not acknowledged Stripe sends again for three days, so a failure is answered with 500 and needs no queue of
//! ours (<https://docs.stripe.com/webhooks#automatic-retries>).

use std::time::Duration;

use anyhow::Result;
use backends::accounts::Accounts;
use backends::subscriptions::Subscriptions;
use bytes::Buf;
use chassis::metrics;
use domain::{SubscriptionStatus, Timestamp};
use futures_util::{Stream, StreamExt};
use http::StatusCode;
use tracing::{Instrument, error, info, info_span, warn};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::event::{Concern, Event};
use crate::settings::WebhookSecret;
use crate::signature::Verifier;

/// The largest body we take, in bytes; events have a few KB.
const LIMIT: usize = 256 * 1024;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct Webhook {
    verifier: Verifier,
    accounts: Accounts,
    subscriptions: Subscriptions,
}

/// What became of a webhook, as metrics name it.
#[derive(Clone, Copy)]
enum Outcome {
    Handled,
    Repeated,
    Ignored,
    Rejected,
    Failed,
}

/// `POST /webhooks/stripe`.
pub fn routes(
    secrets: &[WebhookSecret],
    accounts: &Accounts,
    subscriptions: &Subscriptions,
) -> Result<BoxedFilter<(Response,)>> {
    let webhook = Webhook {
        verifier: Verifier::new(secrets)?,
        accounts: accounts.clone(),
        subscriptions: subscriptions.clone(),
    };
    let signature = warp::header::optional::<String>("stripe-signature");
    let route = warp::path!("webhooks" / "stripe").and(warp::post());
    let taken = route.and(signature).and(warp::body::stream());
    let answer = taken.then(move |signature: Option<String>, body| {
        let webhook = webhook.clone();
        async move {
            let outcome = webhook.take(&signature.unwrap_or_default(), body).await;
            metrics::webhook(outcome.label());
            outcome.status().into_response()
        }
    });
    Ok(answer.boxed())
}

impl Webhook {
    async fn take<B: Buf>(&self, signature: &str, body: impl Stream<Item = Result<B, warp::Error>> + Send) -> Outcome {
        let Ok(Some(body)) = tokio::time::timeout(PATIENCE, read_limited(body)).await else {
            return Outcome::Rejected;
        };
        if let Err(forged) = self.verifier.verify(signature, &body, Timestamp::now()) {
            warn!("Refused a webhook: {forged}");
            return Outcome::Rejected;
        }
        let event: Event = match serde_json::from_slice(&body) {
            Ok(event) => event,
            Err(unreadable) => {
                // The place of the fault, not the text at it, which may hold addresses.
                error!("Stripe sent an event that cannot be read (line {})", unreadable.line());
                return Outcome::Rejected;
            }
        };
        let span = info_span!("event", event.id = %event.id, event.kind = %event.kind);
        self.settle(&event).instrument(span).await
    }

    /// Handles an event and notes how that went.
    async fn settle(&self, event: &Event) -> Outcome {
        match self.handle(event).await {
            Ok(outcome) => outcome,
            Err(failure) => {
                warn!("Could not handle {}; Stripe sends it again: {failure:#}", event.kind);
                if let Err(unnoted) = self.accounts.event_failed(&event.id, &format!("{failure:#}")).await {
                    warn!("Could not note that either: {unnoted:#}");
                }
                Outcome::Failed
            }
        }
    }

    async fn handle(&self, event: &Event) -> Result<Outcome> {
        if self.accounts.receive_event(&event.id, &event.kind).await? {
            return Ok(Outcome::Repeated);
        }
        let concerned = match event.concern() {
            Concern::None => None,
            Concern::Subscription(customer) => self.subscriptions.refresh_customer(&customer).await?,
            Concern::FailedPayment(customer, invoice) => {
                let membership = self.subscriptions.refresh_customer(&customer).await?;
                // A first payment that fails is told on the page where it was made.
                let late = |member: &&_| is_past_due(member);
                if let Some(member) = membership.as_ref().filter(late) {
                    self.subscriptions
                        .tell_of_failed_payment(member.user_id, &invoice)
                        .await?;
                }
                membership
            }
        };
        self.accounts.event_handled(&event.id).await?;
        match concerned {
            Some(member) => {
                info!(user.id = %member.user_id, "Handled {}", event.kind);
                Ok(Outcome::Handled)
            }
            None => Ok(Outcome::Ignored),
        }
    }
}

fn is_past_due(member: &backends::accounts::Membership) -> bool {
    member.status == Some(SubscriptionStatus::PastDue)
}

impl Outcome {
    const fn label(self) -> &'static str {
        match self {
            Self::Handled => "handled",
            Self::Repeated => "repeated",
            Self::Ignored => "ignored",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Handled | Self::Repeated | Self::Ignored => StatusCode::OK,
            Self::Rejected => StatusCode::BAD_REQUEST,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The body as it came, which is what was signed; `None` if it is too large or breaks off.
async fn read_limited<B: Buf>(body: impl Stream<Item = Result<B, warp::Error>> + Send) -> Option<Vec<u8>> {
    futures_util::pin_mut!(body);
    let mut read = Vec::new();
    while let Some(chunk) = body.next().await {
        let mut chunk = chunk.ok()?;
        if read.len() + chunk.remaining() > LIMIT {
            return None;
        }
        read.extend_from_slice(&chunk.copy_to_bytes(chunk.remaining()));
    }
    Some(read)
}
