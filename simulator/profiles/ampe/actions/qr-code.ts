import { done } from '../envelope.ts';
import type { Action, Actions } from '../task.ts';

const AIMING_MS = 400;
/** Printed on the fixture, in front of the scanner. */
const FIXTURE_CODE = 'GW-FIXTURE-0001';

/** Replies with one code when it was scanned. The document specifies no timeout. */
const getQRCode: Action = async ({ context, signal, terminal }) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  terminal.pendingCodeRequests.push(resolve);
  const rejectOnAbort = (): void => reject(new DOMException('power is off', 'AbortError'));
  signal.addEventListener('abort', rejectOnAbort, { once: true });
  try {
    await context.wait(AIMING_MS, signal);
    const index = terminal.pendingCodeRequests.indexOf(resolve);
    if (index >= 0 && context.faults.take('no-code') === null) {
      terminal.pendingCodeRequests.splice(index, 1);
      resolve(FIXTURE_CODE);
    }
    return done({ qrCode: await promise });
  } finally {
    signal.removeEventListener('abort', rejectOnAbort);
  }
};

export const QR_CODE_ACTIONS: Actions = { getQRCode };
