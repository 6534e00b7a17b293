//! Logins of programs by their person's browser (RFC 8628): begun by a program, decided by a person, and redeemed once, for a
//! token.
//!
//! The token is made when the program fetches it, so that nobody keeps it in between. Who types the code first is the one who
//! decides: a code that somebody has read over a shoulder is of no use any more.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use deadpool_postgres::tokio_postgres::Row;
use domain::{ApiToken, Scope, Timestamp, TokenName, User, UserCode, UserId};
use sha2::{Digest, Sha256};

use super::api_tokens::insert;
use super::{Accounts, Token, user};

/// How long a person has to decide.
pub const DEVICE_LOGIN_LASTS: Duration = Duration::from_secs(10 * 60);
/// How long a program pauses between two questions, to begin with.
pub const DEVICE_LOGIN_PAUSE: Duration = Duration::from_secs(5);
/// How much longer it pauses if it has asked too soon (RFC 8628, 3.5), and at most.
const LONGER: i32 = 5;
const LONGEST: i32 = 60;

/// What a program says of itself when it begins to log in.
#[derive(Debug, Clone)]
pub struct NewDeviceLogin {
    /// The machine, by whose name the token will go.
    pub machine: TokenName,
    /// The program, in words.
    pub program: String,
    /// The network address that it asks from.
    pub address: String,
    /// What the token will be allowed.
    pub scopes: Vec<Scope>,
}

/// A login that waits, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLogin {
    /// The machine.
    pub machine: String,
    /// The program, in words.
    pub program: String,
    /// The network address that it asks from.
    pub address: String,
    /// What the token will be allowed.
    pub scopes: Vec<Scope>,
    /// When it began.
    pub created_at: Timestamp,
}

/// What a program learns when it asks.
pub enum DevicePoll {
    /// Nobody has decided yet.
    Pending,
    /// It has asked too soon, and pauses longer from now on.
    TooSoon,
    /// The person has said no, may not log in any more, or has as many tokens as one may have.
    Denied,
    /// There is no such login: its time is over, or it was redeemed.
    Gone,
    /// The token, once.
    Granted(Box<Granted>),
}

/// A token that a login has brought.
pub struct Granted {
    /// The token.
    pub token: ApiToken,
    /// Whose it is.
    pub user: User,
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
}

impl Accounts {
    /// Begins a login. Gives the code that the program keeps and the one that it shows. Logins whose time is over are forgotten.
    pub async fn begin_device_login(&self, new: &NewDeviceLogin) -> Result<(Token, UserCode)> {
        let connection = self.connection().await?;
        let old = "DELETE FROM device_logins WHERE expires_at < now()";
        let dropped = connection.execute(old, &[]).await;
        dropped.context("drop logins of programs that are over")?;
        let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
        let sql = "INSERT INTO device_logins (device_hash, user_hash, machine, program, address, scopes, expires_at, pause_secs) \
                   VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7), $8) ON CONFLICT DO NOTHING";
        let pause = i32::try_from(DEVICE_LOGIN_PAUSE.as_secs())?;
        loop {
            let (device, code) = (Token::random(), UserCode::random());
            let begun = connection
                .execute(
                    sql,
                    &[
                        &device.hash(),
                        &hash(&code),
                        &new.machine.as_str(),
                        &new.program,
                        &new.address,
                        &scopes,
                        &DEVICE_LOGIN_LASTS.as_secs_f64(),
                        &pause,
                    ],
                )
                .await;
            // Two codes may be the same, once in billions.
            if begun.context("begin a login of a program")? > 0 {
                return Ok((device, code));
            }
        }
    }

