// Runs one variant of one case with one implementation, in this process, and sends its metrics back.
const job = JSON.parse(process.argv[2]);
const { run } = await import(`../cases/${job.case}.mjs`);

/** Metrics that stand even if a later, larger size ends the process. */
const report = (partial) => process.send({ partial });

const finish = (message) => process.send(message, () => process.exit(0));

try {
  finish({ metrics: await run(job, report) });
} catch (error) {
  finish({ metrics: {}, error: String(error?.message ?? error).slice(0, 600) });
}
