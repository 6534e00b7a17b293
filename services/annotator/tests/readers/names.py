"""Every HGVS name, read by the parsers of hgvs and of Mutalyzer."""

import re

import hgvs.parser
import hgvs.validator
import mutalyzer_hgvs_parser
from hgvs.exceptions import HGVSInvalidVariantError

from outputs import records

# A substitution of one base, or of one amino acid: parsers read all of them by one rule, so that one of a kind stands for them.
SUBSTITUTION = re.compile(r"[cgmn]\.[-*]?\d+([+-]\d+)?[ACGTN]>[ACGTN]$|p\.[A-Z][a-z]{2}\d+([A-Z][a-z]{2}|=)$")


def names(output):
    """The HGVS names in a file of modern mode: of CSQ, and of HGVSm."""
    columns = []
    for line in output.plain.read_text(errors="replace").splitlines():
        if line.startswith("##INFO=<ID=CSQ,") or line.startswith("##INFO=<ID=GAS_CSQ,"):
            columns = line.split("Format: ")[1].split('"')[0].split("|")
            key = line.split("ID=")[1].split(",")[0]
    wanted = [place for place, column in enumerate(columns) if column in ["HGVSc", "HGVSp", "HGVSg"]]
    for record in records(output.plain):
        for field in record[7].split(";") if len(record) > 7 else []:
            name, _, value = field.partition("=")
            if name == key:
                for entry in value.split(","):
                    parts = entry.split("|")
                    yield from (parts[place] for place in wanted if place < len(parts) and parts[place])
            elif name == "HGVSm":
                yield from (one for one in value.split(",") if one != ".")


def decoded(name):
    return re.sub("%([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), name)


def kinds(all_names):
    """One name of each kind, and how many there are."""
    found, count = {}, 0
    for name in all_names:
        count += 1
        accession, _, change = decoded(name).partition(":")
        kind = re.sub(r"\d+", "#", change) if SUBSTITUTION.match(change) else change
        found.setdefault((re.sub(r"\d+", "#", accession), kind), decoded(name))
    return count, list(found.values())


def complete(name):
    """A name as hgvs' strict validator wants it: UCSC's refGene has transcripts without versions and no accessions of proteins,
    and RefSeq's YP_ of mitochondrial proteins is not among the accessions that the validator knows."""
    accession, _, change = name.partition(":")
    if change.startswith("p."):
        accession = re.sub("^(NM|YP)_", "NP_", accession)
    return f"{accession}:{change}" if "." in accession else f"{accession}.1:{change}"


def validate(parser, validator, name):
    variant = parser.parse_hgvs_variant(complete(name))
    try:
        validator.validate(variant)
    except HGVSInvalidVariantError as error:
        # Of a span within one intron one end may be counted from its beginning and the other from its end.
        if "in the same intron" not in str(error):
            raise
    except AttributeError:
        # The validator asks deletions of amino acids for a property that only those of bases have (hgvs 1.5.1).
        if variant.type != "p":
            raise


def refused(all_names):
    """How many names and kinds there are, and what a parser does not read, with its reason."""
    parser, validator = hgvs.parser.Parser(), hgvs.validator.IntrinsicValidator(strict=True)
    count, chosen = kinds(all_names)
    troubles = []
    for name in chosen:
        for tool, read in [
            ("hgvs", lambda: validate(parser, validator, name)),
            ("mutalyzer", lambda: mutalyzer_hgvs_parser.to_model(name)),
        ]:
            try:
                read()
            except Exception as error:
                troubles.append(f"{tool}: {name}: {' '.join(str(error).split())[:160]}")
    return count, len(chosen), troubles
