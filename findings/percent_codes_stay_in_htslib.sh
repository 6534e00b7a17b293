#!/usr/bin/env bash
# Who decodes the percent codes of a VCF file: one library of the three does.
#
# One would guess: since VCF 4.3 reserves %3A %3B %3D %25 %2C for characters that would end a value, every reader of 4.3 gives the
#   characters back, so that HGVS's `p.(=)` written as `p.(%3D)` is read as it is meant.
# What is so: htslib hands values over as they are written, and so do pysam and cyvcf2. vcfpy decodes, and encodes again when it
#   writes, value by value: one that needs a code gets all of them, so that `NP_1:p.(%3D)` comes back as `NP_1%3Ap.(%3D)`, while
#   one that needs none loses those it had.
# Why it matters: programs that compare HGVS names or free text from VCF files find nothing, or everything twice, depending on
#   the library; who reads by htslib has to decode, who reads by vcfpy must not do it again (`%2525`).
# Versions: pysam 0.24.0 (htslib 1.23.1), cyvcf2 0.35.0, vcfpy 0.14.2. Source: VCF 4.3, section 1.2,
#   <https://samtools.github.io/hts-specs/VCFv4.3.pdf>.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

{
  cat <<'VCF'
##fileformat=VCFv4.3
##contig=<ID=1,length=100000>
##INFO=<ID=NOTE,Number=1,Type=String,Description="A sentence">
##INFO=<ID=HGVSP,Number=.,Type=String,Description="Names of proteins">
VCF
  tr ' ' '\t' <<'VCF'
#CHROM POS ID REF ALT QUAL FILTER INFO
1 1000 . A C . PASS NOTE=half%2Chalf%3B50%25;HGVSP=NP_1:p.(%3D),NP_2%3Ap.(Gly4Ter)
VCF
} >names.vcf

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check pysam==0.24.0 cyvcf2==0.35.0 vcfpy==0.14.2

cat >read.py <<'PY'
import sys
import cyvcf2, pysam, vcfpy

def by_vcfpy():
    reader = vcfpy.Reader.from_path("names.vcf")
    record = next(reader)
    with vcfpy.Writer.from_path("again.vcf", reader.header) as writer:
        writer.write_record(record)
    return record

if sys.argv[1] == "pysam":
    info = next(iter(pysam.VariantFile("names.vcf"))).info
    print(info["NOTE"], ",".join(info["HGVSP"]))
elif sys.argv[1] == "cyvcf2":
    record = next(iter(cyvcf2.VCF("names.vcf")))
    print(record.INFO["NOTE"], record.INFO["HGVSP"])
elif sys.argv[1] == "vcfpy":
    info = by_vcfpy().INFO
    print(info["NOTE"], ",".join(info["HGVSP"]))
else:
    by_vcfpy()
    print(open("again.vcf").read().splitlines()[-1].split("\t")[7])
PY

changed=0
expect() { # WHAT WANTED SEEN
  printf '%-22s %s\n' "$1" "$3"
  [ "$2" = "$3" ] || { echo "  CHANGED: it was: $2"; changed=1; }
}
written='half%2Chalf%3B50%25 NP_1:p.(%3D),NP_2%3Ap.(Gly4Ter)'
decoded='half,half;50% NP_1:p.(=),NP_2:p.(Gly4Ter)'
expect 'pysam reads' "$written" "$(tools/bin/python read.py pysam)"
expect 'cyvcf2 reads' "$written" "$(tools/bin/python read.py cyvcf2)"
expect 'vcfpy reads' "$decoded" "$(tools/bin/python read.py vcfpy)"
expect 'vcfpy writes again' 'NOTE=half%2Chalf%3B50%25;HGVSP=NP_1%3Ap.(%3D),NP_2:p.(Gly4Ter)' \
  "$(tools/bin/python read.py again)"
exit $changed
