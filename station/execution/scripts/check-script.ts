import { z } from 'zod';
import { Fault } from '#shared/domain/fault.ts';
import { compileScript } from './compile-script.ts';
import { readScript, readSyntaxError, type SyntaxProblem } from './read-script.ts';
import type { ScriptSandbox } from './script-sandbox.ts';
import { scriptMistakes, type StepFacts } from './script-mistakes.ts';

/**
 * Reads JavaScript as a module and says what it imports and whether it has a default export. Nothing of it is run. What
 * Node cannot read ends the process, which makes Node say where on its standard error.
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

const said = z.object({
  imports: z.array(z.string()),
  hasDefault: z.boolean(),
  /** What it imports of a module that the module has not. */
  missing: z.string().nullable(),
});

/** Reading runs nothing of a script, so that no sandbox has to be found for it. */
const NO_SANDBOX: ScriptSandbox = { restrictions: [], command: [] };

/**
 * What keeps a script from being run, with its place in the file: text that is no TypeScript, imports and names of what
 * is not there, no default export, options that it does not get. Nothing of it is run. Faults: `tool-missing`; the signal's reason.
 *
 * @param step what the steps that run it say of it
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
    const why = error.message.replace(/^.*?: /, '');
    const hint = error.hint === null || !/supported/.test(why) ? '' : `: ${error.hint}`;
    return [{ line: Number(line ?? 1), column: Number(column ?? 1), why: `${why}${hint}` }];
  }
  const { stdout, stderr } = await readScript(READ_MODULE, Buffer.from(code), NO_SANDBOX, signal);
  const read = readJson(stdout);
  if (read === null)
    return [readSyntaxError(stderr) ?? { line: 1, column: 1, why: 'cannot be read as a module' }];
  const source = Buffer.from(bytes).toString('utf8');
  const strange = [...new Set(read.imports)].filter((name) => name !== 'gongwei/script');
  const problems = strange.map((name) => ({
    ...placeOf(source, whereImported(source, name)),
    why: `${name} is not there: a script imports nothing but gongwei/script`,
  }));
  if (strange.length === 0 && read.missing !== null) problems.push({ line: 1, column: 1, why: read.missing });
  if (read.missing === null && !read.hasDefault)
    problems.push({ line: 1, column: 1, why: 'has no default export: write export default defineScript(…)' });
  // Places in the code are those of the file: types are blanks in it.
  const slips = scriptMistakes(code, step).map(({ index, why }) => ({ ...placeOf(code, index), why }));
  return [...problems, ...slips].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Where a module is named in quotes; the beginning when it is written with escapes. */
function whereImported(source: string, name: string): number {
  const places = ["'", '"'].map((quote) => source.indexOf(`${quote}${name}${quote}`)).filter((at) => at >= 0);
  return Math.min(...places, source.length) % (source.length || 1);
}

function readJson(text: string): z.infer<typeof said> | null {
  try {
    return said.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function placeOf(source: string, index: number): { line: number; column: number } {
  const before = source.slice(0, Math.max(0, index)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
