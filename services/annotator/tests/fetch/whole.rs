//! What comes of a recipe when nothing goes wrong.

use super::*;

#[test]
fn everything_that_a_recipe_names_becomes_one_reference() {
    let institute = Institute::new();
    let said = institute.fetch(&[]).success();
    let sequence = institute.mirror.md5(SEQUENCE);
    assert!(
        said.error.contains(&format!("MD5 {sequence} as published")),
        "{}",
        said.error
    );
    assert!(
        said.error.contains("no checksum is published, its size agrees"),
        "{}",
        said.error
    );
    assert!(
        said.error
            .contains("https://www.ncbi.nlm.nih.gov/clinvar/docs/maintenance_use/")
    );
    let bundle = institute.bundle();
    let manifest = bundle.manifest();
    let sources: Vec<_> = manifest
        .tracks
        .iter()
        .map(|track| {
            let from = &track.provenance;
            let address = from.source.replace(institute.mirror.address(), "");
            (
                track.key.clone(),
                track.rows,
                from.release.clone().unwrap_or_default(),
                address,
            )
        })
        .collect();
    let expected = [
        ("sequence", 40_008, "2014-01-15", "/goldenPath/hg19/bigZips/hg19.2bit"),
        ("refGene", 1, "2014-01-15", "/goldenPath/hg19/database/refGene.txt.gz"),
        ("cytoBand", 1, "2014-01-15", "/goldenPath/hg19/database/cytoBand.txt.gz"),
        ("ClinVar", 1, "2026-11-22", "/pub/clinvar/vcf_GRCh37/clinvar.vcf.gz"),
        ("dbSNP", 1, "build 151", "/goldenPath/hg19/database/snp151Common.txt.gz"),
    ]
    .map(|(key, rows, release, address)| (key.to_owned(), rows, release.to_owned(), address.to_owned()));
    assert_eq!(sources, expected);
    assert_eq!(manifest.track("dbSNP").unwrap().provenance.label, "dbSNP, common");
    assert_eq!(
        manifest.chromosomes[1].md5.as_deref(),
        Some("c886402785dfb97483a8658ec30fb2d2")
    );
    // Nothing but the bundle stays.
    assert_eq!(institute.names(""), ["hg19.gasref"]);
}

#[test]
fn chains_are_fetched_only_by_those_who_ask_for_them() {
    let institute = Institute::new();
    let chain = "goldenPath/hg18/liftOver/hg18ToHg19.over.chain.gz";
    let text = "chain 1000 chr1 40000 + 0 40000 chr1 40000 + 0 40000 1\n40000\n\n";
    institute.mirror.put_gzip(chain, text);
    institute
        .mirror
        .put_gzip("goldenPath/hg38/liftOver/hg38ToHg19.over.chain.gz", text);
    institute
        .mirror
        .publish("goldenPath/hg18/liftOver/md5sum.txt", chain, "hg18ToHg19.over.chain.gz");
    institute.fetch(&["--no-sequence"]).success();
    assert!(institute.mirror.requests("chain.gz").is_empty());
    let said = institute.fetch(&["--no-sequence", "--chains"]).success();
    assert!(
        said.error.contains("UCSC Chain Files: free for non-commercial use"),
        "{}",
        said.error
    );
    let keys: Vec<_> = institute
        .bundle()
        .manifest()
        .chains
        .iter()
        .map(|chain| chain.key.clone())
        .collect();
    assert_eq!(keys, ["hg18ToHg19", "hg38ToHg19"]);
}

#[test]
fn transcripts_with_versions_take_the_place_of_ref_gene_for_those_who_ask() {
    let institute = Institute::new();
    let table = |name: &str| format!("goldenPath/hg19/database/{name}.txt.gz");
    institute.mirror.put_gzip(
        &table("ncbiRefSeq"),
        "585\tNM_000001.3\tchr1\t+\t10\t100\t20\t80\t1\t10,\t100,\t0\tSMALL\tcmpl\tcmpl\t0,\n",
    );
    institute.mirror.put_gzip(
        &table("ncbiRefSeqLink"),
        "NM_000001.3\tReviewed\tSMALL\tx\tNM_000001.3\tNP_000001.2\t1\tn/a\tn/a\tn/a\tn/a\tmRNA\tRefSeq\tprotein_coding\tn/a\tn/a\tn/a\n",
    );
    institute.fetch(&["--no-sequence"]).success();
    assert!(institute.mirror.requests("ncbiRefSeq.txt.gz").is_empty());
    institute.fetch(&["--no-sequence", "--transcripts", "RefSeq"]).success();
    assert!(!institute.mirror.requests("ncbiRefSeq.txt.gz").is_empty());
    let bundle = institute.bundle();
    let tracks = bundle.manifest().tracks.iter();
    let told: Vec<_> = tracks.map(|track| (track.key.as_str(), track.rows)).collect();
    assert_eq!(told[..3], [("RefSeq", 1), ("ncbiRefSeqLink", 1), ("cytoBand", 1)]);
    let unknown = institute.fetch(&["--transcripts", "Ensembl"]);
    assert_eq!(unknown.failure(), "the recipe of hg19 has no transcripts Ensembl");
}

#[test]
fn a_recipe_of_ones_own_has_other_addresses_and_tracks() {
    let institute = Institute::new();
    institute.mirror.put_gzip(
        "af/sites.vcf.gz",
        "##fileformat=VCFv4.2\n##INFO=<ID=AF,Number=A,Type=Float,Description=\"Frequency\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t30\t.\tC\tT\t.\t.\tAF=0.25\n",
    );
    let printed = Said::of(institute.command(&["recipe", "hg19"]).output().unwrap()).success();
    let more = "\n[[tracks]]\nkey = \"sites\"\nlabel = \"Our own sites\"\naddress = \"https://lab.example.org/af/sites.vcf.gz\"\nterms = \"ours\"\n";
    let recipe = institute.path("mine.toml");
    std::fs::write(&recipe, printed.output + more).unwrap();
    let recipe = recipe.display().to_string();
    institute
        .fetch(&["--recipe", &recipe, "--name", "mine", "--without", "ClinVar"])
        .success();
    let bundle = Bundle::open(&institute.path("mine.gasref")).unwrap();
    assert_eq!(
        bundle.manifest().track("sites").unwrap().provenance.name(),
        "Our own sites, release not known"
    );
    assert!(bundle.manifest().track("ClinVar").is_none());
    let unknown = institute.fetch(&["--without", "COSMIC"]);
    assert_eq!(unknown.failure(), "the recipe of hg19 has no track COSMIC");
}

#[test]
fn a_proxy_of_the_environment_is_used() {
    let institute = Institute::new();
    let output = institute
        .command(&[
            "fetch",
            "hg19",
            "--mirror",
            "http://ucsc.example.org",
            "--without",
            "dbSNP",
        ])
        .env("HTTP_PROXY", institute.mirror.address())
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output();
    Said::of(output.unwrap()).success();
    let asked = institute.mirror.requests("hg19.2bit");
    let address = "http://ucsc.example.org/goldenPath/hg19/bigZips/hg19.2bit";
    assert_eq!(asked, [format!("HEAD {address}"), format!("GET {address}")]);
}