    /// The login of this code, which is this person's to decide from now on. `None` if there is none that waits, or another
    /// person has typed its code.
    pub async fn device_login(&self, code: &UserCode, by: UserId) -> Result<Option<DeviceLogin>> {
        let sql = "UPDATE device_logins SET user_id = $2 \
                   WHERE user_hash = $1 AND expires_at > now() AND approved IS NULL AND (user_id IS NULL OR user_id = $2) \
                   RETURNING machine, program, address, scopes, created_at";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&hash(code), &by.as_uuid()]).await;
        let row = row.context("look at a login of a program")?;
        row.as_ref().map(login).transpose()
    }

    /// Decides a login that this person has looked at; `false` if there is none that waits.
    pub async fn decide_device_login(&self, code: &UserCode, by: UserId, approved: bool) -> Result<bool> {
        let sql = "UPDATE device_logins SET approved = $3 \
                   WHERE user_hash = $1 AND user_id = $2 AND expires_at > now() AND approved IS NULL";
        let connection = self.connection().await?;
        let decided = connection.execute(sql, &[&hash(code), &by.as_uuid(), &approved]).await;
        Ok(decided.context("decide a login of a program")? > 0)
    }

    /// What has become of a login, for the program that holds its code. A token that is granted is good for so long, and given
    /// this once.
    pub async fn poll_device_login(&self, device: &Token, lasts: Duration) -> Result<DevicePoll> {
        let sql = "WITH before AS (SELECT device_hash, coalesce(polled_at > now() - make_interval(secs => pause_secs), false) \
                   AS too_soon FROM device_logins WHERE device_hash = $1 AND expires_at > now() FOR UPDATE) \
                   UPDATE device_logins d SET polled_at = now(), \
                   pause_secs = least(d.pause_secs + CASE WHEN b.too_soon THEN $2 ELSE 0 END, $3) \
                   FROM before b WHERE d.device_hash = b.device_hash RETURNING b.too_soon, d.approved";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&device.hash(), &LONGER, &LONGEST]).await;
        let Some(row) = row.context("ask after a login of a program")? else {
            return Ok(DevicePoll::Gone);
        };
        drop(connection);
        match (row.try_get::<_, Option<bool>>("approved")?, row.try_get("too_soon")?) {
            (Some(true), _) => self.redeem(device, lasts).await,
            (Some(false), _) => Ok(DevicePoll::Denied),
            (None, true) => Ok(DevicePoll::TooSoon),
            (None, false) => Ok(DevicePoll::Pending),
        }
    }

    async fn redeem(&self, device: &Token, lasts: Duration) -> Result<DevicePoll> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin to redeem a login")?;
        // Whoever comes second finds none.
        let sql = "DELETE FROM device_logins WHERE device_hash = $1 AND approved AND expires_at > now() \
                   RETURNING user_id, machine, scopes";
        let used = transaction.query_opt(sql, &[&device.hash()]).await;
        let Some(used) = used.context("redeem a login")? else {
            return Ok(DevicePoll::Gone);
        };
        let sql = "SELECT id, username, email, name, role, premium_ended FROM users \
                   WHERE id = $1 AND suspended_at IS NULL AND deletion_id IS NULL";
        let person = transaction
            .query_opt(sql, &[&used.try_get::<_, uuid::Uuid>("user_id")?])
            .await;
        let person = person.context("read who logs a program in")?;
        let (name, scopes) = (used.try_get::<_, String>("machine")?, scopes(&used)?);
        let granted = match person.as_ref().map(user).transpose()? {
            Some(user) => {
                let token = insert(&transaction, user.id, &name, &scopes, lasts).await?;
                token.map(|token| Granted {
                    token,
                    user,
                    name,
                    scopes,
                })
            }
            None => None,
        };
        transaction.commit().await.context("redeem a login")?;
        Ok(granted.map_or(DevicePoll::Denied, |granted| DevicePoll::Granted(Box::new(granted))))
    }
}

/// It has few bits, and lives for minutes.
fn hash(code: &UserCode) -> Vec<u8> {
    Sha256::digest(code.letters().as_bytes()).to_vec()
}

fn scopes(row: &Row) -> Result<Vec<Scope>> {
    let scopes: Vec<&str> = row.try_get("scopes")?;
    Ok(scopes.into_iter().filter_map(|scope| scope.parse().ok()).collect())
}

fn login(row: &Row) -> Result<DeviceLogin> {
    Ok(DeviceLogin {
        machine: row.try_get("machine")?,
        program: row.try_get("program")?,
        address: row.try_get("address")?,
        scopes: scopes(row)?,
        created_at: Timestamp::from(row.try_get::<_, SystemTime>("created_at")?),
    })
}
