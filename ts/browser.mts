/** `@boundaryml/baml/browser` for `import`. */
export { Audio, BamlAudio, BamlImage, BamlPdf, BamlVideo, Image, Pdf, Video } from './browser.js';
