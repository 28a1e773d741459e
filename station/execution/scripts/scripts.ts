import { sha256Hex } from '#node-kit/crypto/index.ts';
import { compileScript } from './compile-script.ts';
import { findScriptSandbox, type ScriptSandbox } from './script-sandbox.ts';
import { runScript, type ScriptRequest, type ScriptServices } from './run-script.ts';
import { scriptNode } from './start-script.ts';

/** Compiled scripts that are cached. */
const MAX_CACHED = 32;

/** A script as it is beside its recipe, with its options and its unit. */
export interface ScriptSource extends Omit<ScriptRequest, 'code'> {
  /** TypeScript. */
  readonly bytes: Uint8Array;
}

/** Runs the scripts of a station's recipes. */
export interface Scripts {
  /** Begins to look for the sandbox, because a script is about to run. */
  prepare(): void;
  /** Compiles and runs a script in the sandbox of this computer. Faults: those of `compileScript` and `runScript`. */
  run(source: ScriptSource, services: ScriptServices, signal: AbortSignal): Promise<void>;
}

/** @param dataDir folder of the station's data, which is hidden from scripts */
export function createScripts(dataDir: string): Scripts {
  let sandbox: Promise<ScriptSandbox> | null = null;
  /** JavaScript by the hash of its source, the most recently used one last. */
  const compiledByHash = new Map<string, string>();
  const find = (): Promise<ScriptSandbox> =>
    (sandbox ??= findScriptSandbox(scriptNode(), process.platform, dataDir));

  async function compiled({ file, bytes }: ScriptSource, found: ScriptSandbox, signal: AbortSignal) {
    const hash = sha256Hex(bytes);
    const code = compiledByHash.get(hash) ?? (await compileScript(file, bytes, found, signal));
    compiledByHash.delete(hash);
    compiledByHash.set(hash, code);
    for (const [oldest] of compiledByHash)
      if (compiledByHash.size > MAX_CACHED) compiledByHash.delete(oldest);
    return code;
  }

  return {
    prepare: () => void find(),
    async run(source, services, signal) {
      const waiting = services.busy();
      const { found, code } = await (async () => {
        const found = await find();
        return { found, code: await compiled(source, found, signal) };
      })().finally(() => waiting[Symbol.dispose]());
      const { file, options, unit } = source;
      await runScript({ file, code, options, unit }, services, found, signal);
    },
  };
}
