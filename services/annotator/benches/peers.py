#!/usr/bin/env python3
"""How fast `annotator annotate` is, beside other annotators on the same machine in the same run.

    python3 services/annotator/benches/peers.py --data ../shared/data

Needs cargo, and what of `bcftools` and `snpEff` is installed (Debian: bcftools, snpeff); peers that are not there are
left out, aloud. Prints ratios; the absolute times are those of this machine today. What is written is thrown away, so
that no disk is measured.

anntools  AnnTools (Makarov et al., Bioinformatics 28, 724, 2012) annotates 37 records per CPU second of the same file,
          with its tables in a local MariaDB. It needs Python 2, so that this figure is taken as given.
bcftools  `bcftools csq --local-csq` (Danecek & McCarthy, Bioinformatics 33, 2037, 2017) on every substitution of a slice
          of chr1, from the same refGene; it writes consequences, neither HGVS names nor tracks.
snpEff    snpEff (Cingolani et al., Fly 6, 80, 2012) on the same, with a database built from the same refGene, and with
          its summary, as we write ours.
memory    The largest resident memory and the time for 1, 2 and 4 parts of --records generated records.
"""

import argparse
import collections
import gzip
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ANNTOOLS_RECORDS_PER_CPU_SECOND = 37
PARTS = ("anntools", "bcftools", "snpEff", "memory")
ROOT = Path(__file__).resolve().parents[3]

