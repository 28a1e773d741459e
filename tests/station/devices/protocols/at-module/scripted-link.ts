import type { Fault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../../../../station/core/platform/index.ts';

/** A wire whose far end is a list of answers: what is said when a line has come. */
export interface ScriptedLink extends DevicePort {
  /** Lines received, in order. */
  readonly received: string[];
  say(text: string): void;
  lose(fault: Fault): void;
}

export function scriptedLink(
  answer: (line: string) => string | null,
  options: { readonly deaf?: boolean } = {},
): ScriptedLink {
  const received: string[] = [];
  let listener: ((bytes: Uint8Array) => void) | null = null;
  let onLost: ((fault: Fault) => void) | null = null;
  const say = (text: string): void => listener?.(Buffer.from(text, 'latin1'));
  return {
    path: '/dev/scripted',
    received,
    say,
    lose: (fault) => onLost?.(fault),
    write(bytes, signal) {
      if (options.deaf === true)
        return new Promise((_, reject) => {
          const stop = (): void => reject(signal.reason as Error);
          signal.addEventListener('abort', stop, { once: true });
        });
      const line = Buffer.from(bytes).toString('latin1').trimEnd();
      received.push(line);
      const reply = answer(line);
      if (reply !== null) queueMicrotask(() => say(reply));
      return Promise.resolve();
    },
    onData: (next) => void (listener = next),
    onLost: (next) => void (onLost = next),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
