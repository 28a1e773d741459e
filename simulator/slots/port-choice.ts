import type { HostSystem } from '#node-kit/host-system/index.ts';
import { type Libc, loadLibc } from '../pty/index.ts';
import { openTcpPortFactory, type PortFactory, ptyPortFactory, type TcpKind } from '../serial-line/index.ts';

/** The kinds of ports of one simulator. */
export interface PortChoice {
  /** Why all ports are TCP ports although serial ones were asked for; `null` otherwise. */
  readonly tcpBecause: string | null;
  /** Ports of fixtures. Faults: `tool-missing`. */
  fixture(): Promise<PortFactory>;
  /** Ports of the Bluetooth adapter and the relay board, which are serial where there are ptys. Faults: `tool-missing`. */
  other(): Promise<PortFactory>;
}

/**
 * Chooses between ptys and TCP. Where the system has no ptys, or `GONGWEI_NO_PTYS=1` forbids them, all ports are TCP ports.
 *
 * @param tcp the kind of TCP port that was asked for; `null` for serial ones
 * @param onError called with later errors of TCP ports
 */
export function choosePorts(
  tcp: TcpKind | null,
  system: HostSystem,
  onError: (error: unknown) => void,
): PortChoice {
  const overTcp = (): Promise<PortFactory> => openTcpPortFactory(onError);
  const fixtureOverTcp = (): Promise<PortFactory> => openTcpPortFactory(onError, tcp ?? 'tcp');
  if (system.ptysMissing !== null)
    return { tcpBecause: tcp === null ? system.ptysMissing : null, fixture: fixtureOverTcp, other: overTcp };
  // The C library is loaded on first use, so that TCP ports do not need it.
  let libc: Libc | null = null;
  const overPty = (): Promise<PortFactory> => Promise.resolve(ptyPortFactory((libc ??= loadLibc())));
  return { tcpBecause: null, fixture: tcp === null ? overPty : fixtureOverTcp, other: overPty };
}
