//! Behind the pages: the stores and topics, as a test reaches them to arrange or to look.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sqs::types::QueueAttributeName;
use backends::accounts::Accounts;
use backends::jobs::Jobs;
use backends::object_store::ObjectStore;
use backends::settings::{DatabaseSettings, StoreSettings};
use backends::topic::Topic;
use domain::{
    EmailAddress, FileName, FullName, JobId, JobSettings, Role, Timestamp, TurnLimits, Upload, User, UserId, Username,
};

use crate::sandbox;

pub struct Reach {
    pub accounts: Accounts,
    pub jobs: Jobs,
    pub job_requests: Topic,
    pub job_results: Topic,
    dynamodb: aws_sdk_dynamodb::Client,
    sqs: aws_sdk_sqs::Client,
}

/// The clients of this test's own runtime would end with it, so each test makes its own.
pub async fn reach() -> Reach {
    let sandbox = sandbox().await;
    let aws = sandbox.aws_config().await;
    Reach {
        accounts: Accounts::connect(&DatabaseSettings::at(&sandbox.endpoints().postgres)).unwrap(),
        jobs: Jobs::new(&aws, &stores()),
        job_requests: Topic::connect(&aws, "job_requests").await.unwrap(),
        job_results: Topic::connect(&aws, "job_results").await.unwrap(),
        dynamodb: aws_sdk_dynamodb::Client::new(&aws),
        sqs: aws_sdk_sqs::Client::new(&aws),
    }
}

/// The buckets, as services reach them.
pub async fn objects() -> ObjectStore {
    let sandbox = sandbox().await;
    ObjectStore::new(&sandbox.aws_config().await, &sandbox.aws_settings(), &stores())
}

impl Reach {
    /// The same, with a table of turns that no sweep of the sandbox knows.
    pub async fn with_turns_of_its_own(mut self) -> Self {
        use aws_sdk_dynamodb::types::{
            AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
            ProjectionType, ScalarAttributeType,
        };
        let table = format!("turns-{}", JobId::random());
        let text = |name| {
            let definition = AttributeDefinition::builder().attribute_name(name);
            definition.attribute_type(ScalarAttributeType::S).build().unwrap()
        };
        let key = |name, kind| {
            KeySchemaElement::builder()
                .attribute_name(name)
                .key_type(kind)
                .build()
                .unwrap()
        };
        let keys = Projection::builder().projection_type(ProjectionType::KeysOnly).build();
        let waiting = GlobalSecondaryIndex::builder()
            .index_name("waiting_index")
            .key_schema(key("waiting_shard", KeyType::Hash))
            .key_schema(key("user_id", KeyType::Range))
            .projection(keys);
        let made = self
            .dynamodb
            .create_table()
            .table_name(&table)
            .billing_mode(BillingMode::PayPerRequest);
        let made = made
            .set_attribute_definitions(Some(["user_id", "entry", "waiting_shard"].map(text).to_vec()))
            .key_schema(key("user_id", KeyType::Hash))
            .key_schema(key("entry", KeyType::Range))
            .global_secondary_indexes(waiting.build().unwrap());
        made.send().await.unwrap();
        let stores = StoreSettings {
            turns_table: table,
            ..stores()
        };
        self.jobs = Jobs::new(&sandbox().await.aws_config().await, &stores);
        self
    }

    /// Changes the accounts database past every rule of ours.
    pub async fn sql(&self, statement: &str) {
        let url = &sandbox().await.endpoints().postgres;
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(statement).await.unwrap();
    }

    pub async fn user(&self, username: &str) -> User {
        self.accounts
            .credentials(&Username::parse(username).unwrap())
            .await
            .unwrap()
            .unwrap()
            .0
    }

    /// Makes a job look as if it had completed then.
    pub async fn set_complete_time(&self, id: JobId, then: Timestamp) {
        let then = AttributeValue::N(then.epoch_seconds().to_string());
        let update = self.dynamodb.update_item().table_name("annotations");
        let update = update.key("job_id", AttributeValue::S(id.to_string()));
        let update = update
            .update_expression("SET complete_time = :then")
            .expression_attribute_values(":then", then);
        update.send().await.unwrap();
    }

    /// Ends a job as annotators of before there were turns did: what holds its turn does not learn of it.
    pub async fn end_without_its_turn(&self, id: JobId) {
        let update = self.dynamodb.update_item().table_name("annotations");
        let update = update.key("job_id", AttributeValue::S(id.to_string()));
        let update = update
            .update_expression("SET job_status = :failed REMOVE pending_shard")
            .expression_attribute_values(":failed", AttributeValue::S("FAILED".into()));
        update.send().await.unwrap();
    }

    /// Begins a job as version 0.1 did, whose annotator then dies.
    pub async fn begin_as_version_0_1(&self, id: JobId) {
        let update = self.dynamodb.update_item().table_name("annotations");
        let update = update.key("job_id", AttributeValue::S(id.to_string()));
        let update = update
            .update_expression("SET job_status = :running, lease_until = :past ADD attempt :one")
            .expression_attribute_values(":running", AttributeValue::S("RUNNING".into()))
            .expression_attribute_values(":past", AttributeValue::N("0".into()))
            .expression_attribute_values(":one", AttributeValue::N("1".into()));
        update.send().await.unwrap();
    }

    /// Messages in a queue, waiting and in flight.
    pub async fn depth(&self, queue: &str) -> u32 {
        let url = self.url(queue).await;
        let counted = self
            .sqs
            .get_queue_attributes()
            .queue_url(url)
            .attribute_names(QueueAttributeName::All);
        let counted = counted.send().await.unwrap().attributes.unwrap();
        let number = |name| counted.get(&name).map_or(0, |count| count.parse::<u32>().unwrap());
        number(QueueAttributeName::ApproximateNumberOfMessages)
            + number(QueueAttributeName::ApproximateNumberOfMessagesNotVisible)
    }

    /// Puts a message into a queue, past its topic.
    pub async fn send_to(&self, queue: &str, message: &impl serde::Serialize) {
        let body = serde_json::to_string(message).unwrap();
        let send = self.sqs.send_message().queue_url(self.url(queue).await);
        send.message_body(body).send().await.unwrap();
    }

    async fn url(&self, queue: &str) -> String {
        let found = self.sqs.get_queue_url().queue_name(queue).send().await;
        found.unwrap().queue_url.unwrap()
    }
}

/// What the stores of every sandbox are called.
pub fn stores() -> StoreSettings {
    StoreSettings {
        inputs_bucket: "gas-inputs".into(),
        results_bucket: "gas-results".into(),
        annotations_table: "annotations".into(),
        turns_table: "turns".into(),
    }
}

/// The turns of every sandbox.
pub const TURNS: TurnLimits = TurnLimits { free: 2, premium: 20 };

/// A person of whom the accounts do not know, for stores that do not ask.
pub fn somebody() -> User {
    User {
        id: UserId::random(),
        username: Username::parse("somebody").unwrap(),
        email: EmailAddress::parse("somebody@example.org").unwrap(),
        name: FullName::parse("Some Body").unwrap(),
        role: Role::FreeUser,
        premium_ended: None,
    }
}

/// An upload as the object store would tell of it.
pub fn uploaded(name: &str) -> Upload {
    Upload {
        file_name: FileName::from_untrusted(name),
        settings: JobSettings::default(),
        size: 1603,
        version: None,
    }
}

/// How long a test waits for something that must not happen.
pub const A_WHILE: Duration = Duration::from_secs(2);
