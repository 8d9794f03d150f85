// Medians, spreads, ratios and exponents of growth.

export function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function spread(values) {
  const middle = median(values);
  return middle === 0 ? 0 : (Math.max(...values) - Math.min(...values)) / middle;
}

const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;

/** Least-squares slope of `[x, y]` points. */
export function slope(points) {
  const centreX = mean(points.map(([x]) => x));
  const centreY = mean(points.map(([, y]) => y));
  const covariance = points.reduce((total, [x, y]) => total + (x - centreX) * (y - centreY), 0);
  const variance = points.reduce((total, [x]) => total + (x - centreX) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}

/** What a row says: every implementation's metrics and growth, and the subject's ratio to the peer. */
export function summarise(samples) {
  const entries = Object.entries(samples).map(([name, sample]) => [name, summariseSample(sample)]);
  const implementations = Object.fromEntries(entries);
  return { implementations, ratios: ratiosOf(implementations) };
}

function summariseSample({ metrics, errors }) {
  const summaries = Object.entries(metrics).map(([name, values]) => [name, summariseValues(values)]);
  const summary = Object.fromEntries(summaries);
  return { metrics: summary, growth: growthOf(summary), errors };
}

const summariseValues = (values) => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
  spread: spread(values),
  runs: values.length,
});

function ratiosOf({ peer, subject }) {
  if (!subject) return {};
  const shared = Object.keys(peer.metrics).filter(
    (name) => subject.metrics[name] && peer.metrics[name].median !== 0,
  );
  return Object.fromEntries(
    shared.map((name) => [name, subject.metrics[name].median / peer.metrics[name].median]),
  );
}

/** Per series: the exponent over all its sizes, and over the last two, which is where growth shows. */
function growthOf(metrics) {
  const series = {};
  for (const [key, { median: value }] of Object.entries(metrics)) {
    const [name, size] = key.split('@');
    if (size !== undefined && value > 0)
      (series[name] ??= []).push([Math.log(Number(size)), Math.log(value)]);
  }
  const grown = Object.entries(series).filter(([, points]) => points.length >= 2);
  return Object.fromEntries(
    grown.map(([name, points]) => [name, { all: slope(points), last: slope(points.slice(-2)) }]),
  );
}
