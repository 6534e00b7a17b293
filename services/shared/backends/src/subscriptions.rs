//! Keeps people's roles in step with their subscriptions. Web asks for it after a payment, billing at each webhook.
//!
//! Whoever asks says only whose subscription to look at: how it stands is asked of Stripe, so that news may come late,
//! twice, or in any order. The role is written together with the subscription; then the services are told, and only then
//! is it noted that they know, so that whoever dies in between is made up for by the next look.

use anyhow::{Context, Result, bail};
use aws_config::SdkConfig;
use clap::Args;
use domain::events::{Notice, NoticeDue, PlanChanged};
use domain::{Plan, Timestamp, UserId};
use tracing::info;

use crate::accounts::{Accounts, Membership};
use crate::payments::{CustomerId, PaymentError, Payments, Subscription};
use crate::topic::Topic;

/// Looks at one person at once that lose against others before it is given up.
const ATTEMPTS: u32 = 5;

/// Where changes of plans are told.
#[derive(Debug, Clone, Args)]
pub struct SubscriptionSettings {
    /// SNS topic on which changes of plans are told: a name or an ARN
    #[arg(long, env = "GAS_PLAN_CHANGES_TOPIC", default_value = "plan_changes")]
    pub plan_changes_topic: String,
    /// SNS topic on which e-mails to people are asked for: a name or an ARN
    #[arg(long, env = "GAS_NOTICES_TOPIC", default_value = "notices")]
    pub notices_topic: String,
}

/// Subscriptions at Stripe, and what follows from them here.
#[derive(Clone)]
pub struct Subscriptions {
    accounts: Accounts,
    payments: Payments,
    plan_changes: Topic,
    notices: Topic,
}

impl Subscriptions {
    /// Finds the topics.
    pub async fn connect(
        aws: &SdkConfig,
        settings: &SubscriptionSettings,
        accounts: Accounts,
        payments: Payments,
    ) -> Result<Self> {
        Ok(Self {
            accounts,
            payments,
            plan_changes: Topic::connect(aws, &settings.plan_changes_topic).await?,
            notices: Topic::connect(aws, &settings.notices_topic).await?,
        })
    }

    /// Asks Stripe how a person's subscription stands, and does what follows. `None` if the person never had one.
    pub async fn refresh(&self, user: UserId) -> Result<Option<Membership>> {
        for _ in 0..ATTEMPTS {
            let Some(seen) = self.accounts.membership(user).await? else {
                return Ok(None);
            };
            let Some(customer) = &seen.customer else {
                return Ok(None);
            };
            // Who has been deleted at Stripe has no subscription there any more.
            let fresh = self.look_up(customer).await?.or_else(|| seen.ended());
            let Some(fresh) = fresh else {
                return Ok(None);
            };
            if self.accounts.record(&seen, &fresh).await? {
                let membership = self.announce(user).await?;
                self.tell_of_cancellation(&membership).await?;
                return Ok(Some(membership));
            }
        }
        bail!("the subscription of user {user} changes faster than it can be read")
    }

    /// The same for whom Stripe calls `customer`; `None` also if that is nobody of ours.
    pub async fn refresh_customer(&self, customer: &CustomerId) -> Result<Option<Membership>> {
        match self.user_of(customer).await? {
            Some(user) => self.refresh(user).await,
            None => Ok(None),
        }
    }

    /// Tells a person, once for each invoice, that a charge has failed and Premium goes on while Stripe tries again.
    pub async fn tell_of_failed_payment(&self, user: UserId, invoice: &str) -> Result<()> {
        let key = format!("payment_failed/{invoice}");
        self.notices
            .publish(&NoticeDue::new(user, key, Notice::PaymentFailed))
            .await
    }

    /// Tells a person, once for each time that is paid for, that Premium is cancelled and how long it lasts. Said whenever it
    /// is seen to be so; the key makes one mail of it.
    async fn tell_of_cancellation(&self, membership: &Membership) -> Result<()> {
        let is_ending = membership.cancel_at_period_end && membership.plan() == Plan::Premium;
        let Some(subscription) = membership.subscription.as_ref().filter(|_| is_ending) else {
            return Ok(());
        };
        let until = membership.current_period_end.map(Timestamp::epoch_seconds);
        let key = format!("premium_cancelled/{subscription}/{}", until.unwrap_or(0));
        let notice = NoticeDue::new(membership.user_id, key, Notice::PremiumCancelled { until });
        self.notices.publish(&notice).await
    }

    /// Who a customer is: as we have kept it, or else as the subscription itself says.
    async fn user_of(&self, customer: &CustomerId) -> Result<Option<UserId>> {
        if let Some(known) = self.accounts.membership_of_customer(customer).await? {
            return Ok(Some(known.user_id));
        }
        let Some(claimed) = self
            .look_up(customer)
            .await?
            .and_then(|subscription| subscription.user_id)
        else {
            return Ok(None);
        };
        let Some(user) = self.accounts.user(claimed).await? else {
            return Ok(None);
        };
        self.accounts.keep_customer(user.id, customer).await?;
        // Whoever has another customer already keeps it, and this one is not theirs.
        let kept = self.accounts.membership_of_customer(customer).await?;
        Ok(kept.map(|membership| membership.user_id))
    }

    /// The subscription of a customer, if Stripe knows of both.
    async fn look_up(&self, customer: &CustomerId) -> Result<Option<Subscription>, PaymentError> {
        match self.payments.subscription_of(customer).await {
            Err(PaymentError::Missing) => Ok(None),
            found => found,
        }
    }

    /// Tells the services of a change that they have not been told of.
    async fn announce(&self, user: UserId) -> Result<Membership> {
        let membership = self.accounts.membership(user).await?;
        let membership = membership.with_context(|| format!("user {user} has no membership any more"))?;
        if !membership.is_unannounced() {
            return Ok(membership);
        }
        let plan = membership.plan();
        self.plan_changes.publish(&PlanChanged::new(user)).await?;
        if let Some(subscription) = &membership.subscription {
            let (what, notice) = match plan {
                Plan::Premium => ("premium_begun", Notice::PremiumBegun),
                Plan::Free => ("premium_ended", Notice::PremiumEnded),
            };
            let key = format!("{what}/{subscription}");
            self.notices.publish(&NoticeDue::new(user, key, notice)).await?;
        }
        self.accounts.announced(&membership).await?;
        info!(user.id = %user, "User {user} has the plan {} now", plan.name());
        Ok(membership)
    }
}
