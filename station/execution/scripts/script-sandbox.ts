import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { SCRIPT_BOUNDS } from './script-bounds.ts';

/** A restriction of the operating system for scripts, besides those of Node, which apply everywhere. */
export type Restriction =
  /** It has an empty network of its own. */
  | 'network'
  /** It can signal no other process. */
  | 'processes'
  /** It sees an empty folder where the station's data is, and no other process under /proc. */
  | 'files'
  /** It runs as a user that owns nothing. */
  | 'user'
  /** A program that it starts has no more rights. */
  | 'privileges'
  /** It writes no file, and its memory is bounded, byte arrays included. */
  | 'limits';

export const RESTRICTIONS: readonly Restriction[] = [
  'network',
  'processes',
  'files',
  'user',
  'privileges',
  'limits',
];

/** The sandbox of this computer for the processes of scripts. */
export interface ScriptSandbox {
  readonly restrictions: readonly Restriction[];
  /** Command that runs the command in its last arguments. Empty where the system has no sandbox. */
  readonly command: readonly string[];
}

/** Flags of Node for a script, which deny everything that flags can deny. */
export const SCRIPT_FLAGS = [
  '--permission',
  '--no-warnings',
  '--no-addons',
  // The permission model does not cover these two.
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
/** `$1`: memory in KiB, or empty. A lower limit of the computer stays. */
const LIMITS_SCRIPT =
  'ulimit -c 0 && ulimit -f 0 && ulimit -n 64 && { [ -z "$1" ] || ulimit -d "$1" || true; } && shift && exec "$@"';
/** `$1`: seconds. A lower limit of the computer stays. */
const CPU_LIMIT_SCRIPT = '{ ulimit -t "$1" || true; } && shift && exec "$@"';
/** `$1`: the folder to hide. */
const HIDE_FOLDER_SCRIPT = 'mount -t tmpfs -o ro,nosuid,nodev,noexec,size=4k none "$1" && shift && exec "$@"';
/** Prints the memory that an idle Node has; the bound of a script is added to it. */
const IDLE_MEMORY_SCRIPT = `import { readFileSync } from 'node:fs';
process.stdout.write(/VmData:\\s*(\\d+)/.exec(readFileSync('${STATUS}', 'utf8'))[1]);`;

/** The sandbox that works with a Node, by its place among all candidates. Each try starts a Node, so it is found once. */
const usableByNode = new Map<string, Promise<UsableSandbox | null>>();

interface UsableSandbox {
  readonly index: number;
  readonly idleKib: number;
}

/**
 * The strongest sandbox that works on this computer. It is found by trying, because the settings of a system decide what
 * works. Without restrictions where none does.
 *
 * @param node path of the Node that runs scripts
 * @param dataDir folder of the station's data, which is hidden from scripts
 */
export async function findScriptSandbox(
  node: string,
  system: NodeJS.Platform,
  dataDir: string,
): Promise<ScriptSandbox> {
  if (system !== 'linux') return { restrictions: [], command: [] };
  const all = candidates(resolve(dataDir));
  const finding = usableByNode.get(node) ?? findUsable(node, all);
  usableByNode.set(node, finding);
  const usable = await finding;
  const candidate = usable === null ? undefined : all[usable.index];
  if (usable === null || candidate === undefined) return { restrictions: [], command: [] };
  const { restrictions, command, limitCommand } = candidate;
  const memoryKib = String(usable.idleKib + SCRIPT_BOUNDS.memoryMiB * 1024);
  return { restrictions, command: [...limitCommand(memoryKib), ...command] };
}

async function findUsable(node: string, all: readonly Candidate[]): Promise<UsableSandbox | null> {
  for (const [index, { command, limitCommand }] of all.entries()) {
    const idleKib = await idleMemoryKib([...limitCommand(''), ...command, node]);
    if (idleKib !== null) return { index, idleKib };
  }
  return null;
}

type Limits = Pick<Candidate, 'restrictions' | 'limitCommand'>;
interface Candidate extends ScriptSandbox {
  /** The command that sets the limits. */
  readonly limitCommand: (memoryKib: string) => readonly string[];
}

/** All combinations of restrictions that this computer may support, the strongest first. */
function candidates(dataDir: string): Candidate[] {
  const [unshare, setpriv, sh] = [findProgram('unshare'), findProgram('setpriv'), findProgram('sh')];
  const root = process.getuid?.() === 0;
  const killWithParent = ['--pdeathsig', 'KILL'];
  const parentDeathCommand = setpriv === null ? [] : [setpriv, ...killWithParent, '--'];
  const unshareCommand = (...options: string[]): readonly string[] =>
    unshare === null
      ? []
      : [
          ...parentDeathCommand,
          unshare,
          ...options,
          '--net',
          '--ipc',
          '--pid',
          '--fork',
          '--kill-child',
          '--',
        ];

  // Hiding a folder needs the rights of root, at least in a namespace of its own.
  const hideFolderCommand = [
    ...unshareCommand('--mount-proc', ...(root ? [] : ['--user', '--map-root-user'])),
  ];
  if (sh !== null) hideFolderCommand.push(sh, '-c', HIDE_FOLDER_SCRIPT, 'sh', dataDir);
  const namespaces: ScriptSandbox[] = [
    ...(unshare === null || sh === null
      ? []
      : [{ restrictions: ['network', 'processes', 'files'] as const, command: hideFolderCommand }]),
    ...(unshare === null
      ? []
      : [
          {
            restrictions: ['network', 'processes'] as const,
            command: unshareCommand(...(root ? [] : ['--user', '--map-current-user'])),
          },
        ]),
    { restrictions: [], command: [] },
  ];
  const dropPrivileges = ['--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
  const nobody = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  // A change of the user clears the parent-death signal, so it is set once more.
  const osUserChanges: ScriptSandbox[] = [
    ...(setpriv === null || !root
      ? []
      : [
          {
            restrictions: ['user', 'privileges'] as const,
            command: [setpriv, ...nobody, ...dropPrivileges, ...killWithParent, '--'],
          },
        ]),
    // The user nobody may have no right to read the program.
    ...(setpriv === null
      ? []
      : [
          {
            restrictions: ['privileges'] as const,
            command: [setpriv, ...dropPrivileges, ...killWithParent, '--'],
          },
          {
            restrictions: ['privileges'] as const,
            command: [setpriv, '--no-new-privs', ...killWithParent, '--'],
          },
        ]),
    { restrictions: [], command: [] },
  ];
  const limits: Limits[] = [
    ...(sh === null
      ? []
      : [
          {
            restrictions: ['limits'],
            limitCommand: (kib: string) => [sh, '-c', LIMITS_SCRIPT, 'sh', kib],
          } as const,
        ]),
    { restrictions: [], limitCommand: () => [] },
  ];
  return namespaces.flatMap((namespace) =>
    osUserChanges.flatMap((osUserChange) =>
      limits.map(({ restrictions, limitCommand }) => ({
        restrictions: [...namespace.restrictions, ...osUserChange.restrictions, ...restrictions],
        command: [...namespace.command, ...osUserChange.command],
        limitCommand,
      })),
    ),
  );
}

/** Memory of an idle Node in KiB; `null` when it does not start with this command. */
async function idleMemoryKib(command: readonly string[]): Promise<number | null> {
  const [file = '', ...args] = command;
  try {
    const { stdout } = await promisify(execFile)(
      file,
      [...args, ...SCRIPT_FLAGS, `--allow-fs-read=${STATUS}`, '-e', IDLE_MEMORY_SCRIPT],
      { cwd: '/', env: { ELECTRON_RUN_AS_NODE: '1' }, timeout: PROBE_TIMEOUT_MS, windowsHide: true },
    );
    const kib = Number(stdout);
    return Number.isSafeInteger(kib) && kib > 0 ? kib : null;
  } catch {
    return null;
  }
}

/** Path of a program of the system; does not search PATH, which others can change. */
/**
 * Command that ends the command in its last arguments when a process of it has used this much time of a processor. Empty where the
 * system has no such limit (Windows).
 *
 * @param cpuSeconds whole seconds
 */
export function cpuLimitCommand(cpuSeconds: number): readonly string[] {
  const sh = findProgram('sh');
  return sh === null ? [] : [sh, '-c', CPU_LIMIT_SCRIPT, 'sh', String(cpuSeconds)];
}

function findProgram(program: string): string | null {
  const path = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']
    .map((folder) => join(folder, program))
    .find((candidate) => existsSync(candidate));
  return path ?? null;
}
