/** Texts of errors that a simulated instrument reports (SCPI-99, volume 2, 21.8). */
const ERROR_TEXTS = {
  '-102': 'Syntax error',
  '-104': 'Data type error',
  '-108': 'Parameter not allowed',
  '-109': 'Missing parameter',
  '-113': 'Undefined header',
  '-221': 'Settings conflict',
  '-222': 'Data out of range',
  '-224': 'Illegal parameter value',
  '-240': 'Hardware error',
  '-350': 'Queue overflow',
  '-410': 'Query INTERRUPTED',
} as const;
export type ScpiErrorCode = keyof typeof ERROR_TEXTS;

/** Thrown by a command; becomes an entry of the error queue. */
export class ScpiError extends Error {
  readonly scpiCode: ScpiErrorCode;
  constructor(scpiCode: ScpiErrorCode) {
    super(ERROR_TEXTS[scpiCode]);
    this.scpiCode = scpiCode;
  }
}

const MAX_QUEUED = 20;
/** Bits of the standard event status register (IEEE 488.2, 11.5.1). */
const OPERATION_COMPLETE = 1;
const QUERY_ERROR = 4;
const DEVICE_ERROR = 8;
const EXECUTION_ERROR = 16;
const COMMAND_ERROR = 32;
const POWER_ON = 128;
/** Bits of the status byte. */
const ERRORS_AVAILABLE = 4;
const EVENT_SUMMARY = 32;
const MASTER_SUMMARY = 64;

/** The error queue and the registers of IEEE 488.2. */
export class Status {
  #queue: string[] = [];
  #events = POWER_ON;
  #eventMask = 0;
  #serviceMask = 0;

  add(code: ScpiErrorCode): void {
    this.#events |= eventOf(Number(code));
    if (this.#queue.length < MAX_QUEUED) this.#queue.push(`${code},"${ERROR_TEXTS[code]}"`);
    // The newest entry gives way to the one that says so.
    else this.#queue[MAX_QUEUED - 1] = `-350,"${ERROR_TEXTS['-350']}"`;
  }

  nextError(): string {
    return this.#queue.shift() ?? '+0,"No error"';
  }

  get errorCount(): number {
    return this.#queue.length;
  }

  clear(): void {
    this.#queue = [];
    this.#events = 0;
  }

  operationComplete(): void {
    this.#events |= OPERATION_COMPLETE;
  }

  /** Reads the register, which clears it. */
  takeEvents(): number {
    const events = this.#events;
    this.#events = 0;
    return events;
  }

  get eventMask(): number {
    return this.#eventMask;
  }
  set eventMask(mask: number) {
    this.#eventMask = mask & 255;
  }
  get serviceMask(): number {
    return this.#serviceMask;
  }
  set serviceMask(mask: number) {
    this.#serviceMask = mask & 255 & ~MASTER_SUMMARY;
  }

  get byte(): number {
    const errors = this.#queue.length > 0 ? ERRORS_AVAILABLE : 0;
    const events = (this.#events & this.#eventMask) === 0 ? 0 : EVENT_SUMMARY;
    const summary = (errors | events) & this.#serviceMask;
    return errors | events | (summary === 0 ? 0 : MASTER_SUMMARY);
  }
}

function eventOf(code: number): number {
  if (code <= -400) return QUERY_ERROR;
  if (code <= -300) return DEVICE_ERROR;
  return code <= -200 ? EXECUTION_ERROR : COMMAND_ERROR;
}
