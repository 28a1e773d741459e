import { delay } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../core/platform/index.ts';

/** A program that has ended may leave the lock of the port for a moment, and a unit may appear on USB again. */
const RETURN_ATTEMPTS = 40;
const RETURN_INTERVAL_MS = 250;

/**
 * Makes a port one that another program can have for a while: it is closed meanwhile, and opened again as it was opened
 * first. Its listeners stay.
 *
 * @param reopen opens the same port; a USB location is looked up each time, so that its path may change
 */
export function lendable(
  first: DevicePort,
  reopen: (signal: AbortSignal) => Promise<DevicePort>,
): DevicePort {
  let current: DevicePort | null = null;
  let { path } = first;
  let listener: ((bytes: Uint8Array) => void) | null = null;
  let lost: Fault | null = null;
  const closing = new AbortController();
  const lostListeners: ((fault: Fault) => void)[] = [];

  const lose = (fault: Fault): void => {
    if (lost !== null || closing.signal.aborted) return;
    lost = fault;
    for (const tell of lostListeners) tell(fault);
  };
  const use = (port: DevicePort): void => {
    current = port;
    path = port.path;
    port.onLost((fault) => {
      if (current === port) lose(fault);
    });
    port.onData(listener);
  };
  const open = (): DevicePort => {
    if (lost !== null) throw lost;
    if (current !== null) return current;
    throw new Fault('port-busy', `${path} is lent to another program`, {
      hint: 'Wait until that program has ended.',
      details: { port: path },
    });
  };
  const takeBack = async (): Promise<void> => {
    for (let attempt = 1; !closing.signal.aborted; attempt += 1) {
      try {
        return use(await reopen(closing.signal));
      } catch (error) {
        if (!(error instanceof Fault) || attempt === RETURN_ATTEMPTS) {
          const fault = error instanceof Fault ? error : notReturned(path, error);
          lose(fault);
          throw fault;
        }
        await delay(RETURN_INTERVAL_MS, closing.signal);
      }
    }
  };
  use(first);

  return {
    get path() {
      return path;
    },
    write: async (bytes, signal) => open().write(bytes, signal),
    onData(next) {
      listener = next;
      current?.onData(next);
    },
    ...(first.unread === undefined ? {} : { unread: (bytes: Uint8Array) => current?.unread?.(bytes) }),
    onLost(next) {
      if (lost !== null) next(lost);
      else lostListeners.push(next);
    },
    ...(first.setControlLines === undefined
      ? {}
      : { setControlLines: async (lines) => open().setControlLines?.(lines) }),
    ...(first.setBaudRate === undefined
      ? {}
      : { setBaudRate: async (baudRate: number) => open().setBaudRate?.(baudRate) }),
    async lend(work) {
      const lent = open();
      current = null;
      await lent[Symbol.asyncDispose]();
      try {
        return await work(path);
      } finally {
        await takeBack();
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Fault('cancelled', `${path} was closed`));
      await current?.[Symbol.asyncDispose]();
    },
  };
}

function notReturned(path: string, cause: unknown): Fault {
  return new Fault('port-lost', `${path} could not be opened again after another program had it`, {
    hint: 'Check the cable and the fixture, then start the unit again.',
    details: { port: path },
    cause,
  });
}
