//! The pages' and mails' templates (Tera), built into the binary.

use anyhow::{Context as _, Result};
use rust_embed::Embed;
use serde::Serialize;
use tera::{Context, Tera};

/// Every template, parsed.
pub struct Templates(Tera);

#[derive(Embed)]
#[folder = "templates/"]
struct Sources;

impl Templates {
    /// Parses every template; a mistake in one stops the service at start, not at a request.
    pub fn load() -> Result<Self> {
        let mut tera = Tera::default();
        tera.autoescape_on(vec![".html"]);
        let sources = Sources::iter().filter_map(|name| Some((Sources::get(&name)?.data, name)));
        let texts = sources.map(|(data, name)| Ok((name, String::from_utf8(data.into_owned())?)));
        tera.add_raw_templates(texts.collect::<Result<Vec<_>>>()?)?;
        Ok(Self(tera))
    }

    /// Renders one template with the fields of `context`.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String> {
        let context = Context::from_serialize(context).with_context(|| format!("prepare {name}"))?;
        self.0.render(name, &context).with_context(|| format!("render {name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_parses() {
        Templates::load().unwrap();
    }
}
