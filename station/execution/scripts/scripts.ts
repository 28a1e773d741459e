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
export class Scripts {
  readonly #dataDir: string;
  #sandbox: Promise<ScriptSandbox> | null = null;
  /** JavaScript by the hash of its source, the most recently used one last. */
  readonly #compiledByHash = new Map<string, string>();

  /** @param dataDir folder of the station's data, which is hidden from scripts */
  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** Begins to look for the sandbox, because a script is about to run. */
  prepare(): void {
    void this.#find();
  }

  /** Compiles and runs a script in the sandbox of this computer. Faults: those of `compileScript` and `runScript`. */
  async run(source: ScriptSource, services: ScriptServices, signal: AbortSignal): Promise<void> {
    const waiting = services.busy();
    const { sandbox, code } = await (async () => {
      const sandbox = await this.#find();
      return { sandbox, code: await this.#compiled(source, sandbox, signal) };
    })().finally(() => waiting[Symbol.dispose]());
    const { file, options, unit } = source;
    await runScript({ file, code, options, unit }, services, sandbox, signal);
  }

  #find(): Promise<ScriptSandbox> {
    return (this.#sandbox ??= findScriptSandbox(scriptNode(), process.platform, this.#dataDir));
  }

  async #compiled({ file, bytes }: ScriptSource, sandbox: ScriptSandbox, signal: AbortSignal) {
    const hash = sha256Hex(bytes);
    const code = this.#compiledByHash.get(hash) ?? (await compileScript(file, bytes, sandbox, signal));
    this.#compiledByHash.delete(hash);
    this.#compiledByHash.set(hash, code);
    for (const [oldest] of this.#compiledByHash)
      if (this.#compiledByHash.size > MAX_CACHED) this.#compiledByHash.delete(oldest);
    return code;
  }
}
