"""How each tool opens a file. A function gives how many records the tool saw; it raises, or gives a text, if it did not open
the file as it should; `None` says that the tool is not for such a file."""

import re
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

import bio2zarr.vcf
import cyvcf2
import oxbow
import pysam
import vcfpy
import zarr

# What htslib has to say is asked of BCFtools.
pysam.set_verbosity(0)


def run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        raise RuntimeError((done.stderr or done.stdout).strip()[-400:])
    return done


def complaints(path):
    """What htslib warns of in a file, each kind once."""
    done = run("bcftools", "view", path, "--output", "/dev/null")
    return {re.sub(r" at \S+:\d+", "", line) for line in done.stderr.splitlines() if "[W::" in line or "[E::" in line}


def bcftools(output):
    """Reads it, writes BCF and reads that; warns of nothing that it does not warn of in the input."""
    try:
        known = complaints(output.source)
    except RuntimeError:
        # Of an input with a byte order mark, or of VCF 3, nothing is known.
        known = set()
    new = complaints(output.plain) - known
    if new:
        return f"warns: {'; '.join(sorted(new))[:300]}"
    binary = output.plain.with_suffix(".bcf")
    run("bcftools", "view", "--output-type", "b", "--output", binary, output.packed)
    seen = int(run("bcftools", "query", "--format", "1\n", binary).stdout.count("1"))
    if output.index and seen:
        chromosomes = [line.split("\t") for line in run("bcftools", "index", "--stats", output.packed).stdout.splitlines()]
        # In a file of regions a name may have colons, as those of HLA do.
        regions = output.plain.with_suffix(".regions")
        regions.write_text("".join(f"{name}\t0\t2000000000\n" for name, *_ in chromosomes))
        by_region = run("bcftools", "view", "--no-header", "--regions-file", regions, output.packed).stdout.count("\n")
        if {sum(int(count) for *_, count in chromosomes), by_region} != {seen}:
            return f"the index has {chromosomes}, regions have {by_region} records, the file {seen}"
    if output.mode == "modern":
        run("bcftools", "+split-vep", "--list", output.plain)
    return seen


def vcftools(output):
    if output.version not in ["4.0", "4.1", "4.2"]:
        return None
    done = run("vcftools", "--gzvcf", output.packed, "--recode", "--recode-INFO-all", "--stdout")
    return sum(1 for line in done.stdout.splitlines() if line and not line.startswith("#"))


def pysam_reads_and_writes(output):
    seen = []
    for path in [output.plain, output.packed]:
        for ending, how in [("again.vcf", "w"), ("again.bcf", "wb")]:
            again = output.plain.with_suffix(f".{ending}")
            with pysam.VariantFile(str(path)) as source, pysam.VariantFile(str(again), how, header=source.header) as target:
                for record in source:
                    dict(record.info)
                    target.write(record)
            with pysam.VariantFile(str(again)) as source:
                seen.append(sum(1 for _ in source))
    if output.index:
        with pysam.VariantFile(str(output.packed)) as source:
            seen.append(sum(1 for _ in source.fetch()))
    return seen[0] if len(set(seen)) == 1 else f"sees {seen}"


def cyvcf2_reads(output):
    seen = [sum(1 for record in cyvcf2.VCF(str(path)) if dict(record.INFO) is not None) for path in [output.plain, output.packed]]
    return seen[0] if len(set(seen)) == 1 else f"sees {seen}"


def vcfpy_reads_and_writes(output):
    again = output.plain.with_suffix(".vcfpy.vcf")
    with warnings.catch_warnings(), vcfpy.Reader.from_path(str(output.packed)) as source:
        warnings.simplefilter("ignore")
        seen = 0
        with vcfpy.Writer.from_path(str(again), source.header) as target:
            for record in source:
                target.write_record(record)
                seen += 1
    return seen


def noodles(output):
    """By oxbow, which reads VCF with noodles."""
    return sum(batch.num_rows for batch in oxbow.from_vcf(str(output.plain)).batches())


def plink2(output):
    """PLINK takes no file without variants."""
    if not output.records:
        return None
    with tempfile.TemporaryDirectory() as folder:
        samples = ["--make-pgen"] if output.has_samples else ["--make-just-pvar"]
        run("plink2", "--vcf", output.packed, "--allow-extra-chr", "--vcf-half-call", "m", "--sort-vars", *samples,
            "--out", Path(folder) / "plink")
        return sum(1 for line in (Path(folder) / "plink.pvar").read_text().splitlines() if not line.startswith("#"))


def htsjdk(output):
    """By Picard, which takes seconds to start: of AnnTools' mode it opens the samples. HTSJDK 3 reads VCF up to 4.3."""
    if output.mode != "modern" and "samples" not in output.source.parts or output.version in ["4.4", "4.5"]:
        return None
    again = output.plain.with_suffix(".picard.vcf")
    # Half of the time of a short run is spent on compiling for a long one.
    short = ["env", "JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"]
    run(*short, "PicardCommandLine", "VcfFormatConverter", f"I={output.packed}", f"O={again}", "REQUIRE_INDEX=false", "CREATE_INDEX=false",
        "QUIET=true", "VERBOSITY=ERROR")
    return sum(1 for line in again.read_text().splitlines() if not line.startswith("#"))


def bio2zarr_reads(output):
    """bio2zarr needs an index. It reads every field into columns. What it makes of them takes half a minute for a large file, and
    is made of two: one of the mitochondrial genome, and one with genotypes."""
    if not output.index or not output.records:
        return None
    columns, store = output.plain.with_suffix(".columns"), output.plain.with_suffix(".zarr")
    for path in [columns, store]:
        shutil.rmtree(path, ignore_errors=True)
    bio2zarr.vcf.explode(str(columns), [str(output.packed)], worker_processes=0)
    if output.mode != "modern" or output.name not in ["test", "premium_2"]:
        return bio2zarr.vcf.IntermediateColumnarFormat(str(columns)).num_records
    bio2zarr.vcf.encode(str(columns), str(store), worker_processes=0)
    return zarr.open(str(store), mode="r")["variant_position"].shape[0]


# Name, function, and the program that it needs.
TOOLS = [
    ("bcftools", bcftools, "bcftools"),
    ("vcftools", vcftools, "vcftools"),
    ("pysam", pysam_reads_and_writes, None),
    ("cyvcf2", cyvcf2_reads, None),
    ("vcfpy", vcfpy_reads_and_writes, None),
    ("noodles", noodles, None),
    ("plink2", plink2, "plink2"),
    ("htsjdk", htsjdk, "PicardCommandLine"),
    ("bio2zarr", bio2zarr_reads, None),
]
