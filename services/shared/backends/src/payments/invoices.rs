//! Invoices: what was charged, and where its document is.

use domain::Timestamp;
use stripe_billing::invoice::ListInvoice;

use super::Payments;
use super::error::PaymentError;
use super::ids::CustomerId;
use super::replies::{InvoiceReply, ListReply};

/// One invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// When it was made.
    pub at: Timestamp,
    /// What it is about, in the currency's smallest unit.
    pub cents: i64,
    /// Three letters, lower case.
    pub currency: String,
    /// `draft`, `open`, `paid`, `uncollectible` or `void`.
    pub status: String,
    /// Its page at Stripe.
    pub url: Option<String>,
}

impl Payments {
    /// The customer's last `limit` invoices, newest first.
    pub async fn invoices(&self, customer: &CustomerId, limit: u8) -> Result<Vec<Invoice>, PaymentError> {
        let list = ListInvoice::new().customer(customer.as_str()).limit(i64::from(limit));
        let reply: ListReply<InvoiceReply> = self.read(&list).await?;
        Ok(reply.data.into_iter().map(invoice).collect())
    }
}

fn invoice(reply: InvoiceReply) -> Invoice {
    Invoice {
        at: Timestamp::from_epoch_seconds(reply.created),
        cents: reply.total,
        currency: reply.currency,
        status: reply.status.unwrap_or_else(|| "draft".to_owned()),
        url: reply.hosted_invoice_url.filter(|url| url.starts_with("https://")),
    }
}
