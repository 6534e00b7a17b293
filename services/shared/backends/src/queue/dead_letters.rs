//! The dead-letter queue of a queue: looked at without harm, and sent back.

use std::time::Duration;

use anyhow::{Context, Result};
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use domain::Timestamp;
use futures_util::future::try_join_all;
use tokio::time::Instant;

use super::{Depth, Queue, delivery, whole_seconds};
use crate::accounts::Recorded;

/// How long a dead letter stays hidden while it is sent back.
const MOVING: Duration = Duration::from_secs(30);
/// How long one re-drive goes on, because a page waits for it.
const LONGEST_REDRIVE: Duration = Duration::from_secs(10);

/// The messages that a queue has delivered too often.
#[derive(Debug, Clone)]
pub struct DeadLetters {
    letters: Queue,
    queue: Queue,
}

impl DeadLetters {
    /// Those of this queue; `None` if SQS does not move any away.
    pub async fn of(queue: &Queue) -> Result<Option<Self>> {
        Ok(queue.dead_letters().await?.map(|letters| Self {
            letters,
            queue: queue.clone(),
        }))
    }

    /// How many messages are in the queue, and how many of its dead letters can be received.
    pub async fn depth(&self) -> Result<Depth> {
        self.queue.depth(Some(&self.letters)).await
    }

    /// When the oldest of up to ten dead letters was first sent. They stay visible, and no limit counts how often a dead
    /// letter is received.
    pub async fn oldest(&self) -> Result<Option<Timestamp>> {
        let seen = self.take(Duration::ZERO).await?;
        Ok(seen
            .into_iter()
            .filter_map(delivery)
            .filter_map(|letter| letter.sent_at)
            .min())
    }

    /// Sends the dead letters back to their queue, as many as there are now, and says how many went. One that soon comes
    /// back is not sent again, and one whose deletion fails is delivered twice, as any message may be.
    ///
    /// SQS's own `StartMessageMoveTask` ends some time later and does not say which letters it will take.
    pub async fn redrive(&self, _recorded: &Recorded) -> Result<u64> {
        let (most, begun) = (self.letters.depth(None).await?.visible, Instant::now());
        let mut sent = 0;
        while sent < most && begun.elapsed() < LONGEST_REDRIVE {
            let letters = self.take(MOVING).await?;
            if letters.is_empty() {
                break;
            }
            let went = try_join_all(letters.into_iter().map(|letter| self.send_back(letter))).await?;
            sent += u64::try_from(went.len())?;
        }
        Ok(sent)
    }

    /// Up to ten letters that are visible just now, hidden for `visibility`.
    async fn take(&self, visibility: Duration) -> Result<Vec<Message>> {
        let request = self
            .letters
            .client
            .receive_message()
            .queue_url(&self.letters.url)
            .max_number_of_messages(10)
            .wait_time_seconds(0)
            .visibility_timeout(whole_seconds(visibility))
            .message_attribute_names("All")
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .message_system_attribute_names(MessageSystemAttributeName::MessageGroupId);
        let received = request.send().await;
        let received = received.with_context(|| format!("receive from the queue {}", self.letters.name))?;
        Ok(received.messages.unwrap_or_default())
    }

    /// Sent first, deleted then: whoever dies in between leaves two, not none.
    async fn send_back(&self, letter: Message) -> Result<()> {
        let group = letter
            .attributes()
            .and_then(|known| known.get(&MessageSystemAttributeName::MessageGroupId));
        let request = self
            .queue
            .client
            .send_message()
            .queue_url(&self.queue.url)
            .message_body(letter.body.clone().unwrap_or_default())
            .set_message_attributes(letter.message_attributes.clone())
            .set_message_group_id(group.cloned())
            // A delay that the queue has was waited out when the message was first sent.
            .delay_seconds(0);
        let sent = request.send().await;
        sent.with_context(|| format!("send a dead letter back to the queue {}", self.queue.name))?;
        match delivery(letter) {
            Some(letter) => self.letters.delete(&letter).await,
            None => Ok(()),
        }
    }
}
