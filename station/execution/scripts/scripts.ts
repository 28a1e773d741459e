import { hostSystem } from '#node-kit/host-system/index.ts';
import { compileScript } from './compile-script.ts';
import { findScriptSandbox, type ScriptSandbox } from './script-sandbox.ts';
import { runScript, type ScriptRequest, type ScriptServices } from './run-script.ts';
import { scriptNode } from './start-script.ts';

/** A script as it is beside its recipe, with its options and its unit. */
export interface ScriptSource extends Omit<ScriptRequest, 'code'> {
  /** TypeScript. */
  readonly bytes: Uint8Array;
}

/** Runs the scripts of a station's recipes. */
export class Scripts {
  readonly #dataDir: string;
  #sandbox: Promise<ScriptSandbox> | null = null;

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
    const { file, bytes, options, unit } = source;
    const waiting = services.busy();
    const { sandbox, code } = await (async () => {
      const sandbox = await this.#find();
      return { sandbox, code: (await compileScript(file, bytes, sandbox, signal)).code };
    })().finally(() => waiting[Symbol.dispose]());
    await runScript({ file, code, options, unit }, services, sandbox, signal);
  }

  #find(): Promise<ScriptSandbox> {
    return (this.#sandbox ??= findScriptSandbox(scriptNode(), hostSystem().platform, this.#dataDir));
  }
}
