import { Fault } from '#shared/domain/fault.ts';
import { type CompiledScript, compileScript } from './compile-script.ts';
import type { SyntaxProblem } from './read-script.ts';
import type { ScriptSandbox } from './script-sandbox.ts';
import { REFUSED_IMPORT } from './script-realm.ts';
import { scriptMistakes, type StepFacts } from './script-mistakes.ts';

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
  let compiled: CompiledScript;
  try {
    compiled = await compileScript(file, bytes, NO_SANDBOX, signal);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'recipe-invalid') throw error;
    const { line, column } = error.details;
    const message = error.message.replace(/^.*?: /, '');
    const hint = error.hint === null || !/supported/.test(message) ? '' : `: ${error.hint}`;
    return [{ line: Number(line ?? 1), column: Number(column ?? 1), message: `${message}${hint}` }];
  }
  const { code, module } = compiled;
  if ('line' in module) return [module];
  const source = Buffer.from(bytes).toString('utf8');
  const unknown = [...new Set(module.imports)].filter((name) => name !== 'gongwei/script');
  const problems = unknown.map((name) => ({
    ...positionAt(source, importIndex(source, name)),
    message: `${REFUSED_IMPORT}${name}`,
  }));
  if (unknown.length === 0 && module.missing !== null)
    problems.push({ line: 1, column: 1, message: module.missing });
  if (module.missing === null && !module.hasDefault)
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

function positionAt(source: string, index: number): { line: number; column: number } {
  const before = source.slice(0, Math.max(0, index)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
