// Plays the test of one defect: `seen` is null, or what was observed instead.
import { loadSubject } from '../lib/subject.mjs';
import { Kit } from './kit.mjs';
import { DEFECTS } from './suite.mjs';

const LONGEST = 160;

export async function prepare(spec) {
  const subject = await loadSubject(spec);
  return (each) => execute(subject, spec, each);
}

async function execute(subject, spec, { id }) {
  const kit = new Kit(subject, spec);
  try {
    await DEFECTS.get(id).test(kit);
    return { seen: null };
  } catch (error) {
    const line = String(error?.message ?? error)
      .trim()
      .replaceAll(/\s+/g, ' ');
    return { seen: line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line || 'an error without words' };
  } finally {
    kit.dispose();
  }
}
