// What a defect's test works with: programs, registries and calls of the package under test, and a scripted model
// server that tells what it saw. A test ends quietly, or says with `see` what is wrong.
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { get } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { className, toBamlError } from '../lib/errors.mjs';
import { packageFolder } from '../lib/subject.mjs';

const require = createRequire(import.meta.url);

const DEAD_URL = 'http://127.0.0.1:9/v1';

let serial = 0;

const unchanged = (value) => value;

// Not `fetch`: it needs more address space than a test's process has.
const getJson = (url) =>
  new Promise((resolve, reject) => {
    get(url, (response) => resolve(json(response))).on('error', reject);
  });

/** The defect shows: `what` says what was observed. */
export class Seen extends Error {}

export function see(isRight, what) {
  if (!isRight) throw new Seen(what);
}

export class Kit {
  #spec;
  #run = `defect-${process.pid}-${++serial}`;
  #folders = [];

  constructor(subject, spec) {
    this.subject = subject;
    this.#spec = spec;
  }

  dispose() {
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  /** Where the model server answers; the model's name is its script (`wire/orchestration/script.mjs`). */
  get url() {
    return `${process.env.CONFORMANCE_SERVER}/r/${this.#run}/v1`;
  }

  /** Where nobody answers. */
  deadUrl = DEAD_URL;

  /** Options of a client that asks the model server. */
  options(model, more = {}) {
    return { model, base_url: this.url, api_key: 'k', ...more };
  }

  /** The same as a `client<llm>` block. `lines` go into its options, `after` beside them. */
  client(name, model, lines = '', after = '') {
    return `
client<llm> ${name} {
  provider openai
  ${after}
  options {
    base_url "${this.url}"
    model "${model}"
    ${lines.includes('api_key') ? '' : 'api_key "k"'}
    ${lines}
  }
}
`;
  }

  /** `Say`, `Read` and `Count` over the client `Main`, and whatever else is given. */
  source(more = '', main = this.client('Main', 'ok.main')) {
    return `${main}
class Item {
  n int
  s string
}
function Say(text: string) -> string {
  client Main
  prompt #"{{ text }}"#
}
function Read(text: string) -> Item {
  client Main
  prompt #"{{ text }} {{ ctx.output_format }}"#
}
function Count(text: string) -> int {
  client Main
  prompt #"{{ text }}"#
}
${more}`;
  }

  load(source = this.source()) {
    return this.subject.BamlRuntime.fromFiles('baml_src', { 'main.baml': source }, {});
  }

  /** A registry of `[name, provider, options, policy?]`; the first one is the primary unless another is named. */
  registry(clients, primary = clients[0]?.[0]) {
    const registry = new this.subject.ClientRegistry();
    for (const client of clients) registry.addLlmClient(...client);
    if (primary !== undefined) registry.setPrimary(primary);
    return registry;
  }

  /** The value of a call; its errors as a user of a generated client gets them. */
  async call(runtime, { name = 'Say', registry, collectors = [], env = {}, signal, text = 'hello' } = {}) {
    try {
      const context = runtime.createContextManager();
      const result = await runtime.callFunction(
        name,
        { text },
        context,
        null,
        registry ?? null,
        collectors,
        {},
        env,
        signal,
        undefined,
      );
      return result.parsed(false);
    } catch (error) {
      throw toBamlError(this.subject, error);
    }
  }

  stream(runtime, { name = 'Say', registry, collectors = [], env = {}, signal, text = 'hello' } = {}) {
    const context = runtime.createContextManager();
    const native = runtime.streamFunction(
      name,
      { text },
      undefined,
      context,
      null,
      registry ?? null,
      collectors,
      {},
      env,
      signal,
      undefined,
    );
    return new this.subject.BamlStream(native, unchanged, unchanged, runtime.createContextManager(), signal);
  }

  /** The request that a call would send, with its body as a value. */
  async build(runtime, { name = 'Say', registry, env = {}, text = 'hello' } = {}) {
    try {
      const context = runtime.createContextManager();
      const request = await runtime.buildRequest(name, { text }, context, null, registry ?? null, false, env);
      const { url, headers } = request;
      return { url, headers, body: JSON.parse(request.body.text()) };
    } catch (error) {
      throw toBamlError(this.subject, error);
    }
  }

  /** What a promise is rejected with; a value instead of an error is what the test then sees. */
  async failure(promise) {
    let value;
    try {
      value = await promise;
    } catch (error) {
      return error;
    }
    throw new Seen(`no error, but ${JSON.stringify(value)}`);
  }

  /** What a function throws, or null. */
  thrown(act) {
    try {
      act();
      return null;
    } catch (error) {
      return error;
    }
  }

  className(error) {
    return className(this.subject, error);
  }

  /** The promise's outcome, if it comes within so many milliseconds. */
  async within(limit, promise, what = 'it') {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Seen(`${what} had not ended after ${limit} ms`)), limit);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What the model server saw so far, in order, each with its `gap` in milliseconds to the one before. */
  async requests() {
    const seen = (await getJson(`${process.env.CONFORMANCE_SERVER}/__log/${this.#run}`)).toSorted(
      (left, right) => left.t - right.t,
    );
    for (const [index, request] of seen.entries()) {
      request.gap = index === 0 ? 0 : Math.round(request.t - seen[index - 1].t);
    }
    return seen;
  }

