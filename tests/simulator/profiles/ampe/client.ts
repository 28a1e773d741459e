import { connect, type Socket } from 'node:net';

import { SerialPort } from 'serialport';
import { Changes, until } from '../../../support/until.ts';

/** How long a terminal that is up has for an answer; one that is booting gives none. */
const UP_MS = 150;

export interface Reply {
  readonly action: string;
  readonly event: string;
  readonly taskId: string;
  readonly success: boolean;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Somebody who speaks the envelope, over a serial port or a TCP connection, and reads it in either writing. */
export class AmpeClient implements AsyncDisposable {
  readonly raw: string[] = [];
  readonly replies: Reply[] = [];
  /** Everything, as it came. */
  readonly messages: Readonly<Record<string, unknown>>[] = [];
  readonly #stream: Socket | SerialPort;
  #rest = '';
  #tasks = 0;
  readonly #changes = new Changes();
  closed = false;

  private constructor(stream: Socket | SerialPort) {
    this.#stream = stream;
    stream.on('error', () => undefined);
    stream.once('close', () => {
      this.closed = true;
    });
    stream.on('data', (chunk: Buffer) => this.#take(chunk.toString('utf8')));
  }

  static async open(path: string): Promise<AmpeClient> {
    const tcp = /^tcp:\/\/([^:]+):(\d+)$/.exec(path);
    if (tcp === null) {
      const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
      await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
      return new AmpeClient(port);
    }
    const socket = connect(Number(tcp[2]), tcp[1]);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new AmpeClient(socket);
  }

  send(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  /** Sends a request without waiting for anything; gives its task. */
  begin(action: string, params: object = {}, event = 'open'): string {
    const taskId = `t-${++this.#tasks}`;
    this.send(JSON.stringify({ action, event, taskId, params }));
    return taskId;
  }

  async call(action: string, params: object = {}, event = 'open'): Promise<Reply> {
    const taskId = this.begin(action, params, event);
    return this.reply((reply) => reply.taskId === taskId);
  }

  /** Asks again until the terminal answers, as after a boot. */
  async wake(): Promise<this> {
    await until(() => {
      const taskId = this.begin('getDeviceInfo');
      return this.reply((reply) => reply.taskId === taskId, UP_MS).catch(() => undefined);
    }, 'an answer of the terminal');
    return this;
  }

  reply(fits: (reply: Reply) => boolean, timeoutMs?: number): Promise<Reply> {
    return this.#find(this.replies, fits, timeoutMs);
  }

  /** The first message that fits, as it came: replies and deliveries. */
  message(
    fits: (message: Readonly<Record<string, unknown>>) => boolean,
    timeoutMs?: number,
  ): Promise<Readonly<Record<string, unknown>>> {
    return this.#find(this.messages, fits, timeoutMs);
  }

  #find<T>(messages: readonly T[], fits: (message: T) => boolean, timeoutMs?: number): Promise<T> {
    return this.#changes.until(
      () => messages.find(fits),
      () => `got only ${JSON.stringify(messages)}`,
      timeoutMs,
    );
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.raw.push(line);
      const told = JSON.parse(line) as Record<string, unknown>;
      this.messages.push(told);
      const trimmed = Object.fromEntries(Object.entries(told).map(([key, value]) => [key.trim(), value]));
      const data = typeof trimmed['data'] === 'string' ? JSON.parse(trimmed['data']) : trimmed['data'];
      this.replies.push({ ...trimmed, data } as Reply);
    }
    this.#changes.notify();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stream = this.#stream;
    if (!(stream instanceof SerialPort)) return void stream.destroy();
    if (stream.isOpen) await new Promise<void>((resolve) => stream.close(() => resolve()));
  }
}
