import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Sequencer } from '#node-kit/async/index.ts';
import { asListenFault } from '#node-kit/net/index.ts';
import { delay } from '../platform/index.ts';
import { ActivePrinterFaults, type PrinterFault } from './faults.ts';
import type { PrinterCondition, PrinterLanguage } from './language.ts';
import { type LabelRenderer, pngOf } from './picture/index.ts';
import { TSPL } from './tspl.ts';
import { ZPL } from './zpl.ts';

export const PRINTER_LANGUAGES = ['zpl', 'tspl'] as const;
export type PrinterLanguageName = (typeof PRINTER_LANGUAGES)[number];

const LANGUAGES: Readonly<Record<PrinterLanguageName, PrinterLanguage>> = { zpl: ZPL, tspl: TSPL };
const HOST = '127.0.0.1';
const DPI = 203;

export type PrinterEvent =
  | {
      readonly event: 'sim.printer';
      readonly port: number;
      readonly dir: string;
      readonly language: PrinterLanguageName;
    }
  /**
   * A label came out; `file` has the bytes as they were received, `png` what is on it. `unknown`: commands that the printer does
   * not know. `isCut`: the power failed under it. `isDouble`: the second of a label that the fault `double` printed twice.
   */
  | {
      readonly event: 'sim.printed';
      readonly number: number;
      readonly file: string;
      readonly png: string;
      readonly bytes: number;
      readonly unknown: readonly string[];
      readonly isCut: boolean;
      readonly isDouble: boolean;
    }
  | { readonly event: 'sim.faults'; readonly faults: readonly PrinterFault[] };

export interface SimPrinterOptions {
  readonly language: PrinterLanguageName;
  /** 0 or left out: a free one. */
  readonly port?: number | undefined;
  /** Folder of the labels that came out; it is created. */
  readonly dir: string;
  /** Dots per inch of its head; default 203. */
  readonly dpi?: number | undefined;
  readonly faults?: readonly PrinterFault[] | undefined;
  readonly onEvent?: ((event: PrinterEvent) => void) | undefined;
}

/**
 * A label printer on a TCP port of this computer, with its buffer, its answers and its faults. A label that it cannot print is
 * kept in its buffer and comes out when the fault is gone. Faults: `port-busy`, `port-denied`.
 */
