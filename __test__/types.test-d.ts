/** Promises of the declarations, held by the compiler (`npm run check`): this file is never run. */

import {
  type BamlAttempt,
  type BamlClientHttpError,
  BamlError,
  type BamlErrors,
  BamlInvalidArgumentError,
  type BamlStream,
  BamlTimeoutError,
  ClientRegistry,
  type ClientRegistryJson,
  Collector,
  type FunctionLog,
  Image,
  isBamlError,
  type LlmCall,
  type LlmStreamCall,
  type RegistryClientJson,
  toBamlError,
} from '@boundaryml/baml';
import { BamlImage as BrowserImage } from '@boundaryml/baml/browser';
import type { CallOptions, Check, Checked } from '@boundaryml/baml/client';
import { BamlError as ErrorOfErrors } from '@boundaryml/baml/errors';
import { BamlImage, ClientRegistry as NativeRegistry, type HTTPRequest } from '@boundaryml/baml/native';
import { startLlm } from '@boundaryml/baml/testing';
import type { ClassBuilder, TypeBuilder } from '@boundaryml/baml/type_builder';
import { expectTypeOf } from 'vitest';

// One set of classes, whichever entry they come from.
expectTypeOf(NativeRegistry).toEqualTypeOf(ClientRegistry);
expectTypeOf(BamlImage).toEqualTypeOf(Image);
expectTypeOf(ErrorOfErrors).toEqualTypeOf(BamlError);

// Fields of errors.
expectTypeOf<BamlClientHttpError['status_code']>().toEqualTypeOf<number>();
expectTypeOf<BamlClientHttpError>().toHaveProperty('attempts').toEqualTypeOf<BamlAttempt[] | undefined>();
expectTypeOf<BamlTimeoutError>().toExtend<BamlClientHttpError>();
expectTypeOf<BamlError['toJSON']>().returns.toEqualTypeOf<Record<string, unknown>>();
expectTypeOf(BamlTimeoutError.from(new Error('x'))).toEqualTypeOf<BamlTimeoutError | undefined>();
expectTypeOf(toBamlError).returns.toEqualTypeOf<Error>();
export function narrowed(error: unknown): string {
  if (error instanceof BamlInvalidArgumentError) return error.problems?.[0]?.path ?? '';
  if (isBamlError(error)) {
    expectTypeOf(error).toEqualTypeOf<BamlErrors>();
    return error.message;
  }
  expectTypeOf(error).toBeUnknown();
  return '';
}

// The registry.
const registry = new ClientRegistry();
registry.addLlmClient('C', 'openai', {
  model: 'm',
  api_key: process.env['KEY'],
  temperature: 1,
  headers: { a: 'b' },
});
registry.addLlmClient('C', 'openai', {}, 'Policy');
registry.addLlmClient(
  'C',
  'openai',
  { api_key: { env: 'KEY' } },
  { max_retries: 2, retry_on: ['default', 404] },
);
registry.extend(
  'D',
  'C',
  { temperature: 0 },
  { max_retries: 1, strategy: { type: 'constant_delay', delay_ms: 1 } },
);
registry.addRetryPolicy('P', {
  max_retries: 1,
  jitter: 'full',
  strategy: { type: 'exponential_backoff', multiplier: 2 },
});
// @ts-expect-error a policy says how often
registry.addRetryPolicy('P', { jitter: 'full' });
// @ts-expect-error there are two kinds of waiting
registry.addRetryPolicy('P', { max_retries: 1, strategy: { type: 'fibonacci' } });
expectTypeOf(registry.get('C')).toEqualTypeOf<RegistryClientJson | null>();
expectTypeOf(registry.primary).toEqualTypeOf<string | null>();
expectTypeOf(registry.clone()).toEqualTypeOf<ClientRegistry>();
expectTypeOf(registry.toJSON()).toEqualTypeOf<ClientRegistryJson>();
expectTypeOf(ClientRegistry.fromJSON(registry.toJSON(), { strict: true })).toEqualTypeOf<ClientRegistry>();
// @ts-expect-error options are an object
registry.addLlmClient('C', 'openai', 'gpt-5');
// @ts-expect-error a name is a text
registry.setPrimary(5);
expectTypeOf(registry.withPrimary('C')).toEqualTypeOf<ClientRegistry>();

// Collectors.
expectTypeOf(new Collector().last).toEqualTypeOf<FunctionLog | null>();
expectTypeOf<FunctionLog['calls']>().toEqualTypeOf<(LlmCall | LlmStreamCall)[]>();
expectTypeOf<LlmCall['httpRequest']>().toEqualTypeOf<HTTPRequest | null>();

// Streams.
expectTypeOf<BamlStream<number, string>>().toExtend<AsyncIterable<number>>();
expectTypeOf<BamlStream<number, string>['getFinalResponse']>().returns.toEqualTypeOf<Promise<string>>();

// Media made for the browser is accepted where media is.
expectTypeOf(BrowserImage.fromUrl('x')).toExtend<Image>();

// Type builders know their names.
declare const builder: ClassBuilder<'Resume', 'name'>;
declare const types: TypeBuilder;
builder.addProperty('age', types.int()).description('in years').alias(null);
// @ts-expect-error it is there already
builder.addProperty('name', types.string());
types.addClass('New').addProperty('anything', types.list(types.string()).optional());

// Support of generated clients.
expectTypeOf<Checked<number, 'positive'>['checks']>().toEqualTypeOf<Record<'positive', Check>>();
export const options: CallOptions = {
  clientRegistry: registry,
  client: undefined,
  collector: [new Collector()],
  signal: AbortSignal.timeout(1),
  env: { KEY: undefined },
  onTick: (reason, log) => void [reason satisfies 'Unknown', log satisfies FunctionLog | null],
};

// Scripts of the loopback LLM.
export async function scripts(): Promise<void> {
  await startLlm('text');
  await startLlm(['one', { status: 500 }, (request) => request.model]);
  await startLlm({
    rules: [{ model: /x/, prompt: (prompt) => prompt === '', reply: { json: 1, fault: 'hang' } }],
  });
  // @ts-expect-error there is no such fault
  await startLlm({ fault: 'explode' });
}
