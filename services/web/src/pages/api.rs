//! `GET /api`: how programs use the service, for people: what the OpenAPI document says, as a page.

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::Value;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::api::{Code, document};
use crate::app::App;
use crate::error::PageError;
use crate::visit::{Page, Visit, reading, visit};

#[derive(Serialize)]
struct Api {
    public_url: String,
    requests_per_minute: u32,
    #[serde(flatten)]
    described: &'static Described,
}

/// What the document says.
#[derive(Serialize)]
struct Described {
    groups: Vec<Group>,
    schemas: Vec<Schema>,
    problems: Vec<Kind>,
}

/// Operations that belong together.
#[derive(Serialize)]
struct Group {
    name: String,
    about: String,
    operations: Vec<Operation>,
}

#[derive(Serialize)]
struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    about: Vec<Part>,
    /// What the token needs, if it needs anything; `any` if every token will do.
    scope: Option<String>,
    parameters: Vec<Field>,
    body: Option<String>,
    answers: Vec<Answer>,
}

/// A stretch of text, or of code in it.
#[derive(Serialize)]
struct Part {
    text: String,
    is_code: bool,
}

#[derive(Serialize)]
struct Answer {
    status: String,
    about: String,
    schema: Option<String>,
}

/// What is sent or answered.
#[derive(Serialize)]
struct Schema {
    name: String,
    about: Vec<Part>,
    fields: Vec<Field>,
    /// The words of which it is one.
    words: Vec<String>,
}

#[derive(Serialize)]
struct Field {
    name: String,
    kind: String,
    about: Vec<Part>,
}

/// A kind of problem.
#[derive(Serialize)]
struct Kind {
    status: u16,
    code: &'static str,
    about: &'static str,
}

static DESCRIBED: LazyLock<Described> = LazyLock::new(|| Described::of(document()));

/// `GET /api`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("api")
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response)
        .boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = visit.user().await?;
    let body = Api {
        public_url: visit.app.public_url.clone(),
        requests_per_minute: visit.app.limits.requests().times,
        described: &DESCRIBED,
    };
    visit.render(user.as_ref(), Page::new("pages/api.html", "API", body))
}

impl Described {
    fn of(document: &Value) -> Self {
        let operations: Vec<(String, Operation)> = entries(&document["paths"])
            .flat_map(|(path, item)| entries(item).map(move |(method, said)| (path, method, said)))
            .map(|(path, method, said)| (text(&said["tags"][0]), Operation::of(path, method, said)))
            .collect();
        let mut groups: Vec<Group> = list(&document["tags"])
            .map(|tag| Group {
                name: text(&tag["name"]),
                about: text(&tag["description"]),
                operations: Vec::new(),
            })
            .collect();
        for (tag, operation) in operations {
            if let Some(group) = groups.iter_mut().find(|group| group.name == tag) {
                group.operations.push(operation);
            }
        }
        let problem = |code: Code| {
            let (status, code, about) = code.about();
            Kind { status, code, about }
        };
        Self {
            groups,
            schemas: entries(&document["components"]["schemas"])
                .filter(|(name, _)| *name != "Code")
                .map(|(name, said)| Schema::of(name, said))
                .collect(),
            problems: Code::ALL.map(problem).into(),
        }
    }
}

