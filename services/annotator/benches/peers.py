#!/usr/bin/env python3
"""How fast `annotator annotate` is, beside other annotators on the same machine in the same run.

    python3 services/annotator/benches/peers.py --data ../shared/data

Needs cargo, and what of `bcftools`, `bgzip`, `snpEff`, `vareffect`, `echtvar` and `vcfanno` is installed (Debian: bcftools, tabix,
snpeff, vcfanno; cargo install vareffect-cli@0.6.0); peers that are not there are left out, aloud. Prints ratios; the absolute
times are those of this machine today. What is written is thrown away, or written to --scratch, which should be in memory, so
that no disk is measured. On a machine that does other work, CPU seconds say more than wall time.

anntools  AnnTools (Makarov et al., Bioinformatics 28, 724, 2012) annotates 37 records per CPU second of the same file,
          with its tables in a local MariaDB. It needs Python 2, so that this figure is taken as given.
bcftools  `bcftools csq --local-csq` (Danecek & McCarthy, Bioinformatics 33, 2037, 2017) on every substitution of a slice
          of chr1, from the same refGene; it writes consequences, neither HGVS names nor tracks. Our two threads are compared
          with one: its --threads compress and unpack, and consequences stay on one thread. So one of ours is told, too.
packed    Every substitution of the slice to .vcf.gz, on two threads: vareffect 0.6.0 on the same refGene, which compresses in
          parallel as we do; `bgzip -@ 2` on our own plain output, at the same level, which only compresses; another build of
          ours with --before. Sizes are told beside.
wide      A file of 2,504 samples, .vcf.gz to .vcf.gz: `bcftools view --threads 2` at the same level.
formats   The same to Parquet, beside plain VCF, and to .vcf.gz and Parquet in one pass, beside .vcf.gz alone, on two threads; and
          memory for --records generated records to Parquet.
known     Frequencies of common variants: echtvar and vcfanno with the same dbSNP.
snpEff    snpEff (Cingolani et al., Fly 6, 80, 2012) on the same, with a database built from the same refGene, and with
          its summary, as we write ours.
genome    A whole genome: a generated sequence of 3.1 Gb with hg38's refGene, and 4,500,000 records of a family over all
          chromosomes, on two threads: the first run, for which nothing of the reference is in memory, and warm ones.
memory    The largest resident memory and the time for 1, 2 and 4 parts of --records generated records.
"""

import argparse
import gzip
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from measured import Usage, apart, forget, installed, measure, run, say, told
from peers_data import generate, generate_wide, is_in_slice, vareffect_data, without_prefix, write_genome, write_gff3, write_substitutions

