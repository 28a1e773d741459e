import type { EventEmitter } from 'node:events';
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { format } from 'node:util';
import type { Noble } from '@stoprocent/noble';
import { withDeadline } from '#node-kit/async/index.ts';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { visibleText } from '#shared/codec/visible-text.ts';
import { isSamePort } from '#shared/domain/port-path.ts';
import type { Fault } from '#shared/domain/fault.ts';
import type { AdapterChoice } from './adapter-choice.ts';
import { adapterDenied, adapterMissing, adapterOff } from './adapter-faults.ts';
import { listPorts } from '../serial/index.ts';
import { connectAdapter, TcpHciSocket } from './tcp-hci-socket.ts';

/** How long an adapter may take to become ready; USB adapters load their firmware in that time. */
export const READY_TIMEOUT_MS = 4000;
/** An answer of the adapter that was there in time, and that a busy process has not looked at yet, still counts. */
export const ANSWER_GRACE_MS = 30;

/** A running noble on one adapter. */
export interface Radio extends Disposable {
  readonly noble: Noble;
  /** Fires with the fault when the adapter goes away, is switched off, or no longer answers. */
  readonly lost: AbortSignal;
  /** Closes the adapter as lost. `reason`: the end of a sentence about it. */
  lose(reason: string): void;
}

/** Starts noble on the adapter. Faults: `ble-missing`, `ble-off`, `ble-denied`. */
export async function openRadio(
  choice: AdapterChoice,
  readyTimeoutMs: number,
  signal: AbortSignal,
): Promise<Radio> {
  await checkAdapter(choice);
  using _diverted = divertLog();
  const socket = choice.kind === 'tcp' ? await connectAdapter(choice, signal) : null;
  const noble = await load(choice, socket);
  const lost = new AbortController();
  let ready = false;
  let disposed = false;
  const lose = (fault: Fault): void => {
    if (!lost.signal.aborted) lost.abort(fault);
  };
  const settled = new Promise<void>((resolve) => {
    noble.on('stateChange', (state) => {
      if (state === 'poweredOn') {
        ready = true;
        resolve();
      } else if (state === 'unauthorized') lose(adapterDenied(choice));
      // While the adapter starts, other states are passed through; afterwards they are a loss.
      else if (ready) void lossOf(choice).then(lose);
    });
  });
  const radio: Radio = {
    noble,
    lost: lost.signal,
    lose: (reason) => lose(adapterMissing(choice, reason)),
    [Symbol.dispose]() {
      if (disposed) return;
      disposed = true;
      lose(adapterMissing(choice, 'was closed'));
      noble.removeAllListeners('discover');
      stop(noble);
    },
  };
  try {
    // noble does not repeat a state that it reported while it started.
    if (noble.state === 'unauthorized' || noble.state === 'unsupported') throw notReady(choice, noble.state);
    await withDeadline(settled, {
      timeoutMs: readyTimeoutMs,
      graceMs: ANSWER_GRACE_MS,
      signal: AbortSignal.any([signal, lost.signal]),
      onTimeout: () => {
        throw notReady(choice, noble.state);
      },
    });
    return radio;
  } catch (error) {
    radio[Symbol.dispose]();
    throw error;
  }
}

/** Checks the adapter before noble, which does not report a missing port or the reason of a missing adapter. */
async function checkAdapter(choice: AdapterChoice): Promise<void> {
  if (choice.kind === 'uart' && hostSystem().kind === 'windows') {
    // A COM port is no file.
    const ports = await listPorts();
    if (!ports.some(({ path }) => isSamePort(path, choice.path)))
      throw adapterMissing(choice, 'is not there');
  } else if (choice.kind === 'uart') {
    const file = await stat(choice.path).catch(() => null);
    if (file === null) throw adapterMissing(choice, 'is not there');
    if (!file.isCharacterDevice()) throw adapterMissing(choice, 'is not a serial port');
    await access(choice.path, constants.R_OK | constants.W_OK).catch((cause: unknown) => {
      throw adapterDenied(choice, cause);
    });
  }
  if (choice.kind === 'system' && hostSystem().kind === 'linux' && !(await isListed(choice.index)))
    throw adapterMissing(choice, 'is not there');
}

/** True when Linux lists the adapter; one that was plugged in again often has another number. */
async function isListed(index: number | null): Promise<boolean> {
  const names = await readdir('/sys/class/bluetooth').catch((): string[] => []);
  return index === null ? names.length > 0 : names.includes(`hci${index}`);
}

