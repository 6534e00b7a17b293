//! The form that filters variants: what was typed, what may be chosen, and what is wrong with it.

use serde::Serialize;
use variants::Wrong;

use super::asked::{Asked, Pairs, of};
use super::choices::{consequences, genotypes, impacts, kinds, models, sorts};

/// Fields whose values come from links alone. The form takes them along.
const CARRIED: [&str; 3] = ["change", "length", "regions"];

/// The form.
#[derive(Serialize)]
pub struct FormView {
    pub gene: Typed,
    pub region: Typed,
    pub frequency: Typed,
    pub quality: Typed,
    pub filter: Typed,
    pub clinvar: Typed,
    pub q: Typed,
    pub impacts: Choices,
    pub kinds: Choices,
    pub consequences: Choices,
    pub known: Choices,
    pub sort: Choices,
    pub samples: Choices,
    pub has: Choices,
    pub child: Choices,
    pub mother: Choices,
    pub father: Choices,
    pub model: Choices,
    /// Names and values that the form takes along.
    pub hidden: Pairs,
    /// What is wrong with a BED file that was sent beside the form, or with the name of one.
    pub bed_error: Option<String>,
    /// What is wrong with a field that the form does not have.
    pub error: Option<String>,
    /// Whether a field is in use that is not in sight at first.
    pub opens: bool,
}

/// A field for text.
#[derive(Serialize)]
pub struct Typed {
    pub value: String,
    pub error: Option<String>,
}

/// Several things to choose from.
#[derive(Serialize)]
pub struct Choices {
    pub options: Vec<OptionView>,
    pub error: Option<String>,
}

/// A thing to choose.
#[derive(Serialize)]
pub struct OptionView {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

impl FormView {
    /// The form of a page that asks for `asked`, or of one that asks for something wrong.
    #[must_use]
    pub fn of(asked: Result<&Asked, &Wrong>, pairs: &Pairs, samples: &[String]) -> Self {
        let fields = Fields {
            pairs,
            wrong: asked.err(),
        };
        let sort = asked.map_or_else(|_| of(pairs, "sort").to_owned(), |asked| asked.sort.name().to_owned());
        let sample = shown_sample(pairs, samples);
        let has = fields.genotype(&sample);
        let shown = Self {
            gene: fields.typed("gene", "\n"),
            region: fields.typed("region", "\n"),
            frequency: fields.typed("frequency", " "),
            quality: fields.typed("quality", " "),
            filter: fields.typed("filter", " "),
            clinvar: fields.typed("clinvar", " "),
            q: fields.typed("q", " "),
            impacts: fields.several("impact", impacts()),
            kinds: fields.several("kind", kinds()),
            consequences: fields.several("consequence", consequences()),
            known: fields.one(
                "known",
                of(pairs, "known"),
                [("", "Any"), ("yes", "Known"), ("no", "Not known")],
            ),
            sort: fields.one("sort", &sort, sorts()),
            samples: fields.one("sample", &sample, samples.iter().map(|name| (&**name, &**name))),
            has: fields.one("genotype", has, genotypes()),
            child: fields.person("child", samples),
            mother: fields.person("mother", samples),
            father: fields.person("father", samples),
            model: fields.one("model", of(pairs, "model"), models()),
            hidden: fields.hidden(&sample),
            bed_error: fields.error("regions"),
            error: fields.elsewhere(samples.len()),
            opens: false,
        };
        let opens = shown.uses_what_is_folded();
        Self { opens, ..shown }
    }

    fn uses_what_is_folded(&self) -> bool {
        let typed = [&self.quality, &self.filter, &self.q];
        let chosen = [&self.kinds, &self.consequences];
        let is_trio = self
            .model
            .options
            .iter()
            .any(|option| option.is_chosen && !option.value.is_empty());
        let errors = [&self.child, &self.mother, &self.father, &self.model];
        typed
            .iter()
            .any(|field| !field.value.is_empty() || field.error.is_some())
            || chosen
                .iter()
                .any(|field| field.error.is_some() || field.options.iter().any(|option| option.is_chosen))
            || is_trio
            || errors.iter().any(|field| field.error.is_some())
    }
}

/// The sample whose genotype is shown: the one that was chosen, or else the first.
#[must_use]
pub fn shown_sample(pairs: &Pairs, samples: &[String]) -> String {
    let chosen = of(pairs, "sample");
    let found = samples.iter().find(|name| *name == chosen).or(samples.first());
    found.cloned().unwrap_or_default()
}

/// The fields as they were sent.
struct Fields<'a> {
    pairs: &'a Pairs,
    wrong: Option<&'a Wrong>,
}