ANNTOOLS_RECORDS_PER_CPU_SECOND = 37
RECORDS_OF_A_GENOME = 4_500_000
PARTS = ("anntools", "bcftools", "packed", "wide", "formats", "known", "snpEff", "genome", "memory")
ROOT = Path(__file__).resolve().parents[3]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="which comparisons (default: all)")
    parser.add_argument("--data", type=Path, required=True, help="the folder with goldenPath, sequence, variants, samples")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command; the median is told (default 5)")
    parser.add_argument("--scratch", type=Path, help="a folder for what is written (default: that of temporary files)")
    parser.add_argument("--before", type=Path, help="an annotator of an earlier build")
    parser.add_argument("--level", default="3", help="how hard to compress (default 3, as the annotator)")
    parser.add_argument("--records", type=int, default=5_000_000, help="generated records for memory (default 5,000,000)")
    args = parser.parse_args()
    args.parts = args.parts or PARTS
    if unknown := set(args.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory(prefix="gas-peers-", dir=args.scratch) as folder:
        bench = Bench(args, Path(folder))
        for part in args.parts:
            getattr(bench, part.lower())()


class Bench:
    def __init__(self, args, folder):
        self.data, self.runs, self.records, self.folder = args.data.resolve(), args.runs, args.records, folder
        self.before, self.level = args.before, args.level
        say("building the annotator (release)")
        subprocess.run(["cargo", "build", "--quiet", "--release", "-p", "annotator"], cwd=ROOT, check=True)
        self.annotator = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "annotator"
        self.references = folder / "references"
        self.build_reference("hg19", "--no-sequence")

    def build_reference(self, name, *more, annotator=None, references=None):
        """Compiles every table and track of the data; `more` are further options of `reference build`."""
        say(f"compiling the reference {name}")
        run([annotator or self.annotator, "reference", "build", name, "--assembly", "hg19", "--tables", self.data / "goldenPath/hg19",
             "--reference-dir", references or self.references, "--track", f"dbSNP={self.data}/variants/dbsnp_common.hg19.vcf.gz",
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
        self.beside("bcftools csq -l, one thread, as it has no others", peer, vcf)
        self.beside("bcftools csq -l, our one thread", peer, vcf, threads="1")

    def packed(self):
        """Time on two threads to compressed files, and their sizes."""
        vcf, sequence = self.slice()
        plain, own = self.folder / "plain.vcf", self.folder / "own.vcf.gz"
        run(self.annotate(vcf, "--reference", "slice", "--threads", "2", "--output", plain))
        ours = self.annotate(vcf, "--reference", "slice", "--threads", "2", "--level", self.level, "--output", own)
        peers = {}
        if self.before:
            # Its bundles may have another format.
            own_references = self.folder / "before"
            self.build_reference("slice", "--sequence", self.packed_sequence(), annotator=self.before, references=own_references)
            peers["the build before"] = [self.before, "annotate", vcf, "--reference-dir", own_references, "--log", os.devnull,
                                         "--reference", "slice", "--threads", "2", "--output", self.folder / "before.vcf.gz"]
        if installed("bgzip"):
            copy = self.folder / "bgzip.vcf"
            copy.symlink_to(plain)
            peers["bgzip -@ 2 of our plain output"] = ["bgzip", "-f", "-k", "-@", "2", "-l", self.level, copy]
        if installed("vareffect"):
            genome, store = vareffect_data(self.folder, list(self.transcripts()), sequence)
            peers["vareffect"] = ["vareffect", "annotate", "--input", vcf, "--output", self.folder / "vareffect.vcf.gz",
                                  "--fasta", genome, "--transcripts", store, "--threads", "2"]
        self.against(f"every substitution of the slice to .vcf.gz, level {self.level}, 2 threads", ours, peers)
        for file in sorted(self.folder.glob("*.vcf.gz")):
            told(file.name, f"{file.stat().st_size:,} bytes", f"{plain.stat().st_size / file.stat().st_size:.1f} : 1")

    def wide(self):
        """Time on one and two threads where most bytes are genotypes."""
        vcf, sequence = self.slice()
        file = self.folder / "samples.vcf"
        apart(generate_wide, file, sequence, 10_000, 2_504)
        if not installed("bgzip") or not installed("bcftools"):
            return
        run(["bgzip", file])
        ours = {threads: self.annotate(f"{file}.gz", "--reference", "slice", "--threads", threads, "--level", self.level, "--output",
                                       self.folder / "wide.vcf.gz") for threads in ("2", "1")}
        peer = ["bcftools", "view", "--threads", "2", f"-Oz{self.level}", "--output", self.folder / "view.vcf.gz", f"{file}.gz"]
        self.against(f"10,000 records of 2,504 samples, .vcf.gz to .vcf.gz, level {self.level}, 2 threads", ours["2"],
                     {"ours, 1 thread": ours["1"], "bcftools view --threads 2": peer})

    def formats(self):
        """Time to Parquet, by itself and beside .vcf.gz, and memory for many records."""
        vcf, _ = self.slice()

        def to(*names):
            outputs = [word for name in names for word in ("--output", self.folder / name)]
            return self.annotate(vcf, "--reference", "slice", "--threads", "2", *outputs)

        self.against("every substitution of the slice to plain VCF, 2 threads", to("formats.vcf"), {"to Parquet": to("formats.parquet")})
        self.against("… to .vcf.gz", to("formats.vcf.gz"), {"to .vcf.gz and Parquet in one pass": to("formats.vcf.gz", "formats.parquet")})
        generated = self.generated(self.records)
        used = measure(self.annotate(generated, "--reference", "hg19", "--threads", "2", "--output", self.folder / "generated.parquet"))
        told(f"{self.records:,} generated records to Parquet, 2 threads", f"{used.mebibytes:,.0f} MiB resident",
             f"{used.wall:.1f} s, {used.cpu:.1f} CPU s")

    def known(self):
        """Time to look common variants up, every one of them in the source."""
        source = self.data / "variants/dbsnp_common.hg19.vcf.gz"
        vcf = self.folder / "common.vcf"
        with gzip.open(source, "rt") as lines, vcf.open("w") as out:
            out.writelines(line for line in lines if line.startswith("#") or line.startswith(("1\t", "chr1\t")))
        ours = self.annotate(vcf, "--reference", "hg19", "--threads", "1", "--output", self.folder / "known.vcf.gz")
        peers = {}
        if installed("echtvar"):
            config, archive = self.folder / "echtvar.json", self.folder / "common.zip"
            config.write_text('[{"field": "GMAF", "alias": "GMAF", "multiplier": 1000000}]')
            run(["echtvar", "encode", archive, config, source])
            peers["echtvar"] = ["echtvar", "anno", "-e", archive, vcf, self.folder / "echtvar.vcf.gz"]
        if installed("vcfanno"):
            config = self.folder / "vcfanno.toml"
            config.write_text(f'[[annotation]]\nfile = "{source}"\nfields = ["ID"]\nnames = ["known"]\nops = ["self"]\n')
            peers["vcfanno -p 1 (to plain text)"] = ["vcfanno", "-p", "1", config, vcf]
        self.against("common variants of chr1, ours with every track and CSQ", ours, peers)

    def against(self, what, ours, peers):
        """All commands in turn; medians, and ratios of wall and CPU time within each turn."""
        turns = [[measure(command) for command in [ours, *peers.values()]] for _ in range(self.runs)]
        own = [statistics.median(turn[0][place] for turn in turns) for place in range(3)]
        told(what, f"ours: {own[0]:.2f} s, {own[1]:.2f} CPU s, {own[2]:.0f} MiB", f"median of {self.runs} turns")
        for index, name in enumerate(peers, 1):
            peer = [statistics.median(turn[index][place] for turn in turns) for place in range(3)]
            wall, cpu = (statistics.median(turn[index][place] / turn[0][place] for turn in turns) for place in range(2))
            told(f"  {name}", f"{peer[0]:.2f} s, {peer[1]:.2f} CPU s, {peer[2]:.0f} MiB", f"{wall:.2f} × our time, {cpu:.2f} × our CPU")

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

    def genome(self):
        """Time and memory of a whole genome, cold and warm."""
        say("making a genome")
        vcf, sequence, tables = self.folder / "family.vcf.gz", self.folder / "hg38.2bit", self.data / "goldenPath/hg38"
        apart(write_genome, self.data, sequence, vcf, RECORDS_OF_A_GENOME)
        built = measure([self.annotator, "reference", "build", "whole", "--assembly", "hg38", "--tables", tables, "--sequence", sequence,
                         "--reference-dir", self.references])
        bundle = self.references / "whole.gasref"
        told("the reference hg38 with its sequence", f"{bundle.stat().st_size / 1e6:,.0f} MB, built in {built.wall:.1f} s",
             f"{built.mebibytes:,.0f} MiB resident")
        for what, source in (("plain VCF", self.unpacked(vcf)), (".vcf.gz", vcf)):
            command = self.annotate(source, "--reference", "whole", "--threads", "2", "--output", self.folder / f"whole{''.join(source.suffixes)}")
            forget(bundle)
            first = measure(command)
            warm = self.median(command)
            told(f"{RECORDS_OF_A_GENOME:,} records of three samples, {what} to the same, 2 threads",
                 f"{warm.wall:.2f} s, {warm.cpu:.2f} CPU s, {warm.mebibytes:,.0f} MiB; {first.wall:.2f} s with nothing of the reference in memory",
                 f"{RECORDS_OF_A_GENOME / warm.wall:,.0f} records a second, warm")

    def unpacked(self, file):
        """The same file, not packed."""
        with gzip.open(file) as packed, file.with_suffix("").open("wb") as out:
            shutil.copyfileobj(packed, out, 1 << 20)
        return file.with_suffix("")

    def memory(self):
        """Resident memory, and whether time grows as the input does."""
        first = None
        for part in (4, 2, 1):
            count = self.records // part
            vcf = self.generated(count)
            used = measure(self.annotate(vcf, "--reference", "hg19", "--output", "-"))
            first = first or used.cpu * part
            told(f"{count:,} generated records, every track of hg19", f"{used.mebibytes:,.0f} MiB resident, {used.cpu:.1f} CPU s",
                 f"{used.cpu * part / first:.2f} × the cost per record of the smallest")

    def generated(self, count):
        """A sorted VCF of so many records over all chromosomes."""
        vcf = self.folder / "generated.vcf"
        apart(generate, vcf, count, self.data / "goldenPath/hg19/database/chrom.sizes", self.data / "variants/dbsnp_common.hg19.vcf.gz")
        return vcf

    def beside(self, name, peer, vcf, runs=None, threads="2"):
        """Both in turn; `runs` of the peer's if it is too slow for as many as are counted otherwise."""
        ours = self.annotate(vcf, "--reference", "slice", "--threads", threads, "--output", "-")
        # Ours runs before each run of the peer's, more often where the peer runs seldom, so that both see the same machine.
        peers, each = runs or self.runs, -(-self.runs // (runs or self.runs))
        times = [([measure(ours).wall for _ in range(each)], measure(peer).wall) for _ in range(peers)]
        own = statistics.median(time for owns, _ in times for time in owns)
        other = statistics.median(time for _, time in times)
        ratio = statistics.median(time / statistics.median(owns) for owns, time in times)
        told(f"every substitution of the slice, CSQ with HGVS, {threads} of our threads: {own:.2f} s", f"{name}: {other:.2f} s", f"{ratio:.2f} × as fast")

    def median(self, command):
        measure(command)
        used = [measure(command) for _ in range(self.runs)]
        return Usage(*(statistics.median(values) for values in zip(*used)))

    def slice(self):
        """Every substitution of the slice of chr1, and its sequence; made once."""
        vcf, sequence = self.folder / "slice.vcf", self.folder / "slice.fa"
        if vcf.exists():
            return vcf, sequence
        sequence.write_bytes(gzip.open(self.packed_sequence()).read())
        self.build_reference("slice", "--sequence", self.packed_sequence())
        apart(write_substitutions, vcf, sequence)
        return vcf, sequence

    def packed_sequence(self):
        return next((self.data / "sequence").glob("hg19.chr1*.fa.gz"))

    def transcripts(self):
        for line in gzip.open(self.data / "goldenPath/hg19/database/refGene.txt.gz", "rt"):
            row = line.rstrip("\n").split("\t")
            if is_in_slice(row):
                yield row


if __name__ == "__main__":
    main()
