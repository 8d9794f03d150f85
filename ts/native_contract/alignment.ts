/** What was done to a model's text to make it fit the return type: docs/parsing.md names the rules. */
export interface Alignment {
  /** Empty when the text was strict JSON of the type. Repairs once for each rule, everything else one by one. */
  notes: AlignmentNote[];
  /** How many notes there would be beyond the first 200. */
  more: number;
}

export interface AlignmentNote {
  /** Where in the value: `items[2].name`; empty for the value itself. Of several repairs, the first place. */
  path: string;
  /** `repaired`: the text was mended; `coerced`: another kind of value; `defaulted`: filled in; `dropped`: left out. */
  change: 'repaired' | 'coerced' | 'defaulted' | 'dropped';
  /** The rule's name, as in docs/parsing.md. */
  rule: string;
  /** What was done, in a sentence. */
  message: string;
  /** How many times; more than once for repairs only. */
  count: number;
}
