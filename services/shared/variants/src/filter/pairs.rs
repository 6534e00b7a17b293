//! A filter as pairs of names and values, as an address carries it, and back.

use super::values::{
    MOST_VALUES, change, each, filter_is, frequency, genotype, impact, kind, known, length, quality, term, text,
};
use super::{Filter, FilterIs, FrequencyIs, Inheritance, LengthIs, Model};
use crate::error::Wrong;
use crate::region::{MOST_REGIONS, Region, shown};
use crate::region_set::NamedRegions;

impl Filter {
    /// Reads a filter from pairs: `gene`, `region`, `regions` (the name of a set), `impact`, `consequence`, `known` (`yes`, `no`),
    /// `frequency` (`0.01`, `1%`, `0.01-0.05`, `unknown`), `quality`, `filter`, `genotype` (`SAMPLE:het`), `child`, `mother`, `father`
    /// and `model`, `clinvar`, `kind`, `change` (`C>T`), `length` (`3`, `11-20`, `51-`), `q`.
    ///
    /// A field may come several times, and several genes, regions, impacts, consequences, kinds and changes may be in one value,
    /// with spaces, commas or line breaks between them (regions without commas, which stand between thousands). Empty values are
    /// no conditions, and pairs of other names are not ours.
    ///
    /// # Errors
    ///
    /// The first value that means nothing: which field, and why.
    pub fn from_pairs(pairs: &[(String, String)]) -> Result<Self, Wrong> {
        let mut filter = Self::default();
        let mut trio = Trio::default();
        for (name, value) in pairs {
            let value = value.trim();
            if !value.is_empty() {
                filter.read(name, value, &mut trio)?;
            }
        }
        filter.inheritance = trio.inheritance()?;
        Ok(filter)
    }

    fn read<'p>(&mut self, name: &str, value: &'p str, trio: &mut Trio<'p>) -> Result<(), Wrong> {
        match name {
            "gene" => each("gene", value, &mut self.genes, |gene| Ok(gene.to_owned()))?,
            "region" => self.read_regions(value)?,
            "regions" => self.region_set = Some(NamedRegions::parse(value)?),
            "impact" => each("impact", value, &mut self.impacts, impact)?,
            "consequence" => each("consequence", value, &mut self.consequences, term)?,
            "kind" => each("kind", value, &mut self.kinds, kind)?,
            "change" => each("change", value, &mut self.changes, change)?,
            "known" => self.known = Some(known(value)?),
            "frequency" => self.frequency = Some(frequency(value)?),
            "quality" => self.min_quality = Some(quality(value)?),
            "filter" => self.filter = Some(filter_is(value)?),
            "length" => self.length = Some(length(value)?),
            "clinvar" => self.clinvar = Some(text("clinvar", value)?),
            "q" => self.text = Some(text("q", value)?),
            "genotype" => {
                let genotype = genotype(value)?;
                if self.genotypes.len() < MOST_VALUES && !self.genotypes.contains(&genotype) {
                    self.genotypes.push(genotype);
                }
            }
            "child" => trio.child = Some(value),
            "mother" => trio.mother = Some(value),
            "father" => trio.father = Some(value),
            "model" => trio.model = Some(value),
            _ => {}
        }
        Ok(())
    }

    fn read_regions(&mut self, value: &str) -> Result<(), Wrong> {
        let values = value.split(|letter: char| letter.is_whitespace() || letter == ';');
        for region in values
            .map(|region| region.trim_matches(','))
            .filter(|region| !region.is_empty())
        {
            let region = Region::parse(region)?;
            if self.regions.len() == MOST_REGIONS {
                let most = domain::with_commas(MOST_REGIONS as u64);
                return Err(Wrong::new("region", format!("A filter has at most {most} regions.")));
            }
            self.regions.push(region);
        }
        Ok(())
    }

    /// The pairs that [`from_pairs`](Self::from_pairs) reads this filter from: one for each value of a list.
    #[must_use]
    pub fn to_pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
        self.genes.iter().for_each(|gene| add("gene", gene.clone()));
        self.regions.iter().for_each(|region| add("region", region.plain()));
        self.region_set
            .iter()
            .for_each(|named| add("regions", named.name.clone()));
        self.impacts
            .iter()
            .for_each(|impact| add("impact", impact.name().to_ascii_lowercase()));
        self.consequences
            .iter()
            .for_each(|term| add("consequence", term.clone()));
        if let Some(known) = self.known {
            add("known", if known { "yes" } else { "no" }.to_owned());
        }
        if let Some(frequency) = self.frequency {
            add(
                "frequency",
                match frequency {
                    FrequencyIs::AtMost(most) => most.to_string(),
                    FrequencyIs::Between(from, to) => format!("{from}-{to}"),
                    FrequencyIs::Unknown => "unknown".to_owned(),
                },
            );
        }
        if let Some(quality) = self.min_quality {
            add("quality", quality.to_string());
        }
        match &self.filter {
            Some(FilterIs::Pass) => add("filter", "PASS".to_owned()),
            Some(FilterIs::Has(text)) => add("filter", text.clone()),
            None => {}
        }
        self.genotypes
            .iter()
            .for_each(|(sample, is)| add("genotype", format!("{sample}:{}", is.name())));
        if let Some(Inheritance {
            child,
            mother,
            father,
            model,
        }) = &self.inheritance
        {
            add("child", child.clone());
            add("mother", mother.clone());
            add("father", father.clone());
            add("model", model.name().to_owned());
        }
        self.clinvar.iter().for_each(|words| add("clinvar", words.clone()));
        self.kinds.iter().for_each(|kind| add("kind", kind.name().to_owned()));
        for (from, to) in &self.changes {
            add("change", format!("{}>{}", char::from(*from), char::from(*to)));
        }
        if let Some(LengthIs { from, to }) = self.length {
            add(
                "length",
                match to {
                    i64::MAX => format!("{from}-"),
                    to if to == from => from.to_string(),
                    to => format!("{from}-{to}"),
                },
            );
        }
        self.text.iter().for_each(|text| add("q", text.clone()));
        pairs
    }
}

/// The fields of a trio, until all are there.
#[derive(Default)]
struct Trio<'p> {
    child: Option<&'p str>,
    mother: Option<&'p str>,
    father: Option<&'p str>,
    model: Option<&'p str>,
}

impl Trio<'_> {
    fn inheritance(&self) -> Result<Option<Inheritance>, Wrong> {
        let Some(model) = self.model else {
            // A form that remembers the family, and asks nothing of it.
            return Ok(None);
        };
        let models = "Inheritance is denovo, recessive, compound or xlinked";
        let of = |name: &str| Model::ALL.into_iter().find(|own| own.name() == name);
        let model = of(model).ok_or_else(|| Wrong::new("model", format!("{models}, not “{}”.", shown(model))))?;
        let person = |name: &'static str, who: Option<&str>| {
            let missing = || {
                Wrong::new(
                    name,
                    format!("Choose the {name}’s sample: inheritance is told from all three."),
                )
            };
            Ok::<_, Wrong>(who.ok_or_else(missing)?.to_owned())
        };
        let (child, mother, father) = (
            person("child", self.child)?,
            person("mother", self.mother)?,
            person("father", self.father)?,
        );
        let twice = [
            (&mother, &child, "mother"),
            (&father, &child, "father"),
            (&father, &mother, "father"),
        ];
        if let Some((_, _, name)) = twice.into_iter().find(|(one, other, _)| one == other) {
            return Err(Wrong::new(name, "Child, mother and father are three samples."));
        }
        Ok(Some(Inheritance {
            child,
            mother,
            father,
            model,
        }))
    }
}
