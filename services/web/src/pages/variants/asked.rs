//! What the address of the page asks for: a filter, an order, a page, and a sample whose genotype is shown.

use domain::Job;
use variants::{Filter, Query, Region, Sort, Wrong};

use crate::app::Application;
use crate::variant_tables::Trouble;

/// Variants on a page.
pub const PAGE: usize = 50;

/// Names and values of a query, in their order.
pub type Pairs = Vec<(String, String)>;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    /// Which variants.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// How many come before those of the page.
    pub offset: u64,
    /// The sample whose genotype is shown, if one was chosen.
    pub sample: Option<String>,
}

impl Asked {
    /// Reads a query. Two fields of the form that are no pairs of a filter become one: `sample` and `has` are a `genotype`; lines
    /// of a BED file may stand where regions do.
    ///
    /// # Errors
    ///
    /// The first field whose value means nothing, and why.
    pub fn of(pairs: &[(String, String)]) -> Result<Self, Wrong> {
        let mut plain = Vec::with_capacity(pairs.len() + 1);
        let mut regions = Vec::new();
        for (name, value) in pairs {
            match name.as_str() {
                "region" if looks_like_bed(value) => regions.extend(Region::of_bed(value)?),
                _ => plain.push((name.clone(), value.clone())),
            }
        }
        let sample = of(pairs, "sample");
        plain.extend(genotype(sample, of(pairs, "has")));
        let mut filter = Filter::from_pairs(&plain)?;
        filter.regions.extend(regions);
        Ok(Self {
            filter,
            sort: Sort::from_pairs(pairs)?,
            offset: offset(of(pairs, "offset"))?,
            sample: Some(sample.to_owned()).filter(|sample| !sample.is_empty()),
        })
    }

    /// Reads the address of a job's variants, with the regions that it only names.
    ///
    /// # Errors
    ///
    /// If a part is wrong, or no regions of this name are kept for the job.
    pub async fn about(app: &Application, job: &Job, pairs: &[(String, String)]) -> Result<Self, Trouble> {
        let mut asked = Self::of(pairs).map_err(Trouble::Wrong)?;
        if let Some(named) = &mut asked.filter.region_set {
            named.regions = app.region_sets.named(&app.accounts, job, &named.name).await?;
            named.regions().map_err(Trouble::Wrong)?;
        }
        Ok(asked)
    }

    /// As a question about so many variants, and about charts of all that match.
    #[must_use]
    pub fn query(&self, limit: usize, charts: bool) -> Query {
        Query {
            filter: self.filter.clone(),
            sort: self.sort,
            offset: self.offset,
            limit,
            charts,
        }
    }

    /// The query that asks for the same from the first page on, with another filter.
    #[must_use]
    pub fn with_filter(&self, filter: Pairs) -> String {
        let mut pairs = filter;
        if let Some(sample) = &self.sample {
            pairs.push(("sample".to_owned(), sample.clone()));
        }
        if self.sort != Sort::default() {
            pairs.push(("sort".to_owned(), self.sort.name().to_owned()));
        }
        encoded(&pairs)
    }

    /// The query that asks for the same from the first page on.
    #[must_use]
    pub fn first(&self) -> String {
        self.with_filter(self.filter.to_pairs())
    }

    /// The query that asks for the same behind so many.
    #[must_use]
    pub fn behind(&self, offset: u64) -> String {
        match (self.first(), offset) {
            (first, 0) => first,
            (first, offset) if first.is_empty() => format!("?offset={offset}"),
            (first, offset) => format!("{first}&offset={offset}"),
        }
    }
}

/// A query with its question mark; nothing if it says nothing.
#[must_use]
pub fn encoded(pairs: &[(String, String)]) -> String {
    match pairs {
        [] => String::new(),
        pairs => {
            let mut query = form_urlencoded::Serializer::for_suffix("?".to_owned(), 1);
            query.extend_pairs(pairs);
            query.finish()
        }
    }
}

/// The value of the first field of this name that has one.
pub fn of<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    let found = pairs
        .iter()
        .find(|(own, value)| own == name && !value.trim().is_empty());
    found.map_or("", |(_, value)| value.trim())
}

fn genotype(sample: &str, has: &str) -> Option<(String, String)> {
    let is_asked = !sample.is_empty() && !has.is_empty();
    is_asked.then(|| ("genotype".to_owned(), format!("{sample}:{has}")))
}

fn offset(text: &str) -> Result<u64, Wrong> {
    let wrong = |_| Wrong {
        field: "offset",
        why: "There is no such page of variants.".to_owned(),
    };
    match text {
        "" => Ok(0),
        text => text.parse().map_err(wrong),
    }
}

/// A line of BED has a chromosome, a start and an end, with nothing but white space between them.
fn looks_like_bed(text: &str) -> bool {
    let is_number = |word: Option<&str>| word.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    text.lines().any(|line| {
        let mut words = line.split_whitespace().skip(1);
        is_number(words.next()) && is_number(words.next())
    })
}

#[cfg(test)]
mod tests {
    use variants::GenotypeIs;

    use super::*;

    fn asked(query: &str) -> Result<Asked, Wrong> {
        Asked::of(&form_urlencoded::parse(query.as_bytes()).into_owned().collect::<Pairs>())
    }

    #[test]
    fn an_address_says_what_is_asked_and_says_it_again() {
        let asked_for =
            asked("gene=BRCA1,+TP53&impact=high&sample=NA12878&has=het&sort=severity&offset=50&q=").unwrap();
        assert_eq!(asked_for.filter.genotypes, [("NA12878".to_owned(), GenotypeIs::Het)]);
        assert_eq!((asked_for.offset, asked_for.sort), (50, Sort::Severity));
        let next = asked_for.behind(100);
        assert_eq!(
            next,
            "?gene=BRCA1&gene=TP53&impact=high&genotype=NA12878%3Ahet&sample=NA12878&sort=severity&offset=100"
        );
        let again = asked(next.trim_start_matches('?')).unwrap();
        assert_eq!(
            again,
            Asked {
                offset: 100,
                ..asked_for
            }
        );
        assert_eq!(asked("").unwrap().behind(0), "");
        assert_eq!(asked("").unwrap().behind(50), "?offset=50");
    }

    #[test]
    fn lines_of_a_bed_file_are_regions() {
        let of_bed = asked("region=chr7%09140453135%09140453136%0D%0Achr17%0941196311%0941277500").unwrap();
        let regions: Vec<String> = of_bed.filter.regions.iter().map(ToString::to_string).collect();
        assert_eq!(regions, ["chr7:140,453,136", "chr17:41,196,312-41,277,500"]);
        assert_eq!(asked("region=chr7:5-10+17").unwrap().filter.regions.len(), 2);
    }

    #[test]
    fn what_means_nothing_is_told_at_its_field() {
        for (query, field) in [
            ("offset=x", "offset"),
            ("sort=age", "sort"),
            ("region=chr7:20-10", "region"),
            ("frequency=often", "frequency"),
            ("region=chr1%0910%0910", "region"),
        ] {
            assert_eq!(asked(query).unwrap_err().field, field, "{query}");
        }
    }
}
