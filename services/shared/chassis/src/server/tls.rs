//! The certificate: given as files, or made at start.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, crypto};
use tokio_rustls::TlsAcceptor;
use tracing::info;

/// Certificate and key of the HTTPS socket.
#[derive(Debug, Clone, Args)]
pub struct TlsSettings {
    /// Certificate chain, PEM [default: a self-signed certificate for localhost, made at start]
    #[arg(long, env = "GAS_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM
    #[arg(long, env = "GAS_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
}

impl TlsSettings {
    /// What does the handshakes: TLS 1.2 and 1.3, HTTP/2 preferred.
    pub(super) fn acceptor(&self) -> Result<TlsAcceptor> {
        let (chain, key) = match (&self.tls_cert, &self.tls_key) {
            (Some(cert), Some(key)) => read(cert, key)?,
            _ => self_signed()?,
        };
        let mut config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .context("use the certificate with its key")?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn read(cert: &PathBuf, key: &PathBuf) -> Result<Identity> {
    let chain = CertificateDer::pem_file_iter(cert).and_then(Iterator::collect);
    let chain: Vec<_> = chain.map_err(|e| anyhow!("read the certificate {}: {e}", cert.display()))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|e| anyhow!("read the key {}: {e}", key.display()))?;
    Ok((chain, key))
}

fn self_signed() -> Result<Identity> {
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let made = rcgen::generate_simple_self_signed(names).context("make a self-signed certificate")?;
    info!("No certificate is configured; serving with a self-signed one for localhost");
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    Ok((vec![made.cert.der().clone()], key.into()))
}
