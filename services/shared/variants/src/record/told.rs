//! A record's columns, with what the header says of them.

use super::header::Declared;

/// A record as it stands in the results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// QUAL, as it is written.
    pub quality: String,
    /// FILTER, as it is written.
    pub filter: String,
    /// ALT, as it is written.
    pub alternates: Vec<String>,
    /// INFO, in its order.
    pub info: Vec<Key>,
    /// The keys of FORMAT, in their order, each with what it means.
    pub format: Vec<Key>,
    /// Every sample.
    pub samples: Vec<Sample>,
}

/// A key of INFO or FORMAT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Its value, as it is written; `None` of a flag, and of a key of FORMAT.
    pub value: Option<String>,
    /// What it means, as the header says.
    pub meaning: Option<String>,
}

/// A sample's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its name.
    pub name: String,
    /// As many as FORMAT has keys; `.` where the record leaves the last ones out.
    pub values: Vec<String>,
}

impl Record {
    /// Reads a line, without its end.
    #[must_use]
    pub fn read(line: &[u8], declared: &Declared) -> Self {
        let line = String::from_utf8_lossy(line);
        let mut columns = line.split('\t').skip(4);
        let mut column = || columns.next().unwrap_or(".");
        let (alternates, quality, filter, info, format) = (column(), column(), column(), column(), column());
        let key = |name: &str, value: Option<&str>, meanings: &std::collections::HashMap<String, String>| Key {
            name: name.to_owned(),
            value: value.map(str::to_owned),
            meaning: meanings.get(name).cloned(),
        };
        let keys = info.split(';').filter(|key| !key.is_empty() && *key != ".");
        let info = keys.map(|text| match text.split_once('=') {
            Some((name, value)) => key(name, Some(value), &declared.info),
            None => key(text, None, &declared.info),
        });
        let names = format.split(':').filter(|key| !key.is_empty() && *key != ".");
        let format: Vec<Key> = names.map(|name| key(name, None, &declared.format)).collect();
        let samples = declared.samples.iter().zip(columns).map(|(name, values)| {
            let values = values.split(':').map(str::to_owned);
            Sample {
                name: name.clone(),
                values: values
                    .chain(std::iter::repeat(".".to_owned()))
                    .take(format.len())
                    .collect(),
            }
        });
        Self {
            quality: quality.to_owned(),
            filter: filter.to_owned(),
            alternates: alternates.split(',').map(str::to_owned).collect(),
            info: info.collect(),
            samples: samples.collect(),
            format,
        }
    }
}

impl Sample {
    /// How many copies of allele number `allele` of ALT (from 1) its genotype has, if the first key is GT.
    #[must_use]
    pub fn copies(&self, allele: usize) -> usize {
        let genotype = self.values.first().map(String::as_str).unwrap_or_default();
        let alleles = genotype.split(['/', '|']);
        alleles.filter(|copy| copy.parse() == Ok(allele)).count()
    }
}
