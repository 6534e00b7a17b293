//! Regions that a filter of variants names, because they are too many for an address: a BED file is sent once, kept for its job under
//! a name that is made of what it says, and the address has that name.
//!
//! Whose job it is, is decided before. A name means something for the job alone for which it was sent.

use std::sync::Arc;

use backends::accounts::Accounts;
use data_encoding::HEXLOWER;
use domain::{Job, JobId, UserId};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};
use tracing::info;
use variants::{RegionSet, Wrong};

use crate::error::PageError;
use crate::places::{Place, Places};
use crate::variant_tables::{Trouble, beside};

/// The largest BED file that is taken, in bytes. The proxy before us takes little more.
pub const LARGEST: usize = 1_000_000;
/// Bytes of sets that were asked for lately, of all people together.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// Files that are taken at once, of all people and of one.
const AT_ONCE: usize = 16;
const AT_ONCE_OF_ONE: usize = 2;
/// Bytes of a hash that make a name.
const NAME: usize = 16;

type Name = (UserId, JobId, String);

/// The sets that were asked for lately, so that a page after the other does not read one anew.
pub struct RegionSets {
    kept: Cache<Name, Arc<RegionSet>, Weight>,
    places: Semaphore,
    of_people: Places,
}

/// A place to send a file at, free again when this is dropped.
pub struct Sending<'s> {
    _place: SemaphorePermit<'s>,
    _own: Place,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Name, Arc<RegionSet>> for Weight {
    fn weight(&self, _: &Name, set: &Arc<RegionSet>) -> u64 {
        256 + set.len() as u64 * 16
    }
}

impl Default for RegionSets {
    fn default() -> Self {
        Self {
            kept: Cache::with_weighter(64, MOST_BYTES, Weight),
            places: Semaphore::new(AT_ONCE),
            of_people: Places::new(AT_ONCE_OF_ONE),
        }
    }
}

impl RegionSets {
    /// A place for a file of this person's to be sent at.
    pub fn place(&self, person: UserId) -> Result<Sending<'_>, PageError> {
        let place = self.of_people.take(person).zip(self.places.try_acquire().ok());
        let (own, place) = place.ok_or_else(|| {
            PageError::Busy(
                "Many BED files are being sent",
                "We take a few at once, two of each person. Try again in a minute.".into(),
            )
        })?;
        Ok(Sending {
            _place: place,
            _own: own,
        })
    }

    /// Keeps the regions of a BED file for a job. Gives their name, which is the same whenever they are sent.
    pub async fn keep(
        &self,
        accounts: &Accounts,
        job: &Job,
        file: Vec<u8>,
    ) -> Result<(String, Arc<RegionSet>), Trouble> {
        let text = String::from_utf8(file).map_err(|_| {
            Trouble::Wrong(Wrong {
                field: "regions",
                why: "This is no BED file, which is text. If it is compressed, unpack it first.".to_owned(),
            })
        })?;
        let (set, bed) = beside(move || {
            let set = RegionSet::of_bed(&text)?;
            let bed = set.to_bed();
            Ok((set, bed))
        })
        .await?;
        let name = HEXLOWER.encode(&Sha256::digest(&bed)[..NAME]);
        accounts.keep_regions(job.user_id, job.id, &name, &bed).await?;
        info!(job.id = %job.id, "Keeps {} regions to filter job {} by", set.len(), job.id);
        Ok((name, Arc::new(set)))
    }

    /// The regions that were sent for the job under this name, if they are kept.
    pub async fn named(&self, accounts: &Accounts, job: &Job, name: &str) -> Result<Option<Arc<RegionSet>>, Trouble> {
        let own = (job.user_id, job.id, name.to_owned());
        if let Some(set) = self.kept.get(&own) {
            return Ok(Some(set));
        }
        let Some(bed) = accounts.regions(job.user_id, job.id, name).await? else {
            return Ok(None);
        };
        let set = Arc::new(beside(move || Ok(RegionSet::of_bed(&bed)?)).await?);
        self.kept.insert(own, Arc::clone(&set));
        Ok(Some(set))
    }
}
