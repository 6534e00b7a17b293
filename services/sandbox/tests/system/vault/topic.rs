//! A topic and a queue of a test's own, for what a vault tells.

use aws_sdk_sqs::types::QueueAttributeName;
use domain::JobId;
use serde_json::{Value, json};

use crate::{eventually, sandbox};

pub struct OwnTopic {
    pub arn: String,
    sqs: aws_sdk_sqs::Client,
    queue: String,
}

impl OwnTopic {
    pub async fn make() -> Self {
        let aws = sandbox().await.aws_config().await;
        let (sns, sqs) = (aws_sdk_sns::Client::new(&aws), aws_sdk_sqs::Client::new(&aws));
        let name = format!("vault-test-{}", JobId::random());
        let arn = sns.create_topic().name(&name).send().await.unwrap().topic_arn.unwrap();
        let queue = sqs
            .create_queue()
            .queue_name(&name)
            .send()
            .await
            .unwrap()
            .queue_url
            .unwrap();
        let asked = sqs
            .get_queue_attributes()
            .queue_url(&queue)
            .attribute_names(QueueAttributeName::QueueArn);
        let queue_arn = asked.send().await.unwrap().attributes.unwrap()[&QueueAttributeName::QueueArn].clone();
        let policy = json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": { "Service": "sns.amazonaws.com" }, "Action": "sqs:SendMessage",
            "Resource": queue_arn, "Condition": { "ArnEquals": { "aws:SourceArn": arn } },
        }] });
        let set = sqs.set_queue_attributes().queue_url(&queue);
        set.attributes(QueueAttributeName::Policy, policy.to_string())
            .send()
            .await
            .unwrap();
        let subscribe = sns.subscribe().topic_arn(&arn).protocol("sqs").endpoint(queue_arn);
        subscribe.attributes("RawMessageDelivery", "true").send().await.unwrap();
        Self { arn, sqs, queue }
    }

    /// Waits for the next message.
    pub async fn next(&self) -> Value {
        let body = eventually("a notification", || async {
            let receive = self.sqs.receive_message().queue_url(&self.queue).wait_time_seconds(1);
            let message = receive.send().await.unwrap().messages.unwrap_or_default().pop()?;
            let delete = self.sqs.delete_message().queue_url(&self.queue);
            delete
                .receipt_handle(message.receipt_handle.unwrap())
                .send()
                .await
                .unwrap();
            message.body
        })
        .await;
        serde_json::from_str(&body).unwrap()
    }
}
