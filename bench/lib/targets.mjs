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
  {
    name: 'parse, a 150-byte answer, ms of CPU',
    row: ['parse', 'small-resume'],
    limit: 0.01,
    read: subject('cpu_ms@150'),
  },
  ...[
    'clean-array',
    'class-with-list',
    'class-with-string-list',
    'map',
    'pretty-fenced-array',
    'fenced-class-with-list',
    'fenced-class-with-string-list',
    'fenced-map',
  ].map((variant) => besideJsonParse(variant, 5)),
  besideJsonParse('dirty-array', 15),
  {
    name: 'parse, the largest exponent of a row',
    rows: 'parse',
    limit: 1.1,
    read: (row) => row.implementations.subject?.growth.cpu_ms?.all,
  },
  {
    name: 'parse, the largest exponent of a row, less that of JSON.parse where it is above 1',
    rows: 'parse',
    limit: 0.1,
    read: ({ implementations }) => {
      const exponent = (name) => implementations[name]?.growth.cpu_ms?.all;
      return exponent('subject') - Math.max(1, exponent('JSON.parse') ?? 1);
    },
  },
  {
    name: 'parse, peak memory, bytes per byte of the text',
    rows: 'parse',
    limit: 12,
    read: subject('peak_bytes_per_byte'),
  },
  {
    name: 'parse, peak memory, less what JSON.parse takes for the same text',
    rows: 'parse',
    limit: 12,
    read: ({ implementations }) => {
      const bytes = (name) => implementations[name]?.metrics.peak_bytes_per_byte?.median;
      return bytes('subject') - bytes('JSON.parse');
    },
  },
];

const SIZES = [10_000, 100_000, 1_000_000];

/** The CPU of a parse beside that of JSON.parse of the same value, at the worst of three sizes. */
function besideJsonParse(variant, limit) {
  return {
    name: `parse, CPU beside JSON.parse at 10 KB, 100 KB, 1 MB: ${variant}`,
    row: ['parse', variant],
    limit,
    read: ({ implementations }) => {
      const median = (name, size) => implementations[name]?.metrics[`cpu_ms@${size}`]?.median;
      const ratios = SIZES.map((size) => median('subject', size) / median('JSON.parse', size));
      return largest(ratios.filter((each) => Number.isFinite(each)));
    },
  };
}

const largest = (values) => (values.length > 0 ? Math.max(...values) : undefined);

/** The targets whose rows were measured. A target of many rows tells the one that is furthest from it. */
export function judgeTargets(rows) {
  return TARGETS.flatMap((target) => {
    const measured = rows
      .filter((row) => isOf(target, row))
      .map((row) => ({ variant: row.variant, value: target.read(row) }))
      .filter(({ value }) => value !== undefined && !Number.isNaN(value));
    const value = largest(measured.map((each) => each.value));
    if (value === undefined) return [];
    const { limit } = target;
    const worst = measured.find((each) => each.value === value);
    const name = target.rows ? `${target.name}: ${worst.variant}` : target.name;
    return [{ name, limit, value, holds: value <= limit }];
  });
}

const isOf = ({ row, rows }, { case: name, variant }) =>
  rows ? name === rows : name === row[0] && variant === row[1];
