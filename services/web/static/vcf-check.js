// Looks into a VCF file before it is uploaded. The annotator reads everything again, by the same rules and in the same words;
// this only saves a wasted upload. Both are tried on the same cases (services/shared/annotation/src/run/tests/first_look.json).
//
// `check(file)` gives a list of { tone: "completed" | "info" | "warning" | "failed", text }.
// "failed" keeps the file from being uploaded, "warning" does not.

// The module beside this one, in the same version.
const { genomeOf } = await import(`./vcf-genome.js${new URL(import.meta.url).search}`);

const READ_WHOLE = 8 * 1024 * 1024;
const READ_HEAD = 512 * 1024;
const COLUMNS = ["CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"];
const BASES = /^[ACGTUNRYSWKMBDHV]+$/i;
const COUNTS_FROM_1 = "a whole number that counts bases from 1";
const SPACES = "is separated by spaces. VCF separates columns by tabs; an editor or a copy may have replaced them.";

export async function check(file) {
  const isWhole = file.size <= READ_WHOLE;
  const bytes = new Uint8Array(await file.slice(0, isWhole ? READ_WHOLE : READ_HEAD).arrayBuffer());
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const text = await inflateHead(bytes);
    if (isBcf(text)) return [BCF];
    return [{ tone: "info", text: "The file is compressed with gzip." }, ...checkText(text, false)];
  }
  const text = new TextDecoder().decode(bytes);
  return isBcf(text) ? [BCF] : checkText(text, isWhole);
}

/// BCF is binary; the service reads it, and only the service looks into it.
const isBcf = (text) => /^BCF\x02[\x01\x02]/.test(text);
const BCF = { tone: "info", text: "This is a BCF file. What is in it is not looked at here; it is checked after the upload." };

export function checkText(text, isWhole) {
  const lines = linesOf(text, isWhole);
  const header = readHeader(lines, isWhole);
  if (!header.columns) return header.checks;
  const { records, trouble } = readRecords(lines, header, isWhole && !text.endsWith("\n"));
  if (trouble) return [...header.checks, failed(trouble)];
  const genome = sayGenome(genomeOf(lines.slice(0, header.lines - 1), records, isWhole), records);
  return [...header.checks, countRecords(records, isWhole), ...nameContigs(records), ...genome];
}

const failed = (text) => ({ tone: "failed", text });

/// Lines without their breaks. The last one of a file that was not read to its end may be cut, and is left out.
function linesOf(text, isWhole) {
  const lines = text.split("\n");
  const last = lines.pop();
  const whole = lines.map((line) => line.replace(/\r$/, ""));
  return isWhole && last ? [...whole, last] : whole;
}

/// What the header says, up to the column line: `lines` are as many, `columns` as many as it names.
function readHeader(lines, isWhole) {
  let version;
  for (const [index, line] of lines.entries()) {
    const number = index + 1;
    if (line.startsWith("#CHROM")) return readColumns(line, number, version);
    if (line && !line.startsWith("#")) return { checks: [failed(noHeader(line, number))] };
    const [, said] = /^##(?:file)?format=(.*)$/.exec(line) ?? [];
    if (said === undefined) continue;
    version = said.trim();
    if (!/^VCFv[34]\./.test(version)) return { checks: [failed(`Line ${number} says that this is "${shown(said)}". VCF versions 3.3 to 4.5 can be read; convert the file, for example with bcftools view.`)] };
  }
  if (!isWhole) return { checks: [{ tone: "info", text: "The header is long; the rest is checked after the upload." }] };
  return { checks: [failed(`The file ends after line ${lines.length}, before the line that starts with #CHROM: it has no variants, or was cut off.`)] };
}

const noHeader = (line, number) => `Line ${number} ("${shown(line)}") comes before any #CHROM line. A VCF file begins with ##fileformat=VCFv4.2, `
  + "and the line #CHROM POS ID REF ALT QUAL FILTER INFO, separated by tabs, comes before the first variant.";

function readColumns(line, number, version) {
  const columns = line.slice(1).split("\t");
  const trouble = columnsTrouble(line, number, columns);
  if (trouble) return { checks: [failed(trouble)] };
  const format = version
    ? { tone: "completed", text: `VCF ${version.slice("VCFv".length)}` }
    : { tone: "warning", text: "The file does not say its version (##fileformat); it is read as VCF 4." };
  const samples = count(Math.max(0, columns.length - 9), "sample");
  return { lines: number, columns: columns.length, checks: [format, { tone: "completed", text: `Column line found, ${samples}` }] };
}

