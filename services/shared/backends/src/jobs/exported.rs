//! All that the rows of a person's jobs say, for the person to take along.

use anyhow::{Context, Result};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Job, UserId};
use serde_json::{Map, Value};

use super::item::{self, Item};
use super::{Cursor, Jobs, Page};

/// A job, and its whole row as JSON.
#[derive(Debug, Clone)]
pub struct ExportedJob {
    /// The job.
    pub job: Job,
    /// Each attribute of its row; the summary as the document that it is.
    pub row: Map<String, Value>,
}

impl Jobs {
    /// At most `limit` of a person's jobs with their rows, newest first, after `after`.
    pub async fn exported(&self, user: UserId, limit: i32, after: Option<Cursor>) -> Result<Page<ExportedJob>> {
        let found = self.of_user(user, limit, after).send().await;
        let found = found.with_context(|| format!("export the jobs of user {user}"))?;
        let jobs = found.items().iter().map(exported).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(jobs, found.last_evaluated_key, |exported| {
            (exported.job.submit_time, exported.job.id)
        }))
    }
}

fn exported(row: &Item) -> Result<ExportedJob> {
    let attribute = |(name, value): (&String, &AttributeValue)| (name.clone(), json(name, value));
    Ok(ExportedJob {
        job: item::without_summary(row)?,
        // It is of a secret, and of no use to its owner.
        row: row
            .iter()
            .filter(|(name, _)| *name != "share_hash")
            .map(attribute)
            .collect(),
    })
}

fn json(name: &str, value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) if name == "summary" => {
            serde_json::from_str(text).unwrap_or_else(|_| text.clone().into())
        }
        AttributeValue::S(text) => text.clone().into(),
        AttributeValue::N(digits) => serde_json::from_str(digits).unwrap_or_else(|_| digits.clone().into()),
        AttributeValue::Bool(is) => (*is).into(),
        AttributeValue::L(list) => list.iter().map(|value| json("", value)).collect(),
        AttributeValue::M(map) => {
            let entries = map.iter().map(|(name, value)| (name.clone(), json(name, value)));
            Value::Object(entries.collect())
        }
        AttributeValue::Ss(texts) => texts.iter().map(String::as_str).collect(),
        // Rows of jobs have no others.
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::super::item::{number, text};
    use super::*;

    #[test]
    fn attributes_become_json_and_a_summary_the_document_that_it_is() {
        assert_eq!(json("submit_time", &number(1_795_446_127)), 1_795_446_127);
        assert_eq!(json("input_file_name", &text("a.vcf")), "a.vcf");
        assert_eq!(json("summary", &text(r#"{"records":3}"#))["records"], 3);
        let progress = item::progress_value(domain::Progress {
            records: 3,
            percent: 100,
        });
        assert_eq!(json("progress", &progress)["percent"], 100);
    }
}
