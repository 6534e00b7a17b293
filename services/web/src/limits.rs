//! Rate limits: how often one client may sign in, register or submit.
//!
//! Each replica counts for itself; the load balancer's firewall is the place for a limit over all of them.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use domain::UserId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::settings::LimitSettings;

/// How many clients a limiter remembers before it forgets those that have been quiet.
const REMEMBERED: usize = 10_000;

/// A client asked too often and may ask again after this long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOften {
    /// How long until the next attempt is taken.
    pub retry_after: Duration,
}

/// The limits of the pages.
pub struct Limits {
    sign_ins_by_name: Limiter<String>,
    sign_ins_by_address: Limiter<IpAddr>,
    registrations: Limiter<IpAddr>,
    submissions: Limiter<UserId>,
    payments: Limiter<UserId>,
}

impl Limits {
    /// Limits as configured.
    #[must_use]
    pub fn new(settings: &LimitSettings) -> Self {
        let (minute, hour) = (Duration::from_secs(60), Duration::from_secs(3600));
        Self {
            sign_ins_by_name: Limiter::new(settings.sign_ins_per_minute, minute),
            sign_ins_by_address: Limiter::new(settings.sign_ins_per_minute.saturating_mul(10), minute),
            registrations: Limiter::new(settings.registrations_per_hour, hour),
            submissions: Limiter::new(settings.submissions_per_minute, minute),
            payments: Limiter::new(settings.payments_per_minute, minute),
        }
    }

    /// Counts an attempt to sign in, by the name tried and by where it comes from.
    pub fn sign_in(&self, username: &str, address: IpAddr) -> Result<(), TooOften> {
        self.sign_ins_by_address.count(network(address))?;
        self.sign_ins_by_name.count(username.to_lowercase())
    }

    /// Counts a registration, or a request to send its link again.
    pub fn registration(&self, address: IpAddr) -> Result<(), TooOften> {
        self.registrations.count(network(address))
    }

    /// Counts a submitted job.
    pub fn submission(&self, user: UserId) -> Result<(), TooOften> {
        self.submissions.count(user)
    }

    /// Counts a form for a card: whoever tries stolen cards needs many.
    pub fn payment(&self, user: UserId) -> Result<(), TooOften> {
        self.payments.count(user)
    }
}

struct Limiter<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(burst: u32, per: Duration) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(per / burst.get()).unwrap_or_else(|| Quota::per_second(burst));
        Self {
            limiter: RateLimiter::keyed(quota.allow_burst(burst)),
            clock: DefaultClock::default(),
        }
    }

    fn count(&self, key: K) -> Result<(), TooOften> {
        if self.limiter.len() > REMEMBERED {
            self.limiter.retain_recent();
        }
        let refused = |until: governor::NotUntil<_>| TooOften {
            retry_after: until.wait_time_from(self.clock.now()),
        };
        self.limiter.check_key(&key).map_err(refused)
    }
}

/// One person commands a whole IPv6 /64, so that is what counts as one client.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attempt_after_the_last_allowed_one_is_refused() {
        let limiter = Limiter::new(3, Duration::from_secs(3600));
        assert!((0..3).all(|_| limiter.count("ada").is_ok()));
        let refused = limiter.count("ada").unwrap_err();
        assert!(refused.retry_after > Duration::from_secs(1100), "{refused:?}");
        assert!(limiter.count("grace").is_ok());
    }

    #[test]
    fn a_whole_ipv6_network_is_one_client() {
        let parse = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(
            network(parse("2001:db8:1:2::9")),
            network(parse("2001:db8:1:2:ffff::1"))
        );
        assert_ne!(network(parse("2001:db8:1:2::9")), network(parse("2001:db8:1:3::9")));
        assert_eq!(network(parse("::ffff:192.0.2.7")), parse("192.0.2.7"));
    }
}
