//! The pages' and mails' templates (Tera), built into the binary.

use anyhow::{Context as _, Result, anyhow};
use rust_embed::Embed;
use serde::Serialize;
use tera::{Context, Tera, context};

/// Where icons are drawn.
const ICONS: &str = "components/icon.html";

/// Every template, parsed.
pub struct Templates(Tera);

#[derive(Embed)]
#[folder = "templates/"]
struct Sources;

impl Templates {
    /// Parses every template; a mistake in one stops the service at start, not at a request.
    ///
    /// `everywhere` has the fields that every template may show and that stay the same.
    pub fn load(everywhere: &impl Serialize) -> Result<Self> {
        let mut tera = Tera::default();
        tera.autoescape_on(vec![".html"]);
        let sources = Sources::iter().filter_map(|name| Some((Sources::get(&name)?.data, name)));
        let texts = sources.map(|(data, name)| Ok((name, String::from_utf8(data.into_owned())?)));
        let texts: Vec<_> = texts.collect::<Result<_>>()?;
        let drawings = drawings(&texts)?;
        let drawn = texts.into_iter().map(|(name, text)| {
            let drawn = with_icons(&text, &drawings).with_context(|| format!("draw the icons of {name}"))?;
            Ok((name, drawn))
        });
        tera.add_raw_templates(drawn.collect::<Result<Vec<_>>>()?)?;
        *tera.global_context() = Context::from_serialize(everywhere)?;
        Ok(Self(tera))
    }

    /// Renders one template with the fields of `context`.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String> {
        let context = Context::from_serialize(context).with_context(|| format!("prepare {name}"))?;
        self.0.render(name, &context).with_context(|| format!("render {name}"))
    }
}

/// The component that draws icons, alone.
fn drawings(texts: &[(impl AsRef<str>, String)]) -> Result<Tera> {
    let mut tera = Tera::default();
    let icons = texts.iter().find(|(name, _)| name.as_ref() == ICONS);
    let (_, text) = icons.with_context(|| format!("{ICONS} is missing"))?;
    tera.add_raw_template(ICONS, text)?;
    Ok(tera)
}

/// Draws the icons whose names a template spells out. Every page has a dozen, and each would be a call whenever it is
/// rendered.
fn with_icons(text: &str, drawings: &Tera) -> Result<String> {
    let mut parts = text.split(r#"{{<icon name=""#);
    let mut drawn = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let closed = part.split_once(r#""/>}}"#);
        let (name, rest) = closed.ok_or_else(|| anyhow!("an icon has more than a name"))?;
        drawn += &drawings.render_component("icon", &context! { name => name }, None, true)?;
        drawn += rest;
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_parses() {
        Templates::load(&serde_json::json!({})).unwrap();
    }

    #[test]
    fn an_icon_that_is_spelled_out_is_drawn_before_a_page_is_rendered() {
        let icon = r#"{% component icon(name: string) -%}<svg class="{{ name }}"></svg>{%- endcomponent icon %}"#;
        let drawings = drawings(&[(ICONS, icon.to_owned())]).unwrap();
        let text = r#"<p>{{<icon name="up"/>}} {{<icon name={status}/>}}</p>"#;
        let drawn = with_icons(text, &drawings).unwrap();
        assert_eq!(drawn, r#"<p><svg class="up"></svg> {{<icon name={status}/>}}</p>"#);
        assert!(with_icons(r#"{{<icon name="up" size=3/>}}"#, &drawings).is_err());
    }
}
