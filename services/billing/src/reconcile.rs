//! Looks after what Stripe should have reported and has not: a webhook may be lost, and a process may die between a
//! payment and what follows from it.

use std::time::Duration;

use anyhow::Result;
use backends::accounts::Accounts;
use backends::subscriptions::Subscriptions;
use chassis::shutdown::Shutdown;
use domain::UserId;
use tracing::{info, warn};

/// Looks now and then until shutdown.
pub async fn run(accounts: &Accounts, subscriptions: &Subscriptions, every: Duration, shutdown: &Shutdown) {
    let looking = async {
        loop {
            if let Err(failure) = look(accounts, subscriptions).await {
                warn!("Could not look for overdue subscriptions: {failure:#}");
            }
            tokio::time::sleep(every).await;
        }
    };
    tokio::select! {
        () = looking => {}
        () = shutdown.requested() => {}
    }
}

async fn look(accounts: &Accounts, subscriptions: &Subscriptions) -> Result<()> {
    accounts.forget_events().await?;
    for user in accounts.overdue_memberships().await? {
        // One person whom Stripe has trouble with must not keep the others waiting.
        if let Err(failure) = catch_up(accounts, subscriptions, user).await {
            warn!(user.id = %user, "Could not catch up with the subscription of user {user}: {failure:#}");
        }
    }
    Ok(())
}

async fn catch_up(accounts: &Accounts, subscriptions: &Subscriptions, user: UserId) -> Result<()> {
    subscriptions.refresh(user).await?;
    accounts.end_broken_checkout(user).await?;
    info!(user.id = %user, "Caught up with the subscription of user {user}");
    Ok(())
}
