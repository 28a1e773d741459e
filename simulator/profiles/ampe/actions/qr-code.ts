import { done } from '../envelope.ts';
import type { Action, Actions } from '../task.ts';

const AIMING_MS = 400;
/** Printed on the fixture, in front of the scanner. */
const FIXTURE_CODE = 'GW-FIXTURE-0001';

/** One code for one request: its reply comes when something was scanned. The document names no time-out. */
const getQRCode: Action = async ({ context, signal, terminal }) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  terminal.pendingCodeRequests.push(resolve);
  const gone = (): void => reject(new DOMException('power is off', 'AbortError'));
  signal.addEventListener('abort', gone, { once: true });
  try {
    await context.wait(AIMING_MS, signal);
    const waiting = terminal.pendingCodeRequests.indexOf(resolve);
    if (waiting >= 0 && context.faults.take('no-code') === null) {
      terminal.pendingCodeRequests.splice(waiting, 1);
      resolve(FIXTURE_CODE);
    }
    return done({ qrCode: await promise });
  } finally {
    signal.removeEventListener('abort', gone);
  }
};

export const QR_CODE_ACTIONS: Actions = { getQRCode };
