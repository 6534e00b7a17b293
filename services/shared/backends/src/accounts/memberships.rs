//! Memberships: what we know of each person's subscription at Stripe, and the role that follows from it.

use std::time::SystemTime;

use anyhow::{Context, Result};
use deadpool_postgres::Transaction;
use deadpool_postgres::tokio_postgres::Row;
use domain::{Plan, SubscriptionStatus, Timestamp, UserId};
use uuid::Uuid;

use super::Accounts;
use crate::payments::{CustomerId, Subscription, SubscriptionId};

/// What we know of a person's subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Whose it is.
    pub user_id: UserId,
    /// Who the person is to Stripe.
    pub customer: Option<CustomerId>,
    /// The subscription that counts.
    pub subscription: Option<SubscriptionId>,
    /// How it stands.
    pub status: Option<SubscriptionStatus>,
    /// When the time that is paid for ends.
    pub current_period_end: Option<Timestamp>,
    /// Whether the subscription ends then.
    pub cancel_at_period_end: bool,
    version: i64,
    announced: bool,
}

impl Membership {
    /// The plan that the subscription gives.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.status.map_or(Plan::Free, SubscriptionStatus::plan)
    }

    /// The subscription that we know of, as one that has ended.
    #[must_use]
    pub fn ended(&self) -> Option<Subscription> {
        Some(Subscription {
            id: self.subscription.clone()?,
            status: SubscriptionStatus::Canceled,
            created: Timestamp::from_epoch_seconds(0),
            current_period_end: self.current_period_end,
            cancel_at_period_end: self.cancel_at_period_end,
            user_id: Some(self.user_id),
        })
    }

    /// Whether a change of the role has not been told to the services yet.
    #[must_use]
    pub const fn is_unannounced(&self) -> bool {
        !self.announced
    }
}

const COLUMNS: &str = "user_id, stripe_customer_id, stripe_subscription_id, status, current_period_end, \
                       cancel_at_period_end, version, announced";

impl Accounts {
    /// The membership of a person who has ever tried to subscribe.
    pub async fn membership(&self, user: UserId) -> Result<Option<Membership>> {
        let sql = format!("SELECT {COLUMNS} FROM subscriptions WHERE user_id = $1");
        let connection = self.connection().await?;
        let row = connection.query_opt(&sql, &[&user.as_uuid()]).await;
        row.context("read a membership")?.as_ref().map(membership).transpose()
    }

    /// The membership of the person that the customer is.
    pub async fn membership_of_customer(&self, customer: &CustomerId) -> Result<Option<Membership>> {
        let sql = format!("SELECT {COLUMNS} FROM subscriptions WHERE stripe_customer_id = $1");
        let connection = self.connection().await?;
        let row = connection.query_opt(&sql, &[&customer.as_str()]).await;
        row.context("read the membership of a customer")?
            .as_ref()
            .map(membership)
            .transpose()
    }

    /// Takes the right to subscribe a person for two minutes; `None` while another request has it.
    pub async fn begin_checkout(&self, user: UserId) -> Result<Option<Membership>> {
        let sql = format!(
            "INSERT INTO subscriptions (user_id, checkout_until) VALUES ($1, now() + interval '2 minutes') \
             ON CONFLICT (user_id) DO UPDATE SET checkout_until = excluded.checkout_until \
             WHERE subscriptions.checkout_until IS NULL OR subscriptions.checkout_until < now() RETURNING {COLUMNS}"
        );
        let connection = self.connection().await?;
        let row = connection.query_opt(&sql, &[&user.as_uuid()]).await;
        row.context("begin a checkout")?.as_ref().map(membership).transpose()
    }

    /// Gives the right to subscribe a person back.
    pub async fn end_checkout(&self, user: UserId) -> Result<()> {
        let sql = "UPDATE subscriptions SET checkout_until = NULL WHERE user_id = $1";
        let connection = self.connection().await?;
        connection
            .execute(sql, &[&user.as_uuid()])
            .await
            .context("end a checkout")?;
        Ok(())
    }

    /// Clears away the right of a request that broke off.
    pub async fn end_broken_checkout(&self, user: UserId) -> Result<()> {
        let sql = "UPDATE subscriptions SET checkout_until = NULL WHERE user_id = $1 AND checkout_until < now()";
        let connection = self.connection().await?;
        connection
            .execute(sql, &[&user.as_uuid()])
            .await
            .context("end a broken checkout")?;
        Ok(())
    }

    /// Keeps who a person is to Stripe; a customer that is kept already stays.
    pub async fn keep_customer(&self, user: UserId, customer: &CustomerId) -> Result<()> {
        let sql = "INSERT INTO subscriptions (user_id, stripe_customer_id) VALUES ($1, $2) \
                   ON CONFLICT (user_id) DO UPDATE SET stripe_customer_id = excluded.stripe_customer_id \
                   WHERE subscriptions.stripe_customer_id IS NULL";
        let connection = self.connection().await?;
        connection
            .execute(sql, &[&user.as_uuid(), &customer.as_str()])
            .await
            .context("keep a customer")?;
        Ok(())
    }

