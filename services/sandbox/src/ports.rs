//! Ports on loopback.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result, anyhow};

/// The port if it is free, or any free one for 0. `flag` is what chooses another.
pub fn free(port: u16, what: &str, flag: &str) -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        anyhow!("port {port}, for {what}, is taken ({error}); stop what uses it, or choose another port with {flag}")
    })?;
    Ok(listener.local_addr()?.port())
}

/// Any free port.
pub fn any() -> Result<u16> {
    free(0, "a service", "--port").context("find a free port")
}
