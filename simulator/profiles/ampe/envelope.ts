import type { DeviceContext } from '../profile.ts';

/** A request that a bridge passes to `my.call`: an action with its task, or another call. */
export interface AmpeRequest {
  readonly kind: 'action' | 'call';
  /** Name of the action or call. */
  readonly action: string;
  readonly event: string;
  readonly taskId: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The result of a request. */
export interface ActionResult {
  readonly success: boolean;
  readonly message: string;
  /** Undefined omits the key, as in the document for some actions. */
  readonly data?: unknown;
  /** Event of the reply. Default: that of the request. */
  readonly event?: string;
  /** Whether the key `message` has no blank, as in two replies of the document. */
  readonly plainKey?: boolean;
}

export const OK = '成功';
/** Text of the simulator: the document has none for a missing or invalid parameter. */
export const WRONG_PARAMETERS = failed('参数有误');

export function done(data: Readonly<Record<string, unknown>> | string = {}): ActionResult {
  return { success: true, message: OK, data };
}

/** Success of the actions whose replies have no `data` in the document. */
export function doneWithoutData(): ActionResult {
  return { success: true, message: OK };
}

export function failed(message: string, data: Readonly<Record<string, unknown>> | string = {}): ActionResult {
  return { success: false, message, data };
}

/** Parses a request; `null` when it is invalid. `action`, `event` and `taskId` are required; `params` is optional. */
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
 * Writes the messages of a terminal, one per line, as the document prints them. The assumed bridge adds `listener` to the
 * data of a listener. The opposite dialect has the variants that readers must accept: the other spelling of `message`,
 * `data` as JSON text instead of an object and vice versa, numbers instead of short texts of digits and vice versa, and
 * listener data without the name of the listener.
 */
export class MessageWriter {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #opposite: boolean;

  constructor(context: DeviceContext) {
    this.#send = context.send;
    this.#opposite = context.dialect === 'opposite';
  }

  reply(request: AmpeRequest, result: ActionResult): void {
    const { action, taskId } = request;
    const { success, message, data, event = request.event, plainKey = false } = result;
    if (request.kind === 'call') return this.#line({ call: action, taskId, success, message });
    const key = plainKey === this.#opposite ? 'message ' : 'message';
    const dataField = data === undefined ? {} : { data: this.#opposite ? otherForm(data) : data };
    this.#line({ action, event, success, taskId, [key]: message, ...dataField });
  }

  deliver(listener: string, data?: Readonly<Record<string, unknown>>): void {
    const dataField = data === undefined ? {} : { data: this.#opposite ? otherTypes(data) : data };
    this.#line(this.#opposite && data !== undefined ? dataField : { listener, ...dataField });
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

/** A list written as text with commas and no blanks, as `infoType` and `scope` in the document. */
export function listIn(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split(',') : [];
}

/** An integer given as number or text, because the tables and the examples of the document differ. */
export function integerOf(value: unknown): number {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}
