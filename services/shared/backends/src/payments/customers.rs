//! Customers: who a person is to Stripe.

use std::collections::HashMap;

use domain::{EmailAddress, User, UserId};
use stripe_core::customer::{CreateCustomer, ListCustomer, UpdateCustomer};

use super::Payments;
use super::error::PaymentError;
use super::ids::CustomerId;
use super::replies::{CustomerReply, IdReply, ListReply};

/// The key of the metadata that says whose a thing at Stripe is.
pub(super) const USER_ID: &str = "user_id";

impl Payments {
    /// The customer that a person is, made if there is none.
    pub async fn customer_of(&self, user: &User) -> Result<CustomerId, PaymentError> {
        let list = ListCustomer::new().email(user.email.as_str()).limit(100);
        let known: ListReply<CustomerReply> = self.read(&list).await?;
        let id = user.id.to_string();
        let is_theirs = |customer: &CustomerReply| owner(customer.metadata.as_ref()) == Some(&id);
        if let Some(found) = known.data.into_iter().find(is_theirs) {
            return customer_id(&found.id);
        }
        let metadata = HashMap::from([
            (USER_ID.to_owned(), id.clone()),
            ("username".to_owned(), user.username.to_string()),
        ]);
        let create = CreateCustomer::new()
            .email(user.email.as_str())
            .name(user.name.as_str())
            .metadata(metadata);
        let made: IdReply = self.make(&create, format!("customer/{id}")).await?;
        customer_id(&made.id)
    }

    /// Lets Stripe write to another address from now on.
    pub async fn readdress(&self, customer: &CustomerId, email: &EmailAddress) -> Result<(), PaymentError> {
        let update = UpdateCustomer::new(customer.as_str()).email(email.as_str());
        self.change::<IdReply>(&update).await?;
        Ok(())
    }
}

/// Whose a thing is, as its metadata say.
pub(super) fn owner(metadata: Option<&HashMap<String, String>>) -> Option<&String> {
    metadata.and_then(|metadata| metadata.get(USER_ID))
}

pub(super) fn metadata(user: UserId) -> HashMap<String, String> {
    HashMap::from([(USER_ID.to_owned(), user.to_string())])
}

fn customer_id(text: &str) -> Result<CustomerId, PaymentError> {
    CustomerId::parse(text).map_err(|error| PaymentError::Unavailable(error.into()))
}
