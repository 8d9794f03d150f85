// Rewritings of a text that keep what it means. Where the peer, given the rewritten text, answers what this package
// answers to the text as it came, the difference is what the rewriting mends: something that the peer trips over.
//
// Each row is a name, what the peer does with such a text, whether the rewriting `cuts` something off, and the
// rewriting. They are applied in this order.

const THINKING = /<(think|thinking|reasoning|scratchpad)>[^]*?<\/\1>\s*/gi;
const STRING = /"""[^]*?"""|"(?:[^"\\]|\\.)*"?/g;

/** `change` applied to what stands outside of double quotes. */
function outside(text, change) {
  let result = '';
  let end = 0;
  for (const match of text.matchAll(STRING)) {
    result += change(text.slice(end, match.index)) + match[0];
    end = match.index + match[0].length;
  }
  return result + change(text.slice(end));
}

/** `change` applied to each text between double quotes, with its quotes. */
const inside = (text, change) => text.replaceAll(STRING, change);

function unstring(text) {
  const trimmed = text.trim();
  if (!trimmed.startsWith('"')) return text;
  const first = /^"(?:[^"\\]|\\.)*"/.exec(trimmed)?.[0];
  if (first !== undefined && first !== trimmed && /^"\s*[{[]/.test(first)) return unstring(first);
  for (const candidate of [
    trimmed,
    `${trimmed}"`,
    trimmed.replace(/\\+$/, '') + '"',
    trimmed.replace(/\W+$/, '"'),
  ]) {
    try {
      const value = JSON.parse(candidate);
      if (typeof value === 'string') return value;
    } catch {
      // Not this one.
    }
  }
  return text;
}

/** A string in triple quotes, single quotes or backticks at the beginning of a text. */
const OTHER_QUOTES =
  /^(?:"""([^]*?)"""|'((?:[^'\\]|\\.|'(?!\s*[,:}\]]))*)'|`((?:[^`\\]|\\.|`(?!\s*[,:}\]]))*)`)/;
const PLAIN_STRING = /^"(?:[^"\\]|\\.)*"?|^[^]/;

