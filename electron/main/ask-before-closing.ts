import type { BrowserWindow } from 'electron';

export interface ClosingRules {
  /** Units that are being worked on now. */
  readonly runs: () => number;
  /** The program is told to end; nobody may be there to answer. */
  readonly quitting: () => boolean;
  /** Resolves with whether the person wants the runs to be stopped. */
  readonly ask: (runs: number) => Promise<boolean>;
}

/** A slip on the window's cross must not stop units in the middle of their tests: a person is asked first. */
export function askBeforeClosing(
  window: Pick<BrowserWindow, 'on' | 'close' | 'isDestroyed'>,
  rules: ClosingRules,
): void {
  let asking = false;
  let sure = false;
  window.on('close', (event) => {
    const runs = rules.runs();
    if (sure || runs === 0 || rules.quitting()) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void rules.ask(runs).then((yes) => {
      asking = false;
      if (!yes || window.isDestroyed()) return;
      sure = true;
      window.close();
    });
  });
}
