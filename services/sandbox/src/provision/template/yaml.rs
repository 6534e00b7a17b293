//! YAML with CloudFormation's short forms, as plain data.

use anyhow::{Context, Result, bail};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

/// Reads a template. `!Ref X` becomes `{"Ref": "X"}`, `!Sub "…"` becomes `{"Fn::Sub": "…"}`, and so on.
pub fn parse(text: &str) -> Result<Value> {
    let documents = Yaml::load_from_str(text).context("read the template")?;
    plain(documents.first().context("the template is empty")?)
}

fn plain(node: &Yaml<'_>) -> Result<Value> {
    Ok(match node {
        Yaml::Value(scalar) => of_scalar(scalar),
        Yaml::Sequence(items) => items.iter().map(plain).collect::<Result<_>>()?,
        Yaml::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| Ok((name(key)?, plain(value)?)));
            Value::Object(entries.collect::<Result<Map<_, _>>>()?)
        }
        Yaml::Tagged(tag, argument) => long_form(&tag.suffix, plain(argument)?),
        _ => bail!("the template has something that is not plain YAML: {node:?}"),
    })
}

fn of_scalar(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => json!(value),
        Scalar::Integer(value) => json!(value),
        Scalar::FloatingPoint(value) => json!(value.0),
        Scalar::String(value) => json!(value),
    }
}

fn name(key: &Yaml<'_>) -> Result<String> {
    let name = key.as_str().map(str::to_owned);
    name.with_context(|| format!("the template has a key that is no text: {key:?}"))
}

fn long_form(tag: &str, argument: Value) -> Value {
    let argument = match (tag, argument.as_str().and_then(|text| text.split_once('.'))) {
        ("GetAtt", Some((resource, attribute))) => json!([resource, attribute]),
        _ => argument,
    };
    match tag {
        "Ref" | "Condition" => json!({ tag: argument }),
        function => json!({ format!("Fn::{function}"): argument }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_read_as_long_ones() {
        let text = "a: !Ref B\nc: [!GetAtt D.Arn, 60, true]\ne: { f: !Sub '${G}h', i: !If [J, !Ref K, '2'] }\n";
        let read = json!({
            "a": { "Ref": "B" },
            "c": [{ "Fn::GetAtt": ["D", "Arn"] }, 60, true],
            "e": { "f": { "Fn::Sub": "${G}h" }, "i": { "Fn::If": ["J", { "Ref": "K" }, "2"] } },
        });
        assert_eq!(parse(text).unwrap(), read);
    }
}
