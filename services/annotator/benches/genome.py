"""A genome of real length whose bases are random, and the variants of a family in it: what `peers.py genome` annotates, and what
web's `variants.py` looks at.

The genome has the chromosomes of an assembly with their real lengths, transcripts, and common and clinical variants (of hg19), which
stand at their own places with their own bases. So everything that annotating and looking at variants costs is as it is of a whole
genome, and nobody has to fetch 800 MB. What proteins become of it is nobody's.
"""

import gzip
import random
import struct

HEADER = """##fileformat=VCFv4.2
##reference=hg19
##FILTER=<ID=q10,Description="Low quality">
##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality of the genotype">
"""
FREQUENCY = """##fileformat=VCFv4.2
##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">
"""
CLINVAR = """##fileformat=VCFv4.2
##INFO=<ID=CLNSIG,Number=.,Type=String,Description="Significance">
##INFO=<ID=CLNDN,Number=.,Type=String,Description="Diseases">
##INFO=<ID=CLNREVSTAT,Number=.,Type=String,Description="Review">
"""
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
SIGNIFICANCE = ("Benign", "Benign", "Likely_benign", "Uncertain_significance", "Likely_pathogenic", "Pathogenic")
# Mother, father, child; most variants are handed down as Mendel says, few are new.
FAMILIES = [("0/1", "0/0", "0/1"), ("0/1", "0/0", "0/0"), ("0/0", "0/1", "0/1"), ("0/0", "0/1", "0/0"), ("0/1", "0/1", "1/1"),
            ("0/1", "0/1", "0/1"), ("1/1", "1/1", "1/1"), ("1/1", "0/1", "0/1"), ("./.", "0/1", "0/1")]


