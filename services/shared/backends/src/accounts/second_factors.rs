//! Second factors: what makes a person's codes, the codes for who has lost it, and sign-ins that wait for one.

use anyhow::{Context, Result};
use domain::{User, UserId};

use super::{Accounts, Token, user};

/// The second factor of a person. No `Debug`, so that the secret cannot slip into a log.
#[derive(Clone)]
pub struct SecondFactor {
    /// What codes are made from (RFC 6238).
    pub secret: Vec<u8>,
    /// The step of time of the last code that was taken.
    pub last_step: i64,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
}

impl Accounts {
    /// The second factor of a person who has one.
    pub async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>> {
        let sql = "SELECT secret, last_step, (SELECT count(*) FROM recovery_codes r WHERE r.user_id = f.user_id) \
                   FROM second_factors f WHERE f.user_id = $1";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&user.as_uuid()]).await;
        let row = row.context("read a second factor")?;
        row.map(|row| {
            Ok(SecondFactor {
                secret: row.try_get(0)?,
                last_step: row.try_get(1)?,
                recovery_codes: row.try_get(2)?,
            })
        })
        .transpose()
    }

    /// Gives a person a second factor, whose code of `step` was just typed, and ends every session but that of `stays`: the
    /// others were begun without. `false` if there is one already.
    pub async fn keep_second_factor(
        &self,
        user: UserId,
        (secret, step): (&[u8], i64),
        recovery_codes: &[Vec<u8>],
        stays: &Token,
    ) -> Result<bool> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin a second factor")?;
        let sql = "INSERT INTO second_factors (user_id, secret, last_step) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        let kept = transaction.execute(sql, &[&user.as_uuid(), &secret, &step]).await;
        if kept.context("keep a second factor")? == 0 {
            return Ok(false);
        }
        let sql = "INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)";
        for code in recovery_codes {
            let kept = transaction.execute(sql, &[&user.as_uuid(), code]).await;
            kept.context("keep a recovery code")?;
        }
        let sql = "DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2";
        let ended = transaction.execute(sql, &[&user.as_uuid(), &stays.hash()]).await;
        ended.context("end the sessions without a second factor")?;
        transaction.commit().await.context("commit a second factor")?;
        Ok(true)
    }

    /// Takes the code of a step of time; `false` if it, or a later one, has been taken.
    pub async fn take_step(&self, user: UserId, step: i64) -> Result<bool> {
        let sql = "UPDATE second_factors SET last_step = $2 WHERE user_id = $1 AND last_step < $2";
        let connection = self.connection().await?;
        let taken = connection.execute(sql, &[&user.as_uuid(), &step]).await;
        Ok(taken.context("take a code")? > 0)
    }

    /// Uses up a recovery code, by its hash; `false` if the person has no such code.
    pub async fn take_recovery_code(&self, user: UserId, hash: &[u8]) -> Result<bool> {
        let sql = "DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2";
        let connection = self.connection().await?;
        let taken = connection.execute(sql, &[&user.as_uuid(), &hash]).await;
        Ok(taken.context("use a recovery code")? > 0)
    }

    /// Takes the second factor away, and its recovery codes.
    pub async fn remove_second_factor(&self, user: UserId) -> Result<()> {
        let sql = "DELETE FROM second_factors WHERE user_id = $1";
        let connection = self.connection().await?;
        let removed = connection.execute(sql, &[&user.as_uuid()]).await;
        removed.context("remove a second factor")?;
        Ok(())
    }

    /// Notes that somebody has given the right password, for the ten minutes that a code may take.
    pub async fn begin_sign_in(&self, user: UserId) -> Result<Token> {
        let token = Token::random();
        let connection = self.connection().await?;
        let forgotten = connection
            .execute("DELETE FROM sign_ins WHERE expires_at < now()", &[])
            .await;
        forgotten.context("drop old sign-ins")?;
        let sql = "INSERT INTO sign_ins (token_hash, user_id, expires_at) \
                   VALUES ($1, $2, now() + interval '10 minutes')";
        let begun = connection.execute(sql, &[&token.hash(), &user.as_uuid()]).await;
        begun.context("begin a sign-in")?;
        Ok(token)
    }

    /// Who has given the right password, and not yet a code.
    pub async fn sign_in(&self, token: &Token) -> Result<Option<User>> {
        let sql = "SELECT id, username, email, name, role, premium_ended FROM users WHERE id = \
                   (SELECT user_id FROM sign_ins WHERE token_hash = $1 AND expires_at > now())";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&token.hash()]).await;
        row.context("read a sign-in")?.as_ref().map(user).transpose()
    }

    /// Uses up a sign-in; `false` if it has been, or is over.
    pub async fn end_sign_in(&self, token: &Token) -> Result<bool> {
        let sql = "DELETE FROM sign_ins WHERE token_hash = $1 AND expires_at > now()";
        let connection = self.connection().await?;
        let ended = connection.execute(sql, &[&token.hash()]).await;
        Ok(ended.context("end a sign-in")? > 0)
    }
}
