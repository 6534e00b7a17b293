//! What a template's functions, conditions and references come to.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::{Template, kind, object};

impl Template {
    /// The value with every function resolved; `None` for `AWS::NoValue`, which takes its property away.
    pub fn resolve(&self, node: &Value) -> Result<Option<Value>> {
        match node {
            Value::Array(items) => {
                let items = items.iter().filter_map(|item| self.resolve(item).transpose());
                Ok(Some(items.collect::<Result<_>>()?))
            }
            Value::Object(entries) => match function(entries) {
                Some((name, argument)) => self.call(name, argument),
                None => self.resolve_entries(entries).map(Some),
            },
            _ => Ok(Some(node.clone())),
        }
    }

    fn resolve_entries(&self, entries: &Map<String, Value>) -> Result<Value> {
        let mut resolved = Map::new();
        for (key, value) in entries {
            if let Some(value) = self.resolve(value)? {
                resolved.insert(key.clone(), value);
            }
        }
        Ok(Value::Object(resolved))
    }

    fn call(&self, name: &str, argument: &Value) -> Result<Option<Value>> {
        match name {
            "Ref" if argument == "AWS::NoValue" => Ok(None),
            "Ref" => self.reference(text(argument)?).map(Some),
            "Fn::GetAtt" => self
                .attribute(text(item(argument, 0)?)?, text(item(argument, 1)?)?)
                .map(Some),
            "Fn::Sub" => self.substitute(text(argument)?).map(Some),
            "Fn::If" => {
                let chosen = if self.condition(text(item(argument, 0)?)?)? {
                    1
                } else {
                    2
                };
                self.resolve(item(argument, chosen)?)
            }
            _ => bail!("the sandbox does not know the function {name}"),
        }
    }

    /// Whether a condition of the template holds.
    pub fn condition(&self, name: &str) -> Result<bool> {
        let test = object(&self.body, "Conditions")?.get(name);
        self.test(test.with_context(|| format!("the template has no condition {name}"))?)
    }

    fn test(&self, node: &Value) -> Result<bool> {
        let entries = node.as_object().context("a condition is no function")?;
        let (name, argument) = entries.iter().next().context("a condition is empty")?;
        match name.as_str() {
            "Condition" => self.condition(text(argument)?),
            "Fn::Equals" => Ok(self.resolve(item(argument, 0)?)? == self.resolve(item(argument, 1)?)?),
            "Fn::Not" => Ok(!self.test(item(argument, 0)?)?),
            "Fn::And" => {
                let tests = argument.as_array().context("Fn::And has no list")?.iter();
                tests
                    .map(|test| self.test(test))
                    .try_fold(true, |all, test| Ok(test? && all))
            }
            _ => bail!("the sandbox does not know the condition {name}"),
        }
    }

    fn reference(&self, name: &str) -> Result<Value> {
        let pseudo = match name {
            "AWS::Region" => &self.place.region,
            "AWS::AccountId" => &self.place.account,
            "AWS::Partition" => "aws",
            _ => return self.parameter_or_resource(name),
        };
        Ok(json!(pseudo))
    }

    fn parameter_or_resource(&self, name: &str) -> Result<Value> {
        match self.parameters.get(name) {
            Some(value) => Ok(value.clone()),
            // CloudFormation gives a topic's ARN, and a queue's URL, which only SQS knows: its name leads there as well.
            None if self.kind(name)? == "AWS::SNS::Topic" => self.attribute(name, "TopicArn"),
            None => Ok(json!(self.resource_name(name)?)),
        }
    }

    fn attribute(&self, resource: &str, attribute: &str) -> Result<Value> {
        let (name, place) = (self.resource_name(resource)?, &self.place);
        let at = format!("{}:{}", place.region, place.account);
        let value = match (self.kind(resource)?, attribute) {
            ("AWS::S3::Bucket", "Arn") => format!("arn:aws:s3:::{name}"),
            ("AWS::SNS::Topic", "TopicArn") => format!("arn:aws:sns:{at}:{name}"),
            ("AWS::SQS::Queue", "Arn") => format!("arn:aws:sqs:{at}:{name}"),
            ("AWS::SQS::Queue", "QueueName") => name,
            (kind, _) => bail!("the sandbox does not know {attribute} of {resource}, a {kind}"),
        };
        Ok(json!(value))
    }

    /// The name that a resource's properties give it.
    fn resource_name(&self, resource: &str) -> Result<String> {
        let property = match self.kind(resource)? {
            "AWS::S3::Bucket" => "BucketName",
            "AWS::SNS::Topic" => "TopicName",
            "AWS::SQS::Queue" => "QueueName",
            "AWS::DynamoDB::Table" => "TableName",
            "AWS::SES::ConfigurationSet" => "Name",
            "AWS::SES::EmailIdentity" => "EmailIdentity",
            kind => bail!("the sandbox does not know what {resource}, a {kind}, is called"),
        };
        let named = &object(&self.body, "Resources")?[resource]["Properties"][property];
        let name = self.resolve(named)?.unwrap_or_default();
        Ok(text(&name)
            .with_context(|| format!("find the name of {resource}"))?
            .to_owned())
    }

    fn kind(&self, resource: &str) -> Result<&str> {
        let described = object(&self.body, "Resources")?.get(resource);
        kind(
            resource,
            described.with_context(|| format!("the template has nothing called {resource}"))?,
        )
    }

    /// `${Name}` is a reference, `${Name.Attribute}` an attribute.
    fn substitute(&self, template: &str) -> Result<Value> {
        let mut parts = template.split("${");
        let mut made = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').context("a Fn::Sub has no end")?;
            let value = match name.split_once('.') {
                Some((resource, attribute)) => self.attribute(resource, attribute)?,
                None => self.reference(name)?,
            };
            match value {
                Value::String(value) => made.push_str(&value),
                other => made.push_str(&other.to_string()),
            }
            made.push_str(rest);
        }
        Ok(json!(made))
    }
}

/// A function is an object with one entry that is called like one.
fn function(entries: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = entries.iter().next()?;
    let is_function = entries.len() == 1 && (name == "Ref" || name.starts_with("Fn::"));
    is_function.then_some((name, argument))
}

fn item(list: &Value, index: usize) -> Result<&Value> {
    list.get(index).context("a function has too few arguments")
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().with_context(|| format!("a text is wanted, not {value}"))
}
