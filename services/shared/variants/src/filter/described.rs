//! A filter in words, part by part, so that each can be taken away.

use crate::region_set::NamedRegions;

use super::{Filter, FilterIs, FrequencyIs, LengthIs, Part};

/// Longer lists are one part.
const MOST_PARTS: usize = 12;

impl Filter {
    /// The filter's parts in words, each with the pairs of the filter without it. Of a long list of genes or regions it makes one part.
    #[must_use]
    pub fn describe(&self) -> Vec<Part> {
        let mut parts = Parts {
            filter: self,
            parts: Vec::new(),
        };
        parts.list(
            "genes",
            &self.genes,
            |gene| format!("gene {gene}"),
            |filter| &mut filter.genes,
        );
        parts.list(
            "regions",
            &self.regions,
            |region| format!("region {region}"),
            |filter| &mut filter.regions,
        );
        parts.single(self.region_set.as_ref().map(NamedRegions::words), |filter| {
            filter.region_set = None
        });
        let impact = |impact: &super::Impact| format!("impact {}", impact.name().to_ascii_lowercase());
        parts.list("impacts", &self.impacts, impact, |filter| &mut filter.impacts);
        let term = |term: &String| term.replace('_', " ");
        parts.list("consequences", &self.consequences, term, |filter| {
            &mut filter.consequences
        });
        parts.single(
            self.known.map(|known| if known { "known" } else { "not known" }),
            |filter| filter.known = None,
        );
        parts.single(self.frequency.map(frequency), |filter| filter.frequency = None);
        let quality = self.min_quality.map(|least| format!("quality at least {least}"));
        parts.single(quality, |filter| filter.min_quality = None);
        let filter_is = self.filter.as_ref().map(|is| match is {
            FilterIs::Pass => "FILTER is PASS".to_owned(),
            FilterIs::Has(text) => format!("FILTER has {text}"),
        });
        parts.single(filter_is, |filter| filter.filter = None);
        let genotype = |(sample, is): &(String, super::GenotypeIs)| format!("{sample} {}", is.words());
        parts.list("genotypes", &self.genotypes, genotype, |filter| &mut filter.genotypes);
        let inheritance = self.inheritance.as_ref().map(|told| {
            let (model, child) = (told.model.words(), &told.child);
            format!("{model} in {child} (mother {}, father {})", told.mother, told.father)
        });
        parts.single(inheritance, |filter| filter.inheritance = None);
        parts.single(
            self.clinvar.as_ref().map(|words| format!("ClinVar: {words}")),
            |filter| filter.clinvar = None,
        );
        parts.list(
            "kinds",
            &self.kinds,
            |kind| kind.words().to_owned(),
            |filter| &mut filter.kinds,
        );
        let change = |(from, to): &(u8, u8)| format!("{}>{}", char::from(*from), char::from(*to));
        parts.list("substitutions", &self.changes, change, |filter| &mut filter.changes);
        parts.single(self.length.map(length), |filter| filter.length = None);
        parts.single(self.text.as_ref().map(|text| format!("text “{text}”")), |filter| {
            filter.text = None
        });
        parts.parts
    }
}

struct Parts<'f> {
    filter: &'f Filter,
    parts: Vec<Part>,
}

impl Parts<'_> {
    fn single(&mut self, words: Option<impl Into<String>>, remove: impl Fn(&mut Filter)) {
        if let Some(words) = words {
            let mut rest = self.filter.clone();
            remove(&mut rest);
            self.parts.push(Part {
                words: words.into(),
                without: rest.to_pairs(),
            });
        }
    }

    fn list<T>(
        &mut self,
        name: &str,
        values: &[T],
        words: impl Fn(&T) -> String,
        of: impl Fn(&mut Filter) -> &mut Vec<T>,
    ) {
        if values.len() > MOST_PARTS {
            let words = format!("{} {name}", domain::with_commas(values.len() as u64));
            return self.single(Some(words), |filter| of(filter).clear());
        }
        for (index, value) in values.iter().enumerate() {
            self.single(Some(words(value)), |filter| drop(of(filter).remove(index)));
        }
    }
}

fn frequency(is: FrequencyIs) -> String {
    match is {
        FrequencyIs::AtMost(most) => format!("frequency at most {most}, or unknown"),
        FrequencyIs::Between(from, to) => format!("frequency {from} to {to}"),
        FrequencyIs::Unknown => "frequency unknown".to_owned(),
    }
}

fn length(LengthIs { from, to }: LengthIs) -> String {
    match to {
        i64::MAX => format!("{from} bases or more inserted or deleted"),
        to if to == from => format!("length {from}"),
        to => format!("length {from} to {to}"),
    }
}
