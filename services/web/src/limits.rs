//! Rate limits: how often one client may sign in, have mail sent or submit. PostgreSQL counts, so that they hold for the
//! service however many replicas it has.
//!
//! Nobody can keep the owner of an account out by guessing: guesses count for the account and the network they come from,
//! those from everywhere only where nobody has signed in before. Who is known passes when PostgreSQL is slow: what a limit
//! protects is worth less than a person's work.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use anyhow::Result as AnyResult;
use backends::accounts::{Accounts, Counted, Rate, Token};
use domain::{EmailAddress, UserId};
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use tracing::warn;

use crate::error::PageError;
use crate::settings::LimitSettings;

/// How long somebody who is known waits for PostgreSQL to count.
const PATIENCE: Duration = Duration::from_millis(500);
/// After how many counts old ones are forgotten.
const FORGET_AFTER: u32 = 200;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// An attempt to sign in.
pub struct Attempt {
    /// Which account: its id, or the name that no account has.
    pub account: String,
    /// Where it comes from.
    pub from: IpAddr,
    /// The browser, if its owner has signed in to the account with it before.
    pub known_browser: Option<Token>,
}

/// The limits of the pages.
pub struct Limits {
    accounts: Accounts,
    settings: LimitSettings,
    counted: AtomicU32,
}

/// What is counted, and how often it may be done.
struct Counter {
    key: Vec<u8>,
    rate: Rate,
}

impl Limits {
    /// Limits as configured, counted in the accounts database.
    #[must_use]
    pub fn new(settings: &LimitSettings, accounts: Accounts) -> Self {
        Self {
            accounts,
            settings: settings.clone(),
            counted: AtomicU32::new(0),
        }
    }

    /// How often a token of the API may come.
    #[must_use]
    pub const fn requests(&self) -> Rate {
        per(self.settings.api_requests_per_minute, MINUTE)
    }

    /// Counts an attempt to sign in. [`Self::signed_in`] takes it back if the password was right.
    pub async fn sign_in(&self, attempt: &Attempt) -> Result<(), PageError> {
        match attempt.known_browser {
            Some(_) => self.count_open(&self.guesses(attempt)).await,
            None => self.count(&self.guesses(attempt)).await,
        }
    }

    /// Takes back what was counted of an attempt that was none to guess.
    pub async fn signed_in(&self, attempt: &Attempt) {
        for guess in self.guesses(attempt) {
            if let Err(failure) = self.accounts.uncount(&guess.key, guess.rate).await {
                warn!("A right password counts as a wrong one: {failure:#}");
            }
        }
    }

    /// Counts a password that somebody who is signed in types once more.
    pub async fn password(&self, user: UserId) -> Result<(), PageError> {
        let rate = per(self.settings.sign_ins_per_minute, MINUTE);
        self.count_open(&[counter("password", &[&user.to_string()], rate)])
            .await
    }

    /// Counts a password that is typed to confirm a registration.
    pub async fn confirmation(&self, link: &Token) -> Result<(), PageError> {
        let rate = per(self.settings.sign_ins_per_minute, MINUTE);
        self.count(&[counter("confirmation", &[link.reveal()], rate)]).await
    }

    /// Counts a code that somebody types who has given the right password: a million codes are fewer than passwords.
    pub async fn code(&self, user: UserId) -> Result<(), PageError> {
        let rate = per(self.settings.sign_ins_per_minute, 10 * MINUTE);
        self.count(&[counter("code", &[&user.to_string()], rate)]).await
    }

    /// Counts a login that a program from there begins.
    pub async fn device_login(&self, from: IpAddr) -> Result<(), PageError> {
        let rate = per(self.settings.sign_ins_per_minute.saturating_mul(10), MINUTE);
        let network = network(from).to_string();
        self.count(&[counter("device login", &[&network], rate)]).await
    }

    /// Counts a program from there that asks after its login. A laboratory behind one address may have many.
    pub async fn device_poll(&self, from: IpAddr) -> Result<(), PageError> {
        let network = network(from).to_string();
        self.count(&[counter("device poll", &[&network], self.requests())])
            .await
    }

    /// Counts a code of a program's login that somebody types who is signed in: one that is guessed would be another's.
    pub async fn device_code(&self, user: UserId) -> Result<(), PageError> {
        let rate = per(self.settings.sign_ins_per_minute, MINUTE);
        self.count(&[counter("device code", &[&user.to_string()], rate)]).await
    }

    /// Counts a mail that somebody from there has us send.
    pub async fn mail_from(&self, from: IpAddr) -> Result<(), PageError> {
        let rate = per(self.settings.registrations_per_hour, HOUR);
        let network = network(from).to_string();
        self.count(&[counter("mails from", &[&network], rate)]).await
    }

