"""Annotates all inputs, opens every output with every tool, and prints what came of it."""

import argparse
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import names
import outputs
import tables
import tools


# What these tools do not open of the input, and so not of the output, where it is passed on.
PASSED_ON = {
    # Its own CSQ, which is not declared, and which AnnTools passes on.
    ("csq_without_header_line", "anntools"): ["bcftools", "pysam"],
    # A mate on HLA-A*01:01:01:01, whose position vcfpy looks for behind the first colon.
    ("pass-hla_contigs", "modern"): ["vcfpy"],
    ("pass-hla_contigs", "anntools"): ["vcfpy"],
    # Two semicolons in a row.
    ("pass-info_oddities", "modern"): ["vcfpy", "htsjdk"],
    ("pass-info_oddities", "anntools"): ["vcfpy"],
    # Genotypes with a dot for a list.
    ("premium_2", "modern"): ["vcfpy"],
    ("premium_2", "anntools"): ["vcfpy"],
}


def opened(output, chosen):
    """Of each tool, a word for the table and, if it is a fault, the reason; and how long each took."""
    results, spent = {}, dict.fromkeys((name for name, *_ in tools.TOOLS), 0.0)
    for name, read, _ in tools.TOOLS:
        if name not in chosen:
            results[name] = ("skipped", None)
            continue
        began = time.monotonic()
        try:
            seen = read(output)
        except Exception as error:
            seen = f"{type(error).__name__}: {error}"
        spent[name] = time.monotonic() - began
        if seen is None:
            results[name] = ("-", None)
        elif seen == output.records:
            results[name] = ("ok", None)
        elif name in PASSED_ON.get((output.name, output.mode), []):
            results[name] = ("input", None)
        else:
            results[name] = ("FAILED", seen if isinstance(seen, str) else f"{seen} of {output.records} records")
    return results, spent


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--only", default="", help="inputs whose name contains this")
    arguments.add_argument("--keep", type=Path, help="a folder for the outputs, which are deleted otherwise")
    arguments.add_argument("--tools", help="of all tools these, separated by commas")
    chosen = arguments.parse_args()
    wanted = chosen.tools.split(",") if chosen.tools else [name for name, *_ in tools.TOOLS]
    if chosen.keep:
        chosen.keep.mkdir(parents=True, exist_ok=True)
        return judge(chosen.keep, chosen.only, wanted)
    with tempfile.TemporaryDirectory() as folder:
        return judge(Path(folder), chosen.only, wanted)


def judge(folder, only, wanted):
    started = time.monotonic()
    references = folder / "references"
    outputs.references(references)
    written, faults = [], []
    for name, source in outputs.inputs(only):
        for mode in outputs.MODES:
            try:
                written.append(outputs.annotate(name, source, mode, references, folder))
                faults += [f"{name} {mode}: it has to be refused"] if name in outputs.REFUSED else []
            except outputs.Refused as reason:
                faults += [] if name in outputs.REFUSED else [f"{name} {mode}: {reason}"]
    present = []
    for name, _, program in tools.TOOLS:
        if name not in wanted:
            continue
        if program and not shutil.which(program):
            print(f"SKIPPED {name}: there is no {program} here")
        else:
            present.append(name)
    print("ok: opened, with all records; input: it does not open the input either; -: not for such a file")
    seconds = dict.fromkeys((name for name, *_ in tools.TOOLS), 0.0)
    print(f"{'':48}" + " ".join(f"{name:>8}" for name, *_ in tools.TOOLS))
    with ProcessPoolExecutor(2) as pool:
        for output, (results, spent) in zip(written, pool.map(opened, written, [present] * len(written))):
            label = f"{output.name} {output.mode}"
            print(f"{label:48}" + " ".join(f"{word:>8}" for word, _ in results.values()), flush=True)
            seconds = {name: seconds[name] + spent[name] for name in seconds}
            faults += [f"{label}: {tool}: {reason}" for tool, (_, reason) in results.items() if reason]
            if len(outputs.records(output.plain)) != output.records:
                faults.append(f"{label}: the annotator says {output.records} records, and wrote others")
    print(f"{'seconds':48}" + " ".join(f"{spent:8.0f}" for spent in seconds.values()))
    modern = (name for output in written if output.mode == "modern" for name in names.names(output))
    count, kinds, troubles = names.refused(modern)
    print(f"{count} HGVS names of {kinds} kinds: {len(troubles)} not read")
    faults += table_faults((output for output in written if output.mode == "modern"), references)
    for fault in faults + troubles:
        print(fault)
    print(f"{len(written)} outputs in {time.monotonic() - started:.0f} s: {len(faults) + len(troubles)} faults")
    return 1 if faults or troubles else 0


def table_faults(written, references):
    """What readers of tables see otherwise in Parquet, TSV and JSON Lines of the samples than is in their VCF."""
    faults, count = [], 0
    for output in written:
        if output.source.parent.name == "samples":
            told, seen = tables.annotated(outputs.ANNOTATOR, output.source, ["--reference-dir", references])
            faults += [f"{output.name}: {' '.join(map(str, fault))}" for fault in tables.differences(told, seen)]
            count += 1
    print(f"{count} samples as tables, read by pyarrow, DuckDB and Polars: {len(faults)} counts differ")
    return faults


if __name__ == "__main__":
    sys.exit(main())
