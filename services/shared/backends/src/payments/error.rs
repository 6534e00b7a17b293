//! What can go wrong at Stripe, by what callers do about it.

use stripe::{ApiErrors, ApiErrorsCode, ApiErrorsType, StripeError};

/// Why Stripe has not done what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// The card was refused. The words are for the card's holder.
    #[error("the card was declined")]
    Declined {
        /// What Stripe says to the card's holder.
        message: String,
    },
    /// The bank wants to hear from the card's holder first.
    #[error("the bank asks for authentication")]
    AuthenticationRequired,
    /// There is no such thing at Stripe (any more).
    #[error("Stripe does not know it")]
    Missing,
    /// Stripe cannot be reached, is overloaded or answers nonsense: to be tried again.
    #[error("Stripe is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Stripe does not take such a request: our mistake, or a wrong setting.
    #[error("Stripe refused the request: {0}")]
    Refused(String),
}

impl From<StripeError> for PaymentError {
    fn from(error: StripeError) -> Self {
        match error {
            StripeError::Stripe(told, status) => said(*told, status),
            StripeError::ConfigError(why) => Self::Refused(why),
            unreachable => Self::Unavailable(unreachable.into()),
        }
    }
}

/// Sorts what Stripe said by status and code (<https://docs.stripe.com/api/errors>). Its sentence may hold addresses,
/// so only the holder of a card is shown it.
fn said(told: ApiErrors, status: u16) -> PaymentError {
    if matches!(told.code, Some(ApiErrorsCode::AuthenticationRequired)) {
        return PaymentError::AuthenticationRequired;
    }
    let is_about_the_card = status == 402 || matches!(told.type_, ApiErrorsType::CardError);
    let code = told.code.as_ref().map_or("none", ApiErrorsCode::as_str);
    match status {
        _ if is_about_the_card => PaymentError::Declined {
            message: told.message.unwrap_or_else(|| "Your card was declined.".to_owned()),
        },
        404 => PaymentError::Missing,
        409 | 429 | 500.. => PaymentError::Unavailable(format!("status {status}, code {code}").into()),
        _ => {
            let parameter = told.param.as_deref().unwrap_or("none");
            PaymentError::Refused(format!("status {status}, code {code}, parameter {parameter}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str, status: u16) -> PaymentError {
        let told: ApiErrors = miniserde::json::from_str(json).unwrap();
        StripeError::Stripe(Box::new(told), status).into()
    }

    #[test]
    fn a_decline_brings_the_words_for_the_holder_of_the_card() {
        let json = r#"{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","message":"Your card has insufficient funds."}"#;
        match error(json, 402) {
            PaymentError::Declined { message } => assert_eq!(message, "Your card has insufficient funds."),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_passes_is_told_from_what_does_not() {
        let json = r#"{"type":"api_error","message":"for ada@example.org"}"#;
        assert!(matches!(error(json, 503), PaymentError::Unavailable(_)));
        assert!(matches!(error(json, 429), PaymentError::Unavailable(_)));
        let refused = error(json, 400);
        assert!(matches!(refused, PaymentError::Refused(_)));
        assert!(!refused.to_string().contains("ada"), "{refused}");
        let json = r#"{"type":"invalid_request_error","code":"resource_missing"}"#;
        assert!(matches!(error(json, 404), PaymentError::Missing));
    }
}