impl Operation {
    fn of(path: &str, method: &str, said: &Value) -> Self {
        let scopes = list(&said["security"]).find_map(|wanted| wanted.get("token"));
        let answer = |(status, answer): (&str, &Value)| Answer {
            status: status.to_owned(),
            about: text(&answer["description"]),
            schema: entries(&answer["content"]).find_map(|(_, content)| name_of(&content["schema"])),
        };
        Self {
            id: text(&said["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(&said["summary"]),
            about: parts(&text(&said["description"])),
            scope: scopes.map(|scopes| scopes[0].as_str().unwrap_or("any").to_owned()),
            parameters: list(&said["parameters"]).map(Field::of_parameter).collect(),
            body: entries(&said["requestBody"]["content"]).find_map(|(_, content)| name_of(&content["schema"])),
            answers: entries(&said["responses"])
                .filter(|(status, _)| *status != "default")
                .map(answer)
                .collect(),
        }
    }
}

impl Schema {
    fn of(name: &str, said: &Value) -> Self {
        Self {
            name: name.to_owned(),
            about: parts(&text(&said["description"])),
            fields: entries(&said["properties"])
                .map(|(name, field)| Field::of(name, field))
                .collect(),
            words: list(&said["enum"]).map(text).collect(),
        }
    }
}

impl Field {
    fn of(name: &str, said: &Value) -> Self {
        Self {
            name: name.to_owned(),
            kind: kind(said),
            about: parts(&description(said)),
        }
    }

    fn of_parameter(said: &Value) -> Self {
        Self {
            name: text(&said["name"]),
            kind: format!("{}, {}", text(&said["in"]), kind(&said["schema"])),
            about: parts(&text(&said["description"])),
        }
    }
}

/// What is said of a field; of one that may be missing, utoipa says it beside the schema that it refers to.
fn description(field: &Value) -> String {
    let alternatives = list(&field["oneOf"]).map(|one| &one["description"]);
    let said = std::iter::once(&field["description"]).chain(alternatives);
    said.map(text).find(|said| !said.is_empty()).unwrap_or_default()
}

/// What kind of value a schema takes, in words.
fn kind(schema: &Value) -> String {
    if let Some(name) = name_of(schema) {
        return name;
    }
    let alternatives = list(&schema["oneOf"]).map(kind).filter(|kind| kind != "null");
    let alternatives: Vec<String> = alternatives.collect();
    if !alternatives.is_empty() {
        return alternatives.join(" or ");
    }
    let types: Vec<String> = match &schema["type"] {
        Value::String(one) => vec![one.clone()],
        several => list(several).map(text).filter(|kind| kind != "null").collect(),
    };
    match (types.join(" or ").as_str(), schema["format"].as_str()) {
        ("array", _) => format!("list of {}", kind(&schema["items"])),
        ("object", _) if schema["additionalProperties"].is_object() => {
            format!("object of {}", kind(&schema["additionalProperties"]))
        }
        ("string", Some(format)) => format.to_owned(),
        (other, _) => other.to_owned(),
    }
}

/// The name of the schema that is referred to.
fn name_of(schema: &Value) -> Option<String> {
    let name = schema["$ref"].as_str()?.rsplit('/').next()?;
    Some(name.to_owned())
}

/// Text in which backticks surround code, in its parts.
fn parts(text: &str) -> Vec<Part> {
    let pieces = text.split('`').enumerate();
    let part = |(at, text): (usize, &str)| Part {
        text: text.to_owned(),
        is_code: at % 2 == 1,
    };
    pieces.map(part).filter(|part| !part.text.is_empty()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let entries = value.as_object().into_iter().flatten();
    entries.map(|(name, value)| (name.as_str(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_all_that_the_document_says() {
        let described = Described::of(document());
        let operations = described.groups.iter().flat_map(|group| &group.operations);
        let named: usize = entries(&document()["paths"])
            .map(|(_, item)| entries(item).count())
            .sum();
        assert_eq!(operations.clone().count(), named);
        for operation in operations {
            assert!(
                !operation.summary.is_empty() && !operation.answers.is_empty(),
                "{}",
                operation.id
            );
        }
        for schema in &described.schemas {
            assert!(!schema.about.is_empty(), "{}", schema.name);
            assert!(!schema.fields.is_empty() || !schema.words.is_empty(), "{}", schema.name);
            for field in &schema.fields {
                assert!(
                    !field.kind.is_empty() && !field.about.is_empty(),
                    "{}.{}",
                    schema.name,
                    field.name
                );
            }
        }
    }
}
