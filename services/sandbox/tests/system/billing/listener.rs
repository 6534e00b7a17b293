//! Hears what is published on a topic, by a queue of the test's own.

use std::collections::HashMap;

use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::{Value, json};

use crate::{eventually, sandbox};

pub struct Listener {
    sqs: aws_sdk_sqs::Client,
    queue: String,
    heard: tokio::sync::Mutex<Vec<Value>>,
}

impl Listener {
    pub async fn to(topic: &str) -> Self {
        let aws = sandbox().await.aws_config().await;
        let (sns, sqs) = (aws_sdk_sns::Client::new(&aws), aws_sdk_sqs::Client::new(&aws));
        let name = format!("test-{topic}-{}", uuid::Uuid::new_v4().simple());
        let queue = sqs
            .create_queue()
            .queue_name(name)
            .send()
            .await
            .unwrap()
            .queue_url
            .unwrap();
        let arn = QueueAttributeName::QueueArn;
        let asked = sqs
            .get_queue_attributes()
            .queue_url(&queue)
            .attribute_names(arn.clone());
        let arn = asked.send().await.unwrap().attributes.unwrap()[&arn].clone();
        let topic = sns.create_topic().name(topic).send().await.unwrap().topic_arn.unwrap();
        let policy = json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": { "Service": "sns.amazonaws.com" }, "Action": "sqs:SendMessage",
            "Resource": arn, "Condition": { "ArnEquals": { "aws:SourceArn": topic } },
        }] });
        let policy = HashMap::from([(QueueAttributeName::Policy, policy.to_string())]);
        let configure = sqs
            .set_queue_attributes()
            .queue_url(&queue)
            .set_attributes(Some(policy));
        configure.send().await.unwrap();
        let subscribe = sns.subscribe().topic_arn(topic).protocol("sqs").endpoint(arn);
        subscribe.attributes("RawMessageDelivery", "true").send().await.unwrap();
        Self {
            sqs,
            queue,
            heard: tokio::sync::Mutex::default(),
        }
    }

    /// Waits for a notice of this kind to the person.
    pub async fn hears_notice(&self, user: domain::UserId, kind: &str) -> Value {
        let is_it = |message: &Value| message["notice"]["kind"] == kind;
        let about = || async { self.all(user).await.into_iter().find(is_it) };
        eventually(&format!("{kind} to {user}"), about).await
    }

    /// Waits for a message about the person.
    pub async fn hears(&self, user: domain::UserId) -> Value {
        let about = || async { self.all(user).await.pop() };
        eventually(&format!("a message about {user}"), about).await
    }

    /// Every message about the person so far.
    pub async fn all(&self, user: domain::UserId) -> Vec<Value> {
        let receive = self
            .sqs
            .receive_message()
            .queue_url(&self.queue)
            .max_number_of_messages(10);
        let received = receive.send().await.unwrap().messages.unwrap_or_default();
        let mut heard = self.heard.lock().await;
        heard.extend(
            received
                .iter()
                .map(|one| serde_json::from_str::<Value>(one.body().unwrap()).unwrap()),
        );
        let user = user.to_string();
        heard
            .iter()
            .filter(|message| message["user_id"] == user.as_str())
            .cloned()
            .collect()
    }
}
