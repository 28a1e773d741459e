import { findScriptFence, type ScriptFence } from './script-fence.ts';
import { runScript, type ScriptOrder, type ScriptServices } from './run-script.ts';
import { scriptNode } from './start-script.ts';

/** Runs the scripts of a station's recipes. */
export interface Scripts {
  /** A script is about to be run: the fence is found out meanwhile. */
  prepare(): void;
  /** As `runScript`, behind the fence of this computer, which the first call finds out. */
  run(order: ScriptOrder, services: ScriptServices, signal: AbortSignal): Promise<void>;
}

/** @param dataDir where the station's data is, which is hidden from scripts */
export function createScripts(dataDir: string): Scripts {
  let fence: Promise<ScriptFence> | null = null;
  const find = (): Promise<ScriptFence> =>
    (fence ??= findScriptFence(scriptNode(), process.platform, dataDir));
  return {
    prepare: () => void find(),
    async run(order, services, signal) {
      const waiting = services.busy();
      const found = await find().finally(() => waiting[Symbol.dispose]());
      await runScript(order, services, found, signal);
    },
  };
}
