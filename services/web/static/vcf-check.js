// Looks into a VCF file before it is uploaded. The annotator checks everything again; this only saves a wasted upload.
//
// `check(file)` gives a list of { tone: "completed" | "info" | "warning" | "failed", text }.
// "failed" keeps the file from being uploaded, "warning" does not.

const READ_WHOLE = 8 * 1024 * 1024;
const READ_HEAD = 512 * 1024;

export async function check(file) {
  const isWhole = file.size <= READ_WHOLE;
  const bytes = new Uint8Array(await file.slice(0, isWhole ? READ_WHOLE : READ_HEAD).arrayBuffer());
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const text = await inflateHead(bytes);
    return [{ tone: "info", text: "The file is compressed with gzip." }, ...checkText(text, false)];
  }
  return checkText(new TextDecoder().decode(bytes), isWhole);
}

export function checkText(text, isWhole) {
  const format = checkFormat(text);
  if (format.tone === "failed") return [format];
  const lines = text.split(/\r?\n/);
  const columns = lines.findIndex((line) => line.startsWith("#CHROM"));
  if (columns < 0) return [format, missingColumns(isWhole)];
  const records = lines.slice(columns + 1).filter((line) => line && !line.startsWith("#"));
  if (!isWhole) records.pop(); // The last line read may be cut.
  return [format, describeColumns(lines[columns]), countRecords(records, isWhole), ...nameContigs(records)];
}

function checkFormat(text) {
  const version = /^\ufeff?##(?:file)?format=VCFv(\d+\.\d+)/.exec(text)?.[1];
  if (!version) {
    return { tone: "failed", text: "This does not look like a VCF: its first line should start with ##fileformat=VCFv4." };
  }
  if (!version.startsWith("4.") && !version.startsWith("3.")) {
    return { tone: "warning", text: `The file says that it is VCF ${version}; versions 3.3 to 4.5 are expected.` };
  }
  return { tone: "completed", text: `VCF ${version}` };
}

function missingColumns(isWhole) {
  return isWhole
    ? { tone: "failed", text: "The column line, which starts with #CHROM, is missing." }
    : { tone: "info", text: "The header is long; the column line will be checked after the upload." };
}

function describeColumns(line) {
  const columns = line.split("\t");
  if (columns.length < 8) {
    return { tone: "failed", text: `The line #CHROM has ${columns.length} columns between tabs; a VCF has at least 8.` };
  }
  const samples = Math.max(0, columns.length - 9);
  return { tone: "completed", text: `Column line found, ${count(samples, "sample")}` };
}

function countRecords(records, isWhole) {
  if (records.length === 0 && isWhole) return { tone: "warning", text: "There are no records below the column line." };
  const amount = count(records.length, "record");
  return { tone: "completed", text: isWhole ? amount : `More than ${amount}` };
}

function nameContigs(records) {
  const names = [...new Set(records.map((record) => record.split("\t", 1)[0]))];
  if (names.length === 0) return [];
  const shown = names.slice(0, 6).join(", ") + (names.length > 6 ? ` and ${names.length - 6} more` : "");
  return [{ tone: "completed", text: `${names.length === 1 ? "Chromosome" : "Chromosomes"} ${shown}` }];
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
