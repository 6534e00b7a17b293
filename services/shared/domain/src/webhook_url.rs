//! Where a webhook may lead: into the internet, and nowhere into our own network.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::{InvalidField, is_public};

/// Where webhooks may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Into the internet alone, by HTTPS on its port.
    Internet,
    /// Anywhere, also by HTTP and into the own network: for development.
    Anywhere,
}

/// The address of a webhook, in its normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl(Url);

impl Reach {
    /// Whether this address may be called.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        self == Self::Anywhere || is_public(address)
    }
}

impl WebhookUrl {
    const MAX_CHARS: usize = 500;

    /// Takes what somebody has typed. Where a name leads is seen when it is called, each time anew.
    ///
    /// # Errors
    /// If it is no address, or one that may not be called: the sentence says why.
    pub fn parse(text: &str, reach: Reach) -> Result<Self, InvalidField> {
        let text = text.trim();
        if text.chars().count() > Self::MAX_CHARS {
            return Err(InvalidField("The address is too long: it may have 500 characters."));
        }
        let url = Url::parse(text).map_err(|_| InvalidField("Enter the whole address: https://example.org/hook."))?;
        match url.scheme() {
            "https" => {}
            "http" if reach == Reach::Anywhere => {}
            _ => return Err(InvalidField("The address begins with https://.")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidField(
                "The address holds a name or password. Leave it out: the signature shows that it is us.",
            ));
        }
        if url.fragment().is_some() {
            return Err(InvalidField("Leave out the part after the #: it is never sent."));
        }
        if reach == Reach::Internet && url.port_or_known_default() != Some(443) {
            return Err(InvalidField("The address is called on port 443. Leave out the port."));
        }
        match url.host() {
            Some(Host::Domain(name)) if reach == Reach::Internet && !name.trim_end_matches('.').contains('.') => Err(
                InvalidField("The host is not one of the internet. Enter its whole name."),
            ),
            Some(Host::Domain(_)) => Ok(Self(url)),
            Some(Host::Ipv4(address)) if reach.allows(address.into()) => Ok(Self(url)),
            Some(Host::Ipv6(address)) if reach.allows(address.into()) => Ok(Self(url)),
            Some(_) => Err(InvalidField("The address is not one of the internet.")),
            None => Err(InvalidField("The address names no host.")),
        }
    }

    /// The address, to be called.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.0
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_the_internet_by_https() {
        for good in [
            "https://example.org/hook?x=1",
            " https://EXAMPLE.org:443/hook ",
            "https://1.1.1.1/",
            "https://[2606:4700:4700::1111]/",
        ] {
            assert!(WebhookUrl::parse(good, Reach::Internet).is_ok(), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "http://example.org/",
            "ftp://example.org/",
            "https://",
            "https://user@example.org/",
            "https://:word@example.org/",
            "https://example.org/#part",
            "https://example.org:8443/",
            "https://example.org:22/",
            "https://localhost/",
            "https://localhost./",
            "https://web/",
            "https://127.0.0.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://①②⑦.⓪.⓪.①/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00:ec2::254]/",
            &format!("https://example.org/{}", "x".repeat(500)),
        ] {
            assert!(WebhookUrl::parse(bad, Reach::Internet).is_err(), "{bad}");
        }
        for own in ["http://127.0.0.1:8080/hook", "https://localhost:4433/"] {
            assert!(WebhookUrl::parse(own, Reach::Anywhere).is_ok(), "{own}");
        }
        assert!(WebhookUrl::parse("file:///etc/passwd", Reach::Anywhere).is_err());
    }
}
