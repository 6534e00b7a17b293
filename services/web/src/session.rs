//! The cookies of a browser: the session after sign-in, the visitor before it.

use backends::accounts::Token;
use http::HeaderValue;
use http::header::{COOKIE, HeaderMap, InvalidHeaderValue};

/// The cookie of a person who is signed in.
pub const SESSION: &str = "__Host-session";
/// The cookie that ties forms to a browser in which nobody is signed in.
pub const VISITOR: &str = "__Host-visitor";

/// The cookie by which a browser is known in which somebody has signed in before. It signs nobody in.
pub const KNOWN: &str = "__Host-known";

/// The cookie of somebody who has given the right password, and who is asked for a code.
pub const SIGN_IN: &str = "__Host-sign-in";

/// The token in the named cookie, if the browser sent one.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<Token> {
    let pairs = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = pairs
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(found, _)| *found == name)
        .and_then(|(_, value)| Token::from_untrusted(value))
}

/// `Set-Cookie` that gives the browser a token until it closes. The `__Host-` prefix makes browsers insist on
/// `Secure`, `Path=/` and no `Domain`; `Lax` lets S3's redirect back to us carry the session.
pub fn give(name: &str, token: &Token) -> Result<HeaderValue, InvalidHeaderValue> {
    format!("{name}={}; Path=/; Secure; HttpOnly; SameSite=Lax", token.reveal()).parse()
}

/// The same, for a year.
pub fn keep(name: &str, token: &Token) -> Result<HeaderValue, InvalidHeaderValue> {
    let token = token.reveal();
    format!("{name}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000").parse()
}

/// `Set-Cookie` that takes the cookie away.
pub fn take(name: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    format!("{name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0").parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_among_other_cookies() {
        let token = Token::random();
        let mut headers = HeaderMap::new();
        headers.insert(
            COOKIE,
            format!("theme=dark; {SESSION}={}; x=y", token.reveal())
                .parse()
                .unwrap(),
        );
        assert!(cookie(&headers, SESSION).unwrap() == token);
        assert!(cookie(&headers, VISITOR).is_none());
    }
}
