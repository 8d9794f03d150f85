// From a recorded case to the subject's own objects: placeholders, media values, client registries.
import { isObject } from '../lib/json.mjs';

/** Every occurrence of each placeholder in every string (keys too) replaced by its value. */
export function substitute(value, placeholders) {
  if (typeof value === 'string') return substituteText(value, placeholders);
  if (Array.isArray(value)) return value.map((item) => substitute(item, placeholders));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    substituteText(key, placeholders),
    substitute(item, placeholders),
  ]);
  return Object.fromEntries(entries);
}

export function substituteText(text, placeholders) {
  let result = text;
  for (const [placeholder, value] of Object.entries(placeholders))
    result = result.replaceAll(placeholder, value);
  return result;
}

const MEDIA = { $image: 'Image', $audio: 'Audio', $pdf: 'Pdf', $video: 'Video' };

const SPECIAL = {
  $undefined: () => undefined,
  $bigint: (text) => BigInt(text),
  $number: (text) => Number(text),
  $date: (text) => new Date(text),
};

/** `{"$image": {…}}` becomes the subject's media object, `{"$bigint": "1"}` a bigint, and so on. */
export function revive(subject, value) {
  if (Array.isArray(value)) return value.map((item) => revive(subject, item));
  if (!isObject(value)) return value;
  for (const [marker, className] of Object.entries(MEDIA)) {
    if (marker in value) return reviveMedia(subject[className], className, value[marker]);
  }
  for (const [marker, make] of Object.entries(SPECIAL)) {
    if (marker in value) return make(value[marker]);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(subject, item)]));
}

function reviveMedia(Media, className, { url, mime, base64 }) {
  if (url !== undefined) return mime === undefined ? Media.fromUrl(url) : Media.fromUrl(url, mime);
  return className === 'Pdf' ? Media.fromBase64(base64) : Media.fromBase64(mime, base64);
}

/** The case's client registry, or null when it has neither clients nor a primary. */
export function makeRegistry(subject, { registry, primary }) {
  if (!registry && !isGiven(primary)) return null;
  const result = new subject.ClientRegistry();
  for (const client of registry ?? []) addClient(result, client);
  if (isGiven(primary)) result.setPrimary(primary);
  return result;
}

function addClient(registry, { name, provider, options, retryPolicy }) {
  if (isGiven(retryPolicy)) registry.addLlmClient(name, provider, options, retryPolicy);
  else registry.addLlmClient(name, provider, options);
}

const isGiven = (value) => value !== null && value !== undefined;
