import { raceAbort, withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { DevicePort, DevicePorts, SerialSettings } from '../../../core/platform/index.ts';
import { PortEvents } from '../port-events.ts';
import {
  baudRateCommand,
  type ComPortCommand,
  lineCommands,
  purgeCommand,
  RESUME,
  settingCommands,
  SUSPEND,
} from './com-port-control.ts';
import { openTcpPort } from './tcp-ports.ts';
import { COM_PORT, TelnetOptions } from './telnet-options.ts';
import { escapeData, subnegotiation, type TelnetItem, TelnetReader } from './telnet.ts';

/** A server answers a command within this time. */
const ANSWER_TIMEOUT_MS = 3000;
/** Bytes that are buffered while there is no listener; the last of them are kept, as by a serial port. */
const MAX_BUFFERED_BYTES = 256 * 1024;

export function isRfc2217Path(path: string): boolean {
  return path.startsWith('rfc2217://');
}

/** Serial ports of a server at `rfc2217://host:port`, with speed and control lines. */
export function createRfc2217Ports(): DevicePorts {
  return {
    async open(path, settings, signal) {
      const tcp = await openTcpPort(path, parsePath(path), signal);
      const port = new Rfc2217Port(tcp);
      try {
        await raceAbort(port.configure(settings), signal);
        return port;
      } catch (error) {
        await port[Symbol.asyncDispose]();
        throw error;
      }
    },
  };
}

interface Waiting {
  readonly command: ComPortCommand;
  readonly answered: PromiseWithResolvers<void>;
}

/** A serial port at the other end of a Telnet connection. */
class Rfc2217Port implements DevicePort {
  readonly path: string;
  readonly #tcp: DevicePort;
  readonly #reader = new TelnetReader();
  readonly #options: TelnetOptions;
  readonly #events = new PortEvents(MAX_BUFFERED_BYTES);
  readonly #closed = new AbortController();
  readonly #agreed = Promise.withResolvers<void>();
  #waiting: Waiting[] = [];
  #isConfigured = false;
  /** Pending while the server cannot take data. */
  #suspended: PromiseWithResolvers<void> | null = null;

  constructor(tcp: DevicePort) {
    this.path = tcp.path;
    this.#tcp = tcp;
    this.#agreed.promise.catch(() => undefined);
    this.#options = new TelnetOptions(
      (bytes) => this.#send(bytes),
      (agreed) => (agreed ? this.#agreed.resolve() : this.#agreed.reject(noControl(this.path))),
    );
    tcp.onLost((fault) => {
      this.#closed.abort(fault);
      this.#events.lose(fault);
    });
    tcp.onData((chunk) => {
      for (const item of this.#reader.push(chunk)) this.#receive(item);
    });
  }

  /** Faults: `not-configured` when the server does not take a setting, `port-missing` when it does not speak RFC 2217. */
  async configure(settings: SerialSettings): Promise<void> {
    this.#options.start();
    await withDeadline(raceAbort(this.#agreed.promise, this.#closed.signal), {
      timeoutMs: ANSWER_TIMEOUT_MS,
      onTimeout: () => {
        throw noControl(this.path);
      },
    });
    await this.#execute(settingCommands(settings));
    // What was on its way before the speed was set is of no use.
    this.#isConfigured = true;
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    try {
      while (this.#suspended !== null)
        await raceAbort(this.#suspended.promise, AbortSignal.any([signal, this.#closed.signal]));
      await this.#tcp.write(escapeData(bytes), signal);
    } catch (error) {
      if (signal.aborted) this.#sendCommand(purgeCommand('transmit'));
      throw error;
    }
  }

  onData(listener: ((bytes: Uint8Array) => void) | null): void {
    this.#events.onData(listener);
  }

  unread(bytes: Uint8Array): void {
    this.#events.unread(bytes);
  }

  onLost(listener: (fault: Fault) => void): void {
    this.#events.onLost(listener);
  }

  setControlLines(lines: Parameters<NonNullable<DevicePort['setControlLines']>>[0]): Promise<void> {
    return this.#execute(lineCommands(lines));
  }

  setBaudRate(baudRate: number): Promise<void> {
    return this.#execute([baudRateCommand(baudRate)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new Fault('cancelled', `${this.path} was closed`));
    await this.#tcp[Symbol.asyncDispose]();
  }

  /** Sends commands at once, and resolves when the server has confirmed each of them. */
  async #execute(commands: readonly ComPortCommand[]): Promise<void> {
    if (this.#events.lost !== null) throw this.#events.lost;
    const waiting = commands
      .filter(({ answeredBy }) => answeredBy !== undefined)
      .map((command) => ({ command, answered: Promise.withResolvers<void>() }));
    this.#waiting.push(...waiting);
    for (const command of commands) this.#sendCommand(command);
    try {
      const all = Promise.all(waiting.map(({ answered }) => answered.promise));
      await withDeadline(raceAbort(all, this.#closed.signal), {
        timeoutMs: ANSWER_TIMEOUT_MS,
        onTimeout: () => {
          const open = waiting.find((one) => this.#waiting.includes(one)) ?? waiting[0];
          throw refused(this.path, open?.command.name ?? '', 'did not confirm');
        },
      });
    } finally {
      this.#waiting = this.#waiting.filter((one) => !waiting.includes(one));
    }
  }

  #receive(item: TelnetItem): void {
    switch (item.kind) {
      case 'data':
        if (this.#isConfigured) this.#events.receive(item.bytes);
        return;
      case 'option':
        return this.#options.receive(item.verb, item.option);
      case 'subnegotiation':
        if (item.option === COM_PORT) this.#receiveAnswer(item.bytes);
        return;
    }
  }

  #receiveAnswer(answer: Uint8Array): void {
    if (answer[0] === SUSPEND) this.#suspended ??= Promise.withResolvers<void>();
    if (answer[0] === RESUME) {
      this.#suspended?.resolve();
      this.#suspended = null;
    }
    for (const { command, answered } of this.#waiting) {
      const result = command.answeredBy?.(answer) ?? null;
      if (result === null) continue;
      if (result === 'confirmed') answered.resolve();
      else answered.reject(refused(this.path, command.name, 'refused'));
      this.#waiting = this.#waiting.filter(({ command: other }) => other !== command);
      return;
    }
  }

  #sendCommand({ bytes }: ComPortCommand): void {
    this.#send(subnegotiation(COM_PORT, bytes));
  }

  /** A failure is reported by the loss of the connection. */
  #send(bytes: Uint8Array): void {
    this.#tcp.write(bytes, this.#closed.signal).catch(() => undefined);
  }
}

/** Reads `rfc2217://host:port`. Faults: `bad-input`. */
function parsePath(path: string): { readonly hostname: string; readonly port: number } {
  const url = URL.canParse(path) ? new URL(path) : null;
  const port = Number(url?.port ?? '');
  if (
    url !== null &&
    url.hostname !== '' &&
    port > 0 &&
    ['', '/'].includes(url.pathname) &&
    url.search === ''
  )
    return { hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
  throw new Fault('bad-input', `${path} is not the address of a serial server`, {
    hint: 'Write it as rfc2217://host:port.',
  });
}

function noControl(path: string): Fault {
  return new Fault(
    'port-missing',
    `the server at ${path} does not offer the control of its port (RFC 2217)`,
    {
      hint: 'Switch RFC 2217 on at the serial server, or name the port as tcp://host:port, without speed and control lines.',
      details: { port: path },
    },
  );
}

function refused(path: string, what: string, how: 'refused' | 'did not confirm'): Fault {
  return new Fault('not-configured', `the server at ${path} ${how} ${what}`, {
    hint: 'Check the settings of the serial server, and set a speed in the recipe that its port has.',
    details: { port: path },
  });
}
