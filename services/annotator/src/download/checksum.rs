//! Lists of checksums, as `md5sum` writes them.

/// The MD5 of a file in a list. A list of one line is about the file beside it, whatever it calls that: ClinVar's
/// `clinvar.vcf.gz.md5` names the dated file of which `clinvar.vcf.gz` is another name, by a path of NCBI's own.
pub(super) fn find(list: &str, name: &str) -> Option<String> {
    let lines: Vec<_> = list.lines().filter_map(line).collect();
    let named = lines.iter().find(|(_, file)| file.rsplit('/').next() == Some(name));
    let only = (lines.len() == 1).then(|| &lines[0]);
    named.or(only).map(|(md5, _)| md5.to_ascii_lowercase())
}

/// `<32 digits>  <file>`; a star before the name says that the file was read as binary.
fn line(text: &str) -> Option<(&str, &str)> {
    let (md5, file) = text.split_once([' ', '\t']).unwrap_or((text.trim(), ""));
    let is_md5 = md5.len() == 32 && md5.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_md5.then(|| (md5, file.trim().trim_start_matches('*')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_its_name() {
        let list =
            "dcc3ea27079aa6dc3f9deccd7275e0f8  hg38.2bit\n1C9DCADDFA41027F17CD8F7A82C7293B *./hg38.fa.gz\n\nnothing\n";
        assert_eq!(find(list, "hg38.2bit").unwrap(), "dcc3ea27079aa6dc3f9deccd7275e0f8");
        assert_eq!(find(list, "hg38.fa.gz").unwrap(), "1c9dcaddfa41027f17cd8f7a82c7293b");
        assert_eq!(find(list, "38.2bit"), None);
        assert_eq!(find("", "hg38.2bit"), None);
    }

    #[test]
    fn a_list_of_one_line_is_about_the_file_beside_it() {
        let dated = "0123456789abcdef0123456789abcdef  /export/clinvar/vcf_GRCh38/clinvar_20261122.vcf.gz\n";
        assert_eq!(
            find(dated, "clinvar.vcf.gz").unwrap(),
            "0123456789abcdef0123456789abcdef"
        );
        assert_eq!(find("<html>Not found</html>\n", "clinvar.vcf.gz"), None);
    }
}
