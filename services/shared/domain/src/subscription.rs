//! Subscriptions: what Stripe says of one, and the plan that follows.

use std::str::FromStr;

use crate::Plan;

/// How a subscription stands, in Stripe's words
/// (<https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionStatus {
    /// The first payment has not been made yet.
    Incomplete,
    /// The first payment was not made in time.
    IncompleteExpired,
    /// Runs, and is not paid for yet.
    Trialing,
    /// Runs and is paid for.
    Active,
    /// A later payment failed, and Stripe tries again.
    PastDue,
    /// Stripe has given up collecting, and keeps the subscription.
    Unpaid,
    /// A trial has ended without a card.
    Paused,
    /// Has ended.
    Canceled,
}

impl SubscriptionStatus {
    /// The plan of who has such a subscription. While Stripe tries to collect, Premium goes on.
    #[must_use]
    pub const fn plan(self) -> Plan {
        match self {
            Self::Trialing | Self::Active | Self::PastDue => Plan::Premium,
            Self::Incomplete | Self::IncompleteExpired | Self::Unpaid | Self::Paused | Self::Canceled => Plan::Free,
        }
    }

    /// How much a subscription counts beside others of the same person: one that is paid before one that is due, one
    /// that may still be paid before one that has ended.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Trialing | Self::Active => 3,
            Self::PastDue => 2,
            Self::Incomplete | Self::Unpaid | Self::Paused => 1,
            Self::IncompleteExpired | Self::Canceled => 0,
        }
    }

    /// Stripe's word, which stores keep too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::IncompleteExpired => "incomplete_expired",
            Self::Trialing => "trialing",
            Self::Active => "active",
            Self::PastDue => "past_due",
            Self::Unpaid => "unpaid",
            Self::Paused => "paused",
            Self::Canceled => "canceled",
        }
    }
}

/// Stripe has a word for a subscription that we do not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the subscription status {0:?} is unknown")]
pub struct UnknownStatus(String);

impl FromStr for SubscriptionStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [
            Self::Incomplete,
            Self::IncompleteExpired,
            Self::Trialing,
            Self::Active,
            Self::PastDue,
            Self::Unpaid,
            Self::Paused,
            Self::Canceled,
        ];
        all.into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| UnknownStatus(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_pays_or_is_about_to_has_premium() {
        for status in ["active", "trialing", "past_due"] {
            assert_eq!(status.parse::<SubscriptionStatus>().unwrap().plan(), Plan::Premium);
        }
        for status in ["incomplete", "incomplete_expired", "unpaid", "paused", "canceled"] {
            assert_eq!(status.parse::<SubscriptionStatus>().unwrap().plan(), Plan::Free);
        }
    }

    #[test]
    fn a_word_that_stripe_invents_is_an_error() {
        assert!("hibernating".parse::<SubscriptionStatus>().is_err());
    }
}
