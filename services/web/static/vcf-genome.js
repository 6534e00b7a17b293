// Which genome a VCF file was made with, as far as the file itself says it. The annotator goes by the same rules, and
// compares REF besides; both are tried on the same cases (services/shared/annotation/src/run/tests/first_look.json).

/// Newest first. Lengths of chromosomes 1 to 22, X and Y: UCSC's chromInfo, https://hgdownload.soe.ucsc.edu/goldenPath/
const ASSEMBLIES = [
  { name: "GRCh38 (hg38)", hints: ["hg38", "grch38", "hs38", "b38", "build38", "build 38"], lengths: [
    248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636, 138394717, 133797422,
    135086622, 133275309, 114364328, 107043718, 101991189, 90338345, 83257441, 80373285, 58617616, 64444167,
    46709983, 50818468, 156040895, 57227415,
  ] },
  { name: "GRCh37 (hg19)", hints: ["hg19", "grch37", "hs37", "b37", "build37", "build 37", "g1k_v37", "ncbi37"], lengths: [
    249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663, 146364022, 141213431, 135534747,
    135006516, 133851895, 115169878, 107349540, 102531392, 90354753, 81195210, 78077248, 59128983, 63025520,
    48129895, 51304566, 155270560, 59373566,
  ] },
  { name: "NCBI36 (hg18)", hints: ["hg18", "ncbi36", "b36", "build36", "build 36"], lengths: [
    247249719, 242951149, 199501827, 191273063, 180857866, 170899992, 158821424, 146274826, 140273252, 135374737,
    134452384, 132349534, 114142980, 106368585, 100338915, 88827254, 78774742, 76117153, 63811651, 62435964,
    46944323, 49691432, 154913754, 57772954,
  ] },
];
/// RefSeq's versions of the chromosomes of GRCh38; those of older assemblies follow one another.
const GRCH38 = [11, 12, 12, 12, 10, 12, 14, 11, 12, 11, 10, 12, 11, 9, 10, 10, 11, 10, 10, 11, 9, 11, 11, 10];
/// The number that GenBank gives chromosome 1.
const GENBANK_FIRST = 663;
const MITOCHONDRIAL = ["mt", "chrm", "m", "chrmt", "nc_012920.1", "nc_012920", "j01415.2"];
const MOST_COMPARED = 20_000;
const MOST_NAMES = 200;

const counted = (number) => number.toLocaleString("en");

/// What the file says: `{ genome, decided }`, `{ isMitochondrial }`, `{ trouble }` or nothing of these. `headerLines` are the
/// lines before the column line; a record is `{ line, chromosome, position, mayBeAtTelomere }`; `isWhole` says that these are all records.
export function genomeOf(headerLines, records, isWhole) {
  const nuclear = records.filter(({ chromosome }) => !isMitochondrial(chromosome)).slice(0, MOST_COMPARED);
  if (isWhole && records.length > 0 && nuclear.length === 0) return { isMitochondrial: true };
  const told = fromFile(read(headerLines), nuclear);
  // What was read is mitochondrial, and there is more: it may be so to the end.
  return told.trouble && records.length > 0 && nuclear.length === 0 ? {} : told;
}

function fromFile(header, nuclear) {
  const byLength = fromLengths(header);
  if (byLength.trouble) return byLength;
  if (byLength.assembly) return settle(byLength.assembly, [byLength.reason], nuclear);
  const byAccession = fromAccessions(header, nuclear);
  if (byAccession) return settle(byAccession.assembly, [`${byAccession.name} is a chromosome of it`], nuclear);
  return fromEvidence(header, nuclear);
}

const isMitochondrial = (name) => MITOCHONDRIAL.includes(name.toLowerCase());

function read(lines) {
  const header = { contigs: [], hints: "" };
  const hint = (text) => { if (header.hints.length < 4096) header.hints += `${text.slice(0, 512)}\n`; };
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith("##")) continue;
    const [key, value] = splitOnce(line.slice(2), "=");
    if (["reference", "assembly", "genome", "build"].includes(key)) hint(value);
    if (key !== "contig") continue;
    const [name, length, assembly] = ["ID", "length", "assembly"].map((key) => attribute(value, key));
    if (assembly !== undefined) hint(assembly);
    if (name !== undefined) header.contigs.push({ name, length: whole(length?.trim()), line: index + 1 });
  }
  return header;
}

/// The value of a key in `<ID=…,key=…>`; quoted values are read past whole.
function attribute(value, key) {
  if (!value.startsWith("<")) return undefined;
  let rest = value.slice(1).replace(/>$/, "");
  while (rest) {
    const [name, after] = splitOnce(rest, "=");
    const [found, next] = after.startsWith('"') ? splitOnce(after.slice(1), '"') : splitOnce(after, ",");
    if (name.trim() === key) return found;
    rest = next.replace(/^,/, "");
  }
  return undefined;
}

