import { createRandom } from '../../nature/index.ts';
import type { DeviceContext } from '../profile.ts';

/** Document 004, `my.call('ampeHHCommunication', …)`. */
export interface AmpeRequest {
  readonly action: string;
  readonly event: string;
  readonly taskId: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What becomes of a request. */
export interface Outcome {
  readonly success: boolean;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function done(data: Readonly<Record<string, unknown>> = {}): Outcome {
  return { success: true, message: '', data };
}

export function failed(message: string, data: Readonly<Record<string, unknown>> = {}): Outcome {
  return { success: false, message, data };
}

/** `null` for what is no request: an object with `action` and `taskId`, `event` and `params` when they are there. */
export function parseRequest(line: string): AmpeRequest | null {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isObject(json)) return null;
  const { action, event = 'open', taskId, params = {} } = json;
  if (typeof action !== 'string' || typeof event !== 'string' || typeof taskId !== 'string') return null;
  return isObject(params) ? { action, event, taskId, params } : null;
}

/**
 * How a terminal writes its replies. The document prints the key of the message with a blank at its end, and `data`
 * sometimes as an object and sometimes as its JSON in a string: terminals in the field do both.
 */
export class ReplyWriter {
  readonly #say: (bytes: Uint8Array) => void;
  readonly #messageKey: string;
  readonly #dataAsText: boolean;

  constructor(context: DeviceContext) {
    this.#say = context.say;
    const chance = createRandom(context.mac, 'ampe-dialect');
    const documented =
      context.dialect === 'documented' || (context.dialect === 'per-unit' && context.unit === 1);
    const opposite = context.dialect === 'opposite' || context.unit === 2;
    const odd = (): boolean => (documented ? false : opposite || chance.next() < 0.5);
    this.#messageKey = odd() ? 'message' : 'message ';
    this.#dataAsText = odd();
  }

  write(request: Pick<AmpeRequest, 'action' | 'event' | 'taskId'>, outcome: Outcome): void {
    const { action, event, taskId } = request;
    const { success, message, data } = outcome;
    const told = this.#dataAsText ? JSON.stringify(data) : data;
    const reply = { action, event, taskId, success, [this.#messageKey]: message, data: told };
    this.#say(Buffer.from(`${JSON.stringify(reply)}\n`));
  }
}

/** A list, or the same in one text with commas between. */
export function listOf(value: unknown): readonly string[] {
  const items = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value.map(String) : [];
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