Usage = collections.namedtuple("Usage", "wall cpu mebibytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="which comparisons (default: all)")
    parser.add_argument("--data", type=Path, required=True, help="the folder with goldenPath, sequence, variants, samples")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command; the median is told (default 5)")
    parser.add_argument("--records", type=int, default=5_000_000, help="generated records for memory (default 5,000,000)")
    args = parser.parse_args()
    args.parts = args.parts or PARTS
    if unknown := set(args.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory(prefix="gas-peers-") as folder:
        bench = Bench(args, Path(folder))
        for part in args.parts:
            getattr(bench, part.lower())()


class Bench:
    def __init__(self, args, folder):
        self.data, self.runs, self.records, self.folder = args.data.resolve(), args.runs, args.records, folder
        say("building the annotator (release)")
        subprocess.run(["cargo", "build", "--quiet", "--release", "-p", "annotator"], cwd=ROOT, check=True)
        self.annotator = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "annotator"
        self.references = folder / "references"
        self.build_reference("hg19", "--no-sequence")

    def build_reference(self, name, *more):
        """Compiles every table and track of the data; `more` are further options of `reference build`."""
        say(f"compiling the reference {name}")
        run([self.annotator, "reference", "build", name, "--assembly", "hg19", "--tables", self.data / "goldenPath/hg19",
             "--reference-dir", self.references, "--track", f"dbSNP={self.data}/variants/dbsnp_common.hg19.vcf.gz",
             "--track", f"ClinVar={self.data}/variants/clinvar_2016.hg19.vcf.gz",
             "--chain", self.data / "goldenPath/hg18/liftOver/hg18ToHg19.over.chain.gz", *more])

    def annotate(self, vcf, *more):
        return [self.annotator, "annotate", vcf, "--reference-dir", self.references, "--log", os.devnull, *more]

    def anntools(self):
        """Records per CPU second of a real exome sample, repeated so that start-up does not count."""
        sample = self.data / "samples/premium_2.vcf"
        lines = sample.read_bytes().splitlines(keepends=True)
        header = [line for line in lines if line.startswith(b"#")]
        records = [line for line in lines if not line.startswith(b"#")]
        times = 300
        vcf = self.folder / "repeated.vcf"
        vcf.write_bytes(b"".join(header) + b"".join(records) * times)
        for mode in ("anntools", "modern"):
            used = self.median(self.annotate(vcf, "--reference", "auto", "--mode", mode, "--output", "-"))
            rate = len(records) * times / used.cpu
            told(f"premium_2.vcf × {times}, every track, --mode {mode}", f"{rate:,.0f} records per CPU second",
                 f"{rate / ANNTOOLS_RECORDS_PER_CPU_SECOND:,.0f} × AnnTools")

    def bcftools(self):
        """Wall time with two threads on every substitution of the slice."""
        if not installed("bcftools"):
            return
        vcf, sequence = self.slice()
        gff = self.folder / "slice.gff3"
        write_gff3(self.transcripts(), gff)
        peer = ["bcftools", "csq", "--local-csq", "--force", "--threads", "2", "--fasta-ref", sequence, "--gff-annot", gff,
                "--output-type", "v", vcf]
        self.beside("bcftools csq -l, 2 threads", peer, vcf)

    def snpeff(self):
        """Wall time on every substitution of the slice."""
        if not installed("snpEff"):
            return
        vcf, sequence = self.slice()
        data = self.folder / "snpeff"
        genes = data / "slice"
        genes.mkdir(parents=True, exist_ok=True)
        config = self.folder / "snpEff.config"
        config.write_text(f"data.dir = {data}/\nslice.genome : slice\n")
        shutil.copy(sequence, genes / "sequences.fa")
        shutil.copy(self.data / "goldenPath/hg19/database/refGene.txt.gz", genes / "genes.refseq.gz")
        lines = [line for line in gzip.open(genes / "genes.refseq.gz", "rt") if is_in_slice(line.split("\t"))]
        (genes / "genes.refseq.gz").unlink()
        (genes / "genes.refseq").write_text("".join(without_prefix(line) for line in lines))
        say("building snpEff's database")
        run(["snpEff", "build", "-refSeq", "-c", config, "-noCheckCds", "-noCheckProtein", "slice"])
        peer = ["snpEff", "-noLog", "-c", config, "-stats", self.folder / "summary.html", "slice", vcf]
        self.beside("snpEff", peer, vcf, runs=1)

    def memory(self):
        """Resident memory, and whether time grows as the input does."""
        first, common = None, common_positions(self.data / "variants/dbsnp_common.hg19.vcf.gz")
        for part in (4, 2, 1):
            count = self.records // part
            vcf = self.folder / "generated.vcf"
            generate(vcf, count, self.data / "goldenPath/hg19/database/chrom.sizes", common)
            used = measure(self.annotate(vcf, "--reference", "hg19", "--output", "-"))
            first = first or used.cpu * part
            told(f"{count:,} generated records, every track of hg19", f"{used.mebibytes:,.0f} MiB resident, {used.cpu:.1f} CPU s",
                 f"{used.cpu * part / first:.2f} × the cost per record of the smallest")

    def beside(self, name, peer, vcf, runs=None):
        """Both in turn; `runs` of the peer's if it is too slow for as many as are counted otherwise."""
        ours = self.annotate(vcf, "--reference", "slice", "--threads", "2", "--output", "-")
        # Ours runs before each run of the peer's, more often where the peer runs seldom, so that both see the same machine.
        peers, each = runs or self.runs, -(-self.runs // (runs or self.runs))
        times = [([measure(ours).wall for _ in range(each)], measure(peer).wall) for _ in range(peers)]
        own = statistics.median(time for owns, _ in times for time in owns)
        other = statistics.median(time for _, time in times)
        ratio = statistics.median(time / statistics.median(owns) for owns, time in times)
        told(f"every substitution of the slice, CSQ with HGVS, 2 threads: {own:.2f} s", f"{name}: {other:.2f} s", f"{ratio:.2f} × as fast")

    def median(self, command):
        measure(command)
        used = [measure(command) for _ in range(self.runs)]
        return Usage(*(statistics.median(values) for values in zip(*used)))

    def slice(self):
        """Every substitution of the slice of chr1, and its sequence; made once."""
        vcf, sequence = self.folder / "slice.vcf", self.folder / "slice.fa"
        if vcf.exists():
            return vcf, sequence
        packed = next((self.data / "sequence").glob("hg19.chr1*.fa.gz"))
        sequence.write_bytes(gzip.open(packed).read())
        self.build_reference("slice", "--sequence", packed)
        bases = "".join(line.strip() for line in sequence.read_text().splitlines()[1:]).upper()
        with vcf.open("w") as out:
            out.write(f"##fileformat=VCFv4.2\n##contig=<ID=1,length=249250621>\n{COLUMNS}\n")
            for position, base in enumerate(bases, 1):
                out.writelines(f"1\t{position}\t.\t{base}\t{other}\t.\t.\t.\n" for other in "ACGT" if base != "N" and other != base)
        return vcf, sequence

    def transcripts(self):
        for line in gzip.open(self.data / "goldenPath/hg19/database/refGene.txt.gz", "rt"):
            row = line.rstrip("\n").split("\t")
            if is_in_slice(row):
                yield row


COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"


def is_in_slice(row):
    return row[2] == "chr1" and int(row[5]) < 1_000_000


def without_prefix(line):
    """A row of refGene whose chromosome is named as the sequence names it."""
    row = line.split("\t")
    return "\t".join([*row[:2], row[2].removeprefix("chr"), *row[3:]])


def write_gff3(rows, path):
    """Transcripts as Ensembl's GFF3, which `bcftools csq` reads."""
    genes, lines = {}, []
    for place, row in enumerate(rows):
        name, strand, symbol = f"{row[1]}_{place}", row[3], row[12]
        start, end, cds_start, cds_end = (int(number) for number in row[4:8])
        kind = "protein_coding" if cds_start < cds_end else "misc_RNA"
        low, high = genes.get(symbol, (start, end, strand))[:2]
        genes[symbol] = (min(low, start), max(high, end), strand)

        def feature(what, low, high, attributes, phase="."):
            lines.append(f"1\trefGene\t{what}\t{low + 1}\t{high}\t.\t{strand}\t{phase}\t{attributes}")

        feature("mRNA" if kind == "protein_coding" else "transcript", start, end,
                f"ID=transcript:{name};Parent=gene:{symbol};biotype={kind}")
        ends = [[int(number) for number in column.split(",") if number] for column in (row[9], row[10], row[15])]
        for low, high, frame in zip(*ends):
            feature("exon", low, high, f"Parent=transcript:{name}")
            if max(low, cds_start) < min(high, cds_end):
                phase = (3 - frame) % 3
                feature("CDS", max(low, cds_start), min(high, cds_end), f"Parent=transcript:{name}", phase)
    heads = [f"1\trefGene\tgene\t{low + 1}\t{high}\t.\t{strand}\t.\tID=gene:{symbol};Name={symbol};biotype=protein_coding"
             for symbol, (low, high, strand) in genes.items()]
    path.write_text("\n".join(["##gff-version 3", *heads, *lines]) + "\n")


def common_positions(vcf):
    """Chromosome and POS of common variants."""
    positions = collections.defaultdict(set)
    for line in gzip.open(vcf, "rt"):
        if not line.startswith("#"):
            chromosome, position, _ = line.split("\t", 2)
            positions["chr" + chromosome.removeprefix("chr")].add(int(position))
    return positions


def generate(path, count, sizes, common):
    """A sorted VCF of random substitutions over the chromosomes, each as often as it is long. Where common variants are,
    there is none: random alleles there are those of another genome, which the annotator refuses."""
    lengths = dict(line.split() for line in sizes.read_text().splitlines())
    lengths = {name: int(lengths[name]) for name in [f"chr{number}" for number in range(1, 23)]}
    whole, chance = sum(lengths.values()), random.Random(1)
    with path.open("w") as out:
        out.write(f"##fileformat=VCFv4.2\n##reference=hg19\n{COLUMNS}\tFORMAT\tNA1\n")
        for name, length in lengths.items():
            here = count * length // whole
            step = length // here
            for index in range(here):
                reference, alternate = chance.sample("ACGT", 2)
                position = index * step + chance.randrange(step) + 1
                if position in common[name]:
                    continue
                out.write(f"{name}\t{position}\t.\t{reference}\t{alternate}\t50\tPASS\tDP=30\tGT\t0/1\n")


def measure(command):
    """Wall seconds, CPU seconds and the largest resident memory of a command."""
    began = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{errors.decode(errors='replace')}")
    return Usage(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def run(command):
    measure(command)


def installed(program):
    if shutil.which(program):
        return True
    say(f"left out: {program} is not installed")
    return False


def say(text):
    print(f"… {text}", file=sys.stderr, flush=True)


def told(what, figure, ratio):
    print(f"{what}\n    {figure}\n    {ratio}", flush=True)


if __name__ == "__main__":
    main()
