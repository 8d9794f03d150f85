// What the measurements must show; `--check` holds them.

const ratio = (metric) => (row) => row.ratios[metric];
const medianOf = (name, metric) => (row) => row.implementations[name]?.metrics[metric]?.median;
const exponentOf = (name, metric) => (row) => row.implementations[name]?.growth[metric]?.all;
const subject = (metric) => medianOf('subject', metric);
const beside = (name, metric) => (row) => subject(metric)(row) / medianOf(name, metric)(row);

/** What must hold of one row, or of every row of a case where no variant is named. */
const target = (row, limit, name, read) => {
  const [wanted, variant] = row.split(' / ');
  return { case: wanted, variant, limit, name, read };
};

/** What is asked of each stream of many objects. */
const ofStream = (variant, words) => [
  ...[1000, 5000].flatMap((size) => [
    target(
      `stream / ${variant}`,
      1,
      `CPU of a stream of ${size} objects ${words}, beside the openai SDK that parses once`,
      beside('openai', `cpu_ms@${size}`),
    ),
    target(
      `stream / ${variant}`,
      10,
      `first partial value of ${size} objects ${words}, ms`,
      subject(`first_partial_ms@${size}`),
    ),
    target(
      `stream / ${variant}`,
      10,
      `delay of the event loop, p99, ${size} objects ${words}, ms`,
      subject(`loop_delay_p99_ms@${size}`),
    ),
  ]),
  target(
    `stream / ${variant}`,
    1.1,
    `exponent of the CPU of streams ${words}`,
    exponentOf('subject', 'cpu_ms'),
  ),
];

const SIZES = [10_000, 100_000, 1_000_000];

/** The CPU of a parse beside that of JSON.parse of the same value, at the worst of three sizes. */
const besideJsonParse = (limit) => (variant) =>
  target(
    `parse / ${variant}`,
    limit,
    `parse, CPU beside JSON.parse at 10 KB, 100 KB, 1 MB: ${variant}`,
    (row) => {
      const ratios = SIZES.map((size) => beside('JSON.parse', `cpu_ms@${size}`)(row));
      return largest(ratios.filter((each) => Number.isFinite(each)));
    },
  );

const CLEAN_OR_FENCED = [
  'clean-array',
  'class-with-list',
  'class-with-string-list',
  'map',
  'pretty-fenced-array',
  'fenced-class-with-list',
  'fenced-class-with-string-list',
  'fenced-map',
];

const PARSE = [
  target('parse / small-resume', 0.01, 'parse, a 150-byte answer, ms of CPU', subject('cpu_ms@150')),
  ...CLEAN_OR_FENCED.map(besideJsonParse(5)),
  besideJsonParse(15)('dirty-array'),
  target('parse', 1.1, 'parse, the largest exponent of a row', exponentOf('subject', 'cpu_ms')),
  target(
    'parse',
    0.1,
    'parse, the largest exponent of a row, less that of JSON.parse where it is above 1',
    (row) => exponentOf('subject', 'cpu_ms')(row) - Math.max(1, exponentOf('JSON.parse', 'cpu_ms')(row) ?? 1),
  ),
  target('parse', 12, 'parse, peak memory, bytes per byte of the text', subject('peak_bytes_per_byte')),
  target(
    'parse',
    12,
    'parse, peak memory, less what JSON.parse takes for the same text',
    (row) => subject('peak_bytes_per_byte')(row) - medianOf('JSON.parse', 'peak_bytes_per_byte')(row),
  ),
];

const TARGETS = [
  target(
    'overhead / registry-reused',
    0.8,
    'CPU of a call with a small answer, beside the peer',
    ratio('cpu_us_per_call'),
  ),
  target(
    'overhead / 8KB-response',
    0.15,
    'CPU of a call with an 8 KB answer, beside the peer',
    ratio('cpu_us_per_call'),
  ),
  target(
    'overhead / registry-fresh',
    0.01,
    'TCP connections per call of a registry client',
    subject('tcp_connections_per_call'),
  ),
  target(
    'registry / clients',
    1.1,
    'CPU of a call over a registry of 1,000 clients, beside one of 1',
    subject('cpu_beside_one_client_1000'),
  ),
  target(
    'serve / 256-connections',
    1 / 3,
    'time per request of the server under load, beside the peer',
    (row) => 1 / ratio('requests_per_s')(row),
  ),
  target('serve / 256-connections', 0, 'requests of the server under load that failed', subject('errors_n')),
  target(
    'cli-test / 200-tests',
    1000,
    'baml-cli test, 200 tests of 20 ms, 20 at a time: wall above the ideal, ms',
    subject('above_ideal_ms'),
  ),
  target(
    'build / arguments',
    0.11,
    'CPU of an object of six fields as an argument, beside the peer (3 of its 27 microseconds)',
    ratio('cpu_us_per_object'),
  ),
  target(
    'build / arguments-in-projects',
    1.1,
    'CPU of a call with class arguments in a project of 1,000 functions, beside one of 10',
    subject('cpu_beside_10_1000'),
  ),
  ...ofStream('burst', 'in a burst'),
  ...ofStream('two-events-per-ms', 'paced'),
  target('size / size', 12, 'addon, MB', subject('native_mb')),
  ...PARSE,
];

const largest = (values) => (values.length > 0 ? Math.max(...values) : undefined);

/** The targets whose rows were measured. A target of many rows tells the one that is furthest from it. */
export function judgeTargets(rows) {
  return TARGETS.flatMap(({ name, limit, read, ...wanted }) => {
    const measured = rows
      .filter((row) => row.case === wanted.case && row.variant === (wanted.variant ?? row.variant))
      .map((row) => ({ variant: row.variant, value: read(row) }))
      .filter(({ value }) => value !== undefined && !Number.isNaN(value));
    const value = largest(measured.map((each) => each.value));
    if (value === undefined) return [];
    const worst = measured.find((each) => each.value === value);
    return [
      { name: wanted.variant ? name : `${name}: ${worst.variant}`, limit, value, holds: value <= limit },
    ];
  });
}
