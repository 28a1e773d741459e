import * as nodeModule from 'node:module';
import { Fault } from '#shared/domain/fault.ts';

/**
 * A script as JavaScript: its types taken out, nothing else changed, so that lines and columns of its faults are those
 * of the file. Faults: `recipe-invalid` naming the place; `tool-missing` in a host whose Node cannot take types out.
 */
export function compileScript(file: string, bytes: Uint8Array): string {
  // Absent from the types of older hosts, so it is looked up.
  const strip = (nodeModule as { stripTypeScriptTypes?: (code: string) => string }).stripTypeScriptTypes;
  if (strip === undefined) {
    throw new Fault('tool-missing', 'this host cannot run scripts in TypeScript', {
      hint: 'Use the kiosk or the terminal with the Node that Gongwei brings.',
    });
  }
  try {
    const source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return withoutWarnings(() => strip(source));
  } catch (cause) {
    const why =
      cause instanceof Error ? (cause.message.split('\n').find((line) => line.trim() !== '') ?? '') : '';
    throw new Fault('recipe-invalid', `${file}: ${why.trim() || 'is no TypeScript'}`, {
      hint: 'Only types that can be taken out are allowed: no enums, no namespaces, no parameter properties.',
      cause,
    });
  }
}

/** Node says once in each process that this is experimental; standard error is for what a person can do something about. */
function withoutWarnings<T>(work: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
