import { done, doneWithoutData, failed, integerOf, isObject, WRONG_PARAMETERS } from '../envelope.ts';
import type { Action, Actions } from '../task.ts';

/** Limits of the simulator: the document specifies none. */
const LONGEST_BEEP_MS = 10_000;
const LONGEST_TEXT = 500;
const USUAL_PRINT_MS = 40;
const ALIGNMENTS = ['left', 'center', 'right'];

/** `beep` is the duration of the buzzer, taken as milliseconds: the document names no unit. */
const startBuzzer: Action = async ({ context, signal, request }) => {
  const beepMs = integerOf(request.params['beep']);
  if (!(beepMs > 0 && beepMs <= LONGEST_BEEP_MS)) return WRONG_PARAMETERS;
  await context.wait(beepMs, signal);
  return doneWithoutData();
};

function isPrintable(element: unknown): boolean {
  if (!isObject(element)) return false;
  const { text, textSize, bold, algin, imageBase64, width, height } = element;
  if (imageBase64 !== undefined)
    return typeof imageBase64 === 'string' && integerOf(width) > 0 && integerOf(height) > 0;
  return (
    typeof text === 'string' &&
    integerOf(textSize) > 0 &&
    typeof bold === 'boolean' &&
    // Spelled so in the document.
    ALIGNMENTS.includes(String(algin))
  );
}

/** `printList`: texts and pictures. The document does not describe missing paper: `失败` is the simulator's. */
const receiptPrinting: Action = async ({ context, signal, request }) => {
  const { printList } = request.params;
  if (!Array.isArray(printList) || printList.length === 0 || !printList.every(isPrintable))
    return WRONG_PARAMETERS;
  if (context.faults.take('paper-out') !== null) return failed('失败');
  const ms = Math.max(0, Math.round(printList.length * context.measure('print-ms', USUAL_PRINT_MS)));
  await context.wait(ms, signal);
  return done();
};

const speech: Action = async ({ context, signal, request }) => {
  const { text } = request.params;
  if (typeof text !== 'string' || text === '' || text.length > LONGEST_TEXT) return WRONG_PARAMETERS;
  await context.wait(50, signal);
  return done();
};

const speechStop: Action = async ({ context, signal }) => {
  await context.wait(20, signal);
  return doneWithoutData();
};

export const OUTPUT_ACTIONS: Actions = { startBuzzer, receiptPrinting, speech, speechStop };
