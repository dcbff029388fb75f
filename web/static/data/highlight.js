// Colors for a SPARQL query: the text in pieces, and those as spans in a <pre>.

export const KEYWORDS = `base prefix select distinct reduced construct describe ask where from named order by asc desc
limit offset group having union optional filter graph service silent bind values minus exists not in as undef a true false
count sum min max avg sample group_concat separator str lang langmatches datatype bound iri uri bnode rand abs ceil floor
round concat strlen ucase lcase encode_for_uri contains strstarts strends strbefore strafter year month day hours minutes
seconds timezone tz now uuid struuid md5 sha1 sha256 sha384 sha512 coalesce if strlang strdt sameterm isiri isuri isblank
isliteral isnumeric regex substr replace`.split(/\s+/);

const WORDS = new Set(KEYWORDS);
const TOKEN = new RegExp([
  /(?<c>#[^\n]*)/,
  /(?<s>"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)/,
  /(?<u><[^<>"{}|^`\\\s]*>|[\p{L}\p{N}_][\p{L}\p{N}_.-]*:[\p{L}\p{N}_.%:-]*|:[\p{L}\p{N}_.%-]+)/,
  /(?<v>[?$][\p{L}\p{N}_]+)/,
  /(?<n>(?<![\p{L}_])\d[\d.]*(?:[eE][+-]?\d+)?)/,
  /(?<w>[\p{L}_][\p{L}\p{N}_]*)/,
].map((part) => part.source).join("|"), "gu");
const LONGEST = 60_000; // characters that are colored

// The tokens of a text: [start, end, class]; what lies between has no color.
export function* tokens(text) {
  for (const found of text.matchAll(TOKEN)) {
    const name = Object.keys(found.groups).find((key) => found.groups[key] !== undefined);
    const end = found.index + found[0].length;
    if (name !== "w") yield [found.index, end, name];
    else if (WORDS.has(found[0].toLowerCase())) yield [found.index, end, "k"];
  }
}

// Where an error is: the offsets of its line, and of the word at its column (both from 1).
export function place(text, line, column) {
  const before = text.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const end = (text + "\n").indexOf("\n", before);
  const points = [...text.slice(before, end)].slice(0, column - 1).join("").length; // columns count characters
  const start = Math.max(before, Math.min(before + points, end - 1)); // at least one character is marked
  const word = /^(?:[\p{L}\p{N}_:?$.-]+|\S)/u.exec(text.slice(start, end));
  return { line: [before, end], word: [start, word ? start + word[0].length : end] };
}

function append(pre, text, names) {
  if (!text) return;
  if (!names.length) return pre.append(text);
  const span = document.createElement("span");
  span.className = names.join(" ");
  span.textContent = text;
  pre.append(span);
}

// Paint a text into a <pre>; `error` is what `place` gives.
export function paint(pre, text, error = null) {
  pre.replaceChildren();
  if (text.length > LONGEST) return pre.append(text + "\n");
  const cuts = error ? [...error.line, ...error.word] : [];
  const inside = ([start, end], at) => at >= start && at < end;
  const piece = (start, end, name) => {
    const ends = [...new Set(cuts.filter((cut) => cut > start && cut < end))].sort((a, b) => a - b);
    for (const next of [...ends, end]) {
      const marks = error ? [inside(error.line, start) && "bad", inside(error.word, start) && "at"] : [];
      append(pre, text.slice(start, next), [name, ...marks].filter(Boolean));
      start = next;
    }
  };
  let last = 0;
  for (const [start, end, name] of tokens(text)) {
    if (start > last) piece(last, start, "");
    piece(start, end, name);
    last = end;
  }
  if (last < text.length) piece(last, text.length, "");
  pre.append("\n");
}