function splitOnce(text, at) {
  const index = text.indexOf(at);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + at.length)];
}

const whole = (text) => (/^\+?\d+$/.test(text ?? "") ? Number(text) : undefined);

/// 0 for chromosome 1, 22 for X, 23 for Y, however the file names it; undefined for other names.
function chromosomeOf(name) {
  const short = /^chr/i.test(name) ? name.slice(3) : name;
  if (/^[xy]$/i.test(short)) return short.toLowerCase() === "x" ? 22 : 23;
  const number = whole(short);
  if (number === undefined) return accession(name)?.index;
  // "chr01" is read as a chromosome, "01" is not, and 23 is X.
  const most = !/^[0+]/.test(short) ? 24 : name.startsWith("chr") ? 22 : 0;
  return number >= 1 && number <= most ? number - 1 : undefined;
}

/// Reads `NC_000001.11` or `CM000663.2`, the version of which may be missing.
function accession(name) {
  const [, prefix, digits, version] = /^(NC_|CM)(\d{6})(?:\.(\d{1,3}))?$/.exec(name) ?? [];
  const index = prefix && Number(digits) - (prefix === "CM" ? GENBANK_FIRST : 1);
  if (index === undefined || index < 0 || index >= GRCH38.length) return undefined;
  if (version === undefined) return { index };
  const newestFirst = prefix === "CM" ? ASSEMBLIES.slice(0, 2) : ASSEMBLIES;
  const newest = prefix === "CM" ? 2 : GRCH38[index];
  return { index, assembly: newestFirst[newest - Number(version)] };
}

function fromLengths({ contigs }) {
  const known = contigs
    .filter(({ length }) => length !== undefined)
    .map((contig) => ({ ...contig, index: chromosomeOf(contig.name) }))
    .filter(({ index }) => index !== undefined);
  if (known.length === 0) return {};
  const assembly = ASSEMBLIES.find(({ lengths }) => known.every(({ index, length }) => lengths[index] === length));
  if (assembly) {
    const are = known.length === 1 ? "length of 1 ##contig line is" : `lengths of ${known.length} ##contig lines are`;
    return { assembly, reason: `the ${are} its` };
  }
  const [{ name, length, line }] = known;
  const trouble = `The header (line ${line}) gives ${name} ${counted(length)} bases. No genome that is known here has that length; `
    + "known are GRCh38 (hg38), GRCh37 (hg19) and NCBI36 (hg18).";
  return { trouble };
}

/// The assembly whose accessions the chromosomes have, and the first of them; nothing if they are those of several.
function fromAccessions({ contigs }, nuclear) {
  const names = new Set();
  for (const { chromosome } of nuclear) if (names.size < MOST_NAMES) names.add(chromosome);
  const named = [...contigs.map(({ name }) => name), ...names]
    .map((name) => ({ name, assembly: accession(name)?.assembly }))
    .filter(({ assembly }) => assembly);
  return named.every(({ assembly }) => assembly === named[0].assembly) ? named[0] : undefined;
}

function fromEvidence({ hints }, nuclear) {
  const excluded = ASSEMBLIES.filter((assembly) => beyondEnd(assembly, nuclear));
  const left = ASSEMBLIES.filter((assembly) => !excluded.includes(assembly));
  const reasons = excluded.length > 0 ? [`it has positions beyond the ends of ${excluded.map(({ name }) => name).join(" and ")}`] : [];
  const text = hints.toLowerCase();
  const named = ASSEMBLIES.filter((assembly) => assembly.hints.some((hint) => text.includes(hint)));
  if (named.length === 1 && left.includes(named[0])) {
    return settle(named[0], [...reasons, `the header names ${named[0].name}`], nuclear);
  }
  if (left.length === 0) {
    const names = excluded.map(({ name }) => name).join(", ");
    return { trouble: `This file has positions that lie beyond the ends of the chromosomes of ${names}. No other genome is known here.` };
  }
  return left.length === 1 ? settle(left[0], reasons, nuclear) : {};
}

/// The first record that lies beyond a chromosome's end and the telomere after it.
function beyondEnd({ lengths }, nuclear) {
  const most = ({ chromosome, mayBeAtTelomere }) => (lengths[chromosomeOf(chromosome)] ?? Infinity) + (mayBeAtTelomere ? 1 : 0);
  return nuclear.find((record) => record.position > most(record));
}

/// An assembly was decided on: nothing may lie beyond its ends.
function settle(assembly, reasons, nuclear) {
  const decided = reasons.join("; ");
  const beyond = beyondEnd(assembly, nuclear);
  if (!beyond) return { genome: assembly.name, decided };
  const length = assembly.lengths[chromosomeOf(beyond.chromosome)];
  const trouble = `This file does not fit ${assembly.name} (${decided}): line ${beyond.line} has position ${counted(beyond.position)}, `
    + `but the chromosome has ${counted(length)} bases. Please check which genome the file was made with.`;
  return { trouble };
}
