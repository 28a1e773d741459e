import type { ReadStream } from 'node:tty';
import { raiseSignal } from '#node-kit/process/index.ts';

const CTRL_C = '\u0003';

/** The part of standard input that is used. */
export type Keyboard = Pick<
  ReadStream,
  'isTTY' | 'setRawMode' | 'setEncoding' | 'on' | 'off' | 'resume' | 'pause'
>;

/**
 * Calls a function for single keys at a terminal until it is disposed; does nothing when standard input is no terminal. Ctrl-C
 * interrupts as usual, although raw mode does not handle it.
 */
export function onKeys(
  keyboard: Keyboard,
  keys: Readonly<Record<string, () => void>>,
  interrupt: () => void = () => raiseSignal('SIGINT'),
): Disposable {
  if (!keyboard.isTTY) return { [Symbol.dispose]: () => undefined };
  const take = (chunk: string): void => {
    for (const key of chunk) {
      if (key === CTRL_C) interrupt();
      else keys[key.toLowerCase()]?.();
    }
  };
  keyboard.setRawMode(true);
  keyboard.setEncoding('utf8');
  keyboard.on('data', take);
  keyboard.resume();
  return {
    [Symbol.dispose]() {
      keyboard.off('data', take);
      keyboard.setRawMode(false);
      keyboard.pause();
    },
  };
}
