// node check.mjs MESSAGES HTML: checks each line with Cucumber's own schema, and has its HTML formatter render them.
// Exit code 1, and a line for each complaint, if one does not fit.
import fs from "node:fs";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import Ajv from "ajv/dist/2020.js";
import { CucumberHtmlStream } from "@cucumber/html-formatter";

const [, , messages, html] = process.argv;
const schema = JSON.parse(fs.readFileSync(new URL("./node_modules/@cucumber/messages/messages.schema.json", import.meta.url)));
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
const lines = fs.readFileSync(messages, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
let wrong = 0;
for (const [number, line] of lines.entries()) {
  if (!validate(line)) {
    wrong += 1;
    console.log(`${number + 1}: ${JSON.stringify(validate.errors)}`);
  }
}
console.log(`${lines.length} messages, ${wrong} do not fit`);
await pipeline(Readable.from(lines), new CucumberHtmlStream(), fs.createWriteStream(html));
process.exit(wrong ? 1 : 0);
