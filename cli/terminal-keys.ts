import type { ReadStream } from 'node:tty';

const CTRL_C = '\u0003';

/** The part of standard input that keys come from. */
export type Keyboard = Pick<
  ReadStream,
  'isTTY' | 'setRawMode' | 'setEncoding' | 'on' | 'off' | 'resume' | 'pause'
>;

/**
 * Hears single keys at a terminal, until it is disposed of; nothing where standard input is no terminal. Ctrl-C does
 * what it always does: in this mode the terminal leaves it to us.
 */
export function onKeys(
  keyboard: Keyboard,
  keys: Readonly<Record<string, () => void>>,
  interrupt: () => void = () => process.kill(process.pid, 'SIGINT'),
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
