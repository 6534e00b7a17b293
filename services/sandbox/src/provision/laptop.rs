//! What a laptop needs otherwise than AWS. All of it stands here; the rest is `ecs/data.yaml` as it is.
//!
//! | what | here | on AWS |
//! |---|---|---|
//! | `Where` | emulator: no database, no secrets, no refusal of requests without TLS | aws |
//! | names | `annotations`, `job_requests`, `gas-inputs` and so on, the defaults of the services | begin with the system's |
//! | sender of mails | one address, which the emulator takes for verified | a domain, with DKIM |
//! | delay of the archive queue | the retention that was asked for, of seconds in tests | 15 minutes |
//! | protection from deletion | none: `--fresh` is to work | of the table |

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::ProvisionSettings;
use super::template::{Place, Template};

/// The stores as production has them.
const DATA: &str = include_str!("../../../../ecs/data.yaml");

/// The longest time for which SQS keeps a message back
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html>).
const LONGEST_DELAY: Duration = Duration::from_secs(900);

/// The bucket of archives in S3's storage class GLACIER.
pub const ARCHIVE_BUCKET: &str = "gas-archive";

/// The template of the stores, with what a laptop needs otherwise.
pub fn template(settings: &ProvisionSettings, place: Place) -> Result<Template> {
    Template::read(DATA, parameters(settings), place)
}

fn parameters(settings: &ProvisionSettings) -> BTreeMap<&'static str, Value> {
    // Whether a job is due for the archive, the archiver decides itself; the queue holds it back as long as SQS can.
    let delay = settings.free_retention.min(LONGEST_DELAY);
    BTreeMap::from([
        ("System", json!("gas")),
        ("Where", json!("emulator")),
        ("Prefix", json!("")),
        ("BucketPrefix", json!("gas-")),
        ("PublicUrl", json!(settings.public_url)),
        ("MailIdentityName", json!(address(&settings.mail.mail_from))),
        ("ArchiveDelaySeconds", json!(delay.as_secs())),
        ("DeletionProtection", json!(false)),
    ])
}

/// The address of `Name <address>`.
fn address(sender: &str) -> &str {
    let address = sender
        .split_once('<')
        .map_or(sender, |(_, rest)| rest.trim_end_matches('>'));
    address.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_known_by_its_address() {
        assert_eq!(address("GAS <no-reply@gas.example.org>"), "no-reply@gas.example.org");
        assert_eq!(address("no-reply@gas.example.org"), "no-reply@gas.example.org");
    }
}
