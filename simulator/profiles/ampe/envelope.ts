import type { DeviceContext } from '../profile.ts';

/** What a bridge hands to `my.call`: an action with its task, or a call that is no action. */
export interface AmpeRequest {
  readonly kind: 'action' | 'call';
  /** Name of the action or of the call. */
  readonly action: string;
  readonly event: string;
  readonly taskId: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What becomes of a request. */
export interface ActionResult {
  readonly success: boolean;
  readonly message: string;
  /** The key is left out when it is undefined, as the document does for some actions. */
  readonly data?: unknown;
  /** When the reply does not repeat that of the request. */
  readonly event?: string;
  /** Two replies of the document print the key `message` without its blank. */
  readonly plainKey?: boolean;
}

export const OK = '成功';
/** Of the simulator: the document prints no text for a parameter that is missing or wrong. */
export const WRONG_PARAMETERS = failed('参数有误');

export function done(data: Readonly<Record<string, unknown>> | string = {}): ActionResult {
  return { success: true, message: OK, data };
}

/** For the actions whose replies the document prints without `data`. */
export function doneWithoutData(): ActionResult {
  return { success: true, message: OK };
}

export function failed(message: string, data: Readonly<Record<string, unknown>> | string = {}): ActionResult {
  return { success: false, message, data };
}

/** `null` for what is no request. `action`, `event` and `taskId` are required; `params` may be left out. */
export function parseRequest(line: string): AmpeRequest | null {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isObject(json)) return null;
  const { action, call, event, taskId, params = {} } = json;
  if (typeof taskId !== 'string' || !isObject(params)) return null;
  if (typeof call === 'string') return { kind: 'call', action: call, event: '', taskId, params };
  if (typeof action !== 'string' || (event !== 'open' && event !== 'close')) return null;
  return { kind: 'action', action, event, taskId, params };
}

/**
 * How a terminal's messages go over the line: as the document prints them, each one a line of the assumed bridge, which
 * adds `listener` to what a listener delivers. The opposite dialect is what readers must bear besides: the other spelling of
 * `message`, `data` as JSON text or as an object where the document has the other, numbers for short texts of digits and texts for
 * numbers, and deliveries of a bridge that does not name the listener.
 */
export class MessageWriter {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #opposite: boolean;

  constructor(context: DeviceContext) {
    this.#send = context.say;
    this.#opposite = context.dialect === 'opposite';
  }

  reply(request: AmpeRequest, result: ActionResult): void {
    const { action, taskId } = request;
    const { success, message, data, event = request.event, plainKey = false } = result;
    if (request.kind === 'call') return this.#line({ call: action, taskId, success, message });
    const key = plainKey === this.#opposite ? 'message ' : 'message';
    const told = data === undefined ? {} : { data: this.#opposite ? otherForm(data) : data };
    this.#line({ action, event, success, taskId, [key]: message, ...told });
  }

  deliver(listener: string, data?: Readonly<Record<string, unknown>>): void {
    const told = data === undefined ? {} : { data: this.#opposite ? otherTypes(data) : data };
    this.#line(this.#opposite && data !== undefined ? told : { listener, ...told });
  }

  #line(message: object): void {
    this.#send(Buffer.from(`${JSON.stringify(message)}\n`));
  }
}

function otherForm(data: unknown): unknown {
  if (typeof data === 'string') return JSON.parse(data);
  return JSON.stringify(isObject(data) ? otherTypes(data) : data);
}

function otherTypes(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const other = (value: unknown): unknown => {
    if (typeof value === 'number') return String(value);
    return typeof value === 'string' && /^-?\d{1,4}$/.test(value) ? Number(value) : value;
  };
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, other(value)]));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list in one text with commas and no blanks between, as the document writes `infoType` and `scope`. */
export function listIn(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split(',') : [];
}

/** An integer, as a number or as text: the tables of the document say one, its examples print the other. */
export function integerOf(value: unknown): number {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}
