/** Media as arguments. */

/** A picture, as an argument of a function. */
export declare class BamlImage {
  private constructor();
  static fromUrl(url: string, mediaType?: string | null): BamlImage;
  static fromBase64(mediaType: string, base64: string): BamlImage;
  isUrl(): boolean;
  asUrl(): string;
  /** The content in base64 and its media type. */
  asBase64(): [string, string];
  toJSON(): MediaJson;
}

/** A sound, as an argument of a function. */
export declare class BamlAudio {
  private constructor();
  static fromUrl(url: string, mediaType?: string | null): BamlAudio;
  static fromBase64(mediaType: string, base64: string): BamlAudio;
  isUrl(): boolean;
  asUrl(): string;
  asBase64(): [string, string];
  toJSON(): MediaJson;
}

/** A PDF document, as an argument of a function. */
export declare class BamlPdf {
  private constructor();
  static fromUrl(url: string): BamlPdf;
  static fromBase64(base64: string): BamlPdf;
  isUrl(): boolean;
  /** `null` when it is given by its content. */
  get url(): string | null;
  asUrl(): string;
  asBase64(): [string, string];
  toJSON(): MediaJson;
}

/** A film, as an argument of a function. */
export declare class BamlVideo {
  private constructor();
  static fromUrl(url: string, mediaType?: string | null): BamlVideo;
  static fromBase64(mediaType: string, base64: string): BamlVideo;
  isUrl(): boolean;
  /** `null` when it is given by its content. */
  get url(): string | null;
  asUrl(): string;
  asBase64(): [string, string];
  toJSON(): MediaJson;
}

/** Media as plain data; also accepted where a function takes media. */
export type MediaJson = { url: string; media_type?: string } | { base64: string; media_type: string };
