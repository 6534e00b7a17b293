//! Tokens of the API: made and listed by their person, looked up at each request. They end by themselves, with the account,
//! with a reset password, and when whoever runs the service suspends the person or ends the sessions.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use deadpool_postgres::GenericClient;
use deadpool_postgres::tokio_postgres::Row;
use domain::{ApiToken, Scope, Timestamp, TokenName, User, UserId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Accounts, user};

/// Tokens that one person may have at once.
pub const MOST_API_TOKENS: i64 = 20;

/// One token of a person, without what makes it a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTokenEntry {
    /// Names it.
    pub id: Uuid,
    /// What its person calls it.
    pub name: String,
    /// Its last letters.
    pub ending: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, or has ended.
    pub expires_at: Timestamp,
    /// When a program last came with it, to five minutes.
    pub used_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "t.id AS token_id, t.name AS token_name, t.ending, t.scopes, t.created_at, t.expires_at, t.used_at";

impl Accounts {
    /// Makes a token that is good for so long. `None` if the person has as many as one may have. Those that have ended a month
    /// ago are forgotten.
    pub async fn make_api_token(
        &self,
        user: UserId,
        name: &TokenName,
        scopes: &[Scope],
        lasts: Duration,
    ) -> Result<Option<ApiToken>> {
        let connection = self.connection().await?;
        insert(&connection, user, name.as_str(), scopes, lasts).await
    }

    /// Whose token this is, if it has not ended.
    pub async fn api_token(&self, token: &ApiToken) -> Result<Option<(User, ApiTokenEntry)>> {
        let sql = format!(
            "SELECT u.id, u.username, u.email, u.name, u.role, u.premium_ended, {COLUMNS}, \
             t.used_at IS NULL OR t.used_at < now() - interval '5 minutes' AS ageing \
             FROM api_tokens t JOIN users u ON u.id = t.user_id \
             WHERE t.token_hash = $1 AND t.expires_at > now() AND u.suspended_at IS NULL AND u.deletion_id IS NULL"
        );
        let connection = self.connection().await?;
        let statement = connection
            .prepare_cached(&sql)
            .await
            .context("prepare to read a token")?;
        let row = connection.query_opt(&statement, &[&hash(token)]).await;
        let Some(row) = row.context("read a token")? else {
            return Ok(None);
        };
        // As for sessions, five minutes of precision are worth less than a write at every request.
        if row.try_get("ageing")? {
            let sql = "UPDATE api_tokens SET used_at = now() WHERE token_hash = $1";
            let noted = connection.execute(sql, &[&hash(token)]).await;
            noted.context("note that a token was used")?;
        }
        Ok(Some((user(&row)?, entry(&row)?)))
    }

    /// Every token of a person, those that were made last first; those that have ended stay for a month.
    pub async fn api_tokens(&self, user: UserId) -> Result<Vec<ApiTokenEntry>> {
        let sql = format!("SELECT {COLUMNS} FROM api_tokens t WHERE t.user_id = $1 ORDER BY t.created_at DESC, t.id");
        let connection = self.connection().await?;
        let rows = connection.query(&sql, &[&user.as_uuid()]).await;
        rows.context("list tokens")?.iter().map(entry).collect()
    }

    /// Ends one token of a person and gives its name; `None` if there is none, or it is not the person's.
    pub async fn revoke_api_token(&self, user: UserId, id: Uuid) -> Result<Option<String>> {
        let sql = "DELETE FROM api_tokens WHERE user_id = $1 AND id = $2 RETURNING name";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&user.as_uuid(), &id]).await;
        let row = row.context("revoke a token")?;
        row.map(|row| Ok(row.try_get(0)?)).transpose()
    }
}

/// Makes a token, as [`Accounts::make_api_token`] does.
pub(super) async fn insert(
    client: &impl GenericClient,
    user: UserId,
    name: &str,
    scopes: &[Scope],
    lasts: Duration,
) -> Result<Option<ApiToken>> {
    let token = ApiToken::random();
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let old = "DELETE FROM api_tokens WHERE user_id = $1 AND expires_at < now() - interval '30 days'";
    let dropped = client.execute(old, &[&user.as_uuid()]).await;
    dropped.context("drop old tokens")?;
    let sql = "INSERT INTO api_tokens (user_id, token_hash, name, ending, scopes, expires_at) \
               SELECT u.id, $2, $3, $4, $5, now() + make_interval(secs => $6) FROM users u \
               WHERE u.id = $1 AND u.deletion_id IS NULL AND $7 > \
               (SELECT count(*) FROM api_tokens t WHERE t.user_id = u.id AND t.expires_at > now())";
    let made = client
        .execute(
            sql,
            &[
                &user.as_uuid(),
                &hash(&token),
                &name,
                &token.ending(),
                &scopes,
                &lasts.as_secs_f64(),
                &MOST_API_TOKENS,
            ],
        )
        .await;
    Ok((made.context("make a token")? > 0).then_some(token))
}

/// A fast hash is enough: the token itself has full entropy.
fn hash(token: &ApiToken) -> Vec<u8> {
    Sha256::digest(token.reveal().as_bytes()).to_vec()
}

fn entry(row: &Row) -> Result<ApiTokenEntry> {
    let scopes: Vec<&str> = row.try_get("scopes")?;
    // A scope of a later release allows nothing that this one knows of.
    let scopes = scopes.into_iter().filter_map(|scope| scope.parse().ok());
    Ok(ApiTokenEntry {
        id: row.try_get("token_id")?,
        name: row.try_get("token_name")?,
        ending: row.try_get("ending")?,
        scopes: scopes.collect(),
        created_at: Timestamp::from(row.try_get::<_, SystemTime>("created_at")?),
        expires_at: Timestamp::from(row.try_get::<_, SystemTime>("expires_at")?),
        used_at: row.try_get::<_, Option<SystemTime>>("used_at")?.map(Timestamp::from),
    })
}
