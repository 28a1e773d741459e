import { z } from 'zod';
import { Fault } from '#shared/domain/fault.ts';
import { compileScript } from './compile-script.ts';
import { readScript, readSyntaxError, type SyntaxProblem } from './read-script.ts';
import type { ScriptSandbox } from './script-sandbox.ts';
import { REFUSED_IMPORT } from './script-realm.ts';
import { scriptMistakes, type StepFacts } from './script-mistakes.ts';

/**
 * Program that reads JavaScript as a module and prints its imports and whether it has a default export, without running
 * it. Code that Node cannot read ends the process, so that Node prints the position to standard error.
 */
const READ_MODULE = String.raw`
import { SourceTextModule, SyntheticModule } from 'node:vm';
const parts = [];
for await (const part of process.stdin) parts.push(part);
const code = new TextDecoder('utf-8').decode(Buffer.concat(parts));
let module;
try {
  module = new SourceTextModule(code, { identifier: 'script' });
} catch (error) {
  setTimeout(() => { throw error; });
}
if (module !== undefined) {
  const imports = [];
  let missing = null;
  try {
    await module.link((specifier) => {
      imports.push(specifier);
      return new SyntheticModule(['defineScript'], () => undefined);
    });
  } catch (error) {
    missing = String(error?.message).slice(0, 200);
  }
  const hasDefault = missing === null && 'default' in module.namespace;
  process.stdout.write(JSON.stringify({ imports, hasDefault, missing }));
}
`;

const readerOutput = z.object({
  imports: z.array(z.string()),
  hasDefault: z.boolean(),
  /** Message about a name that it imports and the module does not export. */
  missing: z.string().nullable(),
});

/** Reading runs nothing of a script, so no sandbox has to be found. */
const NO_SANDBOX: ScriptSandbox = { restrictions: [], command: [] };

/**
 * The mistakes that keep a script from running, with their positions: text that is not TypeScript, unknown imports and
 * names, no default export, options that no step gives. Does not run the script. Faults: `tool-missing`; the signal's reason.
 *
 * @param step variables and options of the steps that run it
 */
export async function checkScript(
  file: string,
  bytes: Uint8Array,
  step: StepFacts,
  signal: AbortSignal,
): Promise<SyntaxProblem[]> {
  let code: string;
  try {
    code = await compileScript(file, bytes, NO_SANDBOX, signal);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'recipe-invalid') throw error;
    const { line, column } = error.details;
    const message = error.message.replace(/^.*?: /, '');
    const hint = error.hint === null || !/supported/.test(message) ? '' : `: ${error.hint}`;
    return [{ line: Number(line ?? 1), column: Number(column ?? 1), message: `${message}${hint}` }];
  }
  const { stdout, stderr } = await readScript(READ_MODULE, Buffer.from(code), NO_SANDBOX, signal);
  const read = readJson(stdout);
  if (read === null)
    return [readSyntaxError(stderr) ?? { line: 1, column: 1, message: 'cannot be read as a module' }];
  const source = Buffer.from(bytes).toString('utf8');
  const unknown = [...new Set(read.imports)].filter((name) => name !== 'gongwei/script');
  const problems = unknown.map((name) => ({
    ...positionAt(source, importIndex(source, name)),
    message: `${REFUSED_IMPORT}${name}`,
  }));
  if (unknown.length === 0 && read.missing !== null)
    problems.push({ line: 1, column: 1, message: read.missing });
  if (read.missing === null && !read.hasDefault)
    problems.push({
      line: 1,
      column: 1,
      message: 'has no default export: write export default defineScript(…)',
    });
  // An index in the code is one in the file: types were replaced by blanks.
  const mistakes = scriptMistakes(code, step).map(({ index, message }) => ({
    ...positionAt(code, index),
    message,
  }));
  return [...problems, ...mistakes].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Index of the quoted name of a module; 0 when it is written with escapes. */
function importIndex(source: string, name: string): number {
  const indexes = ["'", '"']
    .map((quote) => source.indexOf(`${quote}${name}${quote}`))
    .filter((index) => index >= 0);
  return Math.min(...indexes, source.length) % (source.length || 1);
}

function readJson(text: string): z.infer<typeof readerOutput> | null {
  try {
    return readerOutput.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function positionAt(source: string, index: number): { line: number; column: number } {
  const before = source.slice(0, Math.max(0, index)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
