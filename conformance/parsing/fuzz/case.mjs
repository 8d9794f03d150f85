// One random case: a schema, a value of it, its text, and what a model may have done to the text.
import { corrupt } from './corruptions.mjs';
import { makeSchema } from './schema.mjs';
import { makeValue, printValue } from './text.mjs';

/** `{ each, root, meant }`: the case, its return type, and the text of the value that was meant. */
export function makeCase(random, id) {
  const partial = random.chance(0.3);
  const { source, root } = makeSchema(random, partial);
  const style = { pretty: random.chance(0.3), compact: random.chance(0.25) };
  const corrupted = corrupt(random, printValue(makeValue(random, root), style));
  const cut = partial ? random.below(corrupted.text.length + 1) : corrupted.text.length;
  // A text is sent as UTF-8: no half of a character.
  const text = corrupted.text.slice(0, cut).replace(/[\uD800-\uDBFF]$/, '');
  const each = {
    id,
    group: 'fuzz',
    baml: source,
    function: 'F',
    text,
    partial,
    corruptions: corrupted.applied,
  };
  return { each, root, meant: corrupted.meant };
}
