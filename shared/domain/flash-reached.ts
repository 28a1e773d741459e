import { FLASH_STAGES, type FlashStage } from './flash.ts';

/** How far the writing of a flash got that did not end well. */
export interface FlashReached {
  readonly stage: FlashStage;
  /** The image at work; `null` where the stage concerns all. */
  readonly image: string | null;
  readonly doneBytes: number;
  /** 0 while it was not known. */
  readonly totalBytes: number;
  /** True when erasing or writing had begun: the flash may hold a part of an image. */
  readonly changed: boolean;
}

/** Name of the measurement of a flash step that did not end well; its value is `formatFlashReached`. */
export const FLASH_REACHED = 'flash-reached';

/** Stages in which the flash is changed. */
const CHANGING: ReadonlySet<FlashStage> = new Set(['erasing', 'writing']);

type Progress = Omit<FlashReached, 'changed'>;

/** Adds a report of progress to what was reached before. What was changed stays so after a retry at a lower speed. */
export function reachFlash(before: FlashReached, progress: Progress): FlashReached {
  const { stage, image, doneBytes, totalBytes } = progress;
  return { stage, image, doneBytes, totalBytes, changed: before.changed || CHANGING.has(stage) };
}

/** What was reached before the first report of progress. */
export const FLASH_BEGUN: FlashReached = {
  stage: 'connecting',
  image: null,
  doneBytes: 0,
  totalBytes: 0,
  changed: false,
};

/** The stored English text: `writing app.bin, 65536 of 1048576 bytes, flash changed`. */
export function formatFlashReached({ stage, image, doneBytes, totalBytes, changed }: FlashReached): string {
  const what = image === null ? stage : `${stage} ${image}`;
  return `${what}, ${doneBytes} of ${totalBytes} bytes, flash ${changed ? 'changed' : 'not changed'}`;
}

const STORED = /^([a-z]+)(?: (.{1,200}))?, (\d{1,12}) of (\d{1,12}) bytes, flash (not )?changed$/su;

/** Reads a stored text; `null` for another one. */
export function parseFlashReached(text: string): FlashReached | null {
  const [, word, image = null, done, total, not] = STORED.exec(text) ?? [];
  const stage = FLASH_STAGES.find((one) => one === word);
  if (stage === undefined) return null;
  return { stage, image, doneBytes: Number(done), totalBytes: Number(total), changed: not === undefined };
}
