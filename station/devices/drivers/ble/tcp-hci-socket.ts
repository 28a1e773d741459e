import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';
import { withDeadline } from '#node-kit/async/index.ts';
import { H4Parser } from '#node-kit/hci/index.ts';
import type { AdapterChoice } from './adapter-choice.ts';
import { adapterMissing } from './adapter-faults.ts';

const CONNECT_TIMEOUT_MS = 3000;
const HCI_RESET = Buffer.from('01030c00', 'hex');
/** The event Command Complete, and the opcode of HCI_Reset at its offset (Core Specification Vol 4 Part E 7.7.14). */
const RESET_DONE = { start: Buffer.from('040e04', 'hex'), opcode: Buffer.from('030c', 'hex'), opcodeAt: 4 };

/** Connects to an adapter. Faults: `ble-missing`, the signal's reason. */
export async function connectAdapter(
  choice: AdapterChoice & { readonly kind: 'tcp' },
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connect({ host: choice.hostname, port: choice.port, noDelay: true, keepAlive: true });
  const connected = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.on('error', reject);
  });
  try {
    const onTimeout = (): never => {
      throw new Error('it does not answer');
    };
    await withDeadline(connected, { timeoutMs: CONNECT_TIMEOUT_MS, signal, onTimeout });
    return socket;
  } catch (cause) {
    socket.destroy();
    signal.throwIfAborted();
    throw adapterMissing(choice, 'cannot be reached', cause);
  }
}

/**
 * A driver of noble for a controller that speaks H4 over TCP, with the methods and events of the drivers in
 * `@stoprocent/bluetooth-hci-socket`. It is up once the controller has answered the reset: packets before that are of an
 * earlier host.
 */
export class TcpHciSocket extends EventEmitter {
  readonly #socket: Socket;
  readonly #parser = new H4Parser();
  #isUp = false;
  #isStarted = false;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
  }

  bindRaw(): void {
    // The connection is made already.
  }

  bindUser(): void {
    // As above.
  }

  bindControl(): void {
    // A connection has nothing else to control.
  }

  setFilter(): void {
    // All packets are passed on. noble ignores those that it does not use.
  }

  isDevUp(): boolean {
    return this.#isUp;
  }

  /** noble starts a driver again when it is up. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#socket.on('data', (chunk: Buffer) => {
      for (const packet of this.#parser.push(chunk)) this.#receive(packet);
    });
    // An error is followed by `close`.
    this.#socket.once('close', () => {
      this.#isUp = false;
      this.emit('state', false);
    });
    if (this.#socket.destroyed) this.emit('state', false);
  }

  stop(): void {
    this.removeAllListeners();
    this.#socket.destroy();
  }

  write(packet: Buffer): void {
    if (this.#socket.writable) this.#socket.write(packet);
  }

  reset(): void {
    this.write(HCI_RESET);
  }

  #receive(packet: Buffer): void {
    if (this.#isUp) return void this.emit('data', packet);
    const { start, opcode, opcodeAt } = RESET_DONE;
    if (!packet.subarray(0, start.length).equals(start)) return;
    if (!packet.subarray(opcodeAt, opcodeAt + opcode.length).equals(opcode)) return;
    this.#isUp = true;
    this.emit('state', true);
  }
}
