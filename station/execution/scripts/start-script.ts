import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { SCRIPT_FLAGS, type ScriptSandbox } from './script-sandbox.ts';

/** The Node that runs scripts: a host that is none itself names one. */
export function scriptNode(): string {
  return process.env['GONGWEI_NODE'] ?? process.execPath;
}

/**
 * Starts a process for a script, with `runtime` as its program: no files, no environment, no processes, no threads, no
 * add-ons (Node's permission model), behind what sandbox the system has. It has three pipes and nothing else of this process.
 */
export function startScript(sandbox: ScriptSandbox, runtime: string): ChildProcessWithoutNullStreams {
  const [file = '', ...args] = [...sandbox.command, scriptNode(), ...SCRIPT_FLAGS, '-e', runtime];
  return spawn(file, args, {
    cwd: '/',
    // Electron is a Node with this; a plain one does not know it.
    env: { ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}
