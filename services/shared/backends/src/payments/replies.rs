//! What Stripe answers, as far as we read it. What is not named here is skipped, whatever it has become.

use std::collections::HashMap;

use miniserde::Deserialize;

/// One page of a list.
#[derive(Deserialize)]
pub struct ListReply<T> {
    pub data: Vec<T>,
}

/// Something of which only the id matters.
#[derive(Deserialize)]
pub struct IdReply {
    pub id: String,
}

#[derive(Deserialize)]
pub struct PriceReply {
    pub amount: i64,
    pub currency: String,
    pub interval: String,
}

#[derive(Deserialize)]
pub struct CustomerReply {
    pub id: String,
    pub metadata: Option<HashMap<String, String>>,
}

/// A customer with the default payment method expanded.
#[derive(Deserialize)]
pub struct CustomerCardReply {
    pub invoice_settings: Option<InvoiceSettingsReply>,
}

#[derive(Deserialize)]
pub struct InvoiceSettingsReply {
    pub default_payment_method: Option<PaymentMethodReply>,
}

#[derive(Deserialize)]
pub struct PaymentMethodReply {
    pub customer: Option<String>,
    pub card: Option<CardReply>,
}

#[derive(Deserialize)]
pub struct CardReply {
    pub brand: String,
    pub last4: String,
}

#[derive(Deserialize)]
pub struct SetupIntentReply {
    pub id: String,
    pub client_secret: Option<String>,
    pub status: String,
    pub payment_method: Option<String>,
    pub metadata: Option<HashMap<String, String>>,
}

#[derive(Deserialize)]
pub struct SubscriptionReply {
    pub id: String,
    pub status: String,
    pub created: i64,
    pub cancel_at_period_end: Option<bool>,
    pub cancel_at: Option<i64>,
    pub metadata: Option<HashMap<String, String>>,
    /// Of the whole subscription, before 2025-03-31.
    pub current_period_end: Option<i64>,
    pub items: Option<ListReply<SubscriptionItemReply>>,
}

#[derive(Deserialize)]
pub struct SubscriptionItemReply {
    /// Of each item, since 2025-03-31
    /// (<https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end>).
    pub current_period_end: Option<i64>,
}

/// A subscription just made, with its first invoice expanded.
#[derive(Deserialize)]
pub struct MadeSubscriptionReply {
    pub id: String,
    pub status: String,
    pub latest_invoice: Option<FirstInvoiceReply>,
}

/// A subscription with nothing expanded.
#[derive(Deserialize)]
pub struct BareSubscriptionReply {
    pub latest_invoice: Option<String>,
}

#[derive(Deserialize)]
pub struct FirstInvoiceReply {
    pub id: String,
    /// Before 2025-03-31.
    pub payment_intent: Option<String>,
    /// Since 2025-03-31, when expanded
    /// (<https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices>).
    pub confirmation_secret: Option<ConfirmationSecretReply>,
}

#[derive(Deserialize)]
pub struct ConfirmationSecretReply {
    pub client_secret: String,
}

#[derive(Deserialize)]
pub struct PaymentIntentReply {
    pub status: String,
    pub client_secret: Option<String>,
    pub last_payment_error: Option<LastErrorReply>,
}

#[derive(Deserialize)]
pub struct LastErrorReply {
    pub message: Option<String>,
}

#[derive(Deserialize)]
pub struct InvoiceReply {
    pub created: i64,
    pub total: i64,
    pub currency: String,
    pub status: Option<String>,
    pub hosted_invoice_url: Option<String>,
}
