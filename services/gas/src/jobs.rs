//! `gas jobs`, `gas show`, `gas describe`, `gas cancel`, `gas rerun`, `gas rm`.

use std::io::{IsTerminal, stdin};

use domain::{size, with_commas};
use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::args::{DescribeArgs, JobsArgs, RerunArgs, RmArgs, SettingArgs};
use crate::failure::Failure;
use crate::output::{Output, text};

/// The most jobs that one answer has.
const PAGE: usize = 100;

/// Lists jobs, newest first.
pub async fn list(api: &Api, args: &JobsArgs, out: Output) -> Result<(), Failure> {
    let most = if args.all { usize::MAX } else { args.limit };
    let (mut told, mut cursor) = (0, None);
    while told < most {
        let page = page(api, PAGE.min(most - told), cursor.as_deref()).await?;
        let jobs = page["jobs"].as_array().into_iter().flatten();
        for job in jobs {
            out.answer(job, line);
            told += 1;
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    if told == 0 {
        out.remark("You have no jobs yet. Submit one: gas submit FILE");
    }
    Ok(())
}

/// A page of the list.
pub async fn page(api: &Api, limit: usize, cursor: Option<&str>) -> Result<Value, Failure> {
    let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    api.get(&format!("/jobs?limit={limit}{cursor}")).await
}

fn line(job: &Value) -> String {
    let results = match text(job, "results") {
        "available" => "results available",
        "archived" => "results archived",
        "restoring" => "results being restored",
        _ => "",
    };
    let line = format!(
        "{}  {}  {:9}  {}  {results}",
        text(job, "id"),
        text(job, "submitted_at"),
        text(job, "status").to_lowercase(),
        text(job, "file_name"),
    );
    line.trim_end().to_owned()
}

/// Shows a job.
pub async fn show(api: &Api, id: &str, out: Output) -> Result<(), Failure> {
    let job = api.get(&path(id)?).await?;
    out.answer(&job, facts);
    Ok(())
}

/// The path of a job. What is no UUID is no job, and would lead elsewhere.
pub fn path(id: &str) -> Result<String, Failure> {
    let id: domain::JobId = id
        .parse()
        .map_err(|_| Failure::Usage(format!("{id} is no ID of a job. gas jobs lists them.")))?;
    Ok(format!("/jobs/{id}"))
}

fn facts(job: &Value) -> String {
    let mut lines = vec![
        format!("{}  {}", text(job, "file_name"), text(job, "status").to_lowercase()),
        text(job, "sentence").to_owned(),
    ];
    let mut fact = |name: &str, value: &str| {
        if !value.is_empty() {
            lines.push(format!("{name:10} {value}"));
        }
    };
    let bytes = |value: &Value| {
        value
            .as_u64()
            .map(|bytes| format!("{} ({} bytes)", size(bytes), with_commas(bytes)))
    };
    let results = &job["results"];
    fact("name", text(job, "name"));
    fact("notes", &text(job, "notes").replace('\n', "\n           "));
    fact("error", text(job, "error"));
    fact("id", text(job, "id"));
    fact("page", text(job, "page"));
    fact("submitted", text(job, "submitted_at"));
    fact("ended", text(job, "ended_at"));
    fact("input", &bytes(&job["input_bytes"]).unwrap_or_default());
    fact("results", text(results, "access"));
    fact("", &bytes(&results["bytes"]).unwrap_or_default());
    fact("until", text(results, "available_until"));
    lines.join("\n")
}

/// Cancels jobs.
pub async fn cancel(api: &Api, ids: &[String], out: Output) -> Result<(), Failure> {
    for id in ids {
        let job = api.post(&format!("{}/cancel", path(id)?), &json!({}), None).await?;
        out.answer(&job, |job| format!("{} is cancelled.", text(job, "id")));
    }
    Ok(())
}

/// Names a job, or notes something of it.
pub async fn describe(api: &Api, args: &DescribeArgs, out: Output) -> Result<(), Failure> {
    let mut said = Map::new();
    let named = [("name", &args.name), ("notes", &args.notes)];
    said.extend(
        named
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value.clone()?.into()))),
    );
    let job = api.patch(&path(&args.id)?, &Value::Object(said)).await?;
    out.answer(&job, facts);
    Ok(())
}

/// Runs a job again.
pub async fn rerun(api: &Api, args: &RerunArgs, out: Output) -> Result<(), Failure> {
    let path = format!("{}/rerun", path(&args.id)?);
    // One key for all tries of this one wish.
    let key = domain::JobId::random().to_string();
    let job = api.post(&path, &settings(&args.settings), Some(&key)).await?;
    out.answer(&job, |job| format!("It runs again as job {}.", text(job, "id")));
    Ok(())
}

/// The settings as the API takes them.
pub fn settings(args: &SettingArgs) -> Value {
    let SettingArgs {
        reference,
        form,
        fields,
        entries,
        haplotypes,
        transcripts,
        tracks,
    } = args;
    let named = [
        ("reference", reference),
        ("form", form),
        ("fields", fields),
        ("entries", entries),
        ("haplotypes", haplotypes),
        ("transcripts", transcripts),
    ];
    let named = named
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?.into())));
    let tracks = tracks.iter().map(|tracks| ("tracks".to_owned(), json!(tracks)));
    Value::Object(named.chain(tracks).collect::<Map<_, _>>())
}

/// Deletes jobs, if that is meant.
pub async fn remove(api: &Api, args: &RmArgs, out: Output) -> Result<(), Failure> {
    if !args.yes && !is_meant(args.ids.len())? {
        return Err(Failure::Usage("Nothing was deleted.".into()));
    }
    for id in &args.ids {
        let asked = api.delete(&path(id)?).await?;
        let document = json!({ "id": id, "deletion": asked["deletion"] });
        out.answer(&document, |document| {
            format!("{} is being deleted.", text(document, "id"))
        });
    }
    Ok(())
}

fn is_meant(jobs: usize) -> Result<bool, Failure> {
    if !stdin().is_terminal() {
        return Err(Failure::Usage("Say --yes to delete without being asked.".into()));
    }
    eprint!("Delete {jobs} job(s), with input, results and log? [y/N] ");
    let mut typed = String::new();
    stdin().read_line(&mut typed)?;
    Ok(matches!(typed.trim(), "y" | "Y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_id_never_becomes_a_path() {
        assert!(path("../account").is_err() && path("").is_err());
        let id = domain::JobId::random().to_string();
        assert_eq!(path(&id).unwrap(), format!("/jobs/{id}"));
    }

    #[test]
    fn settings_that_are_not_named_are_not_sent() {
        let args = SettingArgs {
            reference: Some("hg38".into()),
            form: None,
            fields: None,
            entries: Some("pick".into()),
            haplotypes: None,
            transcripts: None,
            tracks: Some(vec!["dbSNP".into(), "ClinVar".into()]),
        };
        let sent = json!({ "reference": "hg38", "entries": "pick", "tracks": ["dbSNP", "ClinVar"] });
        assert_eq!(settings(&args), sent);
    }
}
