//! Idempotency keys: the same for each try of the same thing. A key makes the job's id, so that whoever comes again with it, after a
//! crash say, is at the same job: nothing has to be remembered meanwhile, and nothing is made twice.

use domain::{JobId, UserId};
use sha2::{Digest, Sha256};
use uuid::Builder;

use super::ApiError;
use super::caller::Caller;

const LONGEST_KEY: usize = 200;

/// The idempotency key of a request, if it has one.
pub fn idempotency_key(caller: &Caller) -> Result<Option<String>, ApiError> {
    let Some(key) = caller.visit.header("idempotency-key") else {
        return Ok(None);
    };
    match (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(Some(key.to_owned())),
        false => Err(ApiError::Parameter(
            "The header Idempotency-Key has 1 to 200 letters, digits and signs of ASCII, and no space.",
        )),
    }
}

/// The job that a person's key makes: a UUID of version 8 (RFC 9562, 5.8). Nobody else's key makes the same one.
pub fn job_of(owner: UserId, key: &str) -> JobId {
    let mut hash = Sha256::new();
    hash.update(b"idempotency key\0");
    hash.update(owner.as_uuid().as_bytes());
    hash.update(key.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    JobId::from(Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_makes_the_same_job_each_time_and_another_for_each_person() {
        let (ada, grace) = (UserId::random(), UserId::random());
        assert_eq!(job_of(ada, "sha256-1"), job_of(ada, "sha256-1"));
        assert_ne!(job_of(ada, "sha256-1"), job_of(ada, "sha256-2"));
        assert_ne!(job_of(ada, "sha256-1"), job_of(grace, "sha256-1"));
        assert_eq!(job_of(ada, "k").as_uuid().get_version_num(), 8);
    }
}
