//! Which addresses do not take our mail, and who wants which.

use anyhow::{Context, Result};
use deadpool_postgres::tokio_postgres::Row;
use domain::{EmailAddress, MailKind, MailTrouble, UserId};
use uuid::Uuid;

use super::{Accounts, Token};

/// How a person's address stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Why nothing is mailed to the address, if nothing is.
    pub trouble: Option<MailTrouble>,
    /// Whether the person wants to be mailed how jobs have ended.
    pub wants_job_mails: bool,
    /// Whether the person wants to be mailed which results are about to be archived, and which are back.
    pub wants_archive_mails: bool,
    /// Who holds it may stop those mails, and nothing else.
    pub unsubscribe_token: Uuid,
}

impl Mailbox {
    /// Whether a mail of this kind may be sent there.
    #[must_use]
    pub const fn takes(&self, kind: MailKind) -> bool {
        let is_wanted = match kind {
            MailKind::Job => self.wants_job_mails,
            MailKind::Archive => self.wants_archive_mails,
            MailKind::Account => true,
        };
        self.trouble.is_none() && is_wanted
    }
}

impl Accounts {
    /// How the address of a person stands; `None` if there is no such person, or one who leaves and is mailed no more.
    pub async fn mailbox(&self, user: UserId, email: &EmailAddress) -> Result<Option<Mailbox>> {
        let sql = "SELECT trouble, wants_job_mails, wants_archive_mails, mail_token FROM users LEFT JOIN undeliverable ON undeliverable.email = $2 \
                   WHERE id = $1 AND deletion_id IS NULL";
        let connection = self.connection().await?;
        let statement = connection
            .prepare_cached(sql)
            .await
            .context("prepare to read how an address stands")?;
        let row = connection
            .query_opt(&statement, &[&user.as_uuid(), &email.as_str()])
            .await
            .context("read how an address stands")?;
        let mailbox = |row: Row| {
            Ok(Mailbox {
                trouble: row.try_get::<_, Option<&str>>(0)?.map(str::parse).transpose()?,
                wants_job_mails: row.try_get(1)?,
                wants_archive_mails: row.try_get(2)?,
                unsubscribe_token: row.try_get(3)?,
            })
        };
        row.map(mailbox).transpose()
    }

    /// Whether nothing is mailed to an address, whosever it is.
    pub async fn is_undeliverable(&self, email: &EmailAddress) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT FROM undeliverable WHERE email = $1)";
        let connection = self.connection().await?;
        let row = connection.query_one(sql, &[&email.as_str()]).await;
        Ok(row.context("look whether an address takes mail")?.try_get(0)?)
    }

    /// Marks addresses as a report of the mail service says; `false` if that report has been acted upon before.
    pub async fn mark_undeliverable(
        &self,
        report: &str,
        trouble: MailTrouble,
        emails: &[EmailAddress],
    ) -> Result<bool> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin a report")?;
        let forget = "DELETE FROM mail_reports WHERE received_at < now() - interval '30 days'";
        transaction.execute(forget, &[]).await.context("drop old reports")?;
        let note = "INSERT INTO mail_reports (id) VALUES ($1) ON CONFLICT DO NOTHING";
        if transaction.execute(note, &[&report]).await.context("note a report")? == 0 {
            return Ok(false);
        }
        // A complaint outweighs a bounce.
        let mark = "INSERT INTO undeliverable (email, trouble) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE \
                    SET trouble = CASE WHEN undeliverable.trouble = 'complained' THEN 'complained' ELSE excluded.trouble END";
        for email in emails {
            let marked = transaction.execute(mark, &[&email.as_str(), &trouble.as_str()]).await;
            marked.context("mark an address")?;
        }
        transaction.commit().await.context("commit a report")?;
        Ok(true)
    }

    /// Whether an address that is to be confirmed may be mailed the question: always, unless it is marked and was asked
    /// within ten minutes.
    pub async fn may_ask(&self, email: &EmailAddress) -> Result<bool> {
        let sql = "WITH asked AS (UPDATE undeliverable SET asked_at = now() WHERE email = $1 \
                   AND (asked_at IS NULL OR asked_at < now() - interval '10 minutes') RETURNING 1) \
                   SELECT EXISTS (SELECT FROM asked) OR NOT EXISTS (SELECT FROM undeliverable WHERE email = $1)";
        let connection = self.connection().await?;
        let row = connection.query_one(sql, &[&email.as_str()]).await;
        Ok(row.context("look whether an address may be asked")?.try_get(0)?)
    }

    /// A token for the link by which the owner of a marked address confirms it again. `None` if it is not marked, or was
    /// asked within ten minutes.
    pub async fn ask_again(&self, email: &EmailAddress) -> Result<Option<Token>> {
        let token = Token::random();
        let sql = "UPDATE undeliverable SET asked_at = now(), token_hash = $2 WHERE email = $1 \
                   AND (asked_at IS NULL OR asked_at < now() - interval '10 minutes')";
        let connection = self.connection().await?;
        let asked = connection.execute(sql, &[&email.as_str(), &token.hash()]).await;
        Ok((asked.context("ask an address again")? > 0).then_some(token))
    }

    /// Takes the mark from the address whose link this is; `false` if there is no such address.
    pub async fn confirm_again(&self, token: &Token) -> Result<bool> {
        let sql = "DELETE FROM undeliverable WHERE token_hash = $1";
        let connection = self.connection().await?;
        let taken = connection.execute(sql, &[&token.hash()]).await;
        Ok(taken.context("confirm an address again")? > 0)
    }

    /// Says which mails a person wants of those whose news the pages tell as well: about jobs, and about the archive.
    pub async fn choose_mails(&self, user: UserId, jobs: bool, archive: bool) -> Result<()> {
        let sql = "UPDATE users SET wants_job_mails = $2, wants_archive_mails = $3 WHERE id = $1";
        let connection = self.connection().await?;
        let set = connection.execute(sql, &[&user.as_uuid(), &jobs, &archive]).await;
        set.context("set which mails a person wants")?;
        Ok(())
    }

    /// Stops both for whoever the token is of; `false` if it is nobody's.
    pub async fn stop_job_mails(&self, unsubscribe_token: Uuid) -> Result<bool> {
        let sql = "UPDATE users SET wants_job_mails = false, wants_archive_mails = false WHERE mail_token = $1";
        let connection = self.connection().await?;
        let stopped = connection.execute(sql, &[&unsubscribe_token]).await;
        Ok(stopped.context("stop mails")? > 0)
    }
}