impl Fields<'_> {
    fn error(&self, name: &str) -> Option<String> {
        self.wrong
            .filter(|wrong| wrong.field == name)
            .map(|wrong| wrong.why.clone())
    }

    fn typed(&self, name: &str, between: &str) -> Typed {
        let values = self.pairs.iter().filter(|(own, _)| own == name);
        let values: Vec<&str> = values
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
            .collect();
        Typed {
            value: values.join(between),
            error: self.error(name),
        }
    }

    /// Any of a few things: those are chosen that the query names, one by one or several at once.
    fn several<'o>(&self, name: &str, options: impl IntoIterator<Item = (&'o str, String)>) -> Choices {
        let own = self.pairs.iter().filter(|(own, _)| own == name);
        let named = own.flat_map(|(_, value)| value.split([',', ';', ' ', '\n']));
        let named: Vec<String> = named.map(|value| value.trim().to_lowercase()).collect();
        let option = |(value, label): (&str, String)| OptionView {
            is_chosen: named.contains(&value.to_lowercase()),
            value: value.to_owned(),
            label,
        };
        Choices {
            options: options.into_iter().map(option).collect(),
            error: self.error(name),
        }
    }

    fn one<'o>(&self, name: &str, chosen: &str, options: impl IntoIterator<Item = (&'o str, &'o str)>) -> Choices {
        let option = |(value, label): (&str, &str)| OptionView {
            value: value.to_owned(),
            label: label.to_owned(),
            is_chosen: value == chosen,
        };
        Choices {
            options: options.into_iter().map(option).collect(),
            error: self.error(name),
        }
    }

    fn person(&self, name: &str, samples: &[String]) -> Choices {
        let nobody = std::iter::once(("", "–"));
        let samples = samples.iter().map(|sample| (&**sample, &**sample));
        self.one(name, of(self.pairs, name), nobody.chain(samples))
    }

    /// What is asked of the genotype of the sample that the form shows.
    fn genotype(&self, sample: &str) -> &str {
        let own = self.genotypes().find(|(name, _)| *name == sample);
        own.map_or_else(|| of(self.pairs, "has"), |(_, is)| is)
    }

    /// Samples and what is asked of them, as links have it.
    fn genotypes(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.pairs.iter().filter(|(name, _)| name == "genotype");
        own.filter_map(|(_, value)| value.trim().rsplit_once(':'))
    }

    /// What links have set, and genotypes of samples other than the one that the form shows.
    fn hidden(&self, sample: &str) -> Pairs {
        let carried = self.pairs.iter().filter(|(name, value)| {
            CARRIED.contains(&name.as_str()) && !value.trim().is_empty() && self.error(name).is_none()
        });
        let others = self.genotypes().filter(|(name, _)| *name != sample);
        let others = others.map(|(name, is)| ("genotype".to_owned(), format!("{name}:{is}")));
        carried.cloned().chain(others).collect()
    }

    /// What is wrong with a field that the form does not have.
    fn elsewhere(&self, samples: usize) -> Option<String> {
        let is_away = |field: &str| match field {
            "change" | "length" | "offset" | "limit" => true,
            "sample" | "genotype" => samples == 0,
            "child" | "mother" | "father" | "model" => samples < 3,
            _ => false,
        };
        self.wrong
            .filter(|wrong| is_away(wrong.field))
            .map(|wrong| wrong.why.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(query: &str, samples: &[&str]) -> FormView {
        let pairs: Pairs = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let samples: Vec<String> = samples.iter().map(ToString::to_string).collect();
        let asked = Asked::of(&pairs);
        FormView::of(asked.as_ref(), &pairs, &samples)
    }

    fn chosen(choices: &Choices) -> Vec<&str> {
        let chosen = choices.options.iter().filter(|option| option.is_chosen);
        chosen.map(|option| option.value.as_str()).collect()
    }

    #[test]
    fn the_form_shows_what_was_asked_and_takes_along_what_links_have_set() {
        let shown = form(
            "gene=BRCA1&gene=TP53&impact=HIGH&change=C%3ET&genotype=mother:het&sample=child&genotype=child:hom_alt",
            &["mother", "child"],
        );
        assert_eq!(shown.gene.value, "BRCA1\nTP53");
        assert_eq!(chosen(&shown.impacts), ["HIGH"]);
        assert_eq!(
            (chosen(&shown.samples), chosen(&shown.has)),
            (vec!["child"], vec!["hom_alt"])
        );
        let hidden: Vec<String> = shown
            .hidden
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(hidden, ["change=C>T", "genotype=mother:het"]);
        assert!(!shown.opens && form("kind=snv", &[]).opens);
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field_and_stays_to_be_mended() {
        let shown = form("frequency=often&gene=BRCA1&kind=snv,insertion", &[]);
        assert_eq!(
            (shown.frequency.value.as_str(), shown.gene.value.as_str()),
            ("often", "BRCA1")
        );
        assert!(shown.frequency.error.is_some() && shown.gene.error.is_none() && shown.error.is_none());
        assert_eq!(chosen(&shown.kinds), ["snv", "insertion"]);
        assert!(form("offset=x", &[]).error.is_some());
        assert!(form("model=denovo&child=a", &["a", "b", "c"]).mother.error.is_some());
    }
}
