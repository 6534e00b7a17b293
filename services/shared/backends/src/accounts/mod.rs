//! Accounts (PostgreSQL): who may sign in, who is signed in, and who pays. The database's clock decides what has expired.

mod administration;
mod api_tokens;
mod audit;
mod deletions;
mod deliveries;
mod delivery_attempts;
mod device_logins;
mod exported;
mod identity;
mod interventions;
mod known_browsers;
mod leaving;
mod limits;
mod mailboxes;
mod maintenance;
mod memberships;
mod notices;
mod passwords;
mod registrations;
mod schema;
mod second_factors;
mod sessions;
mod stripe_events;
mod tls;
mod tokens;
mod variant_regions;
mod webhooks;

use anyhow::{Context, Result};
use deadpool_postgres::tokio_postgres::{NoTls, Row};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime};
use domain::{EmailAddress, FullName, Timestamp, User, UserId, Username};
use std::time::SystemTime;

use crate::settings::DatabaseSettings;

pub use administration::{Account, People, RoleChange};
pub use api_tokens::{ApiTokenEntry, MOST_API_TOKENS};
pub use audit::{Action, Actor, AuditRecord, Recorded};
pub use deletions::DeletionRecord;
pub use deliveries::Delivery;
pub use delivery_attempts::{Attempted, Settled, TakenDelivery};
pub use device_logins::{DEVICE_LOGIN_LASTS, DEVICE_LOGIN_PAUSE, DeviceLogin, DevicePoll, Granted, NewDeviceLogin};
pub use identity::EmailChange;
pub use interventions::{AccountDetails, Intervened, Intervention};
pub use leaving::{Leave, Leaving};
pub use limits::{Counted, Rate};
pub use mailboxes::Mailbox;
pub use maintenance::Announced;
pub use memberships::Membership;
pub use notices::{NoticeClaim, NoticeRight, UntoldNotice};
pub use registrations::{Confirmation, Link, Registration};
pub use second_factors::SecondFactor;
pub use sessions::{Origin, SessionEntry};
pub use stripe_events::FailedEvent;
pub use tokens::Token;
pub use webhooks::{MOST_WEBHOOKS, Webhook};

/// There was no connection in time: all are lent, or PostgreSQL does not take us in. It passes, mostly by itself.
#[derive(Debug, thiserror::Error)]
#[error("connect to the accounts database")]
pub struct NoConnection(#[source] PoolError);

/// The accounts database behind a pool of connections.
#[derive(Debug, Clone)]
pub struct Accounts {
    pool: Pool,
}

/// How the connections of the pool are used right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolStatus {
    /// Open and lent.
    pub busy: usize,
    /// Open and free.
    pub idle: usize,
    /// How many may be open.
    pub limit: usize,
    /// Callers that wait for one.
    pub waiting: usize,
}

impl Accounts {
    /// A pool of connections; none is opened before it is needed.
    pub fn connect(settings: &DatabaseSettings) -> Result<Self> {
        let mut config = settings.config()?;
        let patience = settings.database_patience;
        config.connect_timeout(patience).application_name("gas");
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = match tls::connector(&mut config, settings.database_ca.as_deref())? {
            Some(tls) => Manager::from_config(config, tls, recycling),
            None => Manager::from_config(config, NoTls, recycling),
        };
        let pool = Pool::builder(manager)
            .max_size(settings.database_connections.into())
            .wait_timeout(Some(patience))
            .create_timeout(Some(patience))
            .runtime(Runtime::Tokio1)
            .build()?;
        Ok(Self { pool })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.connection()
            .await?
            .batch_execute("SELECT 1")
            .await
            .context("ask the accounts database")
    }

    /// How the connections are used right now.
    #[must_use]
    pub fn pool(&self) -> PoolStatus {
        let status = self.pool.status();
        PoolStatus {
            busy: status.size.saturating_sub(status.available),
            idle: status.available,
            limit: status.max_size,
            waiting: status.waiting,
        }
    }

    /// The person with this id.
    pub async fn user(&self, id: UserId) -> Result<Option<User>> {
        let sql = "SELECT id, username, email, name, role, premium_ended FROM users WHERE id = $1";
        let connection = self.connection().await?;
        let statement = connection.prepare_cached(sql).await.context("prepare to read a user")?;
        let row = connection.query_opt(&statement, &[&id.as_uuid()]).await;
        let row = row.context("read a user")?;
        row.as_ref().map(user).transpose()
    }

    /// How many times the person has come to Premium; `None` if there is no such person.
    pub async fn upgrades(&self, id: UserId) -> Result<Option<u32>> {
        let sql = "SELECT upgrades FROM users WHERE id = $1";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&id.as_uuid()]).await;
        let row = row.context("count upgrades")?;
        row.map(|row| Ok(u32::try_from(row.try_get::<_, i32>(0)?)?)).transpose()
    }

    /// The person with this username, and the hash of the password to verify. Who leaves signs in no more.
    pub async fn credentials(&self, username: &Username) -> Result<Option<(User, String)>> {
        self.credentials_where("username = $1", username.as_str()).await
    }

    /// The same for the person with this e-mail address.
    pub async fn credentials_of(&self, email: &EmailAddress) -> Result<Option<(User, String)>> {
        self.credentials_where("email = $1", email.as_str()).await
    }

    async fn credentials_where(&self, condition: &str, name: &str) -> Result<Option<(User, String)>> {
        let sql = format!(
            "SELECT id, username, email, name, role, premium_ended, password_hash FROM users \
             WHERE {condition} AND deletion_id IS NULL"
        );
        let row = self
            .connection()
            .await?
            .query_opt(&sql, &[&name])
            .await
            .context("read credentials")?;
        row.map(|row| Ok((user(&row)?, row.try_get("password_hash")?)))
            .transpose()
    }

    async fn connection(&self) -> Result<Object> {
        Ok(self.pool.get().await.map_err(NoConnection)?)
    }
}

/// Reads the columns `id, username, email, name, role, premium_ended`.
fn user(row: &Row) -> Result<User> {
    Ok(User {
        id: UserId::from(row.try_get::<_, uuid::Uuid>("id")?),
        username: Username::parse(row.try_get("username")?)?,
        email: EmailAddress::parse(row.try_get("email")?)?,
        name: FullName::parse(row.try_get("name")?)?,
        role: row.try_get::<_, &str>("role")?.parse()?,
        premium_ended: row
            .try_get::<_, Option<SystemTime>>("premium_ended")?
            .map(Timestamp::from),
    })
}
