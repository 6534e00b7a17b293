//! Cards: the browser tells Stripe of one, and Stripe tells us what may be shown of it.

use domain::UserId;
use stripe_core::customer::{RetrieveCustomer, UpdateCustomer, UpdateCustomerInvoiceSettings};
use stripe_core::setup_intent::{CreateSetupIntent, CreateSetupIntentUsage, RetrieveSetupIntent};
use stripe_payment::payment_method::{AttachPaymentMethod, RetrievePaymentMethod};

use super::Payments;
use super::customers::{metadata, owner};
use super::error::PaymentError;
use super::ids::{CustomerId, SetupIntentId};
use super::replies::{CustomerCardReply, IdReply, PaymentMethodReply, SetupIntentReply};

/// The entry of one card, for one form.
#[derive(Clone)]
pub struct CardSetup {
    /// Identifies it.
    pub id: SetupIntentId,
    /// What Stripe.js confirms the card with. For the person's own browser only.
    pub client_secret: String,
}

/// What may be shown of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// `visa`, `mastercard`, …
    pub brand: String,
    /// The last four digits.
    pub last4: String,
}

impl Payments {
    /// Prepares the entry of a card that is to be charged every week while nobody is there.
    pub async fn begin_card(&self, user: UserId) -> Result<CardSetup, PaymentError> {
        let create = CreateSetupIntent::new()
            .usage(CreateSetupIntentUsage::OffSession)
            .metadata(metadata(user));
        let made: SetupIntentReply = self.change(&create).await?;
        let nonsense = || PaymentError::Unavailable("a setup intent without id or secret".into());
        Ok(CardSetup {
            id: SetupIntentId::parse(&made.id).map_err(|_| nonsense())?,
            client_secret: made.client_secret.ok_or_else(nonsense)?,
        })
    }

    /// Makes the card that was entered the one that the customer is charged on. The entry must be the person's own.
    pub async fn use_card(
        &self,
        user: UserId,
        customer: &CustomerId,
        entered: &SetupIntentId,
    ) -> Result<(), PaymentError> {
        let setup: SetupIntentReply = self.read(&RetrieveSetupIntent::new(entered.as_str())).await?;
        if owner(setup.metadata.as_ref()) != Some(&user.to_string()) {
            return Err(PaymentError::Missing);
        }
        let method = match (setup.status.as_str(), setup.payment_method) {
            ("succeeded", Some(method)) => method,
            ("requires_action", _) => return Err(PaymentError::AuthenticationRequired),
            _ => {
                let message = "The card was not confirmed. Enter it again.".to_owned();
                return Err(PaymentError::Declined { message });
            }
        };
        self.attach(customer, &method).await?;
        let settings = UpdateCustomerInvoiceSettings {
            default_payment_method: Some(method),
            ..UpdateCustomerInvoiceSettings::new()
        };
        let update = UpdateCustomer::new(customer.as_str()).invoice_settings(settings);
        self.change::<IdReply>(&update).await?;
        Ok(())
    }

    /// The card that the customer is charged on.
    pub async fn card(&self, customer: &CustomerId) -> Result<Option<Card>, PaymentError> {
        let expanded = vec!["invoice_settings.default_payment_method".to_owned()];
        let ask = RetrieveCustomer::new(customer.as_str()).expand(expanded);
        let reply: CustomerCardReply = self.read(&ask).await?;
        let method = reply
            .invoice_settings
            .and_then(|settings| settings.default_payment_method);
        Ok(method.and_then(|method| method.card).map(|card| Card {
            brand: card.brand,
            last4: card.last4,
        }))
    }

    /// Stripe refuses to attach what is attached already, which a repeated request would ask for.
    async fn attach(&self, customer: &CustomerId, method: &str) -> Result<(), PaymentError> {
        let known: PaymentMethodReply = self.read(&RetrievePaymentMethod::new(method)).await?;
        if known.customer.as_deref() == Some(customer.as_str()) {
            return Ok(());
        }
        let attach = AttachPaymentMethod::new(method).customer(customer.as_str());
        self.change::<IdReply>(&attach).await?;
        Ok(())
    }
}