function columnsTrouble(line, number, columns) {
  const wanted = COLUMNS.join(" ");
  if (columns.length === 1 && line.includes(" ")) return `The #CHROM line (line ${number}) ${SPACES}`;
  if (columns.length < 8) return `The #CHROM line (line ${number}) has ${columns.length} columns. VCF needs at least 8, separated by tabs: ${wanted}.`;
  if (COLUMNS.every((name, index) => columns[index].trim() === name)) return undefined;
  return `The #CHROM line (line ${number}) names other columns than VCF does. It must begin with ${wanted}, separated by tabs.`;
}

/// The records, or what is wrong with the first that is not one. `isCut` says that the last line has no line break.
function readRecords(lines, header, isCut) {
  const records = [];
  for (let index = header.lines; index < lines.length; index += 1) {
    const line = lines[index];
    if (!line || line.startsWith("#")) continue;
    const fields = line.split("\t");
    const trouble = recordTrouble(line, index + 1, fields, header.columns, isCut && index === lines.length - 1);
    if (trouble) return { records, trouble };
    const [chromosome, position, , reference, alternates] = fields;
    records.push({ line: index + 1, chromosome, position: Number(position), mayBeAtTelomere: mayBeAtTelomere(reference, alternates) });
  }
  return { records };
}

function recordTrouble(line, number, fields, columns, isLast) {
  const found = fields.length;
  if (found < columns || fields.slice(columns).some((field) => field)) {
    if (isLast && found < columns) return `The file ends in the middle of line ${number}, after ${found} of ${columns} columns: it was cut off. Please upload the whole file.`;
    if (found === 1 && line.split(" ").length > 7) return `Line ${number} ${SPACES}`;
    return `Line ${number} has ${found} columns; the #CHROM line has ${columns}. Columns are separated by tabs, and every line must have them all.`;
  }
  const must = (column, name, be) => `Line ${number}, column ${column} (${name}) is "${shown(fields[column - 1])}", but it must be ${be}.`;
  if (!isPosition(fields[1])) return must(2, "POS", COUNTS_FROM_1);
  if (!BASES.test(fields[3])) return must(4, "REF", "one or more of the bases A, C, G, T and N");
  if (Number(fields[1]) === 0 && !mayBeAtTelomere(fields[3], fields[4])) return must(2, "POS", COUNTS_FROM_1);
  return undefined;
}

/// VCF gives telomeres the positions 0 and one beyond the last base; there is no base that others could stand in place of.
const mayBeAtTelomere = (reference, alternates) => /^N$/i.test(reference) || !alternates.split(",").every((allele) => BASES.test(allele));

/// Digits, and no more than 64 bits hold.
const isPosition = (text) => /^\d+$/.test(text) && (text.length < 20 || BigInt(text) < 2n ** 64n);

/// Text of the file as a message repeats it: short, and escaped where it is not plain.
function shown(text) {
  const bytes = new TextEncoder().encode(text);
  const named = { 9: "\\t", 10: "\\n", 13: "\\r" };
  const plain = (byte) => (byte >= 32 && byte <= 126 ? String.fromCharCode(byte) : named[byte] ?? `\\x${byte.toString(16).padStart(2, "0")}`);
  return [...bytes.slice(0, 40)].map(plain).join("") + (bytes.length > 40 ? "…" : "");
}

function countRecords(records, isWhole) {
  if (records.length === 0 && isWhole) return { tone: "warning", text: "There are no records below the column line." };
  const amount = count(records.length, "record");
  return { tone: "completed", text: isWhole ? amount : `More than ${amount}` };
}

function nameContigs(records) {
  const names = [...new Set(records.map(({ chromosome }) => chromosome))];
  if (names.length === 0) return [];
  const shownNames = names.slice(0, 6).join(", ") + (names.length > 6 ? ` and ${(names.length - 6).toLocaleString("en")} more` : "");
  return [{ tone: "completed", text: `${names.length === 1 ? "Chromosome" : "Chromosomes"} ${shownNames}` }];
}

function sayGenome({ genome, decided, isMitochondrial, trouble }, records) {
  if (trouble) return [{ tone: "warning", text: trouble }];
  if (isMitochondrial) return [{ tone: "completed", text: "Genome: human mitochondrion (rCRS)" }];
  if (genome) return [{ tone: "completed", text: `Genome: human ${genome} (${decided})` }];
  if (records.length === 0) return [];
  return [{ tone: "info", text: "The file does not say its genome. After the upload its REF is compared with the genomes that we have; to be sure, choose the genome above." }];
}

// bgzip's files are many gzip members; the stream ends with an error after the first, whose text is enough.
async function inflateHead(bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (text.length < READ_HEAD) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
  } catch { /* What was read so far is what can be checked. */ }
  return text;
}

function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
