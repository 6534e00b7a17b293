#!/usr/bin/env bash
# A fresh .tbi does not help where an old .csi lies beside it: the old one is read, and regions come back empty.
#
# One would guess: a file that was written anew with its .tbi beside it can be asked for regions. Should several indexes lie
#   there, the newest counts, or the reader complains.
# What is so: bcftools, cyvcf2 and pysam's VariantFile look for FILE.csi first and ask no further. If that belongs to an earlier
#   file of the same name, a region has no records, or other ones, and the exit status is 0. pysam's TabixFile takes the .tbi. That
#   the index is older than the file is at most a line on standard error, and only if the clock says so (copying, unpacking an
#   archive or a download in another order hides it).
# Why it matters: results that are written again under the same name, by a program that makes .tbi where another once made .csi
#   (`bcftools index` does so by default), lose variants without a word. Remove both before writing either.
# Versions: pysam 0.24.0 (htslib and bcftools 1.23.1), cyvcf2 0.35.0. Source: htslib's manual, tabix(1), on .tbi and .csi.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check pysam==0.24.0 cyvcf2==0.35.0

cat >index.py <<'PY'
import os, sys
import cyvcf2, pysam, pysam.bcftools

HEAD = "##fileformat=VCFv4.2\n##contig=<ID=1,length=1000000>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"

def write(step, last):
    with open("calls.vcf", "w") as file:
        file.write(HEAD)
        for position in range(step, last, step):
            file.write(f"1\t{position}\tat_{position}\tA\tC\t.\tPASS\t.\n")
    pysam.tabix_compress("calls.vcf", "calls.vcf.gz", force=True)

write(100, 1000)
pysam.bcftools.index("calls.vcf.gz")
write(50, 500_000)
pysam.tabix_index("calls.vcf.gz", preset="vcf", force=True)
# As after unpacking an archive: all files are of one time.
for name in ["calls.vcf.gz", "calls.vcf.gz.csi", "calls.vcf.gz.tbi"]:
    os.utime(name, (1_700_000_000, 1_700_000_000))
if sys.argv[1] == "removed":
    os.remove("calls.vcf.gz.csi")

def ids(lines):
    return [line.split("\t")[2] for line in lines if not line.startswith("#")]

answers = {
    "bcftools view -r": ids(pysam.bcftools.view("-r", "1:400000-400050", "calls.vcf.gz").splitlines()),
    "pysam VariantFile": [record.id for record in pysam.VariantFile("calls.vcf.gz").fetch("1", 399_999, 400_050)],
    "cyvcf2": [record.ID for record in cyvcf2.VCF("calls.vcf.gz")("1:400000-400050")],
    "pysam TabixFile": ids(pysam.TabixFile("calls.vcf.gz").fetch("1", 399_999, 400_050)),
}
for name, found in answers.items():
    print(f"{name}: {' '.join(found) or 'nothing'}")
PY

changed=0
expect() { # WHICH WANTED
  local seen
  seen=$(tools/bin/python index.py "$1" 2>errors)
  printf 'The old .csi is %s\n%s\n' "$1" "$seen"
  [ -s errors ] && sed 's/^/  standard error: /' errors
  [ "$2" = "$seen" ] || { printf 'CHANGED, it was:\n%s\n' "$2"; changed=1; }
}
both='at_400000 at_400050'
expect there "bcftools view -r: nothing
pysam VariantFile: nothing
cyvcf2: nothing
pysam TabixFile: $both"
expect removed "bcftools view -r: $both
pysam VariantFile: $both
cyvcf2: $both
pysam TabixFile: $both"
exit $changed
