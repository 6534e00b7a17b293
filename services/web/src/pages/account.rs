//! `GET /profile`: who the person is to us, and what is paid for.

use std::time::Duration;

use anyhow::Result as AnyResult;
use backends::accounts::{Mailbox, Membership};
use backends::jobs::Kept;
use backends::payments::{Card, Invoice};
use domain::{MailTrouble, Plan, SubscriptionStatus, User};
use serde::Serialize;
use tokio::time::timeout;
use tracing::warn;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::{App, Application};
use crate::error::PageError;
use crate::views::{LimitsView, SizeView, TimeView, UserView, count, money, premium_price, stretch};
use crate::visit::{Page, Visit, reading, visit};

/// How long the page waits for Stripe before it is shown without card and invoices.
const PATIENCE: Duration = Duration::from_secs(5);
/// Invoices that the page lists: half a year of weeks.
const INVOICES: u8 = 26;

#[derive(Serialize)]
struct Profile {
    /// What the person has just done.
    done: Option<&'static str>,
    profile: UserView,
    takes: LimitsView,
    /// What the person keeps; none if the rows could not be read.
    kept: Option<KeptView>,
    retention: Option<String>,
    grace: String,
    price: String,
    subscription: Option<SubscriptionView>,
    billing: Option<BillingView>,
    is_billing_away: bool,
    mails: Option<MailsView>,
}

/// Which mails the person gets.
#[derive(Serialize)]
struct MailsView {
    /// `bounced` or `complained`, if nothing is sent.
    trouble: Option<&'static str>,
    wants_job_mails: bool,
    wants_archive_mails: bool,
}

/// The bytes of all jobs of a person.
#[derive(Serialize)]
pub struct KeptView {
    jobs: String,
    total: SizeView,
    inputs: SizeView,
    results: SizeView,
    archived: SizeView,
    logs: SizeView,
    /// How many jobs are not counted, if any.
    uncounted: Option<String>,
    is_cut_off: bool,
}

/// How the subscription stands, in our record.
#[derive(Serialize)]
struct SubscriptionView {
    /// `running`, `ending`, or `due` while Stripe tries again to charge the card.
    state: &'static str,
    period_end: Option<TimeView>,
}

/// What Stripe alone knows.
#[derive(Serialize)]
struct BillingView {
    card: Option<String>,
    invoices: Vec<InvoiceView>,
}

#[derive(Serialize)]
struct InvoiceView {
    at: TimeView,
    amount: String,
    status: String,
    tone: &'static str,
    url: Option<String>,
}

/// `GET /profile`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("profile")
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response)
        .boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let membership = visit.app.accounts.membership(user.id).await?;
    let billing = match &membership {
        Some(membership) => billing(&visit.app, membership).await,
        None => Ok(None),
    };
    if let Err(failure) = &billing {
        warn!("The profile goes without card and invoices: {failure:#}");
    }
    let kept = visit.app.jobs.kept(user.id).await;
    if let Err(failure) = &kept {
        warn!("The profile goes without what the person keeps: {failure:#}");
    }
    let mailbox = visit.app.accounts.mailbox(user.id, &user.email).await?;
    let plan = user.role.plan();
    let retention = |time: Duration| (plan == Plan::Free).then(|| stretch(time));
    let body = Profile {
        done: done(visit.query().get("notice")),
        profile: UserView::of(&user),
        takes: LimitsView::of(visit.app.input_limits.of(plan)),
        kept: kept.ok().map(KeptView::of),
        retention: retention(visit.app.retention.free),
        grace: stretch(visit.app.retention.grace),
        price: premium_price(),
        subscription: membership.as_ref().and_then(|one| SubscriptionView::of(&user, one)),
        is_billing_away: billing.is_err(),
        mails: mailbox.as_ref().map(MailsView::of),
        billing: billing.ok().flatten(),
    };
    visit.render(Some(&user), Page::new("pages/profile.html", "My Account", body))
}

/// What the page that led here has done.
fn done(notice: &str) -> Option<&'static str> {
    match notice {
        "name-changed" => Some("Your name is changed."),
        "password-changed" => Some("Your password is changed. Whoever else was logged in is logged out."),
        "second-factor-removed" => Some("You log in with your password alone from now on."),
        "email-changed" => Some("Your e-mail address is changed."),
        _ => None,
    }
}

/// Card and invoices; `None` for who has never been a customer.
async fn billing(app: &Application, membership: &Membership) -> AnyResult<Option<BillingView>> {
    let Some(customer) = &membership.customer else {
        return Ok(None);
    };
    let payments = &app.payments;
    let asked = async { tokio::try_join!(payments.card(customer), payments.invoices(customer, INVOICES)) };
    let (card, invoices) = timeout(PATIENCE, asked).await??;
    Ok(Some(BillingView {
        card: card.as_ref().map(card_text),
        invoices: invoices.into_iter().map(InvoiceView::of).collect(),
    }))
}

impl MailsView {
    fn of(mailbox: &Mailbox) -> Self {
        Self {
            trouble: mailbox.trouble.map(MailTrouble::as_str),
            wants_job_mails: mailbox.wants_job_mails,
            wants_archive_mails: mailbox.wants_archive_mails,
        }
    }
}

impl KeptView {
    /// The sums in words.
    #[must_use]
    pub fn of(kept: Kept) -> Self {
        Self {
            jobs: count(kept.jobs, "job"),
            total: SizeView::of(kept.total()),
            inputs: SizeView::of(kept.inputs),
            results: SizeView::of(kept.results),
            archived: SizeView::of(kept.archived),
            logs: SizeView::of(kept.logs),
            uncounted: (kept.uncounted > 0).then(|| count(kept.uncounted, "earlier job")),
            is_cut_off: kept.is_cut_off,
        }
    }
}

impl SubscriptionView {
    /// `None` if no subscription gives the person's plan.
    fn of(user: &User, membership: &Membership) -> Option<Self> {
        let has_premium = user.role.plan() == Plan::Premium && membership.plan() == Plan::Premium;
        let state = match membership.status {
            _ if membership.cancel_at_period_end => "ending",
            Some(SubscriptionStatus::PastDue) => "due",
            _ => "running",
        };
        has_premium.then(|| Self {
            state,
            period_end: membership.current_period_end.map(TimeView::from),
        })
    }
}

impl InvoiceView {
    fn of(invoice: Invoice) -> Self {
        let (status, tone) = match invoice.status.as_str() {
            "paid" => ("Paid", "completed"),
            "open" => ("Open", "pending"),
            "uncollectible" => ("Not collected", "failed"),
            "void" => ("Void", "cancelled"),
            _ => ("In preparation", "pending"),
        };
        Self {
            at: invoice.at.into(),
            amount: money(invoice.cents, &invoice.currency),
            status: status.to_owned(),
            tone,
            url: invoice.url,
        }
    }
}

/// `Visa ending in 4242`.
fn card_text(card: &Card) -> String {
    let brand = match card.brand.as_str() {
        "visa" => "Visa",
        "mastercard" => "Mastercard",
        "amex" => "American Express",
        "discover" => "Discover",
        "diners" => "Diners Club",
        "jcb" => "JCB",
        "unionpay" => "UnionPay",
        _ => "Card",
    };
    format!("{brand} ending in {}", card.last4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_named_as_its_holder_knows_it() {
        let card = |brand: &str| Card {
            brand: brand.into(),
            last4: "0005".into(),
        };
        assert_eq!(card_text(&card("amex")), "American Express ending in 0005");
        assert_eq!(card_text(&card("girocard")), "Card ending in 0005");
    }
}
