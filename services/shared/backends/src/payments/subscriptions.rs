//! Subscriptions: begun, asked for, cancelled.

use domain::{SubscriptionStatus, Timestamp, UserId};
use stripe_billing::invoice::{RetrieveInvoice, VoidInvoiceInvoice};
use stripe_billing::subscription::{
    CancelSubscription, CreateSubscription, CreateSubscriptionItems, ListSubscription, ListSubscriptionStatus,
    RetrieveSubscription, UpdateSubscription,
};
use stripe_core::payment_intent::RetrievePaymentIntent;

use super::Payments;
use super::customers::{metadata, owner};
use super::error::PaymentError;
use super::ids::{CustomerId, SetupIntentId, SubscriptionId};
use super::replies::{
    BareSubscriptionReply, FirstInvoiceReply, IdReply, ListReply, MadeSubscriptionReply, PaymentIntentReply,
    SubscriptionReply,
};

/// A subscription as it stands at Stripe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Identifies it.
    pub id: SubscriptionId,
    /// How it stands.
    pub status: SubscriptionStatus,
    /// When it was made.
    pub created: Timestamp,
    /// When the time that is paid for ends, and the next charge comes.
    pub current_period_end: Option<Timestamp>,
    /// Whether it ends then instead.
    pub cancel_at_period_end: bool,
    /// Whose it is, as its metadata say.
    pub user_id: Option<UserId>,
}

/// What came of the first payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstPayment {
    /// The subscription runs.
    Made,
    /// The bank wants to hear from the card's holder, whom Stripe.js asks with this secret.
    AuthenticationRequired {
        /// For the person's own browser only.
        client_secret: String,
    },
    /// The card was refused. The words are for its holder.
    Declined {
        /// What Stripe says to the card's holder.
        message: String,
    },
}

impl Payments {
    /// The subscription of a customer that counts: of all there are, the one of the highest rank, and of those the newest.
    pub async fn subscription_of(&self, customer: &CustomerId) -> Result<Option<Subscription>, PaymentError> {
        let list = ListSubscription::new()
            .customer(customer.as_str())
            .status(ListSubscriptionStatus::All)
            .limit(100);
        let reply: ListReply<SubscriptionReply> = self.read(&list).await?;
        let all: Vec<Subscription> = reply.data.into_iter().map(subscription).collect::<Result<_, _>>()?;
        if all.iter().filter(|one| one.status.rank() >= 2).count() > 1 {
            tracing::warn!("The customer {customer} has more than one subscription; cancel and refund all but one");
        }
        Ok(all.into_iter().max_by_key(|one| (one.status.rank(), one.created)))
    }

    /// Subscribes a customer, charging the card in use. The same entry of a card subscribes once.
    pub async fn subscribe(
        &self,
        user: UserId,
        customer: &CustomerId,
        entered: &SetupIntentId,
    ) -> Result<(SubscriptionId, FirstPayment), PaymentError> {
        let create = CreateSubscription::new()
            .customer(customer.as_str())
            .items(vec![self.item()])
            .metadata(metadata(user))
            .expand(vec!["latest_invoice".to_owned()]);
        let made: MadeSubscriptionReply = self.make(&create, format!("subscribe/{user}/{entered}")).await?;
        let id = subscription_id(&made.id)?;
        let payment = match (status(&made.status)?, made.latest_invoice) {
            (SubscriptionStatus::Incomplete, Some(invoice)) => self.first_payment(invoice).await?,
            (SubscriptionStatus::Active | SubscriptionStatus::Trialing, _) => FirstPayment::Made,
            _ => declined(None),
        };
        Ok((id, payment))
    }

    /// Says whether a subscription ends when the time that is paid for does.
    pub async fn cancel_at_period_end(&self, id: &SubscriptionId, ends: bool) -> Result<(), PaymentError> {
        let update = UpdateSubscription::new(id.as_str()).cancel_at_period_end(ends);
        self.change::<IdReply>(&update).await?;
        Ok(())
    }

