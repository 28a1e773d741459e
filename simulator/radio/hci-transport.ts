import { EVENT, PACKET, STATUS, u16 } from './hci.ts';

/** The controller's end of the HCI transport: sends packets to its host. */
export class HciTransport {
  /** While true the host gets nothing, as from a controller whose firmware hangs. */
  frozen = false;
  #send: (packet: Buffer) => void = () => undefined;

  attach(send: ((packet: Buffer) => void) | null): void {
    this.#send = send ?? ((): void => undefined);
  }

  /** Command Complete with status 0, followed by `values`. */
  done(opcode: number, values: readonly number[] = []): void {
    this.complete(opcode, [STATUS.ok, ...values]);
  }

  complete(opcode: number, values: readonly number[]): void {
    this.event(EVENT.commandComplete, [1, ...u16(opcode), ...values]);
  }

  /** Command Status: whether a command has started. A later event reports its end. */
  status(opcode: number, status: number): void {
    this.event(EVENT.commandStatus, [status, 1, ...u16(opcode)]);
  }

  event(code: number, parameters: readonly number[]): void {
    this.#packet([PACKET.event, code, parameters.length, ...parameters]);
  }

  data(word: number, data: Uint8Array): void {
    this.#packet([PACKET.acl, ...u16(word), ...u16(data.length), ...data]);
  }

  #packet(bytes: readonly number[]): void {
    if (!this.frozen) this.#send(Buffer.from(bytes));
  }
}
