// What models do to JSON: each corruption takes a text and returns another one.

const STRING = /"([^"\\]*)"/g;
const SCALAR_AFTER_COLON = /(?<=:\s*)("[^"\\]*"|\d+|true|false)/g;
const NUMBER = /(?<=[:[,]\s*)-?\d+(\.\d+)?/g;

/** One random match replaced by what `make` says; unchanged where nothing matches. */
function replaceOne(text, pattern, random, make) {
  const matches = [...text.matchAll(pattern)];
  if (matches.length === 0) return text;
  const match = random.pick(matches);
  return text.slice(0, match.index) + make(match) + text.slice(match.index + match[0].length);
}

const insertAfter = (text, pattern, random, make) =>
  replaceOne(text, pattern, random, (match) => match[0] + make(match));

function spoilNumber(number) {
  return [
    `"$${number}"`,
    `"${number}"`,
    `${number}%`,
    `1,${number}`,
    `+${number}`,
    `${number}.`,
    `${number} units`,
    `1/${number}`,
  ];
}

export const CORRUPTIONS = {
  fence: (text, random) =>
    `\`\`\`${random.pick(['json', '', 'JSON', 'js'])}\n${text}\n${random.pick(['```', '```', ''])}`,
  prose: (text, random) =>
    random.pick([
      'Sure: ',
      'Here is the {answer}:\n',
      'I think [1] so.\n\n',
      "It's ",
      '<think>maybe {"x": 1}</think>\n',
    ]) + text,
  tail: (text, random) =>
    text + random.pick(['\n\nHope it helps!', ' // end', '\n{"other": 1}', '}', ']', '.', '\n```']),
  trailingComma: (text, random) => replaceOne(text, /[}\]]/g, random, ([close]) => `,${close}`),
  dropComma: (text, random) => replaceOne(text, /,/g, random, () => ''),
  unquoteKeys: (text) => text.replaceAll(/"([A-Za-z_][\w-]*)":/g, '$1:'),
  singleQuotes: (text) => text.replaceAll(/"((?:[^"\\]|\\.)*)"/g, (_, body) => `'${body}'`),
  unquoteOne: (text, random) => replaceOne(text, STRING, random, ([, body]) => body),
  backticks: (text, random) => replaceOne(text, STRING, random, ([, body]) => `\`${body}\``),
  triple: (text, random) => replaceOne(text, STRING, random, ([, body]) => `"""${body}"""`),
  rawQuote: (text, random) => replaceOne(text, /\\"/g, random, () => '"'),
  rawNewline: (text) => text.replaceAll('\\n', '\n'),
  comment: (text, random) =>
    insertAfter(text, /[,{[]/g, random, () => random.pick([' // note\n', ' /* note */ ', ' # note\n'])),
  python: (text) =>
    text
      .replaceAll(/\btrue\b/g, 'True')
      .replaceAll(/\bfalse\b/g, 'False')
      .replaceAll(/\bnull\b/g, 'None'),
  numberString: (text, random) =>
    replaceOne(text, NUMBER, random, ([number]) => random.pick(spoilNumber(number))),
  keyCase: (text, random) => replaceOne(text, /"(\w+)"(?=:)/g, random, ([key]) => key.toUpperCase()),
  extraKey: (text, random) =>
    insertAfter(
      text,
      /\{/g,
      random,
      ({ index }) => `"extra": [1, {"a": 2}]${text[index + 1] === '}' ? '' : ', '}`,
    ),
  nullOne: (text, random) => replaceOne(text, SCALAR_AFTER_COLON, random, () => 'null'),
  wrongType: (text, random) =>
    replaceOne(text, SCALAR_AFTER_COLON, random, () =>
      random.pick(['"junk"', '[]', '{}', '7', 'true', '[1, "a"]', '{"z": 0}', '""']),
    ),
  dropCharacter: (text, random) => {
    const index = random.below(text.length);
    return text.slice(0, index) + text.slice(index + 1);
  },
  repeatCharacter: (text, random) => {
    const index = random.below(text.length);
    return text.slice(0, index) + text[index] + text.slice(index);
  },
  truncate: (text, random) => text.slice(0, random.below(text.length + 1)),
  wrapList: (text) => `[${text}]`,
  wrapObject: (text, random) => `{"${random.pick(['result', 'data', 'name'])}": ${text}}`,
  repeat: (text, random) => text + random.pick(['\n', ', ', '']) + text,
  stringify: (text) => JSON.stringify(text),
  escapes: (text) => text.replaceAll('é', '\\u00e9'),
  spaces: (text) => text.replaceAll(':', ' : '),
};

const NAMES = Object.keys(CORRUPTIONS);

/** `{ text, applied }`: up to three corruptions, sometimes none. */
export function corrupt(random, text) {
  const applied = [];
  let corrupted = text;
  const wanted = random.chance(0.15) ? 0 : 1 + random.below(3);
  while (applied.length < wanted && corrupted.length > 0) {
    const name = random.pick(NAMES);
    corrupted = CORRUPTIONS[name](corrupted, random);
    applied.push(name);
  }
  return { text: corrupted, applied };
}
