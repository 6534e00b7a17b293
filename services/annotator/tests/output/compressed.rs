//! Outputs that are compressed, and several outputs in one pass.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;

use super::{VCF, annotator, names, run};

/// Many records at bases in which nearly everybody differs from the rCRS.
fn many_records() -> String {
    let places = [73, 263, 750, 1438, 4769, 8860, 15326];
    let mut text = VCF.to_owned();
    for number in 0..70_000_u32 {
        let (place, depth) = (places[number as usize / 10_000], number * 7919 % 97);
        writeln!(
            text,
            "MT\t{place}\t.\tA\tG\t{depth}\tPASS\tDP={depth};X={:x}",
            u64::from(number).pow(3)
        )
        .unwrap();
    }
    text
}

fn bgzip(text: &str) -> Vec<u8> {
    let mut writer = noodles_bgzf::io::Writer::new(Vec::new());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    let file = fs::File::open(path).unwrap();
    noodles_bgzf::io::Reader::new(file).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn an_output_is_the_same_for_any_number_of_threads_however_the_input_comes() {
    let folder = TempDir::new().unwrap();
    let text = many_records();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("many.vcf"), &text).unwrap();
    fs::write(path("many.vcf.gz"), bgzip(&text)).unwrap();
    for threads in ["1", "2", "4"] {
        for input in ["many.vcf", "many.vcf.gz"] {
            let (packed, plain) = (format!("{threads}.{input}.gz"), format!("{threads}.{input}.vcf"));
            let outputs = ["--output", &packed, "--output", &plain];
            run(&folder, &[&[input, "--threads", threads][..], &outputs].concat());
            assert_eq!(unpacked(&path(&packed)), fs::read_to_string(path(&plain)).unwrap());
            for kind in ["gz", "gz.tbi"] {
                let first = fs::read(path(&format!("1.many.vcf.{kind}"))).unwrap();
                assert!(
                    fs::read(path(&format!("{threads}.{input}.{kind}"))).unwrap() == first,
                    "{threads} {input}"
                );
            }
        }
    }
    let annotator = annotator(&folder, &["-", "--threads", "2", "--output", "piped.gz"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut annotator = annotator.unwrap();
    let mut input = annotator.stdin.take().unwrap();
    text.as_bytes()
        .chunks(12_345)
        .for_each(|piece| input.write_all(piece).unwrap());
    drop(input);
    assert!(annotator.wait().unwrap().success());
    assert!(fs::read(path("piped.gz")).unwrap() == fs::read(path("1.many.vcf.gz")).unwrap());
}

#[test]
fn a_level_makes_files_smaller_and_wants_one_that_is_compressed() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("many.vcf"), many_records()).unwrap();
    let sizes = ["1", "9"].map(|level| {
        run(
            &folder,
            &[
                "many.vcf",
                "--reference",
                "rCRS",
                "--level",
                level,
                "--output",
                "out.vcf.gz",
            ],
        );
        fs::metadata(folder.path().join("out.vcf.gz")).unwrap().len()
    });
    assert!(sizes[1] < sizes[0] * 9 / 10, "{sizes:?}");
    for (arguments, error) in [
        (
            &["--level", "9", "--output", "out.vcf"][..],
            "error: --level is for outputs that are compressed, and none of these ends in .gz or .bgz\n",
        ),
        (
            &["--output", "out.vcf", "--output", "out.vcf"],
            "error: could not annotate in.vcf: out.vcf is named twice as an output; each needs a name of its own\n",
        ),
    ] {
        let refused = annotator(&folder, &[&["in.vcf"], arguments].concat()).output().unwrap();
        assert!(!refused.status.success());
        assert_eq!(String::from_utf8_lossy(&refused.stderr), error);
    }
}

#[test]
fn an_output_that_cannot_be_written_leaves_none_of_the_others() {
    for (full, threads) in [("full.vcf", "1"), ("full.vcf.gz", "1"), ("full.vcf.gz", "2")] {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("many.vcf"), many_records()).unwrap();
        symlink("/dev/full", folder.path().join(full)).unwrap();
        let outputs = ["--output", "out.vcf.gz", "--output", full, "--output", "out.vcf"];
        let failed = annotator(&folder, &[&["many.vcf", "--threads", threads][..], &outputs].concat())
            .output()
            .unwrap();
        assert!(!failed.status.success());
        let told = String::from_utf8_lossy(&failed.stderr);
        assert!(told.contains("No space left on device"), "{told}");
        assert_eq!(names(folder.path()), [full, "in.vcf", "many.vcf"]);
    }
}

/// htslib 1.23.1 reads `FILE.csi` before `FILE.tbi`, whichever is newer.
#[test]
fn indexes_of_an_earlier_file_go_before_the_new_one_has_its_name() {
    let folder = TempDir::new().unwrap();
    for earlier in ["out.vcf.gz", "out.vcf.gz.csi", "out.vcf.gz.tbi", "other.vcf.gz.csi"] {
        fs::write(folder.path().join(earlier), "of an earlier file").unwrap();
    }
    run(&folder, &["in.vcf", "--output", "out.vcf.gz"]);
    let there = names(folder.path());
    assert!(!there.contains(&"out.vcf.gz.csi".to_owned()), "{there:?}");
    assert!(there.contains(&"other.vcf.gz.csi".to_owned()), "{there:?}");
    let index = fs::read(folder.path().join("out.vcf.gz.tbi")).unwrap();
    assert_ne!(index, b"of an earlier file");
}