    /// Counts a mail to somebody who has not asked for it, as far as we know. `false`: there were enough of them, and
    /// nothing more is to be sent. Nobody but the recipient is to notice that.
    pub async fn mail_to(&self, recipient: &EmailAddress) -> AnyResult<bool> {
        let rate = per(self.settings.mails_per_recipient, HOUR);
        let recipient = recipient.as_str().to_lowercase();
        let mails = counter("mails to", &[&recipient], rate);
        Ok(self.accounts.count(&mails.key, mails.rate).await?.is_none())
    }

    /// Counts a submitted job.
    pub async fn submission(&self, user: UserId) -> Result<(), PageError> {
        let rate = per(self.settings.submissions_per_minute, MINUTE);
        self.count_open(&[counter("submission", &[&user.to_string()], rate)])
            .await
    }

    /// Counts a webhook that is added, tested, or told something again: a stranger is called.
    pub async fn webhook(&self, user: UserId) -> Result<(), PageError> {
        let rate = per(self.settings.submissions_per_minute, MINUTE);
        self.count_open(&[counter("webhook", &[&user.to_string()], rate)]).await
    }

    /// Counts what somebody does who is known, and says how much more may be done; `None` if that takes long.
    pub async fn counted(&self, kind: &str, whose: &str, rate: Rate) -> Option<Counted> {
        let Counter { key, rate } = counter(kind, &[whose], rate);
        match timeout(PATIENCE, self.accounts.counted(&key, rate)).await {
            Ok(Ok(counted)) => Some(counted),
            failure => {
                warn!("A limit was not counted: {failure:?}");
                None
            }
        }
    }

    /// Counts a form for a card: whoever tries stolen cards needs many.
    pub async fn payment(&self, user: UserId) -> Result<(), PageError> {
        let rate = per(self.settings.payments_per_minute, MINUTE);
        self.count_open(&[counter("payment", &[&user.to_string()], rate)]).await
    }

    /// What a wrong password counts for. What its network is refused does not count for the account.
    fn guesses(&self, attempt: &Attempt) -> Vec<Counter> {
        let rate = per(self.settings.sign_ins_per_minute, MINUTE);
        if let Some(browser) = &attempt.known_browser {
            return vec![counter("known browser", &[browser.reveal()], rate)];
        }
        let (account, network) = (attempt.account.to_lowercase(), network(attempt.from).to_string());
        let many = per(self.settings.sign_ins_per_minute.saturating_mul(10), MINUTE);
        vec![
            counter("network", &[&network], many),
            counter("account and network", &[&account, &network], rate),
            counter("account", &[&account], many),
        ]
    }

    /// Counts for somebody who may be anybody: without an answer of PostgreSQL nothing goes on.
    async fn count(&self, counters: &[Counter]) -> Result<(), PageError> {
        match self.first_refusal(counters).await? {
            None => Ok(()),
            Some(wait) => Err(PageError::TooOften(wait)),
        }
    }

    /// Counts for somebody who is known, and who passes if that takes long.
    async fn count_open(&self, counters: &[Counter]) -> Result<(), PageError> {
        match timeout(PATIENCE, self.first_refusal(counters)).await {
            Ok(Ok(None)) => Ok(()),
            Ok(Ok(Some(wait))) => Err(PageError::TooOften(wait)),
            Ok(Err(failure)) => {
                warn!("A limit was not counted: {failure:#}");
                Ok(())
            }
            Err(_) => {
                warn!("A limit was not counted: PostgreSQL takes longer than {PATIENCE:?}");
                Ok(())
            }
        }
    }

    /// How long to wait, for the first of these that is over its limit.
    async fn first_refusal(&self, counters: &[Counter]) -> AnyResult<Option<Duration>> {
        if self.counted.fetch_add(1, Relaxed).is_multiple_of(FORGET_AFTER) {
            self.accounts.forget_counts().await?;
        }
        for Counter { key, rate } in counters {
            if let Some(wait) = self.accounts.count(key, *rate).await? {
                return Ok(Some(wait));
            }
        }
        Ok(None)
    }
}

const fn per(times: u32, period: Duration) -> Rate {
    Rate { times, period }
}

/// The hash of what is counted and of whose it is, each with an end, so that no two kinds share a key.
fn counter(kind: &str, whose: &[&str], rate: Rate) -> Counter {
    let mut hash = Sha256::new();
    for part in std::iter::once(&kind).chain(whose) {
        hash.update(part.as_bytes());
        hash.update([0u8]);
    }
    let key = hash.finalize().to_vec();
    Counter { key, rate }
}

/// One person commands a whole IPv6 /64, so that is what counts as one client.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests;
