import { EVENT, PACKET, STATUS, u16 } from './hci.ts';

/** A controller's side of the wire to its host: the packets it sends. */
export class HostPort {
  /** While true the host gets nothing: a controller whose firmware hangs. */
  frozen = false;
  #send: (packet: Buffer) => void = () => undefined;

  attach(send: ((packet: Buffer) => void) | null): void {
    this.#send = send ?? ((): void => undefined);
  }

  /** A command is done, and well; `values` follow its status. */
  done(opcode: number, values: readonly number[] = []): void {
    this.complete(opcode, [STATUS.ok, ...values]);
  }

  complete(opcode: number, values: readonly number[]): void {
    this.event(EVENT.commandComplete, [1, ...u16(opcode), ...values]);
  }

  /** A command has begun, or not; an event tells of its end. */
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
