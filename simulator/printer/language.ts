import type { LabelRenderer } from './picture/index.ts';

/** What a printer does: it answers questions at once, and prints labels in their order. */
export interface PrinterActs {
  /** A whole label was received. */
  print(label: Uint8Array): void;
  /** A question about the state was received, at any place of the data. */
  asked(): void;
}

/** What a printer knows about itself when it answers. */
export interface PrinterCondition {
  readonly isPaperOut: boolean;
  readonly isRibbonOut: boolean;
  readonly isHeadOpen: boolean;
  readonly isPaused: boolean;
  readonly isJammed: boolean;
  /** It prints a label now. */
  readonly isPrinting: boolean;
  /** Labels that were received and are not printed. */
  readonly waiting: number;
}

/** A command language: a reader for each connection, and the answer to the question about the state. */
export interface PrinterLanguage {
  readonly extension: string;
  reader(acts: PrinterActs): (bytes: Uint8Array) => void;
  answer(condition: PrinterCondition): Uint8Array;
  /** Draws the labels of one printer. */
  renderer(dpi: number): LabelRenderer;
}