class Genome:
    """The chromosomes 1 to 22 and X, and, of another assembly than hg19, Y."""

    def __init__(self, data, assembly="hg19"):
        self.tables = data / "goldenPath" / assembly / "database"
        lengths = dict(line.split()[:2] for line in (self.tables / "chrom.sizes").read_text().splitlines())
        names = [f"chr{name}" for name in (*range(1, 23), "X", *("Y" if assembly != "hg19" else ""))]
        self.chance = random.Random(1)
        self.bases = {name: bytearray(self.chance.randbytes(int(lengths[name]))).translate(LETTERS) for name in names}
        self.known = {name: {} for name in names}
        for file in sorted((data / "variants").glob(f"*.{assembly}.vcf.gz")):
            self.put_known(file)
        self.exons = {name: [] for name in names}
        for line in table(self.tables / "refGene.txt").splitlines():
            row = line.split("\t")
            if row[2] in self.exons:
                self.exons[row[2]] += zip(map(int, row[9].split(",")[:-1]), map(int, row[10].split(",")[:-1]))

    def put_known(self, file):
        for line in gzip.open(file, "rt"):
            if line.startswith("#"):
                continue
            name, position, _, reference, alternate, _ = line.split("\t", 5)
            name, start, reference = "chr" + name.removeprefix("chr"), int(position) - 1, reference.upper()
            if name not in self.bases or set(reference) - set("ACGT") or start in self.known[name]:
                continue
            self.bases[name][start:start + len(reference)] = reference.encode()
            self.known[name][start] = (reference, alternate.split(",")[0].upper())

    def write_tracks(self, folder):
        """Common variants with a frequency, and every tenth of them with what ClinVar might say."""
        frequent, clinical = folder / "frequencies.vcf.gz", folder / "clinvar.vcf.gz"
        with gzip.open(frequent, "wt", compresslevel=1) as common, gzip.open(clinical, "wt", compresslevel=1) as known:
            common.write(f"{FREQUENCY}{COLUMNS}\n")
            known.write(f"{CLINVAR}{COLUMNS}\n")
            for number, (name, start, (reference, alternate)) in enumerate(self.all_known()):
                frequency = min(0.5, self.chance.paretovariate(0.5) / 1000)
                common.write(f"{name}\t{start + 1}\trs{number + 100}\t{reference}\t{alternate}\t.\t.\tAF={frequency:.5f}\n")
                if number % 10 == 0:
                    said = self.chance.choice(SIGNIFICANCE)
                    known.write(f"{name}\t{start + 1}\t{number}\t{reference}\t{alternate}\t.\t.\tCLNSIG={said};CLNDN=Disease_{number % 997};"
                                "CLNREVSTAT=criteria_provided,_single_submitter\n")
        return {"common": frequent, "ClinVar": clinical}

    def all_known(self):
        return ((name, start, alleles) for name, places in self.known.items() for start, alleles in sorted(places.items()))

    def write_2bit(self, path):
        """The sequence as UCSC's .2bit."""
        with path.open("wb") as out:
            out.write(struct.pack("<4I", 0x1A412743, 0, len(self.bases), 0))
            at = 16 + sum(1 + len(name) + 4 for name in self.bases)
            for name, bases in self.bases.items():
                out.write(bytes([len(name)]) + name.encode() + struct.pack("<I", at))
                at += 16 + (len(bases) + 3) // 4
            for bases in self.bases.values():
                out.write(struct.pack("<4I", len(bases), 0, 0, 0))
                for start in range(0, len(bases), 1 << 24):
                    out.write(packed(bases[start:start + (1 << 24)]))

    def write_variants(self, path, count):
        """About so many variants of a family, sorted: a third at places of common variants, a tenth in exons, the others anywhere."""
        whole = sum(map(len, self.bases.values()))
        with gzip.open(path, "wt", compresslevel=1) as out:
            out.write(f"{HEADER}{COLUMNS}\tFORMAT\tchild\tmother\tfather\n")
            for name, bases in self.bases.items():
                here, chance = count * len(bases) // whole, self.chance
                places = set(chance.sample(sorted(self.known[name]), min(here // 3, len(self.known[name]))))
                places |= {chance.randrange(*chance.choice(self.exons[name])) for _ in range(here // 10)}
                while len(places) < here:
                    places.add(chance.randrange(len(bases) - 100))
                out.writelines(self.record(name, start) for start in sorted(places))

    def record(self, name, start):
        chance, letters = self.chance, self.bases[name]
        reference = chr(letters[start])
        alternate = chance.choice([base for base in "ACGT" if base != reference])
        if known := self.known[name].get(start):
            reference, alternate = known
        elif (kind := chance.random()) < 0.06:
            reference, alternate = letters[start:start + 2 + int(chance.expovariate(0.3))].decode(), reference
        elif kind < 0.12:
            alternate = reference + "".join(chance.choices("ACGT", k=1 + int(chance.expovariate(0.3))))
        mother, father, child = chance.choice(FAMILIES) if chance.random() > 0.001 else ("0/0", "0/0", "0/1")
        samples = "\t".join(f"{genotype}:{chance.randrange(10, 60)}:{chance.randrange(20, 99)}" for genotype in (child, mother, father))
        quality, state = chance.randrange(10, 4000), "PASS" if chance.random() < 0.9 else "q10"
        return f"{name}\t{start + 1}\t.\t{reference}\t{alternate}\t{quality}\t{state}\tDP={chance.randrange(30, 180)}\tGT:DP:GQ\t{samples}\n"


# Random bytes as bases, and bases as .2bit has them.
LETTERS = bytes(b"ACGT"[byte % 4] for byte in range(256))
CODES = bytes({84: 0, 67: 1, 65: 2, 71: 3}.get(byte, 0) for byte in range(256))


def packed(bases):
    """Four bases a byte, the first one in the highest bits."""
    codes = bytes(bases).translate(CODES)
    codes += bytes(-len(codes) % 4)
    quarters = [int.from_bytes(codes[place::4], "big") << (6 - 2 * place) for place in range(4)]
    return (quarters[0] | quarters[1] | quarters[2] | quarters[3]).to_bytes(len(codes) // 4, "big")


def table(file):
    """A table of UCSC, packed or not."""
    return file.read_text() if file.exists() else gzip.open(f"{file}.gz", "rt").read()
