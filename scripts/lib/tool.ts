import { spawn, type SpawnOptions } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ROOT } from '../setup/run-in-place.mjs';
import { windowsCommandLine } from '../setup/windows-command.mjs';

export interface ToolResult {
  readonly status: number;
  readonly output: string;
  readonly ms: number;
}

/** The path of a tool's command in node_modules. */
export function toolPath(name: string): string {
  return join(ROOT, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);
}

/** The environment of tools, in which `node` is the pinned one. */
export function toolEnv(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  };
}

/**
 * Runs a tool of node_modules from the repository's root.
 *
 * @param show `live` passes the output on as it comes, `keep` returns it
 */
export function runTool(name: string, args: readonly string[], show: 'live' | 'keep'): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const chunks: string[] = [];
    const options: SpawnOptions = {
      cwd: ROOT,
      env: show === 'keep' ? { ...toolEnv(), FORCE_COLOR: process.stdout.isTTY ? '1' : '0' } : toolEnv(),
      stdio: show === 'live' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    };
    const child =
      process.platform === 'win32'
        ? spawn(windowsCommandLine(toolPath(name), args), { ...options, shell: true })
        : spawn(toolPath(name), args, options);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ status: code ?? 1, output: chunks.join(''), ms: performance.now() - started });
    });
  });
}
