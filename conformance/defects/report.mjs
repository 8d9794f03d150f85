// The list of defects: what each package does.
import { observation } from './suite.mjs';

/** Prints the list, and answers whether all fail there and pass here. */
export function printAgainst(cases, theirs, ours) {
  let group;
  let wrong = 0;
  for (const [index, each] of cases.entries()) {
    if (each.group !== group) console.log(`\n${(group = each.group)}`);
    const isRight = isPresent(theirs[index]) && !isPresent(ours[index]);
    if (!isRight) wrong += 1;
    console.log(`  ${isRight ? ' ' : '!'} ${each.name} (${each.source})`);
    console.log(`      peer: ${verdictOf(theirs[index])}`);
    console.log(`      ours: ${verdictOf(ours[index])}`);
  }
  const failing = theirs.filter(isPresent).length;
  const passing = ours.length - ours.filter(isPresent).length;
  console.log(`\n${cases.length} defects: the peer fails ${failing}, ours passes ${passing}`);
  return wrong === 0;
}

const isPresent = (outcome) => outcome.seen !== null;

const verdictOf = (outcome) => (isPresent(outcome) ? `fails: ${observation(outcome)}` : 'passes');
