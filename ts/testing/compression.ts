/** Compressed bodies, part by part: each can be read when it has come, as a server that streams sees to. */

import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';

import type { ReplyDetails } from './reply.js';

const COMPRESSORS = {
  gzip: () => createGzip({ flush: constants.Z_SYNC_FLUSH }),
  deflate: () => createDeflate({ flush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
};

/** The parts as they are sent: what each adds to the compressed body, and its end. */
export async function compressed(
  parts: readonly Uint8Array[],
  encoding: NonNullable<ReplyDetails['encoding']>,
): Promise<Uint8Array[]> {
  const compressor = COMPRESSORS[encoding]();
  let made: Uint8Array[] = [];
  const taken = (): Uint8Array => {
    const bytes = Buffer.concat(made);
    made = [];
    return bytes;
  };
  compressor.on('data', (bytes: Uint8Array) => made.push(bytes));
  const sent: Uint8Array[] = [];
  for (const part of parts) {
    await new Promise<void>((resolve, reject) => {
      compressor.write(part, (error) => (error ? reject(error) : resolve()));
    });
    sent.push(taken());
  }
  await new Promise<void>((resolve, reject) => {
    compressor.once('end', resolve).once('error', reject).end();
  });
  return [...sent, taken()];
}
