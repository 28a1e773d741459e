import { done, failed } from '../envelope.ts';
import type { Action, Actions } from '../task.ts';

const BEEP_MS = 120;
const MOST_BEEPS = 10;
const USUAL_PRINT_MS = 40;
const LONGEST_TEXT = 500;

const startBuzzer: Action = async ({ context, signal, request }) => {
  const beep = Number(request.params['beep'] ?? 1);
  if (!Number.isInteger(beep) || beep < 1 || beep > MOST_BEEPS) return failed('参数有误');
  await context.wait(beep * BEEP_MS, signal);
  return done();
};

/** `content`: lines of text. Says how long it took, so that a slow mechanism shows. */
const receiptPrinting: Action = async ({ context, signal, request }) => {
  const { content } = request.params;
  const lines = Array.isArray(content)
    ? content.map(String)
    : typeof content === 'string'
      ? content.split('\n')
      : [];
  if (lines.length === 0) return failed('参数有误');
  if (context.faults.take('paper-out') !== null) return failed('打印机缺纸');
  const ms = Math.max(0, Math.round(lines.length * context.measured('print-ms', USUAL_PRINT_MS)));
  await context.wait(ms, signal);
  return done({ lines: lines.length, ms });
};

const speech: Action = async ({ context, signal, request }) => {
  const { text } = request.params;
  if (typeof text !== 'string' || text === '' || text.length > LONGEST_TEXT) return failed('参数有误');
  await context.wait(50, signal);
  return done();
};

const speechStop: Action = async ({ context, signal }) => {
  await context.wait(20, signal);
  return done();
};

export const OUTPUT_ACTIONS: Actions = { startBuzzer, receiptPrinting, speech, speechStop };
