import type { ControlLines } from './port.ts';

/** Telnet (RFC 854, RFC 855), the options binary and suppress-go-ahead, and the Com Port Control Option (RFC 2217). */
const IAC = 255;
const DONT = 254;
const DO = 253;
const WONT = 252;
const WILL = 251;
const SUBNEGOTIATION = 250;
const SUBNEGOTIATION_END = 240;
const BINARY = 0;
const SUPPRESS_GO_AHEAD = 3;
const COM_PORT = 44;
/** The options that both ends may use. */
const SUPPORTED: ReadonlySet<number> = new Set([BINARY, SUPPRESS_GO_AHEAD, COM_PORT]);

/** Commands of the client. The server's replies have the same number plus 100. */
const SIGNATURE = 0;
const SET_BAUD_RATE = 1;
const SET_DATA_SIZE = 2;
const SET_PARITY = 3;
const SET_STOP_SIZE = 4;
const SET_CONTROL = 5;
const SUSPEND = 8;
const RESUME = 9;
const SET_LINE_STATE_MASK = 10;
const SET_MODEM_STATE_MASK = 11;
const PURGE_DATA = 12;
const REPLY = 100;

/** Values of SET-CONTROL. The values with `ask` in their name ask for the present state. */
const CONTROL = {
  askFlow: 0,
  noFlow: 1,
  askBreak: 4,
  breakOn: 5,
  breakOff: 6,
  askDtr: 7,
  dtrOn: 8,
  dtrOff: 9,
  askRts: 10,
  rtsOn: 11,
  rtsOff: 12,
  askInboundFlow: 13,
  noInboundFlow: 14,
} as const;

const LONGEST_SUBNEGOTIATION_BYTES = 64;
const SIGNATURE_TEXT = 'simulated port';
/** 8 data bits, no parity, one stop bit: the units have no other framing. */
const DATA_SIZE = 8;
const NO_PARITY = 1;
const ONE_STOP_BIT = 1;

type State = 'data' | 'command' | 'option' | 'sub' | 'sub-command';

export interface ComPortEvents {
  readonly send: (bytes: Uint8Array) => void;
  readonly onData: (bytes: Uint8Array) => void;
  readonly onControlLines: (lines: ControlLines) => void;
}

/** The server's side of RFC 2217 for one connection: it separates data from commands, and executes the commands. */
export class ComPortServer {
  readonly #events: ComPortEvents;
  #state: State = 'data';
  #verb = 0;
  #sub: number[] = [];
  /** Options that were accepted, to not answer an answer: `WILL 44` or `DO 44`. */
  readonly #agreed = new Set<string>();
  #baudRate = 115_200;
  #lines: ControlLines = { dtr: false, rts: false, break: false };

  constructor(events: ComPortEvents) {
    this.#events = events;
  }

  /** The bit rate that the client has set; the usual one before. */
  get baudRate(): number {
    return this.#baudRate;
  }

  get lines(): ControlLines {
    return this.#lines;
  }

