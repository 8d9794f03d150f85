/** The parts of a call on their own: the request that would be sent, and the reading of an answer. Nothing is sent. */

import { b } from './baml_client/index.js';

process.env['OPENAI_BASE_URL'] = 'https://llm.example.org/v1';
process.env['OPENAI_API_KEY'] = 'key';

const request = await b.request.ExtractResume('Ada Lovelace, analyst');
console.log(request.method, request.url);
console.log(JSON.stringify(request.body.json(), null, 2));

// Your own HTTP client sends it, through your own gateway; this is what a model might answer:
const answer = 'Sure! {name: "Ada Lovelace", skills: [], experience: [],}';
console.log(b.parse.ExtractResume(answer));
