#!/usr/bin/env bash
# With phased genotypes, what lies behind a new stop has no consequence of its own, and changes the terms of what made the stop.
#
# One would guess: `bcftools csq` joins alleles of one haplotype that act together. A frameshift that runs into a stop after one codon
#   acts on nothing behind it; an allele there is told with the `*` that the manual has for consequences behind a stop.
# What is so: once a frame is shifted, every allele up to the end of the transcript, or to the one that restores the frame, belongs
#   to the same entry, wherever the stop is. An allele forty bases behind it is `@66` alone: no term, no amino acid. And whether the
#   frameshift is also `stop_gained` depends on an insertion 80 bases behind the stop, which no ribosome reaches. The `*` is there
#   for alleles behind a stop that shifts no frame.
# Why it matters: a filter by term loses such records, and a comparison of two callers on phased files finds differences that
#   are none. `--local-csq` tells each by itself.
# Versions: BCFtools 1.16 (Debian 12). Sources: <https://samtools.github.io/bcftools/bcftools.html#csq>; the same is expected by
#   its own test of csq `EDUMMY0001/starts-with-1`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get download -qq bcftools=1.16-1 libhts3 libhtscodecs2 libgsl27 libgslcblas0 libdeflate0 2>/dev/null
for package in ./*.deb; do dpkg-deb -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find "$PWD/root" -name 'libhts.so.3')")
export LD_LIBRARY_PATH
bcftools=root/usr/bin/bcftools

# One exon, 61..183 coding: ATG GCC GTA AGC, nine times GCC GAC CTC GAG, TAA. Without the G at 67, the third codon is TAA.
coding=ATGGCCGTAAGC$(printf 'GCCGACCTCGAG%.0s' {1..9})TAA
around=$(printf 'C%.0s' {1..60})
printf '>1\n%s\n' "$around$coding$around" >gene.fa
tr ' ' '\t' >gene.gff3 <<'GFF3'
##gff-version 3
1 e gene 31 213 . + . ID=gene:G;biotype=protein_coding;Name=G
1 e mRNA 31 213 . + . ID=transcript:T;Parent=gene:G;biotype=protein_coding
1 e exon 31 213 . + . Parent=transcript:T
1 e CDS 61 183 . + 0 Parent=transcript:T
GFF3
records() { # POS...
  cat <<'VCF'
##fileformat=VCFv4.2
##contig=<ID=1,length=243>
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
VCF
  printf '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tsample\n'
  for allele in "$@"; do printf '1\t%s\t.\t%s\t%s\t.\t.\t.\tGT\t0|1\n' ${allele//:/ }; done
}
told() { # OPTION POS:REF:ALT...
  records "${@:2}" >alleles.vcf
  "$bcftools" csq "$1" --phase R --fasta-ref gene.fa --gff-annot gene.gff3 alleles.vcf 2>/dev/null |
    "$bcftools" query --format '%POS %BCSQ\n' | awk '{ split($2, field, "|"); print $1 "=" field[1] }' | paste -sd ' '
}

changed=0
expect() { # WHAT WANTED SEEN
  printf '%-44s %s\n' "$1" "$3"
  [ "$2" = "$3" ] || { echo "  CHANGED: it was: $2"; changed=1; }
}
expect 'the shift alone' '66=frameshift' "$(told --force 66:CG:C)"
expect 'and a substitution behind its stop' '66=frameshift 107=@66' "$(told --force 66:CG:C 107:A:T)"
expect 'and an insertion that restores the frame' '66=stop_gained&frameshift 107=@66 151=@66' \
  "$(told --force 66:CG:C 107:A:T 151:C:CA)"
expect 'each by itself' '66=frameshift 107=missense 151=frameshift' "$(told --local-csq 66:CG:C 107:A:T 151:C:CA)"
exit $changed
