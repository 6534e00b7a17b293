//! Stripe's ids, checked where they come in: they become parts of addresses.

use std::fmt;

/// Why a text is no id of Stripe's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no id of Stripe's that begins with {0}")]
pub struct InvalidId(&'static str);

macro_rules! stripe_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes letters, digits and underscores after the prefix.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
                match text.strip_prefix($prefix) {
                    Some(rest) if (1..=255).contains(&rest.len()) && rest.chars().all(allowed) => {
                        Ok(Self(text.to_owned()))
                    }
                    _ => Err(InvalidId($prefix)),
                }
            }

            /// The id as Stripe writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

stripe_id! {
    /// A person, to Stripe.
    CustomerId, "cus_"
}
stripe_id! {
    /// A subscription.
    SubscriptionId, "sub_"
}
stripe_id! {
    /// The entry of one card.
    SetupIntentId, "seti_"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_lead_elsewhere() {
        assert_eq!(CustomerId::parse("cus_AbC123").unwrap().as_str(), "cus_AbC123");
        for bad in ["", "cus_", "sub_AbC123", "cus_a/../b", "cus_a?b", "cus_ä"] {
            assert!(CustomerId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
