//! Stripe.js in the browser: where it comes from, and what the one page that uses it may load beside our own.

use anyhow::{Context, Result};
use http::Uri;

use crate::settings::StripeJsSettings;

/// A response extension: the page takes a card, so that Stripe must be let in.
#[derive(Debug, Clone, Copy)]
pub struct TakesCard;

/// Sources for the page's Content-Security-Policy; each begins with a space, or is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sources<'a> {
    /// For `script-src`.
    pub script: &'a str,
    /// For `frame-src`.
    pub frame: &'a str,
    /// For `connect-src`.
    pub connect: &'a str,
}

/// Stripe.js, or the emulator's script in its place.
#[derive(Debug, Clone)]
pub struct StripeJs {
    /// Where the script is.
    pub url: String,
    /// Who we are to Stripe, for everybody to see.
    pub publishable_key: String,
    /// With a space before it; `None` for Stripe itself.
    emulator: Option<String>,
}

/// Of a page that needs nobody else.
pub const NOBODY: Sources<'static> = Sources {
    script: "",
    frame: " 'none'",
    connect: "",
};

/// As Stripe documents it for Stripe.js, without the map of its address element
/// (<https://docs.stripe.com/security/guide#content-security-policy>).
const STRIPE: Sources<'static> = Sources {
    script: " https://js.stripe.com https://*.js.stripe.com",
    frame: " https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
    connect: " https://api.stripe.com",
};

impl StripeJs {
    /// The script of the settings.
    pub fn new(settings: &StripeJsSettings) -> Result<Self> {
        let url: Uri = settings.stripe_js_url.parse().context("read GAS_STRIPE_JS_URL")?;
        let (scheme, host) = (url.scheme_str(), url.authority());
        let (scheme, host) = scheme.zip(host).context("GAS_STRIPE_JS_URL is no address")?;
        Ok(Self {
            url: settings.stripe_js_url.clone(),
            publishable_key: settings.stripe_publishable_key.clone(),
            emulator: (host.as_str() != "js.stripe.com").then(|| format!(" {scheme}://{host}")),
        })
    }

    /// What the page may load. An emulator's script makes no frames and calls where it came from.
    #[must_use]
    pub fn sources(&self) -> Sources<'_> {
        self.emulator.as_deref().map_or(STRIPE, |origin| Sources {
            script: origin,
            frame: NOBODY.frame,
            connect: origin,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripe_js(url: &str) -> StripeJs {
        StripeJs::new(&StripeJsSettings {
            stripe_js_url: url.into(),
            stripe_publishable_key: "pk_test_1".into(),
        })
        .unwrap()
    }

    #[test]
    fn a_page_lets_in_stripe_or_the_emulator_and_nobody_else() {
        assert_eq!(stripe_js("https://js.stripe.com/v3/").sources(), STRIPE);
        let emulated = stripe_js("http://127.0.0.1:8420/js.stripe.com/v3/");
        assert_eq!(emulated.sources().script, " http://127.0.0.1:8420");
        assert_eq!(emulated.sources().frame, " 'none'");
    }
}
