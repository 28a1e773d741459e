import { done, failed } from '../envelope.ts';
import type { Action, Actions } from '../task.ts';

const SCANNING = 'scan';
const AIMING_MS = 400;
/** Printed on the fixture, in front of the scanner. */
const FIXTURE_CODE = 'GW-FIXTURE-0001';

/** `open` starts the scanner, and every code that it sees is told; `close` stops it. */
const getQRCode: Action = async (task) => {
  const { context, request, terminal, signal } = task;
  await context.wait(30, signal);
  if (request.event === 'close') {
    terminal.onCode = null;
    return terminal.end(SCANNING) ? done() : failed('扫码未打开');
  }
  const scanning = terminal.begin(SCANNING, signal);
  terminal.onCode = (code) => task.tell('initQRListener', { code });
  task.track(aim(scanning));
  return done();

  async function aim(until: AbortSignal): Promise<void> {
    await context.wait(AIMING_MS, until);
    if (context.faults.take('no-code') === null) terminal.onCode?.(FIXTURE_CODE);
  }
};

export const QR_CODE_ACTIONS: Actions = { getQRCode };
