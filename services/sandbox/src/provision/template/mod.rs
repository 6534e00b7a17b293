//! A CloudFormation template of `ecs/`, read as CloudFormation reads it: conditions, functions, references.
//!
//! Provisioning makes what stands there, so that there is one description of the stores. What the template does not use,
//! this does not understand, and says so.

mod functions;
mod yaml;

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Where the resources are, for their ARNs.
#[derive(Debug, Clone)]
pub struct Place {
    /// Such as `us-east-1`.
    pub region: String,
    /// Twelve digits.
    pub account: String,
}

/// A template with the values of its parameters.
#[derive(Debug)]
pub struct Template {
    body: Value,
    parameters: Map<String, Value>,
    place: Place,
}

/// A resource whose condition holds, with nothing left to resolve.
#[derive(Debug)]
pub struct Resource {
    /// The name within the template.
    pub id: String,
    /// Such as `AWS::SQS::Queue`.
    pub kind: String,
    properties: Value,
}

impl Resource {
    /// The properties as `T`; one that `T` does not know is an error, so that none is lost.
    pub fn properties<T: DeserializeOwned>(&self) -> Result<T> {
        let read = T::deserialize(&self.properties);
        read.with_context(|| format!("read the {} {} of the template", self.kind, self.id))
    }
}

impl Template {
    /// Reads a template. Parameters that are not given have their defaults.
    ///
    /// # Errors
    /// If it cannot be read, a parameter has no value, or a value is given that is no parameter.
    pub fn read(text: &str, mut given: BTreeMap<&str, Value>, place: Place) -> Result<Self> {
        let body = yaml::parse(text)?;
        let mut parameters = Map::new();
        for (name, described) in object(&body, "Parameters")? {
            let value = given
                .remove(name.as_str())
                .or_else(|| described.get("Default").cloned());
            let value = value.with_context(|| format!("the template's parameter {name} has no value"))?;
            parameters.insert(name.clone(), value);
        }
        if let Some(name) = given.keys().next() {
            bail!("the template has no parameter {name}");
        }
        Ok(Self {
            body,
            parameters,
            place,
        })
    }

    /// What is to be made, by name.
    pub fn resources(&self) -> Result<Vec<Resource>> {
        let mut resources = Vec::new();
        for (id, described) in object(&self.body, "Resources")? {
            if self.is_wanted(described)? {
                resources.push(self.resource(id, described)?);
            }
        }
        Ok(resources)
    }

    fn is_wanted(&self, described: &Value) -> Result<bool> {
        match described.get("Condition") {
            Some(condition) => self.condition(condition.as_str().context("a condition has no name")?),
            None => Ok(true),
        }
    }

    fn resource(&self, id: &str, described: &Value) -> Result<Resource> {
        let none = Value::Object(Map::new());
        let properties = self.resolve(described.get("Properties").unwrap_or(&none));
        Ok(Resource {
            id: id.to_owned(),
            kind: kind(id, described)?.to_owned(),
            properties: properties.with_context(|| format!("resolve {id}"))?.unwrap_or(none),
        })
    }
}

fn kind<'a>(id: &str, described: &'a Value) -> Result<&'a str> {
    let kind = described.get("Type").and_then(Value::as_str);
    kind.with_context(|| format!("the template's {id} has no type"))
}

fn object<'a>(body: &'a Value, name: &str) -> Result<&'a Map<String, Value>> {
    let found = body.get(name).and_then(Value::as_object);
    found.with_context(|| format!("the template has no {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    const TEMPLATE: &str = r#"
Parameters:
  Where: { Type: String, Default: aws }
  Prefix: { Type: String }
  Delay: { Type: Number, Default: 900 }
Conditions:
  OnAws: !Equals [!Ref Where, aws]
  Prefixed: !And [!Not [!Condition OnAws], !Not [!Equals [!Ref Prefix, ""]]]
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties: { QueueName: !If [Prefixed, !Sub "${Prefix}jobs", jobs], DelaySeconds: !Ref Delay }
  News:
    Type: AWS::SNS::Topic
    Properties: { TopicName: news }
  Feed:
    Type: AWS::SNS::Subscription
    Properties: { TopicArn: !Ref News, Endpoint: !GetAtt Jobs.Arn, FilterPolicy: !If [OnAws, x, !Ref AWS::NoValue] }
  Database:
    Type: AWS::RDS::DBInstance
    Condition: OnAws
    Properties: { DBSubnetGroupName: !ImportValue subnets }
"#;

    fn read(parameters: &[(&'static str, Value)]) -> Result<Template> {
        let place = Place {
            region: "us-east-1".to_owned(),
            account: "000000000000".to_owned(),
        };
        Template::read(TEMPLATE, parameters.iter().cloned().collect(), place)
    }

    fn resolved(parameters: &[(&'static str, Value)]) -> BTreeMap<String, Value> {
        let resources = read(parameters).unwrap().resources().unwrap();
        resources.into_iter().map(|r| (r.id, r.properties)).collect()
    }

    #[test]
    fn conditions_functions_and_references_are_those_of_cloudformation() {
        let resources = resolved(&[
            ("Where", json!("emulator")),
            ("Prefix", json!("a-")),
            ("Delay", json!(5)),
        ]);
        let arn = "arn:aws:sqs:us-east-1:000000000000:a-jobs";
        let expected = [
            (
                "Feed",
                json!({ "TopicArn": "arn:aws:sns:us-east-1:000000000000:news", "Endpoint": arn }),
            ),
            ("Jobs", json!({ "QueueName": "a-jobs", "DelaySeconds": 5 })),
            ("News", json!({ "TopicName": "news" })),
        ];
        assert_eq!(resources, expected.map(|(id, value)| (id.to_owned(), value)).into());
    }

    #[test]
    fn a_function_that_we_do_not_know_is_an_error_only_where_it_is_used() {
        assert!(
            read(&[("Prefix", json!("")), ("Where", json!("emulator"))])
                .unwrap()
                .resources()
                .is_ok()
        );
        let refused = read(&[("Prefix", json!(""))]).unwrap().resources().unwrap_err();
        assert_eq!(
            format!("{refused:#}"),
            "resolve Database: the sandbox does not know the function Fn::ImportValue"
        );
    }

    #[test]
    fn a_parameter_must_have_a_value_and_be_one_of_the_template() {
        assert_eq!(
            read(&[]).unwrap_err().to_string(),
            "the template's parameter Prefix has no value"
        );
        let unknown = read(&[("Prefix", json!("")), ("Suffix", json!(""))]);
        assert_eq!(unknown.unwrap_err().to_string(), "the template has no parameter Suffix");
    }

    #[test]
    fn a_property_that_nobody_makes_is_an_error() {
        #[derive(Debug, Deserialize)]
        #[serde(rename_all = "PascalCase", deny_unknown_fields)]
        struct Queue {
            #[allow(dead_code)]
            queue_name: String,
        }
        let template = read(&[("Prefix", json!("")), ("Where", json!("emulator"))]).unwrap();
        let jobs = template
            .resources()
            .unwrap()
            .into_iter()
            .find(|r| r.id == "Jobs")
            .unwrap();
        let refused = format!("{:#}", jobs.properties::<Queue>().unwrap_err());
        assert!(
            refused.starts_with("read the AWS::SQS::Queue Jobs of the template: unknown field `DelaySeconds`"),
            "{refused}"
        );
    }
}
