import type { FlashStage } from '#shared/domain/flash.ts';
import type { SlotView } from '#shared/contract/index.ts';
import { formatElapsed, type Translator } from './translator.ts';

export type Transfer = NonNullable<NonNullable<SlotView['run']>['flash']>;

/** A transfer to the unit as a tile or a page shows it. */
export interface TransferWords {
  /** What is done with which image: `Writing app.bin`. */
  readonly title: string;
  /** `812 kbit/s`; empty while it is not known. */
  readonly speed: string;
  /** `0:08 left`; empty while it is not known. */
  readonly left: string;
  /** `62%`; empty while the size is not known. */
  readonly share: string;
  /** 0 … 1. */
  readonly value: number;
}

const KEYS = {
  connecting: 'slot.flash.connecting',
  reading: 'slot.flash.reading',
  erasing: 'slot.flash.erasing',
  writing: 'slot.flash.writing',
  verifying: 'slot.flash.verifying',
  running: 'slot.flash.running',
  downloading: 'slot.flash.downloading',
  restarting: 'slot.flash.restarting',
} as const satisfies Record<FlashStage, string>;

/** Stage, image, speed and time left of a transfer, in the language of the translator. */
export function transferWords(
  { stage, image, doneBytes, totalBytes, kbitPerSecond, percent: ofProgram }: Transfer,
  { t, number, percent }: Pick<Translator, 't' | 'number' | 'percent'>,
): TransferWords {
  const title = image === null ? t(KEYS[stage]) : `${t(KEYS[stage])} ${image}`;
  if (ofProgram !== undefined)
    return {
      title,
      speed: '',
      left: '',
      share: percent(Math.floor(ofProgram) / 100),
      value: ofProgram / 100,
    };
  const value = totalBytes === 0 ? 0 : Math.min(1, doneBytes / totalBytes);
  const share = totalBytes === 0 ? '' : percent(Math.floor(value * 100) / 100);
  if (kbitPerSecond === null || kbitPerSecond <= 0) return { title, speed: '', left: '', share, value };
  const speed = t('slot.flash.speed', { kbit: number(Math.round(kbitPerSecond)) });
  // Bits over kilobits per second are milliseconds; whole seconds, so that the last one is not 0:00.
  const leftMs = Math.ceil(((totalBytes - doneBytes) * 8) / kbitPerSecond / 1000) * 1000;
  const left =
    (stage === 'writing' || stage === 'downloading') && leftMs > 0
      ? t('slot.flash.left', { time: formatElapsed(leftMs) })
      : '';
  return { title, speed, left, share, value };
}
