/** Lints the snippets of stdin in one ESLint outside jest, whose modules cannot load ESLint's plugins. */
import { ESLint } from 'eslint';
import { text } from 'node:stream/consumers';

const { cwd, snippets, files } = JSON.parse(await text(process.stdin));
const eslint = new ESLint({ cwd, ignore: false });
const results = [];
for (const { source, filePath } of snippets)
  results.push(...(await eslint.lintText(`${source}\n`, { filePath })));
results.push(...(await eslint.lintFiles(files)));
console.log(
  JSON.stringify(results.map(({ messages }) => messages.map(({ ruleId, message }) => ruleId ?? message))),
);
