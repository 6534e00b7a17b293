"""What `peers.py` gives to the annotators: transcripts in the dialects that they read, and files to annotate."""

import collections
import gzip
import random
import subprocess

from genome import Genome
from measured import run, say

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
            if kind != "protein_coding":
                continue
            # Without UTRs csq takes them for introns, and has less to tell.
            first, last = ("five_prime_UTR", "three_prime_UTR") if strand == "+" else ("three_prime_UTR", "five_prime_UTR")
            if low < cds_start:
                feature(first, low, min(high, cds_start), f"Parent=transcript:{name}")
            if high > cds_end:
                feature(last, max(low, cds_end), high, f"Parent=transcript:{name}")
            if max(low, cds_start) < min(high, cds_end):
                phase = (3 - frame) % 3
                feature("CDS", max(low, cds_start), min(high, cds_end), f"Parent=transcript:{name}", phase)
    heads = [f"1\trefGene\tgene\t{low + 1}\t{high}\t.\t{strand}\t.\tID=gene:{symbol};Name={symbol};biotype=protein_coding"
             for symbol, (low, high, strand) in genes.items()]
    path.write_text("\n".join(["##gff-version 3", *heads, *lines]) + "\n")


def write_refseq_gff3(rows, path):
    """Transcripts as RefSeq's GFF3, which vareffect reads. The chromosome is GRCh38's by name; positions and bases are those of
    the slice all the same."""
    lines, genes = [], set()
    for place, row in enumerate(rows):
        name, strand, symbol = f"{row[1].split('.')[0]}.{place}", row[3], row[12]
        start, end, cds_start, cds_end = (int(number) for number in row[4:8])

        def feature(what, low, high, attributes, phase="."):
            lines.append(f"NC_000001.11\tRefSeq\t{what}\t{low + 1}\t{high}\t.\t{strand}\t{phase}\t{attributes}")

        if symbol not in genes:
            genes.add(symbol)
            feature("gene", start, end, f"ID=gene-{symbol};Name={symbol};gene={symbol};gene_biotype=protein_coding")
        feature("mRNA" if cds_start < cds_end else "lnc_RNA", start, end,
                f"ID=rna-{name};Parent=gene-{symbol};Name={name};gene={symbol};transcript_id={name}")
        ends = [[int(number) for number in column.split(",") if number] for column in (row[9], row[10], row[15])]
        for low, high, frame in zip(*ends):
            feature("exon", low, high, f"ID=exon-{name}-{low};Parent=rna-{name};transcript_id={name}")
            if max(low, cds_start) < min(high, cds_end):
                feature("CDS", max(low, cds_start), min(high, cds_end), f"ID=cds-{name};Parent=rna-{name};protein_id=NP_{name[3:]}",
                        (3 - frame) % 3)
    path.write_text("\n".join(["##gff-version 3", *lines]) + "\n")


def write_substitutions(path, sequence):
    """Every substitution of the slice."""
    bases = "".join(line.strip() for line in sequence.read_text().splitlines()[1:]).upper()
    with path.open("w") as out:
        out.write(f"##fileformat=VCFv4.2\n##contig=<ID=1,length=249250621>\n{COLUMNS}\n")
        for position, base in enumerate(bases, 1):
            out.writelines(f"1\t{position}\t.\t{base}\t{other}\t.\t.\t.\n" for other in "ACGT" if base != "N" and other != base)


def generate_wide(path, sequence, count, samples):
    """Records with the genotypes of many samples, most of them those of the reference, on the first bases of the slice."""
    bases, chance = "".join(line.strip() for line in sequence.read_text().splitlines()[1:]).upper(), random.Random(1)
    names = "\t".join(f"NA{number:05}" for number in range(samples))
    with path.open("w") as out:
        out.write(f"##fileformat=VCFv4.2\n##contig=<ID=1,length=249250621>\n")
        out.write(f'##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">\n')
        out.write(f'##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n{COLUMNS}\tFORMAT\t{names}\n')
        step = (len(bases) - 100_000) // count
        for number in range(count):
            position = 100_000 + number * step + chance.randrange(step)
            base, frequency = bases[position - 1], min(0.5, chance.paretovariate(0.5) / 2000)
            if base == "N":
                continue
            genotypes = ["0|0"] * samples
            for _ in range(int(2 * samples * frequency)):
                genotypes[chance.randrange(samples)] = chance.choice(("0|1", "1|0", "1|1"))
            other = chance.choice([letter for letter in "ACGT" if letter != base])
            out.write(f"1\t{position}\t.\t{base}\t{other}\t100\tPASS\tAF={frequency:.5f}\tGT\t" + "\t".join(genotypes) + "\n")


def common_positions(vcf):
    """Chromosome and POS of common variants."""
    positions = collections.defaultdict(set)
    for line in gzip.open(vcf, "rt"):
        if not line.startswith("#"):
            chromosome, position, _ = line.split("\t", 2)
            positions["chr" + chromosome.removeprefix("chr")].add(int(position))
    return positions


def generate(path, count, sizes, known):
    """A sorted VCF of random substitutions over the chromosomes, each as often as it is long. Where common variants are, those
    of the file `known`, there is none: random alleles there are those of another genome, which the annotator refuses."""
    common = common_positions(known)
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


def write_genome(data, sequence, vcf, count):
    """The sequence of a generated genome as .2bit, and so many records of a family in it."""
    genome = Genome(data, "hg38")
    genome.write_2bit(sequence)
    genome.write_variants(vcf, count)


def vareffect_data(folder, rows, sequence):
    """vareffect's genome and transcripts, from the same sequence and the same refGene in the dialect of RefSeq."""
    program = folder / "genome"
    (program / "src").mkdir(parents=True)
    (program / "Cargo.toml").write_text('[package]\nname = "genome"\nversion = "0.1.0"\nedition = "2024"\n'
                                        '[dependencies]\nvareffect = "=0.6.0"\n[workspace]\n')
    (program / "src/main.rs").write_text("""
        fn main() {
            let words: Vec<String> = std::env::args().collect();
            let fasta = std::fs::read_to_string(&words[1]).unwrap();
            let bases: String = fasta.lines().skip(1).collect();
            let index = format!("{}.idx", words[2]);
            vareffect::fasta::write_genome_binary(&[("chr1", bases.as_bytes())], "GRCh38", words[2].as_ref(), index.as_ref()).unwrap();
        }""")
    say("building vareffect's data")
    genome, gff = folder / "vareffect.bin", folder / "refseq.gff3"
    subprocess.run(["cargo", "run", "--quiet", "--release", "--target-dir", program / "target", "--", sequence, genome], cwd=program,
                   check=True)
    write_refseq_gff3(rows, gff)
    run(["vareffect", "build-transcripts", "--source", "refseq", "--input", gff, "--output", folder, "--version", "slice"])
    return genome, folder / "transcript_models_refseq.bin"
