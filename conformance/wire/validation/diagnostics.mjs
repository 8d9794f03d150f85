// Reads rendered diagnostics back: a kind (our own short names for families of messages) and a line each.
import { stripVTControlCharacters } from 'node:util';

const KINDS = [
  ['unknown-top-level', /known Baml schema keyword|does not start with any known/i],
  [
    'duplicate',
    /already (defined|exists)|duplicate|cannot be defined because|can only be defined once|defined more than once/i,
  ],
  ['unknown-type', /Type `?.*`? does not exist|not a valid type|Undefined type|unknown type/i],
  ['unknown-provider', /client provider/i],
  ['missing-provider', /Missing `provider`/i],
  [
    'unknown-property',
    /Property not known|Unrecognized|Unsupported property|unexpected (field|propert|key)|unknown (field|propert|option)/i,
  ],
  ['unknown-reference', /Unknown (client|function)|Client .* not found|function .* not found|(not found)/i],
  ['template-syntax', /jinja/i],
  ['unknown-attribute', /attribute.*(not known|unknown)|Attribute not known/i],
  ['cycle', /cycle|recursive|dependenc/i],
  ['reserved-name', /reserved/i],
  ['must-rule', /must (be|have|start|contain|end)/i],
  ['missing-part', /missing/i],
  ['expected-other', /expected/i],
  ['forbidden', /not allowed|may not|cannot/i],
  ['invalid-form', /valid|invalid/i],
];

const kindOf = (message) => KINDS.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';

export const plainText = (text) => stripVTControlCharacters(String(text ?? ''));

/** `[[kind, line], …]` of the errors in a rendered report; `line` is null where none is shown. */
export function readErrors(text) {
  const [report] = plainText(text).split(/\n\s*Stack backtrace:/);
  return report
    .split(/(?:^|\n|BamlError: )(?=(?:error|warning): )/)
    .filter((part) => part.startsWith('error: '))
    .map(readError);
}

function readError(part) {
  const body = part.slice('error: '.length);
  const place = /-->\s+(\S+?):(\d+)/.exec(body);
  return [kindOf(body.split('\n')[0]), place ? Number(place[2]) : null];
}
