import type { CodedText } from '#shared/words/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type CompiledScript, compileScript } from './compile-script.ts';
import type { ScriptSandbox } from './script-sandbox.ts';
import { scriptText, syntaxText } from './script-texts.ts';
import { scriptMistakes, type StepFacts } from './script-mistakes.ts';

/** A mistake in a script, with its place. */
export interface ScriptProblem {
  readonly line: number;
  readonly column: number;
  readonly text: CodedText;
}

/** Reading runs nothing of a script, so no sandbox has to be found. */
const NO_SANDBOX: ScriptSandbox = { restrictions: [], command: [] };

/**
 * The mistakes that keep a script from running, with their positions: text that is not TypeScript, unknown imports and
 * names, no default export, options that no step gives. Does not run the script. Faults: `tool-missing`; the signal's reason.
 *
 * @param step variables and options of the steps that run it; `null`: no step does, and names and options are not checked
 */
export async function checkScript(
  file: string,
  bytes: Uint8Array,
  step: StepFacts | null,
  signal: AbortSignal,
): Promise<ScriptProblem[]> {
  let compiled: CompiledScript;
  try {
    compiled = await compileScript(file, bytes, NO_SANDBOX, signal);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'recipe-invalid') throw error;
    const { line, column } = error.details;
    const message = error.message.replace(/^.*?: /, '');
    const hint = error.hint === null || !/supported/.test(message) ? '' : `: ${error.hint}`;
    return [{ line: Number(line ?? 1), column: Number(column ?? 1), text: syntaxText(`${message}${hint}`) }];
  }
  const { code, module } = compiled;
  if ('line' in module) {
    const { line, column, message } = module;
    return [{ line, column, text: syntaxText(message) }];
  }
  const source = Buffer.from(bytes).toString('utf8');
  const unknown = [...new Set(module.imports)].filter((name) => name !== 'gongwei/script');
  const problems = unknown.map((name) => ({
    ...positionAt(source, importIndex(source, name)),
    text: scriptText('script-import', name),
  }));
  if (unknown.length === 0 && module.missing !== null)
    problems.push({ line: 1, column: 1, text: syntaxText(module.missing) });
  if (module.missing === null && !module.hasDefault)
    problems.push({
      line: 1,
      column: 1,
      text: scriptText('script-no-default'),
    });
  // An index in the code is one in the file: types were replaced by blanks.
  const mistakes = (step === null ? [] : scriptMistakes(code, step)).map(({ index, text }) => ({
    ...positionAt(code, index),
    text,
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
