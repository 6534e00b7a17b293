//! What a person calls a job and notes of it.

use anyhow::Result;
use domain::{JobId, JobName, JobNotes, UserId};

use super::Jobs;
use super::item::text;

impl Jobs {
    /// Writes name and notes of a job of `owner`, those that are given; empty ones are taken away. `false` if the person has no such
    /// job.
    pub async fn describe(
        &self,
        owner: UserId,
        id: JobId,
        name: Option<&JobName>,
        notes: Option<&JobNotes>,
    ) -> Result<bool> {
        let name = name.map(|name| ("job_name", name.as_str()));
        let written = name.into_iter().chain(notes.map(|notes| ("notes", notes.as_str())));
        let (set, remove): (Vec<_>, Vec<_>) = written.partition(|(_, text)| !text.is_empty());
        let clause = |verb: &str, parts: Vec<String>| match parts.is_empty() {
            true => String::new(),
            false => format!("{verb} {} ", parts.join(", ")),
        };
        let sets = set.iter().map(|(attribute, _)| format!("{attribute} = :{attribute}"));
        let removals = remove.iter().map(|(attribute, _)| (*attribute).to_owned());
        let expression = clause("SET", sets.collect()) + &clause("REMOVE", removals.collect());
        let update = self
            .update(id)
            .condition_expression("user_id = :owner")
            .update_expression(expression)
            .expression_attribute_values(":owner", text(owner));
        let update = set.iter().fold(update, |update, (attribute, value)| {
            update.expression_attribute_values(format!(":{attribute}"), text(value))
        });
        self.apply(id, "describe", update).await
    }
}
