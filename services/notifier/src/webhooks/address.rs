//! Where a name leads, checked: the only way from a name to a connection, so that what was checked is what is called, whatever
//! the name server answers the next time.

use std::net::SocketAddr;

use domain::Reach;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// A resolver that gives no address outside of where webhooks may lead.
pub struct Checked(pub Reach);

/// An address of a host is not one of the internet. Which one is nobody's business who asks from outside.
#[derive(Debug, thiserror::Error)]
#[error("the host has an address that is not one of the internet")]
pub struct Inside;

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            // The port is that of the URL.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            // One is enough: a name that has both may lead inside the next time.
            if !found.iter().all(|address| reach.allows(address.ip())) {
                return Err(Inside.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn resolve(name: &str, reach: Reach) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Checked(reach).resolve(name.parse().unwrap()).await?.collect())
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_unless_that_is_wanted() {
        let refused = resolve("localhost", Reach::Internet).await.unwrap_err();
        assert!(refused.is::<Inside>(), "{refused}");
        let found = resolve("localhost", Reach::Anywhere).await.unwrap();
        assert!(found.iter().all(|address| address.ip().is_loopback()) && !found.is_empty());
    }
}
