/** Requests to providers, and their answers. */

/** A request to a provider. Secrets are masked where it is printed. */
export declare class HttpRequest {
  private constructor();
  get id(): string;
  get url(): string;
  get method(): string;
  get headers(): Record<string, string>;
  get body(): HttpBody;
  toString(): string;
}

export declare class HttpResponse {
  private constructor();
  get status(): number;
  get headers(): Record<string, string>;
  get body(): HttpBody;
  toString(): string;
}

export declare class HttpBody {
  private constructor();
  raw(): ArrayBuffer;
  text(): string;
  // What a body holds is the provider's affair; the peer types it `any`, and code written for it reads fields.
  // oxlint-disable-next-line typescript/no-explicit-any
  json(): any;
}

/** One event of a streamed answer. */
export declare class SseResponse {
  private constructor();
  get text(): string;
  // oxlint-disable-next-line typescript/no-explicit-any -- as HttpBody.json
  json(): any;
}

export type HTTPBody = HttpBody;
export type HTTPRequest = HttpRequest;
export type HTTPResponse = HttpResponse;
export type SSEResponse = SseResponse;
