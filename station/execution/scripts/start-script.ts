import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { SCRIPT_FLAGS, type ScriptSandbox } from './script-sandbox.ts';

/** Path of the Node that runs scripts; a host that is no Node itself names one. */
export function scriptNode(): string {
  return process.env['GONGWEI_NODE'] ?? process.execPath;
}

/**
 * Starts the process of a script in the sandbox: no files, no environment, no processes, no threads, no add-ons (Node's
 * permission model), and three pipes to this process.
 *
 * @param runtime source of its program
 */
export function startScript(sandbox: ScriptSandbox, runtime: string): ChildProcessWithoutNullStreams {
  const [file = '', ...args] = [...sandbox.command, scriptNode(), ...SCRIPT_FLAGS, '-e', runtime];
  return spawn(file, args, {
    cwd: '/',
    // Makes Electron a plain Node; Node itself ignores it.
    env: { ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}
