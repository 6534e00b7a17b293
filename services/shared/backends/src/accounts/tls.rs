//! How connections to PostgreSQL are encrypted: as libpq does with `sslmode=verify-full`, or not at all.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use deadpool_postgres::tokio_postgres::Config;
use deadpool_postgres::tokio_postgres::config::SslMode;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What encrypts the connections; `None` if they are not to be encrypted. Whoever names `authorities` has said that they
/// are, whatever the URL says; else its `sslmode=require` says so. There is no "where the server can": whoever stands in
/// between would see to it that it cannot.
pub(super) fn connector(config: &mut Config, authorities: Option<&Path>) -> Result<Option<MakeRustlsConnect>> {
    if authorities.is_some() {
        config.ssl_mode(SslMode::Require);
    }
    if config.get_ssl_mode() != SslMode::Require {
        return Ok(None);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let client = client
        .with_root_certificates(trusted(authorities)?)
        .with_no_client_auth();
    Ok(Some(MakeRustlsConnect::new(client)))
}

/// The certificates of a PEM file, or those that the system trusts.
fn trusted(authorities: Option<&Path>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(file) = authorities else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        ensure!(
            !roots.is_empty(),
            "the system trusts no authorities; name some in GAS_DATABASE_CA"
        );
        return Ok(roots);
    };
    let reading = || format!("read the certificates of GAS_DATABASE_CA, {}", file.display());
    for certificate in CertificateDer::pem_file_iter(file).with_context(reading)? {
        roots.add(certificate.with_context(reading)?).with_context(reading)?;
    }
    ensure!(
        !roots.is_empty(),
        "GAS_DATABASE_CA, {}, has no certificate in PEM",
        file.display()
    );
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encryption_is_asked_for_by_the_url_or_by_authorities() {
        let is_encrypted =
            |url: &str, authorities| Ok::<_, anyhow::Error>(connector(&mut url.parse()?, authorities)?.is_some());
        assert!(!is_encrypted("postgres://gas@localhost/gas", None).unwrap());
        assert!(!is_encrypted("postgres://gas@localhost/gas?sslmode=prefer", None).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("authorities.pem");
        let refused = |file| {
            is_encrypted("postgres://gas@localhost/gas?sslmode=disable", Some(file))
                .unwrap_err()
                .to_string()
        };
        assert!(refused(&file).starts_with("read the certificates of GAS_DATABASE_CA"));
        std::fs::write(&file, "nothing").unwrap();
        assert!(refused(&file).ends_with("has no certificate in PEM"));
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&file, made.cert.pem()).unwrap();
        assert!(is_encrypted("postgres://gas@localhost/gas?sslmode=disable", Some(&file)).unwrap());
    }
}
