// What the measurements must show; `--check` holds them.

const ratio = (metric) => (row) => row.ratios[metric];
const subject = (metric) => (row) => row.implementations.subject?.metrics[metric]?.median;

const besideOpenai = (metric) => (row) =>
  subject(metric)(row) / row.implementations.openai?.metrics[metric]?.median;
const growth = (metric) => (row) => row.implementations.subject?.growth[metric]?.all;

/** What is asked of each stream of many objects. */
const ofStream = (variant, words) => [
  ...[1000, 5000].flatMap((size) => [
    {
      name: `CPU of a stream of ${size} objects ${words}, beside the openai SDK that parses once`,
      row: ['stream', variant],
      limit: 1,
      read: besideOpenai(`cpu_ms@${size}`),
    },
    {
      name: `first partial value of ${size} objects ${words}, ms`,
      row: ['stream', variant],
      limit: 10,
      read: subject(`first_partial_ms@${size}`),
    },
    {
      name: `delay of the event loop, p99, ${size} objects ${words}, ms`,
      row: ['stream', variant],
      limit: 10,
      read: subject(`loop_delay_p99_ms@${size}`),
    },
  ]),
  {
    name: `exponent of the CPU of streams ${words}`,
    row: ['stream', variant],
    limit: 1.1,
    read: growth('cpu_ms'),
  },
];

const TARGETS = [
  {
    name: 'CPU of a call with a small answer, beside the peer',
    row: ['overhead', 'registry-reused'],
    limit: 0.8,
    read: ratio('cpu_us_per_call'),
  },
  {
    name: 'CPU of a call with an 8 KB answer, beside the peer',
    row: ['overhead', '8KB-response'],
    limit: 0.15,
    read: ratio('cpu_us_per_call'),
  },
  {
    name: 'TCP connections per call of a registry client',
    row: ['overhead', 'registry-fresh'],
    limit: 0.01,
    read: subject('tcp_connections_per_call'),
  },
  {
    name: 'CPU of a call over a registry of 1,000 clients, beside one of 1',
    row: ['registry', 'clients'],
    limit: 1.1,
    read: subject('cpu_beside_one_client_1000'),
  },
  {
    name: 'time per request of the server under load, beside the peer',
    row: ['serve', '256-connections'],
    limit: 1 / 3,
    read: (row) => 1 / ratio('requests_per_s')(row),
  },
  {
    name: 'requests of the server under load that failed',
    row: ['serve', '256-connections'],
    limit: 0,
    read: subject('errors_n'),
  },
  {
    name: 'baml-cli test, 200 tests of 20 ms, 20 at a time: wall above the ideal, ms',
    row: ['cli-test', '200-tests'],
    limit: 1000,
    read: subject('above_ideal_ms'),
  },
  {
    name: 'CPU of an object of six fields as an argument, beside the peer (3 of its 27 microseconds)',
    row: ['build', 'arguments'],
    limit: 0.11,
    read: ratio('cpu_us_per_object'),
  },
  {
    name: 'CPU of a call with class arguments in a project of 1,000 functions, beside one of 10',
    row: ['build', 'arguments-in-projects'],
    limit: 1.1,
    read: subject('cpu_beside_10_1000'),
  },
  ...ofStream('burst', 'in a burst'),
  ...ofStream('two-events-per-ms', 'paced'),
  { name: 'addon, MB', row: ['size', 'size'], limit: 12, read: subject('native_mb') },
];

/** The targets whose rows were measured. */
export function judgeTargets(rows) {
  return TARGETS.flatMap(({ name, row: [wantedCase, wantedVariant], limit, read }) => {
    const row = rows.find((each) => each.case === wantedCase && each.variant === wantedVariant);
    const value = row && read(row);
    return value === undefined || Number.isNaN(value) ? [] : [{ name, limit, value, holds: value <= limit }];
  });
}
