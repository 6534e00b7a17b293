//! `gas login` and `gas logout`.

use std::io::{IsTerminal, stdin};

use domain::ApiToken;
use serde_json::json;

use crate::api::Api;
use crate::args::LoginArgs;
use crate::failure::Failure;
use crate::output::{Output, text};
use crate::settings::ConnectionSettings;

/// Takes a token, asks the service whether it is good, and keeps it.
pub async fn login(settings: &ConnectionSettings, args: &LoginArgs, out: Output) -> Result<(), Failure> {
    let url = settings.url.trim_end_matches('/');
    if !args.stdin && stdin().is_terminal() {
        eprintln!("Make a token at {url}/profile/tokens, and paste it here:");
    }
    let mut typed = String::new();
    stdin().read_line(&mut typed)?;
    let token = ApiToken::parse(&typed).map_err(Failure::BadToken)?;
    let account = Api::with(settings, token.reveal())?.get("/account").await?;
    let file = settings.keep(&token)?;
    let document = json!({ "username": account["username"], "token_file": file });
    out.answer(&document, |document| {
        format!(
            "You are {}. The token is in {}.",
            text(document, "username"),
            file.display()
        )
    });
    Ok(())
}

/// Ends the token, here and there.
pub async fn logout(settings: &ConnectionSettings, out: Output) -> Result<(), Failure> {
    // One that has ended already is as it was to be.
    match Api::new(settings)?.delete("/token").await {
        Ok(_) => {}
        Err(Failure::Problem(problem)) if problem.status == 401 => {}
        Err(failure) => return Err(failure),
    }
    settings.forget()?;
    out.answer(&json!({ "revoked": true }), |_| {
        "The token is revoked and forgotten.".into()
    });
    Ok(())
}