    /// Writes down how a subscription stands, and gives or takes the role, at once. `false` if the membership is no
    /// longer as it was `seen` before Stripe was asked: then the answer may be older than what is written by now.
    pub async fn record(&self, seen: &Membership, fresh: &Subscription) -> Result<bool> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin to record a membership")?;
        if !write(&transaction, seen, fresh).await? {
            return Ok(false);
        }
        let changed = match (fresh.status.plan(), seen.plan()) {
            (Plan::Premium, _) => give_premium(&transaction, seen.user_id).await?,
            (Plan::Free, Plan::Premium) => take_premium(&transaction, seen.user_id).await?,
            // What an administrator has given does not go with a subscription that had ended before.
            (Plan::Free, Plan::Free) => false,
        };
        if changed {
            let sql = "UPDATE subscriptions SET announced = false WHERE user_id = $1";
            transaction
                .execute(sql, &[&seen.user_id.as_uuid()])
                .await
                .context("note a change to announce")?;
        }
        transaction.commit().await.context("record a membership")?;
        Ok(true)
    }

    /// Notes that the services know of the last change, unless there has been another since `told` was read.
    pub async fn announced(&self, told: &Membership) -> Result<()> {
        let sql = "UPDATE subscriptions SET announced = true WHERE user_id = $1 AND version = $2";
        let connection = self.connection().await?;
        connection
            .execute(sql, &[&told.user_id.as_uuid(), &told.version])
            .await
            .context("note that a change is announced")?;
        Ok(())
    }

    /// Up to a hundred people whose subscription should be looked at again: a change is not announced yet, a checkout was
    /// broken off, or the paid time ended an hour ago without news. Nobody is looked at twice within an hour for the last.
    pub async fn overdue_memberships(&self) -> Result<Vec<UserId>> {
        let sql = "SELECT user_id FROM subscriptions WHERE stripe_customer_id IS NOT NULL AND ( \
                   (NOT announced AND updated_at < now() - interval '30 seconds') OR checkout_until < now() OR \
                   (status IN ('trialing', 'active', 'past_due') AND current_period_end < now() - interval '1 hour' \
                   AND updated_at < now() - interval '1 hour')) ORDER BY updated_at LIMIT 100";
        let connection = self.connection().await?;
        let rows = connection
            .query(sql, &[])
            .await
            .context("look for overdue memberships")?;
        let id = |row: &Row| Ok(UserId::from(row.try_get::<_, Uuid>("user_id")?));
        rows.iter().map(id).collect()
    }
}

async fn write(transaction: &Transaction<'_>, seen: &Membership, fresh: &Subscription) -> Result<bool> {
    let sql = "UPDATE subscriptions SET stripe_subscription_id = $3, status = $4, current_period_end = $5, \
               cancel_at_period_end = $6, version = version + 1, updated_at = now() WHERE user_id = $1 AND version = $2";
    let period_end = fresh.current_period_end.map(SystemTime::from);
    let row: [&(dyn deadpool_postgres::tokio_postgres::types::ToSql + Sync); 6] = [
        &seen.user_id.as_uuid(),
        &seen.version,
        &fresh.id.as_str(),
        &fresh.status.as_str(),
        &period_end,
        &fresh.cancel_at_period_end,
    ];
    let written = transaction.execute(sql, &row).await.context("write a membership")?;
    Ok(written == 1)
}

async fn give_premium(transaction: &Transaction<'_>, user: UserId) -> Result<bool> {
    let sql = "UPDATE users SET role = 'premium_user', premium_ended = NULL, upgrades = upgrades + 1 \
               WHERE id = $1 AND role = 'free_user'";
    let changed = transaction.execute(sql, &[&user.as_uuid()]).await;
    Ok(changed.context("give Premium")? == 1)
}

async fn take_premium(transaction: &Transaction<'_>, user: UserId) -> Result<bool> {
    let sql = "UPDATE users SET role = 'free_user', premium_ended = now() WHERE id = $1 AND role = 'premium_user'";
    let changed = transaction.execute(sql, &[&user.as_uuid()]).await;
    Ok(changed.context("take Premium")? == 1)
}

fn membership(row: &Row) -> Result<Membership> {
    let text = |column| row.try_get::<_, Option<&str>>(column);
    let end = row.try_get::<_, Option<SystemTime>>("current_period_end")?;
    Ok(Membership {
        user_id: UserId::from(row.try_get::<_, Uuid>("user_id")?),
        customer: text("stripe_customer_id")?.map(CustomerId::parse).transpose()?,
        subscription: text("stripe_subscription_id")?.map(SubscriptionId::parse).transpose()?,
        status: text("status")?.map(str::parse).transpose()?,
        current_period_end: end.map(Timestamp::from),
        cancel_at_period_end: row.try_get("cancel_at_period_end")?,
        version: row.try_get("version")?,
        announced: row.try_get("announced")?,
    })
}