  /** Bytes for the client: a data byte 255 is doubled. */
  static escape(bytes: Uint8Array): Buffer {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!data.includes(IAC)) return data;
    return Buffer.from([...data].flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])));
  }

  /** Takes bytes of the client. Commands take effect in their order among the data. */
  receive(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at < chunk.length) {
      if (this.#state !== 'data') {
        this.#step(chunk.readUInt8(at));
        at += 1;
        continue;
      }
      const iac = chunk.indexOf(IAC, at);
      const end = iac === -1 ? chunk.length : iac;
      if (end > at) this.#events.onData(chunk.subarray(at, end));
      if (iac !== -1) this.#state = 'command';
      at = end + 1;
    }
  }

  #step(byte: number): void {
    switch (this.#state) {
      case 'data':
        return;
      case 'command':
        return this.#command(byte);
      case 'option':
        this.#state = 'data';
        return this.#negotiate(this.#verb, byte);
      case 'sub':
        if (byte === IAC) this.#state = 'sub-command';
        else this.#collect(byte);
        return;
      case 'sub-command':
        if (byte === SUBNEGOTIATION_END) {
          this.#state = 'data';
          return this.#execute(Buffer.from(this.#sub));
        }
        this.#state = 'sub';
        if (byte === IAC) this.#collect(byte);
    }
  }

  #command(byte: number): void {
    this.#state = 'data';
    if (byte === IAC) this.#events.onData(Buffer.of(IAC));
    else if (byte === SUBNEGOTIATION) {
      this.#sub = [];
      this.#state = 'sub';
    } else if (byte >= WILL && byte <= DONT) {
      this.#verb = byte;
      this.#state = 'option';
    }
  }

  #collect(byte: number): void {
    if (this.#sub.length < LONGEST_SUBNEGOTIATION_BYTES) this.#sub.push(byte);
  }

  /** Accepts the options that it supports, and refuses all others. An option that was accepted is not answered again. */
  #negotiate(verb: number, option: number): void {
    const asked = `${verb} ${option}`;
    const supported = SUPPORTED.has(option);
    if (verb === WILL || verb === DO) {
      if (supported && this.#agreed.has(asked)) return;
      if (supported) this.#agreed.add(asked);
      const [yes, no] = verb === WILL ? [DO, DONT] : [WILL, WONT];
      this.#events.send(Buffer.of(IAC, supported ? yes : no, option));
    } else this.#agreed.delete(`${verb === WONT ? WILL : DO} ${option}`);
  }

  #execute(sub: Buffer): void {
    if (sub[0] !== COM_PORT || sub.length < 2) return;
    const command = sub.readUInt8(1);
    const value = sub.subarray(2);
    switch (command) {
      case SIGNATURE:
        if (value.length === 0) this.#reply(SIGNATURE, Buffer.from(SIGNATURE_TEXT));
        return;
      case SET_BAUD_RATE:
        return this.#setBaudRate(value);
      case SET_DATA_SIZE:
        return this.#reply(command, Buffer.of(DATA_SIZE));
      case SET_PARITY:
        return this.#reply(command, Buffer.of(NO_PARITY));
      case SET_STOP_SIZE:
        return this.#reply(command, Buffer.of(ONE_STOP_BIT));
      case SET_CONTROL:
        if (value.length === 1) this.#reply(command, Buffer.of(this.#control(value.readUInt8(0))));
        return;
      case SET_LINE_STATE_MASK:
      case SET_MODEM_STATE_MASK:
      case PURGE_DATA:
        return this.#reply(command, value);
      case SUSPEND:
      case RESUME:
      default:
    }
  }

  /** 0 asks for the present rate. */
  #setBaudRate(value: Buffer): void {
    if (value.length !== 4) return;
    const wanted = value.readUInt32BE(0);
    if (wanted !== 0) this.#baudRate = wanted;
    const reply = Buffer.alloc(4);
    reply.writeUInt32BE(this.#baudRate);
    this.#reply(SET_BAUD_RATE, reply);
  }

  /** Executes a SET-CONTROL and gives the value of its reply: the state that is set now. */
  #control(value: number): number {
    switch (value) {
      case CONTROL.breakOn:
      case CONTROL.breakOff:
        this.#set({ break: value === CONTROL.breakOn });
        return value;
      case CONTROL.dtrOn:
      case CONTROL.dtrOff:
        this.#set({ dtr: value === CONTROL.dtrOn });
        return value;
      case CONTROL.rtsOn:
      case CONTROL.rtsOff:
        this.#set({ rts: value === CONTROL.rtsOn });
        return value;
      case CONTROL.askBreak:
        return this.#lines.break ? CONTROL.breakOn : CONTROL.breakOff;
      case CONTROL.askDtr:
        return this.#lines.dtr ? CONTROL.dtrOn : CONTROL.dtrOff;
      case CONTROL.askRts:
        return this.#lines.rts ? CONTROL.rtsOn : CONTROL.rtsOff;
      default:
        return value >= CONTROL.askInboundFlow ? CONTROL.noInboundFlow : CONTROL.noFlow;
    }
  }

  #set(changed: Partial<ControlLines>): void {
    this.#lines = { ...this.#lines, ...changed };
    this.#events.onControlLines(this.#lines);
  }

  #reply(command: number, value: Uint8Array): void {
    this.#events.send(
      Buffer.concat([
        Buffer.of(IAC, SUBNEGOTIATION, COM_PORT, command + REPLY),
        ComPortServer.escape(value),
        Buffer.of(IAC, SUBNEGOTIATION_END),
      ]),
    );
  }
}
