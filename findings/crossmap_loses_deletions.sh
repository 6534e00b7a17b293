#!/usr/bin/env bash
# CrossMap lifts a VCF file without its deletions, and makes insertions of some of them.
#
# One would guess: a lift-over moves POS, and END where INFO has it. A deletion stays a deletion; what cannot be lifted is listed
#   as unmapped with a reason that is true.
# What is so: CrossMap reads REF anew from the target assembly, and always one base of it. So REF and ALT of a deletion become
#   the same base, and the record is dropped as "Fail(REF==ALT)", between assemblies that do not differ there at all. Where one
#   of several alleles is longer than a base (CTTGT>C,CTT), the record comes out as an insertion (C>CTT). Three bases that two
#   replace become an insertion, too. END becomes POS, so that a deletion of 40 bases has none; the mate of a breakend stays
#   where it was. The header of 0.7.4 says that it was 0.7.3.
# Why it matters: files that were lifted so hold no deletions, a few insertions that nobody has, and structural variants of one
#   base, and every tool downstream reads them without a warning. ##liftOverProgram in the header is the only trace.
# Versions: CrossMap 0.7.4. Sources: cmmodule/mapvcf.py of that release; VCF 4.2, <https://samtools.github.io/hts-specs/VCFv4.2.pdf>.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv tools && tools/bin/pip install --quiet --disable-pip-version-check CrossMap==0.7.4

# The new assembly is the old one with ten bases before it.
bases=GATTACAGGCTTACGATCCTTGTACGGATCAGTCCATGCAAGTCTGACCTTGGAACGTTACG
printf '>chr1\n%s\n' "TTTTTTTTTT$bases" >new.fa
printf 'chain 1 chr1 62 + 0 62 chr1 72 + 10 72 1\n62\n\n' >old_to_new.chain

tab() { tr ' ' '\t'; }
{
  cat <<'VCF'
##fileformat=VCFv4.2
##contig=<ID=chr1,length=62>
##ALT=<ID=DEL,Description="Deletion">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">
##INFO=<ID=END,Number=1,Type=Integer,Description="End position">
VCF
  tab <<'VCF'
#CHROM POS ID REF ALT QUAL FILTER INFO
chr1 2 substitution A C . . .
chr1 4 insertion T TGG . . .
chr1 10 deletion CTT C . . .
chr1 18 two_alleles CCTTG C,CCT . . .
chr1 26 replacement GGA CT . . .
chr1 30 symbolic C <DEL> . . SVTYPE=DEL;END=50
chr1 32 breakend G G[chr1:60[ . . SVTYPE=BND
VCF
} >old.vcf

tools/bin/CrossMap vcf old_to_new.chain old.vcf new.fa new.vcf 2>/dev/null

changed=0
expect() { # ID WANTED
  local seen
  seen=$(awk -F '\t' -v id="$1" '$3 == id { print $2, $4, $5, $8 }' new.vcf)
  printf '%-14s %s\n' "$1" "${seen:-is not in the output: $(awk -F '\t' -v id="$1" '$3 == id { print $NF }' new.vcf.unmap)}"
  [ "$2" = "$seen" ] || { echo "  CHANGED: it was: ${2:-not in the output}"; changed=1; }
}
expect substitution '12 A C .'
expect insertion '14 T TGG .'
expect deletion ''
expect two_alleles '28 C CCT .'
expect replacement '36 G GT .'
expect symbolic '40 C <DEL> SVTYPE=DEL;END=40'
expect breakend '42 G G[chr1:60[ SVTYPE=BND'
grep -q '^##liftOverProgram=CrossMap,version=0.7.3$' new.vcf || { echo "  CHANGED: ##liftOverProgram"; changed=1; }
exit $changed
