/**
 * Media for code that runs in a browser: the same shape as the classes of the main entry, without the addon.
 *
 * What `toJSON` answers is what functions take where they take media, so it can be sent to a server as it is.
 */

import { BamlInvalidArgumentError } from './errors.js';
import type { MediaJson } from './native_contract.js';

/** What a piece of media holds: where it is, or itself. */
type Content = { url: string; mediaType: string | undefined } | { base64: string; mediaType: string };

abstract class Media {
  readonly #content: Content;

  protected constructor(content: Content) {
    this.#content = content;
  }

  /** Whether it is given by its URL. */
  isUrl(): boolean {
    return 'url' in this.#content;
  }

  /** @throws BamlInvalidArgumentError when it is given by its content */
  asUrl(): string {
    if ('url' in this.#content) return this.#content.url;
    throw new BamlInvalidArgumentError('This media is given in base64, not by a URL: use `asBase64()`.');
  }

  /** The content in base64 and its media type. @throws BamlInvalidArgumentError when it is given by a URL */
  asBase64(): [string, string] {
    if ('base64' in this.#content) return [this.#content.base64, this.#content.mediaType];
    throw new BamlInvalidArgumentError('This media is given by a URL, not in base64: use `asUrl()`.');
  }

  toJSON(): MediaJson {
    const content = this.#content;
    if ('base64' in content) return { base64: content.base64, media_type: content.mediaType };
    return content.mediaType === undefined
      ? { url: content.url }
      : { url: content.url, media_type: content.mediaType };
  }
}

export class BamlImage extends Media {
  static fromUrl(url: string, mediaType?: string | null): BamlImage {
    return new BamlImage({ url, mediaType: mediaType ?? undefined });
  }

  static fromBase64(mediaType: string, base64: string): BamlImage {
    return new BamlImage({ base64, mediaType });
  }

  /** From a file input, a drop or a canvas. */
  static async fromBlob(blob: Blob, mediaType?: string): Promise<BamlImage> {
    return BamlImage.fromBase64(mediaTypeOf(blob, mediaType), await base64Of(blob));
  }
}

export class BamlAudio extends Media {
  static fromUrl(url: string, mediaType?: string | null): BamlAudio {
    return new BamlAudio({ url, mediaType: mediaType ?? undefined });
  }

  static fromBase64(mediaType: string, base64: string): BamlAudio {
    return new BamlAudio({ base64, mediaType });
  }

  /** From a file input, a drop or a recorder. */
  static async fromBlob(blob: Blob, mediaType?: string): Promise<BamlAudio> {
    return BamlAudio.fromBase64(mediaTypeOf(blob, mediaType), await base64Of(blob));
  }
}

export class BamlVideo extends Media {
  static fromUrl(url: string, mediaType?: string | null): BamlVideo {
    return new BamlVideo({ url, mediaType: mediaType ?? undefined });
  }

  static fromBase64(mediaType: string, base64: string): BamlVideo {
    return new BamlVideo({ base64, mediaType });
  }

  /** From a file input, a drop or a recorder. */
  static async fromBlob(blob: Blob, mediaType?: string): Promise<BamlVideo> {
    return BamlVideo.fromBase64(mediaTypeOf(blob, mediaType), await base64Of(blob));
  }

  /** `null` when it is given by its content. */
  get url(): string | null {
    return this.isUrl() ? this.asUrl() : null;
  }
}

export class BamlPdf extends Media {
  static fromUrl(url: string): BamlPdf {
    return new BamlPdf({ url, mediaType: undefined });
  }

  static fromBase64(base64: string): BamlPdf {
    return new BamlPdf({ base64, mediaType: 'application/pdf' });
  }

  /** From a file input or a drop. */
  static async fromBlob(blob: Blob): Promise<BamlPdf> {
    return BamlPdf.fromBase64(await base64Of(blob));
  }

  /** `null` when it is given by its content. */
  get url(): string | null {
    return this.isUrl() ? this.asUrl() : null;
  }
}

export { BamlAudio as Audio, BamlImage as Image, BamlPdf as Pdf, BamlVideo as Video };

/** @throws BamlInvalidArgumentError when neither the blob nor the caller says what it is */
function mediaTypeOf(blob: Blob, given: string | undefined): string {
  const mediaType = given ?? blob.type;
  if (mediaType !== '') return mediaType;
  throw new BamlInvalidArgumentError(
    'The blob does not say its media type: give it, for example `image/png`.',
  );
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  // In pieces: a call takes only so many arguments.
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + 0x8000)));
  }
  return btoa(pieces.join(''));
}
