// Child side of isolate.mjs: prepares one suite with one subject, then answers cases in order.
import { pathToFileURL } from 'node:url';

const [executeFile, subjectSpec] = process.argv.slice(2);

process.on('disconnect', () => process.exit(0));

try {
  const { prepare } = await import(pathToFileURL(executeFile).href);
  const execute = await prepare(subjectSpec);
  process.on('message', async (message) => process.send({ outcome: await execute(message.case) }));
  process.send({ ready: true });
} catch (error) {
  process.send({ failed: String(error?.stack ?? error) }, () => process.exit(3));
}