/** Every string in quotes of any style as JSON writes it. */
function requoted(text) {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const string = /[{[,:]\s*$|^\s*$/.test(result.slice(-20)) ? OTHER_QUOTES.exec(rest) : null;
    const [raw] = string ?? PLAIN_STRING.exec(rest);
    if (string === null) result += raw;
    else result += string[1] === undefined ? asJson(string[2] ?? string[3]) : JSON.stringify(string[1]);
    at += raw.length;
  }
  return result;
}

/** The inside of a string with its escapes as a JSON string. */
const asJson = (body) => `"${body.replaceAll(/\\(['`])/g, '$1').replaceAll(/(?<!\\)"/g, '\\"')}"`;

export const REWRITES = [
  {
    name: 'json-in-string',
    peer: 'does not read JSON that was made a JSON string',
    rewrite: (text) => unstring(text).replaceAll(/"((?:[^"\\]|\\.)*)"/g, (match) => innerJson(match)),
  },
  {
    name: 'thinking',
    peer: 'takes a draft in thinking tags for the answer',
    rewrite: (text) => text.replaceAll(THINKING, ''),
  },
  {
    name: 'braces-in-prose',
    peer: 'takes braces and brackets in a sentence for a value',
    rewrite: (text) => text.replace(/^[^\n"`{[]*[{[]\w*[}\]][^\n"{[]*\n+/, ''),
  },
  {
    name: 'fences',
    peer: 'does not read a fence in a fence, or one that text stands before',
    rewrite: (text) => text.replaceAll(/^\s*```\w*[ \t]*$/gm, ''),
  },
  {
    name: 'quotes',
    peer: 'reads keys in backticks or triple quotes with their quotes, and keeps the escapes of other quotes than double ones',
    rewrite: requoted,
  },
  {
    name: 'comments',
    peer: 'reads a # comment as a key',
    rewrite: (text) => outside(text, (part) => part.replaceAll(/(?:#|\/\/) .*(?:\n|$)|\/\*[^]*?\*\//g, ' ')),
  },
  {
    name: 'escapes',
    peer: 'does not decode \\uXXXX outside of strict JSON',
    rewrite: (text) =>
      inside(text, (string) =>
        string.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, hex) => String.fromCharCode(`0x${hex}`)),
      ),
  },
  {
    name: 'code-words',
    peer: 'reads None, True and False of Python as text',
    rewrite: (text) =>
      outside(text, (part) =>
        part
          .replaceAll(/\bTrue\b/g, 'true')
          .replaceAll(/\bFalse\b/g, 'false')
          .replaceAll(/\bNone\b/g, 'null'),
      ),
  },
  {
    name: 'missing-value',
    peer: 'takes the next field for a value that is missing',
    rewrite: (text) =>
      text.replaceAll(
        /(?<=[{,]\s*)(["'`]?)[\w -]+\1\s*:\s*(?:,\s*|(?:\/\/.*)?\n\s*(?=(["'])[\w -]+\2\s*:))/g,
        '',
      ),
  },
  {
    name: 'missing-comma',
    peer: 'loses what stands around a missing comma',
    rewrite: (text) =>
      text
        .replaceAll(/(["\d}\]el])(\s*)(?="[^"\n]*"\s*:)/g, (match, last, space, at) =>
          isOpening(text, at) ? match : `${last},${space}`,
        )
        .replaceAll(/(["}\]])(\s+)(?=["{[])/g, '$1,$2'),
  },
  {
    name: 'extra-comma',
    peer: 'takes a comma before a closer for a part of a word',
    rewrite: (text) =>
      outside(text, (part) => part.replaceAll(/,(?:\s*,)*(\s*[}\]])/g, '$1').replaceAll(/,(\s*,)+/g, ',')),
  },
  {
    name: 'space-before-colon',
    peer: 'does not match a key that a space follows',
    rewrite: (text) => outside(text, (part) => part.replaceAll(/\s+:/g, ':')),
  },
  {
    name: 'bare-keys',
    peer: 'loses keys without quotes among keys with quotes',
    rewrite: (text) =>
      outside(text, (part) => part.replaceAll(/([{,]\s*)([A-Za-z_][\w -]*?)\s*:/g, '$1"$2":')),
  },
  {
    name: 'number-before-key',
    peer: 'takes the fields behind a number, truth or null without a space for a part of it',
    rewrite: (text) =>
      outside(text, (part) =>
        part.replaceAll(/,(?=\S|$)(?!(?<=\d,)\d)/g, ', ').replaceAll(/(\w)([}\]])/g, '$1 $2'),
      ),
  },
  {
    name: 'decimal-comma',
    peer: 'takes the comma of 3,50 for one between thousands',
    rewrite: (text) => text.replaceAll(/(?<![\d,.])(\d+),(\d\d?)(?!\d|,\d|\.\d)/g, '$1.$2'),
  },
  {
    name: 'doubled-braces',
    peer: 'does not read doubled braces',
    rewrite: (text) => outside(text, (part) => part.replaceAll(/\{\s*\{/g, '{').replaceAll(/\}\s*\}$/g, '}')),
  },
  {
    name: 'wrapper',
    cuts: true,
    peer: 'does not look into an object around the wanted one',
    rewrite: (text) => text.replace(/^\s*\[?\s*\{\s*["'`]?\w+["'`]?\s*:\s*(?=[{[])/, ''),
  },
  {
    name: 'open-fence',
    cuts: true,
    peer: 'shows what stands before a fence that has not ended',
    rewrite: (text) => {
      const parts = text.split('```');
      return parts.length % 2 === 0 ? parts.at(-1).replace(/^\w*\s/, '') : text;
    },
  },
  {
    name: 'behind-the-value',
    cuts: true,
    peer: 'takes what stands behind the value for a part of it',
    rewrite: afterwards,
  },
  {
    name: 'unfinished-key',
    cuts: true,
    peer: 'takes back what is complete when an unfinished key follows',
    rewrite: (text) =>
      text.replace(/,\s*("(?:[^"\\]|\\.)*"?\s*|[\w -]*)$/, (match) => (/:/.test(match) ? match : '')),
  },
  {
    name: 'unclosed',
    cuts: true,
    peer: 'takes back what is complete while the object or list around it is open',
    rewrite: closed,
  },
];

const isOpening = (text, at) => /[{,:[]\s*$/.test(text.slice(0, at)) && text[at] === '"';

function innerJson(literal) {
  try {
    const value = JSON.parse(literal);
    return /^\s*[{[]/.test(value) && typeof JSON.parse(value) === 'object' ? value : literal;
  } catch {
    return literal;
  }
}

/** The openers of `text` that are not closed, and where the first value ends. */
function nesting(text) {
  const open = [];
  let quoted = false;
  let end = -1;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') open.push(character);
    else if ((character === '}' || character === ']') && open.length > 0) {
      open.pop();
      if (open.length === 0) {
        end = at + 1;
        break;
      }
    }
  }
  return { open, quoted, end };
}

function afterwards(text) {
  const start = text.search(/[{[]/);
  if (start < 0) return text;
  const { end } = nesting(text.slice(start));
  return end < 0 ? text.slice(start) : text.slice(start, start + end);
}

function closed(text) {
  const { open, quoted } = nesting(text);
  const closers = open.toReversed().map((opener) => (opener === '{' ? '}' : ']'));
  return `${text.replace(/[,:]\s*$/, '')}${quoted ? '"' : ''}${closers.join('')}`;
}

/** What the rows make of a text, one after another. */
export const rewrite = (text, rows) => rows.reduce((result, row) => row.rewrite(result), text);
