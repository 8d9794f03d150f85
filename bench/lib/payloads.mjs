// Deterministic texts, shared by the stub and the cases.

const WORDS = (
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon ' +
  'phi chi psi omega'
).split(' ');

/** A linear congruential generator: the same text on every machine and in every run. */
class Words {
  constructor(seed) {
    this.state = seed;
  }

  next(count) {
    return Array.from({ length: count }, () => WORDS[Math.floor(this.#random() * WORDS.length)]).join(' ');
  }

  #random() {
    this.state = (this.state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return this.state / 0x7fffffff;
  }
}

/** The body of a chat completion whose answer is `content`. */
export const completionBody = (content) =>
  JSON.stringify({
    id: 'chatcmpl-stub',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'stub',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 20, completion_tokens: 40, total_tokens: 60 },
  });

/** About 150 bytes. */
export const resumeJson = () =>
  JSON.stringify({
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    experience: ['Analyst at Babbage', 'Engineer at Engine Co'],
    skills: ['maths', 'notes', 'engines'],
  });

/** About 8 KB: two long lists of short texts. */
export function mediumResumeJson() {
  const words = new Words(7);
  return JSON.stringify({
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    experience: Array.from({ length: 60 }, () => words.next(14)),
    skills: Array.from({ length: 300 }, () => words.next(2)),
  });
}

const item = (index) => ({
  id: index,
  name: `item ${index} ${WORDS[index % WORDS.length]}`,
  price: Math.round(((index * 37) % 1000) * 100) / 100 + 0.5,
  in_stock: index % 3 !== 0,
  tags: [WORDS[(index * 7) % 24], WORDS[(index * 5) % 24]],
  kind: ['BOOK', 'TOOL', 'plaything'][index % 3],
});

export const makeItems = (count) => Array.from({ length: count }, (_, index) => item(index));
export const itemsJson = (count) => JSON.stringify(makeItems(count));
export const catalogJson = (count) => JSON.stringify({ title: 'Catalog', items: makeItems(count) });

export function itemsOfBytes(bytes) {
  const guess = Math.max(1, Math.floor(bytes / 100));
  const count = Math.max(1, Math.round((guess * bytes) / itemsJson(guess).length));
  return itemsJson(count);
}

export const catalogOfBytes = (bytes) => `{"title":"Catalog","items":${itemsOfBytes(bytes)}}`;

export const skillsOfBytes = (bytes) => {
  const length = Math.max(1, Math.round(bytes / 8));
  return JSON.stringify({ name: 'Ada', skills: Array.from({ length }, (_, index) => `s${10_000 + index}`) });
};

export function mapOfBytes(bytes) {
  const length = Math.max(1, Math.round(bytes / 22));
  const entries = Array.from({ length }, (_, index) => [`key${index}`, `value ${index}`]);
  return JSON.stringify(Object.fromEntries(entries));
}

const dirtyCount = (bytes) => Math.max(1, Math.round(bytes / 125));

/** The value of `dirtyItems` as clean JSON. */
export const dirtyItemsClean = (bytes) => itemsJson(dirtyCount(bytes));

/** In a fence with prose around it; keys unquoted, commas trailing, comments. */
export function dirtyItems(bytes) {
  const body = makeItems(dirtyCount(bytes)).map(dirtyItem).join('\n');
  return `Sure! Here is the list you asked for:\n\n\`\`\`json\n[\n${body}\n]\n\`\`\`\n\nLet me know if you need more.`;
}

const dirtyItem = ({ id, name, price, in_stock, tags, kind }) =>
  `  {\n    id: ${id},\n    name: "${name}",\n    price: ${price},\n    in_stock: ${in_stock},\n` +
  `    tags: ["${tags[0]}", "${tags[1]}",],\n    kind: ${kind}, // note\n  },`;

/** In a fence with prose around it. */
export const fenced = (json) => `Here you go:\n\n\`\`\`json\n${json}\n\`\`\`\nDone.`;

/** The value of `fencedItems` as clean JSON. */
export const fencedItemsClean = (bytes) => itemsOfBytes(bytes / 1.6);

export const fencedItems = (bytes) => fenced(JSON.stringify(JSON.parse(fencedItemsClean(bytes)), null, 2));

export function prose(bytes) {
  const words = new Words(3);
  let text = '';
  while (text.length < bytes) text += `${words.next(12)}. `;
  return text.slice(0, bytes);
}

export function tree(depth) {
  let text = '{"v":0,"children":[]}';
  for (let level = 1; level < depth; level++) text = `{"v":${level},"children":[${text}]}`;
  return text;
}

export function wideTree(count) {
  const children = Array.from({ length: count }, (_, index) => `{"v":${index},"children":[]}`);
  return `{"v":0,"children":[${children.join(',')}]}`;
}

export const deepList = (depth) => '['.repeat(depth) + ']'.repeat(depth);
export const unterminatedString = (bytes) => `{"name": "${prose(bytes)}`;

const candidate = (index, email) => `{"name":"N${index}","email":"${email}","experience":[],"skills":["a"]}`;

export const manyBlobs = (count) =>
  repeat(count, (index) => `Candidate ${index}: ${candidate(index, `n${index}@x.com`)} or so.\n`);

export const manyFences = (count) =>
  repeat(count, (index) => `Try:\n\`\`\`json\n${candidate(index, 'n@x.com')}\n\`\`\`\n`);

const repeat = (count, make) => Array.from({ length: count }, (_, index) => make(index)).join('');

export const bigEscapes = (bytes) =>
  JSON.stringify({
    name: 'a"b\\c\n\u00e9'.repeat(Math.ceil(bytes / 12)),
    email: 'e',
    experience: [],
    skills: [],
  });
