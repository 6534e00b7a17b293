//! The least that an answer costs: our accept loop, with nothing behind it but two words. `services/web/benches/pages.py` holds
//! pages against it.
//!
//!     hello CERT KEY         prints its address, and answers until it is killed

use std::path::PathBuf;

use anyhow::{Context, Result};
use chassis::server::{self, ClientSettings, Pages, TlsSettings};
use chassis::shutdown;
use tokio::net::TcpListener;
use warp::{Filter, Reply};

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let tls = TlsSettings {
        tls_cert: Some(arguments.next().context("which certificate?")?),
        tls_key: Some(arguments.next().context("which key?")?),
    };
    let clients = ClientSettings {
        idle_timeout: std::time::Duration::from_secs(75),
    };
    let pages = Pages {
        filter: warp::any().map(|| "hello, world\n".into_response()).boxed(),
        trust_traceparent: false,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    server::serve(listener, Some(&tls), &clients, pages, shutdown::signal()).await
}
