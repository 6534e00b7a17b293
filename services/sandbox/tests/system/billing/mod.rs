//! Premium: bought, paid for, cancelled, and what Stripe reports of it.

mod buying;
mod cancelling;
mod late;
mod leaving;
pub mod listener;
mod records;
pub mod stripe;
mod stripe_away;
mod webhooks;

use domain::{Role, User};

use crate::eventually;
use crate::people::{Answer, Person};
use crate::reach::reach;
use stripe::{Card, Stripe};

/// What a person reads who has bought.
const BOUGHT: &str = "You have Premium";

/// The form of `/subscribe`, with a card entered at Stripe as the browser does it.
pub struct Form {
    csrf_token: String,
    setup_intent: String,
    pub setup_secret: String,
}

impl Form {
    pub async fn open(person: &Person) -> Self {
        let page = person.get("/subscribe").await;
        assert_eq!(page.status, 200, "{}", page.body);
        Self::of(&page)
    }

    fn of(page: &Answer) -> Self {
        let first = |selector, name| page.attributes(selector, name).swap_remove(0);
        Self {
            csrf_token: page.csrf_token(),
            setup_intent: first("form#subscribe_form input[name=setup_intent]", "value"),
            setup_secret: first("form#subscribe_form[name=subscribe_submit]", "data-setup-secret"),
        }
    }

    pub async fn submit(&self, person: &Person) -> Answer {
        let fields = [("csrf_token", &*self.csrf_token), ("setup_intent", &*self.setup_intent)];
        person.browser.post("/subscribe", &fields).await
    }
}

/// Opens the form, enters the card and submits.
async fn pay(person: &Person, card: Card) -> Answer {
    let form = Form::open(person).await;
    Stripe::reach().await.enter(&form.setup_secret, card).await;
    form.submit(person).await
}

/// A person with Premium that was paid for.
async fn subscriber(name: &str) -> Person {
    let person = Person::new(name).await;
    let answer = pay(&person, Card::Good).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, "/subscribe"),
        "{}",
        answer.body
    );
    person
}

async fn user(person: &Person) -> User {
    reach().await.user(&person.username).await
}

/// Waits until the person has the role.
async fn becomes(person: &Person, role: Role) -> User {
    let is = || async { Some(user(person).await).filter(|user| user.role == role) };
    eventually(&format!("{} to be {role:?}", person.username), is).await
}