    /// Ends a subscription that was not paid for, and its invoice, so that nobody pays it later; harmless when it has
    /// ended.
    pub async fn withdraw(&self, id: &SubscriptionId) -> Result<(), PaymentError> {
        let standing: BareSubscriptionReply = match self.read(&RetrieveSubscription::new(id.as_str())).await {
            Err(PaymentError::Missing) => return Ok(()),
            found => found?,
        };
        if let Some(invoice) = standing.latest_invoice {
            match self.change::<IdReply>(&VoidInvoiceInvoice::new(invoice)).await {
                // Stripe may have made it void by itself.
                Ok(_) | Err(PaymentError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        match self.change::<IdReply>(&CancelSubscription::new(id.as_str())).await {
            Ok(_) | Err(PaymentError::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Ends all subscriptions of a customer at once, whatever is paid for; harmless if Stripe knows neither.
    pub(super) async fn end_subscriptions(&self, customer: &CustomerId) -> Result<(), PaymentError> {
        // Without a status Stripe lists those that have not ended.
        let list = ListSubscription::new().customer(customer.as_str()).limit(100);
        let running: ListReply<IdReply> = match self.read(&list).await {
            Err(PaymentError::Missing) => return Ok(()),
            found => found?,
        };
        for subscription in running.data {
            let end = CancelSubscription::new(subscription.id.as_str());
            match self.change::<IdReply>(&end).await {
                Ok(_) | Err(PaymentError::Missing) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// What is sold. Stripe takes either a price or a plan, and the emulator knows plans only; Stripe's own ids tell
    /// which, and an id that somebody chose is a plan's.
    fn item(&self) -> CreateSubscriptionItems {
        let id = Some(self.price_id.clone());
        let nothing = CreateSubscriptionItems::new();
        match self.price_id.starts_with("price_") {
            true => CreateSubscriptionItems { price: id, ..nothing },
            false => CreateSubscriptionItems { plan: id, ..nothing },
        }
    }

    /// What the payment of a first invoice waits for.
    async fn first_payment(&self, invoice: FirstInvoiceReply) -> Result<FirstPayment, PaymentError> {
        let Some(intent) = self.payment_intent_of(invoice).await? else {
            return Ok(declined(None));
        };
        let intent: PaymentIntentReply = self.read(&RetrievePaymentIntent::new(intent)).await?;
        Ok(match (intent.status.as_str(), intent.client_secret) {
            ("succeeded", _) => FirstPayment::Made,
            ("requires_action", Some(client_secret)) => FirstPayment::AuthenticationRequired { client_secret },
            _ => declined(intent.last_payment_error.and_then(|error| error.message)),
        })
    }

    /// Invoices used to name their payment intent; today they only give its secret, which begins with its id.
    async fn payment_intent_of(&self, invoice: FirstInvoiceReply) -> Result<Option<String>, PaymentError> {
        if invoice.payment_intent.is_some() {
            return Ok(invoice.payment_intent);
        }
        let ask = RetrieveInvoice::new(invoice.id).expand(vec!["confirmation_secret".to_owned()]);
        let invoice: FirstInvoiceReply = self.read(&ask).await?;
        let secret = invoice.confirmation_secret.map(|secret| secret.client_secret);
        Ok(secret.and_then(|secret| Some(secret.split_once("_secret_")?.0.to_owned())))
    }
}

fn declined(message: Option<String>) -> FirstPayment {
    FirstPayment::Declined {
        message: message.unwrap_or_else(|| "Your card was declined.".to_owned()),
    }
}

fn subscription(reply: SubscriptionReply) -> Result<Subscription, PaymentError> {
    let of_items = || {
        let items = reply.items.as_ref().map_or(&[][..], |items| &items.data);
        items.iter().filter_map(|item| item.current_period_end).max()
    };
    Ok(Subscription {
        id: subscription_id(&reply.id)?,
        status: status(&reply.status)?,
        created: Timestamp::from_epoch_seconds(reply.created),
        current_period_end: reply
            .current_period_end
            .or_else(of_items)
            .map(Timestamp::from_epoch_seconds),
        cancel_at_period_end: reply.cancel_at_period_end == Some(true) || reply.cancel_at.is_some(),
        user_id: owner(reply.metadata.as_ref()).and_then(|id| id.parse().ok()),
    })
}

fn subscription_id(text: &str) -> Result<SubscriptionId, PaymentError> {
    SubscriptionId::parse(text).map_err(|error| PaymentError::Unavailable(error.into()))
}

fn status(text: &str) -> Result<SubscriptionStatus, PaymentError> {
    text.parse()
        .map_err(|error: domain::UnknownStatus| PaymentError::Unavailable(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Subscription {
        subscription(miniserde::json::from_str(json).unwrap()).unwrap()
    }

    #[test]
    fn the_end_of_the_period_is_found_where_it_was_and_where_it_is_now() {
        let before = read(
            r#"{"id":"sub_1","status":"active","created":5,"current_period_end":99,"cancel_at_period_end":false}"#,
        );
        let now = read(
            r#"{"id":"sub_1","status":"active","created":5,"cancel_at":null,"cancel_at_period_end":false,
                "items":{"object":"list","data":[{"id":"si_1","current_period_end":99}]}}"#,
        );
        assert_eq!(before, now);
        assert_eq!(now.current_period_end, Some(Timestamp::from_epoch_seconds(99)));
    }

    #[test]
    fn a_subscription_says_whose_it_is_and_whether_it_ends() {
        let json = r#"{"id":"sub_1","status":"active","created":5,"cancel_at":120,
            "metadata":{"user_id":"6f9619ff-8b86-4011-b42d-00c04fc964ff"}}"#;
        let read = read(json);
        assert!(read.cancel_at_period_end);
        assert_eq!(
            read.user_id.unwrap().to_string(),
            "6f9619ff-8b86-4011-b42d-00c04fc964ff"
        );
    }

    #[test]
    fn a_first_invoice_is_read_in_either_shape() {
        let before: FirstInvoiceReply =
            miniserde::json::from_str(r#"{"id":"in_1","payment_intent":"pi_1","paid":false}"#).unwrap();
        assert_eq!(before.payment_intent.as_deref(), Some("pi_1"));
        let now: FirstInvoiceReply = miniserde::json::from_str(
            r#"{"id":"in_1","confirmation_secret":{"type":"payment_intent","client_secret":"pi_1_secret_x"}}"#,
        )
        .unwrap();
        assert_eq!(now.confirmation_secret.unwrap().client_secret, "pi_1_secret_x");
    }
}
