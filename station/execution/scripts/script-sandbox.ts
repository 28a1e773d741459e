import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { SCRIPT_BOUNDS } from './script-bounds.ts';

/** What the operating system itself denies to a script, besides what Node denies it everywhere. */
export type Restriction =
  /** No network but an empty one of its own. */
  | 'network'
  /** It can signal no other process. */
  | 'processes'
  /** It sees an empty folder where the station's data is, and no other process under /proc. */
  | 'files'
  /** It is a user who owns nothing. */
  | 'user'
  /** No program it could start has more rights. */
  | 'privileges'
  /** It writes no file, and uses no more memory than the bound, byte arrays included. */
  | 'limits';

export const RESTRICTIONS: readonly Restriction[] = [
  'network',
  'processes',
  'files',
  'user',
  'privileges',
  'limits',
];

/** How the process of a script is started on this computer. */
export interface ScriptSandbox {
  readonly restrictions: readonly Restriction[];
  /** The command that runs the command given as its last arguments. Empty where the system has no sandbox. */
  readonly command: readonly string[];
}

/** Flags of Node for a script: whatever can be closed by one is closed. */
export const SCRIPT_FLAGS = [
  '--permission',
  '--no-warnings',
  '--no-addons',
  // Neither of these is closed by the permission model.
  '--no-experimental-sqlite',
  '--disable-sigusr1',
  '--disallow-code-generation-from-strings',
  '--experimental-vm-modules',
  `--max-old-space-size=${SCRIPT_BOUNDS.heapMiB}`,
  '--input-type=module',
] as const;

const NOBODY = '65534';
const STATUS = '/proc/self/status';
const PROBE_TIMEOUT_MS = 10_000;
/** `$1`: memory in KiB, or nothing. A computer that sets a lower limit already keeps it. */
const LIMITS =
  'ulimit -c 0 && ulimit -f 0 && ulimit -n 64 && { [ -z "$1" ] || ulimit -d "$1" || true; } && shift && exec "$@"';
/** `$1`: the folder to hide. */
const HIDE = 'mount -t tmpfs -o ro,nosuid,nodev,noexec,size=4k none "$1" && shift && exec "$@"';
/** An idle Node tells how much memory it counts as in use: its bound is this and what the script may have. */
const PROBE = `import { readFileSync } from 'node:fs';
process.stdout.write(/VmData:\\s*(\\d+)/.exec(readFileSync('${STATUS}', 'utf8'))[1]);`;

/**
 * The strongest sandbox that works on this computer, found by trying: what a system permits depends on its settings, and
 * what does not start is no sandbox. Never faults; a system without any has no restrictions.
 *
 * @param node the Node that runs scripts
 * @param dataDir where the station's data is
 */
export async function findScriptSandbox(
  node: string,
  system: NodeJS.Platform,
  dataDir: string,
): Promise<ScriptSandbox> {
  if (system !== 'linux') return { restrictions: [], command: [] };
  for (const { restrictions, command, limited } of candidates(resolve(dataDir))) {
    const idleKib = await idleMemoryKib([...limited(''), ...command, node]);
    if (idleKib === null) continue;
    return {
      restrictions,
      command: [...limited(String(idleKib + SCRIPT_BOUNDS.memoryMiB * 1024)), ...command],
    };
  }
  return { restrictions: [], command: [] };
}

type Limits = Pick<Candidate, 'restrictions' | 'limited'>;
interface Candidate extends ScriptSandbox {
  /** What runs the command within the limits. */
  readonly limited: (memoryKib: string) => readonly string[];
}

/** From the strongest to none. */
function candidates(dataDir: string): Candidate[] {
  const [unshare, setpriv, sh] = [find('unshare'), find('setpriv'), find('sh')];
  const root = process.getuid?.() === 0;
  const dies = ['--pdeathsig', 'KILL'];
  const outer = setpriv === null ? [] : [setpriv, ...dies, '--'];
  const apart = (...more: string[]): readonly string[] =>
    unshare === null
      ? []
      : [...outer, unshare, ...more, '--net', '--ipc', '--pid', '--fork', '--kill-child', '--'];

  // Only with the rights of root, be it in a space of its own, can a folder be hidden.
  const hidden = [...apart('--mount-proc', ...(root ? [] : ['--user', '--map-root-user']))];
  if (sh !== null) hidden.push(sh, '-c', HIDE, 'sh', dataDir);
  const spaces: ScriptSandbox[] = [
    ...(unshare === null || sh === null
      ? []
      : [{ restrictions: ['network', 'processes', 'files'] as const, command: hidden }]),
    ...(unshare === null
      ? []
      : [
          {
            restrictions: ['network', 'processes'] as const,
            command: apart(...(root ? [] : ['--user', '--map-current-user'])),
          },
        ]),
    { restrictions: [], command: [] },
  ];
  const bare = ['--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
  const nobody = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  // A change of user forgets whose death a process dies with, so that it is said once more.
  const users: ScriptSandbox[] = [
    ...(setpriv === null || !root
      ? []
      : [
          {
            restrictions: ['user', 'privileges'] as const,
            command: [setpriv, ...nobody, ...bare, ...dies, '--'],
          },
        ]),
    // Nobody may not be able to read the program.
    ...(setpriv === null
      ? []
      : [
          { restrictions: ['privileges'] as const, command: [setpriv, ...bare, ...dies, '--'] },
          { restrictions: ['privileges'] as const, command: [setpriv, '--no-new-privs', ...dies, '--'] },
        ]),
    { restrictions: [], command: [] },
  ];
  const limits: Limits[] = [
    ...(sh === null
      ? []
      : [{ restrictions: ['limits'], limited: (kib: string) => [sh, '-c', LIMITS, 'sh', kib] } as const]),
    { restrictions: [], limited: () => [] },
  ];
  return spaces.flatMap((space) =>
    users.flatMap((user) =>
      limits.map(({ restrictions, limited }) => ({
        restrictions: [...space.restrictions, ...user.restrictions, ...restrictions],
        command: [...space.command, ...user.command],
        limited,
      })),
    ),
  );
}

/** Memory that an idle Node counts as in use, in KiB; `null` when it does not start this way. */
async function idleMemoryKib(command: readonly string[]): Promise<number | null> {
  const [file = '', ...args] = command;
  try {
    const { stdout } = await promisify(execFile)(
      file,
      [...args, ...SCRIPT_FLAGS, `--allow-fs-read=${STATUS}`, '-e', PROBE],
      { cwd: '/', env: { ELECTRON_RUN_AS_NODE: '1' }, timeout: PROBE_TIMEOUT_MS, windowsHide: true },
    );
    const kib = Number(stdout);
    return Number.isSafeInteger(kib) && kib > 0 ? kib : null;
  } catch {
    return null;
  }
}

/** Where the system keeps a program of its own; nobody else's folders are asked. */
function find(program: string): string | null {
  const path = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']
    .map((folder) => join(folder, program))
    .find((candidate) => existsSync(candidate));
  return path ?? null;
}
