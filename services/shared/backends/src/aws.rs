//! How every AWS client is made: region said explicitly, TLS by rustls with ring, an emulator's endpoint if one is set.

use std::time::Duration;

pub use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};

pub use crate::settings::AwsSettings;

/// The configuration that every SDK client is made from.
pub async fn connect(settings: &AwsSettings) -> SdkConfig {
    // The SDK's default client would bring a second TLS stack that needs a C++ compiler.
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let timeouts = TimeoutConfig::builder().connect_timeout(Duration::from_secs(5)).build();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .timeout_config(timeouts)
        .region(Region::new(settings.region.clone()));
    if let Some(endpoint) = &settings.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    loader.load().await
}
