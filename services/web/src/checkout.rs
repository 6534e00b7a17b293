//! Checkout: from a card that Stripe knows to Premium, once for each person, however often it is asked for.
//!
//! Of several requests for one person one has the right to subscribe; the others wait for it and find Premium. Before
//! anything is bought Stripe is asked what there is already, so that a checkout that broke off is taken up, not repeated.

use std::time::Duration;

use anyhow::{Result, bail};
use backends::accounts::Membership;
use backends::payments::{CustomerId, FirstPayment, PaymentError, SetupIntentId};
use domain::{Plan, SubscriptionStatus, User};
use tokio::time::{Instant, sleep, timeout};
use tracing::{Instrument, info};

use crate::app::App;

/// How long a request waits for another of the same person.
const WAIT: Duration = Duration::from_secs(12);
/// How long Stripe may need to see a payment that the bank has confirmed.
const SETTLING: Duration = Duration::from_secs(5);
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(250);
/// How long a checkout may take in all: less than the right to it lasts.
const LONGEST: Duration = Duration::from_secs(90);

/// What came of a checkout.
pub enum Outcome {
    /// The person has Premium.
    Premium,
    /// The bank wants to hear from the card's holder, whom Stripe.js asks with this secret.
    Authenticate {
        /// For the person's own browser only.
        client_secret: String,
    },
    /// The card was refused, and nothing was bought.
    Declined {
        /// What Stripe says to the card's holder.
        message: String,
    },
    /// Another request, or the bank, is not done yet.
    Underway,
}

/// What a person asks for.
pub enum Wish {
    /// To pay with the card that was entered.
    Pay(SetupIntentId),
    /// To go on after the bank has been asked.
    Confirmed,
}

/// Does what the person asks for. It goes on when the browser has gone away, as browsers do at a second click.
pub async fn run(app: App, user: User, wish: Wish) -> Result<Outcome> {
    let work = async move { timeout(LONGEST, alone(&app, &user, wish)).await };
    tokio::spawn(work.in_current_span()).await??
}

/// Waits for the right to subscribe the person, uses it, and gives it back.
async fn alone(app: &App, user: &User, wish: Wish) -> Result<Outcome> {
    let deadline = Instant::now() + WAIT;
    let membership = loop {
        match app.accounts.begin_checkout(user.id).await? {
            Some(membership) => break membership,
            None if Instant::now() > deadline => return Ok(Outcome::Underway),
            None => sleep(PAUSE).await,
        }
    };
    let done = match wish {
        Wish::Pay(entered) => pay(app, user, membership, &entered).await,
        Wish::Confirmed => confirmed(app, user).await,
    };
    app.accounts.end_checkout(user.id).await?;
    done
}

async fn pay(app: &App, user: &User, membership: Membership, entered: &SetupIntentId) -> Result<Outcome> {
    let customer = customer(app, user, membership.customer).await?;
    let standing = app.subscriptions.refresh(user.id).await?;
    let status = standing.as_ref().and_then(|standing| standing.status);
    let is_due = status == Some(SubscriptionStatus::PastDue);
    if standing.as_ref().is_some_and(has_premium) && !is_due {
        return Ok(Outcome::Premium);
    }
    match app.payments.use_card(user.id, &customer, entered).await {
        Ok(()) => {}
        Err(PaymentError::Declined { message }) => return Ok(Outcome::Declined { message }),
        Err(PaymentError::AuthenticationRequired | PaymentError::Missing) => {
            let message = "The card was not confirmed. Enter it again.".to_owned();
            return Ok(Outcome::Declined { message });
        }
        Err(other) => return Err(other.into()),
    }
    if is_due {
        // Stripe charges the new card at its next attempt.
        return Ok(Outcome::Premium);
    }
    withdraw_unpaid(app, standing.as_ref()).await?;
    subscribe(app, user, &customer, entered).await
}

/// Buys, and leaves nothing behind that was not paid for.
async fn subscribe(app: &App, user: &User, customer: &CustomerId, entered: &SetupIntentId) -> Result<Outcome> {
    let (id, payment) = match app.payments.subscribe(user.id, customer, entered).await {
        Ok(made) => made,
        Err(PaymentError::Declined { message }) => return Ok(Outcome::Declined { message }),
        Err(other) => return Err(other.into()),
    };
    match payment {
        FirstPayment::Made => match app.subscriptions.refresh(user.id).await? {
            Some(standing) if has_premium(&standing) => {
                info!(user.id = %user.id, "User {} has subscribed", user.id);
                Ok(Outcome::Premium)
            }
            _ => bail!("the subscription {id} is paid, but does not run"),
        },
        FirstPayment::AuthenticationRequired { client_secret } => {
            app.subscriptions.refresh(user.id).await?;
            Ok(Outcome::Authenticate { client_secret })
        }
        FirstPayment::Declined { message } => {
            app.payments.withdraw(&id).await?;
            app.subscriptions.refresh(user.id).await?;
            Ok(Outcome::Declined { message })
        }
    }
}

/// The bank has been asked; Stripe may need a moment to see it. What is not seen in time the webhook brings.
async fn confirmed(app: &App, user: &User) -> Result<Outcome> {
    let deadline = Instant::now() + SETTLING;
    loop {
        let standing = app.subscriptions.refresh(user.id).await?;
        if standing.as_ref().is_some_and(has_premium) {
            return Ok(Outcome::Premium);
        }
        if Instant::now() > deadline {
            return Ok(Outcome::Underway);
        }
        sleep(PAUSE).await;
    }
}

async fn customer(app: &App, user: &User, known: Option<CustomerId>) -> Result<CustomerId> {
    if let Some(known) = known {
        return Ok(known);
    }
    let made = app.payments.customer_of(user).await?;
    app.accounts.keep_customer(user.id, &made).await?;
    Ok(made)
}

/// Ends a subscription whose payment was given up, so that it is not paid for beside the new one.
async fn withdraw_unpaid(app: &App, standing: Option<&Membership>) -> Result<()> {
    use SubscriptionStatus::{Incomplete, Paused, Unpaid};
    let Some(standing) = standing else { return Ok(()) };
    match (standing.status, &standing.subscription) {
        (Some(Incomplete | Paused | Unpaid), Some(id)) => Ok(app.payments.withdraw(id).await?),
        _ => Ok(()),
    }
}

fn has_premium(standing: &Membership) -> bool {
    standing.plan() == Plan::Premium
}
