/** The operating systems that behave differently here. `other` is every further one, with the manners of Linux. */
export type SystemKind = 'linux' | 'macos' | 'windows' | 'other';

/** What the operating system of this process can do. All code asks here; `process.platform` is read nowhere else. */
export interface HostSystem {
  readonly kind: SystemKind;
  /** As `process.platform`. */
  readonly platform: NodeJS.Platform;
  /** Why simulated units cannot have pseudo-terminals, as the end of a sentence; `null` when they can. */
  readonly ptysMissing: string | null;
  /** Whether `chmod` restricts a file. On Windows a file has the access list of its directory. */
  readonly hasFileModes: boolean;
  /** Whether a local server is a file (a Unix socket) or a name (a named pipe). */
  readonly localServer: 'socket-file' | 'named-pipe';
}

/** `GONGWEI_NO_PTYS=1` forbids pseudo-terminals, so that what happens on Windows can be tried on any system. */
export const NO_PTYS_VARIABLE = 'GONGWEI_NO_PTYS';

const KINDS: Readonly<Record<string, SystemKind>> = { linux: 'linux', darwin: 'macos', win32: 'windows' };

/**
 * @param platform as `process.platform`
 * @param env as `process.env`
 */
export function describeSystem(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): HostSystem {
  const kind = KINDS[platform] ?? 'other';
  const isWindows = kind === 'windows';
  return {
    kind,
    platform,
    ptysMissing: isWindows
      ? 'Windows has no pseudo-terminals'
      : env[NO_PTYS_VARIABLE] === '1'
        ? `${NO_PTYS_VARIABLE}=1 forbids pseudo-terminals`
        : null,
    hasFileModes: !isWindows,
    localServer: isWindows ? 'named-pipe' : 'socket-file',
  };
}

/** The system of this process. */
export function hostSystem(): HostSystem {
  return describeSystem(process.platform, process.env);
}
