//! What we read of an event: which, about what, and whose. Everything else is asked of Stripe, which knows it as it is
//! by now, in one shape for every version of the API (<https://docs.stripe.com/api/events/types>).

use backends::payments::CustomerId;
use serde::Deserialize;
use serde_json::Value;

/// An event, as far as we read it.
#[derive(Deserialize)]
pub struct Event {
    /// Names it for ever; a second delivery has the same.
    pub id: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

/// What an event is to us.
#[derive(Debug, PartialEq, Eq)]
pub enum Concern {
    /// Somebody's subscription may stand differently now.
    Subscription(CustomerId),
    /// The same, and a charge for this invoice has failed.
    FailedPayment(CustomerId, String),
    /// Nothing.
    None,
}

impl Event {
    /// What the event is to us.
    #[must_use]
    pub fn concern(&self) -> Concern {
        let customer = || CustomerId::parse(id(&self.data.object["customer"])?).ok();
        let concern = match self.kind.as_str() {
            "invoice.payment_failed" => customer()
                .zip(id(&self.data.object))
                .map(|(customer, invoice)| Concern::FailedPayment(customer, invoice.to_owned())),
            "invoice.paid" | "invoice.payment_succeeded" | "checkout.session.completed" => {
                customer().map(Concern::Subscription)
            }
            kind if kind.starts_with("customer.subscription.") => customer().map(Concern::Subscription),
            _ => None,
        };
        concern.unwrap_or(Concern::None)
    }
}

/// The id of something that stands there by its id, or as a whole.
fn id(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value["id"].as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concern(json: &str) -> Concern {
        serde_json::from_str::<Event>(json).unwrap().concern()
    }

    fn ada() -> CustomerId {
        CustomerId::parse("cus_TestOfAda00001").unwrap()
    }

    #[test]
    fn events_of_today_are_told_apart() {
        for recorded in [
            include_str!("../tests/events/customer.subscription.updated.json"),
            include_str!("../tests/events/customer.subscription.deleted.json"),
            include_str!("../tests/events/invoice.paid.json"),
            include_str!("../tests/events/checkout.session.completed.json"),
        ] {
            assert_eq!(concern(recorded), Concern::Subscription(ada()));
        }
        let failed = concern(include_str!("../tests/events/invoice.payment_failed.json"));
        assert_eq!(failed, Concern::FailedPayment(ada(), "in_TestOfAda000002".into()));
        let unknown = concern(include_str!("../tests/events/climate.order.delivered.json"));
        assert_eq!(unknown, Concern::None);
    }

    #[test]
    fn a_payment_that_is_nobodys_is_no_concern() {
        let json = r#"{"id":"evt_1","type":"invoice.paid","data":{"object":{"id":"in_1","customer":null}}}"#;
        assert_eq!(concern(json), Concern::None);
        let json = r#"{"id":"evt_1","type":"invoice.paid","data":{"object":{"customer":{"id":"cus_1"}}}}"#;
        assert_eq!(
            concern(json),
            Concern::Subscription(CustomerId::parse("cus_1").unwrap())
        );
    }
}
