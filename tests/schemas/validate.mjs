// Reads {schemas, documents, patterns, strings} from standard input, and prints what ajv and V8 say of them.
// `documents` are [schema's name, data]. ajv runs in strict mode: it refuses words that it does not know.
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const { schemas, documents, patterns, strings } = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv.default({ strict: true, code: { optimize: false } });
addFormats.default(ajv);

const refused = {};
const validators = {};
for (const [name, schema] of Object.entries(schemas)) {
  try {
    validators[name] = ajv.compile(schema);
  } catch (error) {
    refused[name] = error.message;
  }
}

const fits = documents.map(([name, data]) => name in validators && validators[name](data));
const matches = patterns.map((pattern) => {
  const expression = new RegExp(pattern, "u");
  return strings.map((text) => expression.test(text));
});
process.stdout.write(JSON.stringify({ refused, fits, matches }));
