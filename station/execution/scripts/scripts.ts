import { sha256Hex } from '#node-kit/crypto/index.ts';
import { compileScript } from './compile-script.ts';
import { findScriptSandbox, type ScriptSandbox } from './script-sandbox.ts';
import { runScript, type ScriptRequest, type ScriptServices } from './run-script.ts';
import { scriptNode } from './start-script.ts';

/** So many scripts are kept ready: those of the recipes that run. */
const KEPT = 32;

/** A script as it lies beside its recipe, and what it is told. */
export interface ScriptSource extends Omit<ScriptRequest, 'code'> {
  /** TypeScript. */
  readonly bytes: Uint8Array;
}

/** Runs the scripts of a station's recipes. */
export interface Scripts {
  /** A script is about to be run: the sandbox is found out meanwhile. */
  prepare(): void;
  /** As `compileScript` and `runScript`, behind the sandbox of this computer, which the first call finds out. */
  run(source: ScriptSource, services: ScriptServices, signal: AbortSignal): Promise<void>;
}

/** @param dataDir where the station's data is, which is hidden from scripts */
export function createScripts(dataDir: string): Scripts {
  let sandbox: Promise<ScriptSandbox> | null = null;
  /** By hash of the source, the one that was used last at the end. */
  const ready = new Map<string, string>();
  const find = (): Promise<ScriptSandbox> =>
    (sandbox ??= findScriptSandbox(scriptNode(), process.platform, dataDir));

  async function compiled({ file, bytes }: ScriptSource, found: ScriptSandbox, signal: AbortSignal) {
    const hash = sha256Hex(bytes);
    const code = ready.get(hash) ?? (await compileScript(file, bytes, found, signal));
    ready.delete(hash);
    ready.set(hash, code);
    for (const [oldest] of ready) if (ready.size > KEPT) ready.delete(oldest);
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
