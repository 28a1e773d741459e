import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Verdict {
  readonly status: number | null;
  /** The line it ends with. */
  readonly finished: Readonly<Record<string, unknown>>;
  readonly stderr: string;
}

/** Runs the torture as `npm run torture` does, without its check of the installation. It ends when the signal fires. */
export async function torture(args: readonly string[], signal: AbortSignal): Promise<Verdict> {
  const child = spawn(process.execPath, ['bench/torture.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  const lines = stdout.trim().split('\n');
  if (lines.length !== 1 || !stdout.startsWith('{')) throw new Error(`no verdict: ${stdout}${stderr}`);
  return { status, finished: JSON.parse(stdout) as Verdict['finished'], stderr };
}

export const ALL_ZERO = {
  event: 'torture.finished',
  duplicateIdentities: 0,
  lostResults: 0,
  duplicateEvents: 0,
  orphanedTriples: 0,
  unsettled: 0,
  violations: 0,
  unbalanced: 0,
  labels: 0,
  attachments: 0,
  reports: 0,
  closings: 0,
} as const;
