//! `GET|POST /subscribe`: Premium, and the card that pays for it. The card's number is typed into Stripe's own field
//! and never comes here: the form brings the id under which Stripe knows the card.

use anyhow::anyhow;
use backends::payments::{PaymentError, Price, SetupIntentId};
use bytes::Buf;
use domain::{Plan, SubscriptionStatus, User};
use futures_util::Stream;
use http::StatusCode;
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::checkout::{self, Outcome, Wish};
use crate::error::PageError;
use crate::stripe_js::TakesCard;
use crate::views::{TimeView, money};
use crate::visit::{Page, Visit, reading, see_other, visit};

/// Weeks of the year that the price is told for.
const WEEKS: i64 = 52;

#[derive(Serialize)]
struct Subscribe {
    stripe: StripeView,
    price: PriceView,
    /// Why the last attempt did not work.
    error: Option<String>,
    /// The person has Premium, and only the card is to change.
    is_card_only: bool,
}

/// What the script needs of Stripe.
#[derive(Serialize)]
struct StripeView {
    js_url: String,
    publishable_key: String,
    client_secret: String,
    setup_intent: Option<String>,
}

#[derive(Serialize)]
struct PriceView {
    amount: String,
    interval: String,
    per_year: Option<String>,
}

#[derive(Serialize)]
struct Premium {
    next_charge: Option<TimeView>,
    ends: Option<TimeView>,
}

/// `GET|POST /subscribe`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("subscribe");
    let show = path
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response);
    let pay = path.and(warp::post()).and(visit(app.clone())).and(warp::body::stream());
    show.or(pay.then(subscribe).map(Reply::into_response)).unify().boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    match user.role.plan() {
        Plan::Premium if !is_due(&visit, &user).await? => premium_page(&visit, &user).await,
        _ => card_page(&visit, &user, None).await,
    }
}

async fn subscribe<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    visit.app.limits.payment(user.id).await?;
    if user.role.plan() == Plan::Premium && !is_due(&visit, &user).await? {
        return see_other("/subscribe");
    }
    let wish = match fields.get("confirmed") {
        "" => match SetupIntentId::parse(fields.get("setup_intent")) {
            Ok(entered) => Wish::Pay(entered),
            Err(_) => return card_page(&visit, &user, Some("The card was not entered. Enter it again.".into())).await,
        },
        _ => Wish::Confirmed,
    };
    let outcome = checkout::run(visit.app.clone(), user.clone(), wish).await;
    match outcome.map_err(payments)? {
        Outcome::Premium => see_other("/subscribe"),
        Outcome::Declined { message } => card_page(&visit, &user, Some(message)).await,
        Outcome::Authenticate { client_secret } => authenticate_page(&visit, &user, client_secret),
        Outcome::Underway => {
            let page = Page::new("pages/subscribe/underway.html", "Payment under way", ());
            visit.render(Some(&user), page.with_status(StatusCode::ACCEPTED))
        }
    }
}

/// Tells a Stripe that is away from a fault of ours.
pub fn payments(error: anyhow::Error) -> PageError {
    match error.downcast_ref() {
        Some(PaymentError::Unavailable(_)) => PageError::PaymentsDown(error),
        _ => error.into(),
    }
}

/// Whether Stripe could not charge the card of a Premium plan that goes on for now.
async fn is_due(visit: &Visit, user: &User) -> Result<bool, PageError> {
    let membership = visit.app.accounts.membership(user.id).await?;
    Ok(membership.is_some_and(|membership| membership.status == Some(SubscriptionStatus::PastDue)))
}

/// The form, for one card. Each rendering is a new entry at Stripe.
async fn card_page(visit: &Visit, user: &User, error: Option<String>) -> Result<Response, PageError> {
    if visit.method == http::Method::GET {
        visit.app.limits.payment(user.id).await?;
    }
    let app = &visit.app;
    let (price, setup) = tokio::try_join!(app.payments.price(), app.payments.begin_card(user.id))
        .map_err(|error| payments(anyhow!(error).context("prepare the entry of a card")))?;
    let status = if error.is_some() {
        StatusCode::PAYMENT_REQUIRED
    } else {
        StatusCode::OK
    };
    let body = Subscribe {
        stripe: StripeView::new(visit, setup.client_secret, Some(setup.id.to_string())),
        price: PriceView::of(price),
        error,
        is_card_only: user.role.plan() == Plan::Premium,
    };
    let page = Page::new("pages/subscribe.html", "Premium", body).with_status(status);
    Ok(with_stripe(visit.render(Some(user), page)?))
}

fn authenticate_page(visit: &Visit, user: &User, client_secret: String) -> Result<Response, PageError> {
    let body = serde_json::json!({ "stripe": StripeView::new(visit, client_secret, None) });
    let page = Page::new("pages/subscribe/authenticate.html", "Confirm the payment", body);
    Ok(with_stripe(visit.render(Some(user), page)?))
}

async fn premium_page(visit: &Visit, user: &User) -> Result<Response, PageError> {
    let membership = visit.app.accounts.membership(user.id).await?;
    let running = membership.filter(|membership| membership.plan() == Plan::Premium);
    let period_end = |wanted: bool| {
        let running = running.as_ref().filter(|one| one.cancel_at_period_end == wanted);
        running.and_then(|one| one.current_period_end).map(TimeView::from)
    };
    let body = Premium {
        next_charge: period_end(false),
        ends: period_end(true),
    };
    visit.render(Some(user), Page::new("pages/subscribe/premium.html", "Premium", body))
}

fn with_stripe(mut response: Response) -> Response {
    response.extensions_mut().insert(TakesCard);
    response
}

impl StripeView {
    fn new(visit: &Visit, client_secret: String, setup_intent: Option<String>) -> Self {
        let stripe_js = &visit.app.stripe_js;
        Self {
            js_url: stripe_js.url.clone(),
            publishable_key: stripe_js.publishable_key.clone(),
            client_secret,
            setup_intent,
        }
    }
}

impl PriceView {
    fn of(price: &Price) -> Self {
        let per_year = (price.interval == "week").then(|| money(price.cents * WEEKS, &price.currency));
        Self {
            amount: money(price.cents, &price.currency),
            interval: price.interval.clone(),
            per_year,
        }
    }
}
