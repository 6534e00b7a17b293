//! Customers: who a person is to Stripe.

use std::collections::HashMap;

use domain::{EmailAddress, User, UserId};
use stripe_core::customer::{CreateCustomer, DeleteCustomer, ListCustomer, UpdateCustomer};

use super::Payments;
use super::error::PaymentError;
use super::ids::CustomerId;
use super::replies::{CustomerReply, IdReply, ListReply};

/// The key of the metadata that says whose a thing at Stripe is.
pub(super) const USER_ID: &str = "user_id";

impl Payments {
    /// The customer that a person is, made if there is none.
    pub async fn customer_of(&self, user: &User) -> Result<CustomerId, PaymentError> {
        if let Some(found) = self.customers(user).await?.into_iter().next() {
            return Ok(found);
        }
        let id = user.id.to_string();
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

    /// Ends every subscription of a person at once and deletes the customers that the person is, `known` among them. Stripe
    /// then has neither card nor name nor address; what was paid stays in its books. Harmless if there is none.
    pub async fn forget(&self, user: &User, known: Option<&CustomerId>) -> Result<(), PaymentError> {
        let mut customers = self.customers(user).await?;
        if let Some(known) = known.filter(|known| !customers.contains(known)) {
            customers.push(known.clone());
        }
        for customer in customers {
            self.end_subscriptions(&customer).await?;
            match self.change::<IdReply>(&DeleteCustomer::new(customer.as_str())).await {
                Ok(_) | Err(PaymentError::Missing) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The customers that a person is.
    async fn customers(&self, user: &User) -> Result<Vec<CustomerId>, PaymentError> {
        let list = ListCustomer::new().email(user.email.as_str()).limit(100);
        let known: ListReply<CustomerReply> = self.read(&list).await?;
        let id = user.id.to_string();
        let is_theirs = |customer: &CustomerReply| owner(customer.metadata.as_ref()) == Some(&id);
        let theirs = known.data.iter().filter(|customer| is_theirs(customer));
        theirs.map(|customer| customer_id(&customer.id)).collect()
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