/** Loaded at first use only: most stations have no Bluetooth, and loading it opens native libraries. */
async function load(choice: AdapterChoice, socket: Socket | null): Promise<Noble> {
  try {
    const { withBindings } = await import('@stoprocent/noble');
    return withoutExitHandlers(() => {
      const noble = withBindings(...bindingsOf(choice));
      if (socket !== null) exchangeDriver(noble, new TcpHciSocket(socket));
      // Reading the state starts it.
      void noble.state;
      return noble;
    });
  } catch (cause) {
    socket?.destroy();
    throw adapterMissing(choice, 'cannot be used on this computer', cause);
  }
}

function bindingsOf(choice: AdapterChoice): Parameters<typeof import('@stoprocent/noble').withBindings> {
  switch (choice.kind) {
    case 'system':
      return choice.index === null ? ['default', {}] : ['default', { deviceId: choice.index }];
    case 'uart':
      return [
        'hci',
        {
          hciDriver: 'uart',
          bindParams: { usb: undefined, uart: { port: choice.path, baudRate: choice.baudRate } },
        },
      ];
    case 'tcp':
      // The driver is replaced before it is opened.
      return ['hci', { hciDriver: 'uart' }];
    case 'driver':
      return ['hci', { hciDriver: choice.driver as 'uart', bindParams: choice.parameters as never }];
  }
}

/** Makes noble, which has no driver for TCP, use this one. noble makes its driver when it starts, and opens it later. */
function exchangeDriver(noble: Noble, driver: TcpHciSocket): void {
  const bindings = (noble as unknown as NobleInternals)._bindings;
  if (bindings === undefined) throw new Error('noble has no bindings');
  let hci = bindings._hci;
  Object.defineProperty(bindings, '_hci', {
    configurable: true,
    get: () => hci,
    set(made: typeof hci) {
      hci = made;
      if (made != null) made._socket = driver;
    },
  });
}

const PROCESS_EVENTS = ['SIGINT', 'exit'] as const;

/** Starts noble without its handlers that end the process on Ctrl-C, which may come during a burn. */
function withoutExitHandlers(start: () => Noble): Noble {
  const before = PROCESS_EVENTS.map((name) => process.listeners(name as 'SIGINT'));
  try {
    return start();
  } finally {
    for (const [index, name] of PROCESS_EVENTS.entries()) {
      for (const listener of process.listeners(name as 'SIGINT')) {
        if (before[index]?.includes(listener) !== true) process.removeListener(name, listener);
      }
    }
  }
}

/** Sends the warnings that noble prints while it starts to standard error: standard output is for JSON Lines. */
function divertLog(): Disposable {
  /* eslint-disable no-restricted-syntax -- noble prints with console.log; its text goes to standard error, escaped */
  const { log } = console;
  console.log = (...values: unknown[]): void => console.error(visibleText(format(...values)));
  return { [Symbol.dispose]: () => void (console.log = log) };
  /* eslint-enable no-restricted-syntax */
}

/** The port of noble's UART driver. */
interface UartPort extends EventEmitter {
  readonly opening: boolean;
  close(done: () => void): void;
}

/** Internals of noble. The UART driver alone has a port. */
interface NobleInternals {
  readonly _bindings?: {
    readonly _hci?: { _socket?: { readonly _serialDevice?: UartPort } | TcpHciSocket } | null;
  };
}

/**
 * Stops noble, which throws when its port is gone already. Its UART driver removes its error listener while the last
 * commands are under way, so that a port that is unplugged in that moment would end the process without a listener here.
 * The driver closes no port that is still being opened: it would stay locked, and be read without end once it is unplugged.
 */
function stop(noble: Noble): void {
  try {
    noble.stop();
  } catch {
    // noble is stopped already.
  }
  const driver = (noble as unknown as NobleInternals)._bindings?._hci?._socket;
  const port = driver instanceof TcpHciSocket ? undefined : driver?._serialDevice;
  port?.on('error', () => undefined);
  if (port?.opening === true) port.once('open', () => port.close(() => undefined));
}

function notReady(choice: AdapterChoice, state: string): Fault {
  if (state === 'unauthorized') return adapterDenied(choice);
  if (state === 'unsupported') return adapterMissing(choice, 'does not support Bluetooth Low Energy');
  // On a serial or TCP port this is the state until the controller answers.
  if (state === 'poweredOff' && choice.kind !== 'uart' && choice.kind !== 'tcp') return adapterOff(choice);
  return adapterMissing(choice, 'does not answer, or another program uses it');
}

/** The fault for an adapter that worked and no longer does. */
async function lossOf(choice: AdapterChoice): Promise<Fault> {
  if (choice.kind === 'uart' || choice.kind === 'tcp')
    return adapterMissing(choice, 'went away while in use');
  const pulled = choice.kind === 'system' && hostSystem().kind === 'linux' && !(await isListed(choice.index));
  return pulled ? adapterMissing(choice, 'went away while in use') : adapterOff(choice);
}