  /** The models asked so far, by the tag of their names: `ok.a` is `a`. */
  async asked() {
    return (await this.requests()).map(({ model }) => model.split('.').at(-1));
  }

  /** What a program prints that does `act(kit)` in a process of its own, with the log level that a user has. */
  printed(act) {
    const [subject, kit] = ['../lib/subject.mjs', './kit.mjs'].map(
      (path) => new URL(path, import.meta.url).href,
    );
    const spec = JSON.stringify(this.#spec);
    const script = `
      const { loadSubject } = await import('${subject}');
      const { Kit } = await import('${kit}');
      await (${act})(new Kit(await loadSubject(${spec}), ${spec}));
      process.exit(0);`;
    const { BAML_LOG: _, ...env } = process.env;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env,
      encoding: 'utf8',
    });
    return { stdout, stderr };
  }

  /** The client `b` that the package's own command line generates. */
  generate(source = this.source()) {
    const folder = mkdtempSync(join(tmpdir(), 'baml-defect-'));
    this.#folders.push(folder);
    const version =
      this.subject.get_version?.() ?? require(join(packageFolder(this.#spec), 'package.json')).version;
    const write = (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    write('baml_src/main.baml', source);
    write('baml_src/generators.baml', generator(minorOf(version)));
    mkdirSync(join(folder, 'node_modules/@boundaryml'), { recursive: true });
    symlinkSync(packageFolder(this.#spec), join(folder, 'node_modules/@boundaryml/baml'), 'junction');
    const args = [join(packageFolder(this.#spec), 'cli.js'), 'generate', '--from', 'baml_src'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`generate ended with ${status}: ${stdout}${stderr}`);
    transpile(join(folder, 'baml_client'));
    return require(join(folder, 'baml_client/index.js')).b;
  }
}

// Both packages give this version of the language to generated clients.
const minorOf = (version) => (version.split('.').slice(0, 2).join('.') === '0.226' ? '0.226.2' : version);

const generator = (version) => `
generator target {
  output_type "typescript"
  output_dir "../"
  version "${version}"
  default_client_mode async
}
`;

function transpile(folder) {
  const typescript = require('typescript-5');
  const compilerOptions = { module: typescript.ModuleKind.CommonJS, target: typescript.ScriptTarget.ES2022 };
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.ts'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    const { outputText } = typescript.transpileModule(text, { compilerOptions });
    writeFileSync(join(folder, name.replace(/\.ts$/, '.js')), outputText);
  }
}
