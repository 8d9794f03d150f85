// What models do to JSON: each corruption takes a text and returns another one. They come in stages, in the order in
// which a model would do them: a text is not put into a string and then given other quotes.

const ANY_STRING = /"((?:[^"\\]|\\.)*)"/g;
const SCALAR_AFTER_COLON = /(?<=:\s*)("[^"\\]*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false)/g;
const NUMBER = /(?<=[:[,]\s*)-?\d+(?:\.\d+)?(?![\de.])/g;

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

/** One random string without escapes replaced by what `make` says. */
function replaceString(text, random, make) {
  const plain = [...text.matchAll(ANY_STRING)].filter(([, body]) => !body.includes('\\'));
  if (plain.length === 0) return text;
  const match = random.pick(plain);
  return text.slice(0, match.index) + make(match) + text.slice(match.index + match[0].length);
}

const STAGES = {
  // Another value, in JSON as before.
  values: {
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
    numberString: (text, random) =>
      replaceOne(text, NUMBER, random, ([number]) => random.pick(spoilNumber(number))),
    keyCase: (text, random) => replaceOne(text, /"(\w+)"(?=:)/g, random, ([key]) => key.toUpperCase()),
  },
  // The same value in text that is no longer JSON.
  syntax: {
    trailingComma: (text, random) => replaceOne(text, /[}\]]/g, random, ([close]) => `,${close}`),
    dropComma: (text, random) => replaceOne(text, /,/g, random, () => ''),
    unquoteKeys: (text) => text.replaceAll(/"([A-Za-z_][\w-]*)":/g, '$1:'),
    singleQuotes: (text) => text.replaceAll(/"((?:[^"\\]|\\.)*)"/g, (_, body) => `'${body}'`),
    unquoteOne: (text, random) => replaceString(text, random, ([, body]) => body),
    backticks: (text, random) => replaceString(text, random, ([, body]) => `\`${body}\``),
    triple: (text, random) => replaceString(text, random, ([, body]) => `"""${body}"""`),
    rawQuote: (text, random) => replaceOne(text, /\\"/g, random, () => '"'),
    rawNewline: (text) => text.replaceAll('\\n', '\n'),
    comment: (text, random) =>
      insertAfter(text, /[,{[]/g, random, () => random.pick([' // note\n', ' /* note */ ', ' # note\n'])),
    python: (text) =>
      text
        .replaceAll(/\btrue\b/g, 'True')
        .replaceAll(/\bfalse\b/g, 'False')
        .replaceAll(/\bnull\b/g, 'None'),
    escapes: (text) => text.replaceAll('é', '\\u00e9'),
    spaces: (text) => text.replaceAll(/"(?:[^"\\]|\\.)*"|:/g, (match) => (match === ':' ? ' : ' : match)),
  },
  // The same value in something else.
  wraps: {
    wrapList: (text) => `[${text}]`,
    wrapObject: (text, random) => `{"${random.pick(['result', 'data', 'name'])}": ${text}}`,
    stringify: (text) => JSON.stringify(text),
  },
  // Other text around it.
  around: {
    repeat: (text, random) => text + random.pick(['\n', ', ', '']) + text,
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
  },
  // A slip of the pen, or the end of the budget.
  slips: {
    dropCharacter: (text, random) => {
      const index = random.below(text.length);
      return text.slice(0, index) + text.slice(index + 1);
    },
    repeatCharacter: (text, random) => {
      const index = random.below(text.length);
      return text.slice(0, index) + text[index] + text.slice(index);
    },
    truncate: (text, random) => text.slice(0, random.below(text.length + 1)),
  },
};

const STAGE_OF = Object.entries(STAGES).flatMap(([stage, rows], order) =>
  Object.entries(rows).map(([name, change]) => ({ name, change, isValue: stage === 'values', order })),
);

/**
 * `{ text, meant, applied }`: up to three corruptions, sometimes none. `meant` is the text of the value that the
 * corrupted text stands for.
 */
export function corrupt(random, text) {
  const wanted = random.chance(0.15) ? 0 : 1 + random.below(3);
  const chosen = random.some(STAGE_OF, wanted).toSorted((one, other) => one.order - other.order);
  let corrupted = text;
  let meant = text;
  const applied = [];
  for (const { name, change, isValue } of chosen) {
    if (corrupted.length === 0) break;
    corrupted = change(corrupted, random);
    if (isValue) meant = corrupted;
    applied.push(name);
  }
  return { text: corrupted, meant, applied };
}
