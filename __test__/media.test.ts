/** Media: the classes of the addon and those for the browser. */

import { Audio, BamlInvalidArgumentError, Image, Pdf, Video } from '@boundaryml/baml';
import * as browser from '@boundaryml/baml/browser';
import { describe, expect, test } from 'vitest';

describe.each([
  ['addon', { Image, Audio, Video, Pdf }],
  ['browser', browser],
])('of the %s', (_where, media) => {
  test('by URL', () => {
    const image = media.Image.fromUrl('https://example.org/a.png', 'image/png');
    expect(image).toBeInstanceOf(media.Image);
    expect(image.isUrl()).toBe(true);
    expect(image.asUrl()).toBe('https://example.org/a.png');
    expect(JSON.parse(JSON.stringify(image))).toEqual({
      url: 'https://example.org/a.png',
      media_type: 'image/png',
    });
    expect(() => image.asBase64()).toThrow(BamlInvalidArgumentError);
  });

  test('by content', () => {
    const audio = media.Audio.fromBase64('audio/wav', 'AAAA');
    expect(audio.isUrl()).toBe(false);
    expect(audio.asBase64()).toEqual(['AAAA', 'audio/wav']);
    expect(audio.toJSON()).toEqual({ base64: 'AAAA', media_type: 'audio/wav' });
    expect(() => audio.asUrl()).toThrow(BamlInvalidArgumentError);
  });

  test('documents and films', () => {
    expect(media.Pdf.fromBase64('AAAA').toJSON()).toEqual({ base64: 'AAAA', media_type: 'application/pdf' });
    expect(media.Pdf.fromUrl('https://example.org/a.pdf').url).toBe('https://example.org/a.pdf');
    expect(media.Video.fromUrl('https://example.org/a.mp4').toJSON()).toEqual({
      url: 'https://example.org/a.mp4',
    });
  });
});

test('a blob becomes media', async () => {
  const bytes = new Uint8Array(100_000).map((_, index) => index % 256);
  const image = await browser.Image.fromBlob(new Blob([bytes], { type: 'image/png' }));
  const [base64, mediaType] = image.asBase64();
  expect(mediaType).toBe('image/png');
  expect(Buffer.from(base64, 'base64').equals(bytes)).toBe(true);
  await expect(browser.Image.fromBlob(new Blob([bytes]))).rejects.toThrow('media type');
});