export async function startSimPrinter(options: SimPrinterOptions): Promise<SimPrinter> {
  await mkdir(options.dir, { recursive: true });
  const server = createServer();
  await listen(server, options.port ?? 0);
  const printer = new SimPrinter(server, options);
  await printer.setFaults(options.faults ?? [], true);
  return printer;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const refuse = (error: Error): void =>
      reject(asListenFault(error, { service: 'printer', host: HOST, port }));
    server.once('error', refuse);
    server.listen(port, HOST, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

export class SimPrinter implements AsyncDisposable {
  readonly port: number;
  readonly dir: string;
  readonly #server: Server;
  readonly #options: SimPrinterOptions;
  readonly #language: PrinterLanguage;
  readonly #faults: ActivePrinterFaults;
  readonly #sockets = new Set<Socket>();
  readonly #buffer: Uint8Array[] = [];
  readonly #printing = new Sequencer();
  readonly #closed = new AbortController();
  readonly #network = new Sequencer();
  readonly #renderer: LabelRenderer;
  #isPrinting = false;
  #printed = 0;
  #last: Uint8Array | null = null;

  constructor(server: Server, options: SimPrinterOptions) {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    this.port = address.port;
    this.dir = options.dir;
    this.#server = server;
    this.#options = options;
    this.#language = LANGUAGES[options.language];
    this.#renderer = this.#language.renderer(options.dpi ?? DPI);
    this.#faults = new ActivePrinterFaults([]);
    server.on('connection', (socket) => this.#serve(socket));
    const { language, dir } = options;
    this.#emit({ event: 'sim.printer', port: this.port, dir, language });
  }

  /** Labels that came out. */
  get printed(): number {
    return this.#printed;
  }

  /** Labels that it has received and not printed. */
  get waiting(): number {
    return this.#buffer.length;
  }

  /**
   * Replaces the faults; what is in the buffer is printed when nothing stops the printer any longer. Resolves when the printer is
   * reachable, or not, as they say. Faults: `port-busy` when its port was taken while it was offline.
   */
  async setFaults(faults: readonly PrinterFault[], isQuiet = false): Promise<void> {
    this.#faults.set(faults);
    if (!isQuiet) this.#emit({ event: 'sim.faults', faults });
    void this.#empty();
    await this.#network.run(async () => {
      const isOffline = this.#faults.has('offline');
      if (isOffline && this.#server.listening) {
        this.#dropConnections();
        await this.#stopListening();
      } else if (!isOffline && !this.#server.listening && !this.#closed.signal.aborted)
        await listen(this.#server, this.port);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    this.#dropConnections();
    await this.#network.run(() => this.#stopListening());
    await this.#printing.whenIdle();
  }

  #stopListening(): Promise<void> {
    return new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    let received = 0;
    const read = this.#language.reader({
      print: (label) => {
        this.#buffer.push(label);
        void this.#empty();
      },
      asked: () => void this.#answer(socket),
    });
    socket.on('data', (bytes: Buffer) => {
      const limit = this.#faults.find('close')?.afterBytes ?? Number.POSITIVE_INFINITY;
      if (received + bytes.length > limit) {
        this.#faults.take('close');
        read(bytes.subarray(0, Math.max(0, limit - received)));
        return void socket.destroy();
      }
      received += bytes.length;
      read(bytes);
    });
  }

  async #answer(socket: Socket): Promise<void> {
    if (this.#faults.take('silent') !== null) return;
    if (this.#isStopped && this.#faults.has('silent-when-stopped')) return;
    const isGarbled = this.#faults.take('garbage') !== null;
    try {
      await delay(this.#faults.find('slow')?.answerMs ?? 0, this.#closed.signal);
    } catch {
      return;
    }
    socket.write(
      isGarbled ? Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') : this.#language.answer(this.#condition),
    );
  }

  get #condition(): PrinterCondition {
    return {
      isPaperOut: this.#faults.has('paper-out'),
      isRibbonOut: this.#faults.has('ribbon-out'),
      isHeadOpen: this.#faults.has('head-open'),
      isPaused: this.#faults.has('paused'),
      isJammed: this.#faults.has('jam'),
      isPrinting: this.#isPrinting,
      waiting: this.#buffer.length,
    };
  }

  get #isStopped(): boolean {
    const { isPaperOut, isRibbonOut, isHeadOpen, isPaused, isJammed } = this.#condition;
    return isPaperOut || isRibbonOut || isHeadOpen || isPaused || isJammed;
  }

  /** Prints what is in the buffer, one label after another, until something stops the printer. */
  #empty(): Promise<void> {
    return this.#printing.run(async () => {
      for (let [label] = this.#buffer; label !== undefined && !this.#isStopped; [label] = this.#buffer) {
        this.#isPrinting = true;
        try {
          await delay(this.#faults.find('slow')?.labelMs ?? 0, this.#closed.signal);
          // Paper may have run out under the label.
          if (this.#isStopped) return;
          if (await this.#isPowerLostUnder(label)) return;
          const times = this.#faults.take('double') === null ? 1 : 2;
          const shown = this.#faults.take('old') === null ? label : (this.#last ?? label);
          this.#last = label;
          for (let time = 0; time < times; time += 1) await this.#comeOut(shown, 1, time > 0);
          this.#buffer.shift();
        } catch (error) {
          if (!this.#closed.signal.aborted) throw error;
          return;
        } finally {
          this.#isPrinting = false;
        }
      }
    });
  }

  /** With the fault `cut-off`: a part of the label comes out, and all that was received is gone. */
  async #isPowerLostUnder(label: Uint8Array): Promise<boolean> {
    const cut = this.#faults.take('cut-off');
    if (cut === null) return false;
    this.#buffer.length = 0;
    this.#dropConnections();
    await this.#comeOut(label, cut.part);
    return true;
  }

  /** @param part how much of the label is printed, from its top */
  async #comeOut(label: Uint8Array, part: number, isDouble = false): Promise<void> {
    const { picture, copies, unknown } = this.#renderer.render(label);
    const isCut = part < 1;
    if (isCut) {
      const printed = Math.round(picture.height * part);
      picture.fill(0, printed, picture.width, picture.height - printed, 0);
    }
    const png = pngOf(picture);
    for (let copy = 0; copy < (isCut ? 1 : copies); copy += 1) {
      const number = this.#printed + 1;
      const name = join(this.dir, `label-${String(number).padStart(4, '0')}`);
      const file = `${name}.${this.#language.extension}`;
      await writeFile(file, label);
      await writeFile(`${name}.png`, png);
      this.#printed = number;
      this.#emit({
        event: 'sim.printed',
        number,
        file,
        png: `${name}.png`,
        bytes: label.length,
        unknown,
        isCut,
        isDouble,
      });
    }
  }

  #emit(event: PrinterEvent): void {
    this.#options.onEvent?.(event);
  }
}
