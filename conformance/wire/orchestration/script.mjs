// The script a scenario writes into its model name: `step[+step…][.tag]`. The n-th request of one run for one
// model plays the n-th step and the last step repeats; `.tag` only makes a model name unique.
// A step is a list of flags joined by `_`; some carry a number: `s503`, `slowhead200`.

const TEXTS = {
  json: '{"n": 7, "s": "seven"}',
  jsonmd: 'Sure!\n```json\n{"n": 7, "s": "seven"}\n```',
  badtext: 'no numbers at all',
  utf8: 'héllo 日本語 😀 naïve',
  empty: '',
  huge: 'x'.repeat(1 << 20),
  partialjson: '{"n": 7, "s": "sev',
};

const FINISH = ['length', 'filter', 'tool', 'odd'];

export class Step {
  #flags;

  constructor(model, index) {
    const steps = String(model).split('.')[0].split('+');
    this.#flags = steps[Math.min(index, steps.length - 1)].split('_');
    this.model = model;
  }

  has(name) {
    return this.#flags.includes(name);
  }

  /** The number after a flag's name (0 when there is none), undefined when the flag is absent. */
  number(name) {
    const flag = this.#flags.find((each) => each.startsWith(name) && /^\d*$/.test(each.slice(name.length)));
    return flag === undefined ? undefined : Number(flag.slice(name.length) || 0);
  }

  get finish() {
    return FINISH.find((name) => this.has(name)) ?? 'stop';
  }

  get text() {
    const name = Object.keys(TEXTS).findLast((each) => this.has(each));
    return name === undefined ? `echo ${this.model}` : TEXTS[name];
  }
}
