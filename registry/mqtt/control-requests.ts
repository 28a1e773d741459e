import { withDeadline } from '#node-kit/async/index.ts';
import { parseExactJson } from '#shared/domain/exact-number.ts';
import type { ControlReply } from '#shared/registry-api/index.ts';
import { randomId } from '../platform.ts';

export interface ControlMessage {
  readonly clientToken: string;
  /** The device's reply, or `NO_ANSWER` after `withinMs`. */
  readonly answered: Promise<ControlReply>;
}

/** Control requests without a reply, by device and token. */
export interface ControlRequests {
  /** Begins a request and makes its token. */
  begin(deviceId: number, withinMs: number): ControlMessage;
  /** Resolves a request when the message is its reply; other messages are ignored. */
  accept(deviceId: number, payload: Uint8Array): void;
  close(): void;
}

/** The reply for a device that is not connected or did not answer in time. */
export const NO_ANSWER: ControlReply = { code: null, status: '', response: {} };
const REPLIES: readonly unknown[] = ['control_reply', 'action_reply'];

export function createControlRequests(): ControlRequests {
  const waiting = new Map<string, (reply: ControlReply) => void>();
  return {
    begin(deviceId, withinMs) {
      const clientToken = `control-${randomId()}`;
      const key = `${deviceId} ${clientToken}`;
      const { promise, resolve } = Promise.withResolvers<ControlReply>();
      waiting.set(key, resolve);
      const answered = withDeadline(promise, { timeoutMs: withinMs, onTimeout: () => NO_ANSWER });
      return { clientToken, answered: answered.finally(() => waiting.delete(key)) };
    },
    accept(deviceId, payload) {
      if (waiting.size === 0) return;
      const message = parse(payload);
      if (message === null || !REPLIES.includes(message['method'])) return;
      const { clientToken, code, status, response } = message;
      if (typeof clientToken !== 'string') return;
      waiting.get(`${deviceId} ${clientToken}`)?.({
        // Some firmware omits the code on success.
        code: Number.isInteger(code) ? (code as number) : 0,
        status: typeof status === 'string' ? status.slice(0, 200) : '',
        response: isObject(response) ? response : {},
      });
    },
    close() {
      for (const resolve of [...waiting.values()]) resolve(NO_ANSWER);
    },
  };
}

function parse(payload: Uint8Array): Record<string, unknown> | null {
  try {
    const value = parseExactJson(Buffer.from(payload).toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
