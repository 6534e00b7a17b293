"""What is opened: every sample and every case, annotated in both modes, plain and bgzip."""

import gzip
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ANNOTATOR = os.environ["GAS_ANNOTATOR"]
SHARED = Path(os.environ["GAS_SHARED"])

# What the annotator refuses, and has to.
REFUSED = {"pass-utf16"}

MODES = {
    "modern": [],
    # AnnTools declared nothing that it added; with the option readers that write what they read can have it, too.
    "anntools": ["--mode", "anntools", "--declare-keys"],
}


@dataclass
class Output:
    """An annotated file."""

    name: str
    mode: str
    source: Path
    plain: Path
    packed: Path
    # Records that the annotator says are in it.
    records: int

    @property
    def version(self):
        return self.plain.read_bytes().split(b"\n", 1)[0].decode().strip().removeprefix("##fileformat=VCFv")

    @property
    def index(self):
        """The tabix index; none of records that are not in order."""
        path = Path(f"{self.packed}.tbi")
        return path if path.exists() else None

    @property
    def has_samples(self):
        return any(line.count("\t") > 8 for line in header(self.plain)[-1:])


def header(path):
    return [line for line in lines(path) if line.startswith("#")]


def records(path):
    """The columns of each record."""
    return [line.split("\t") for line in lines(path) if line and not line.startswith("#")]


def lines(path):
    data = Path(path).read_bytes()
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    return data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").split("\n")


def references(folder):
    """Builds hg19, with a sequence and a chain, and hg38, without."""
    data = SHARED / "data"
    tables = data / "goldenPath"
    common = ["--reference-dir", folder]
    call("reference", "build", "hg19", "--assembly", "hg19", "--tables", tables / "hg19", *common,
         "--sequence", data / "sequence/hg19.chr1_1-1000000.fa.gz",
         "--chain", tables / "hg18/liftOver/hg18ToHg19.over.chain.gz",
         "--track", f"dbSNP={data}/variants/b37.dbsnp135.chr1_1M.exome.vcf",
         "--track", f"ClinVar={data}/variants/clinvar_2016.hg19.vcf.gz")
    call("reference", "build", "hg38", "--assembly", "hg38", "--tables", tables / "hg38", *common, "--no-sequence")


def call(*arguments):
    done = subprocess.run([ANNOTATOR, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"annotator {' '.join(map(str, arguments))}: {done.stderr}")


def inputs(only):
    """Name and path of each input."""
    for folder in ["cases", "data/samples"]:
        for path in sorted((SHARED / folder).iterdir()):
            name = re.sub(r"\.vcf(\.gz)?$", "", path.name)
            if name != path.name and only in name:
                yield name, path


class Refused(Exception):
    """The annotator does not take an input."""


def annotate(name, source, mode, references, folder):
    """Annotates an input twice."""
    plain, packed, summary = (folder / f"{name}.{mode}.{ending}" for ending in ["vcf", "vcf.gz", "json"])
    for output in [plain, packed]:
        command = [ANNOTATOR, "annotate", source, "--reference-dir", references, "--output", output, "--summary", summary,
                   "--log", folder / f"{name}.log", *MODES[mode]]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        if done.returncode != 0:
            raise Refused(done.stderr.strip())
    told = json.loads(summary.read_text())
    kept = told["records"] - told["unmapped"] - told["without_bases"]
    return Output(name, mode, source, plain, packed, kept)
