// Makes a differing case small: ever smaller cuts of the text, then lines and whole declarations of the schema.

const BUDGET = 400;

/** `differs(case)` says whether a smaller case still shows the same difference. */
export async function shrink(each, differs) {
  const shrinker = new Shrinker(each, differs);
  while (shrinker.budget > 0 && (await shrinker.round())) {
    // Another round may cut what the last one uncovered.
  }
  return shrinker.best;
}

class Shrinker {
  constructor(each, differs) {
    this.best = each;
    this.differs = differs;
    this.budget = BUDGET;
  }

  async round() {
    const text = await this.#cutText();
    const lines = await this.#cutLines();
    const declarations = await this.#cutDeclarations();
    return text || lines || declarations;
  }

  async #attempt(change) {
    if (this.budget <= 0) return false;
    this.budget -= 1;
    const candidate = { ...this.best, ...change };
    if (!(await this.differs(candidate))) return false;
    this.best = candidate;
    return true;
  }

  async #cutText() {
    let isSmaller = false;
    for (let size = this.best.text.length >> 1; size >= 1; size >>= 1) {
      let start = 0;
      while (start + size <= this.best.text.length && this.budget > 0) {
        const { text } = this.best;
        const isCut = await this.#attempt({ text: text.slice(0, start) + text.slice(start + size) });
        if (isCut) isSmaller = true;
        else start += size;
      }
    }
    return isSmaller;
  }

  async #cutLines() {
    let isSmaller = false;
    for (let index = this.best.baml.split('\n').length - 6; index >= 0; index--) {
      const lines = this.best.baml.split('\n');
      if (!/^ {2}\S/.test(lines[index] ?? '')) continue;
      isSmaller = (await this.#attempt({ baml: lines.toSpliced(index, 1).join('\n') })) || isSmaller;
    }
    return isSmaller;
  }

  async #cutDeclarations() {
    let isSmaller = false;
    const declarations = this.best.baml.matchAll(/(?:class|enum) \w+ \{\n(?: {2}.*\n)*\}\n|type \w+ = .*\n/g);
    for (const [declaration] of [...declarations].toReversed()) {
      isSmaller = (await this.#attempt({ baml: this.best.baml.replace(declaration, '') })) || isSmaller;
    }
    return isSmaller;
  }
}
