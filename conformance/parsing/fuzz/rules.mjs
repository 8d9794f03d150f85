// What this package answers differently on purpose, told from the schema, the text and both answers.
export const RULES = [
  {
    name: 'literal-list',
    peer: 'refuses a list of a literal that has no parentheses, `"a"[]`',
    holds: ({ peer, subject, baml }) =>
      peer.error === 'schema' && subject.error !== 'schema' && /("|\b\d+)\[\]/.test(baml),
  },
  {
    name: 'schema-order',
    peer: 'shows the absent fields of an unfinished object in an order of its own',
    holds: ({ verdict, partial }) => verdict === 'order' && partial,
  },
];
