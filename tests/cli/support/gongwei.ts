import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The built command line, as `npx gongwei` starts it. */
export const GONGWEI = fileURLToPath(new URL('../../../out/cli/main.js', import.meta.url));

export interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout, when it was asked for `--json`. */
  readonly events: readonly Record<string, unknown>[];
}

/** One command of the terminal host, as its own process, with this on its standard input. */
export async function gongwei(args: readonly string[], input = ''): Promise<Said> {
  const child = spawn(process.execPath, [GONGWEI, ...args], { stdio: 'pipe' });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A command that does not read its input may be gone before it is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  const events = args.includes('--json')
    ? stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : [];
  return { status, stdout, stderr, events };
}
