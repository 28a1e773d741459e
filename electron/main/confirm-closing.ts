import type { BrowserWindow } from 'electron';

export interface ClosingRules {
  /** The number of runs under way. */
  readonly runs: () => number;
  /** A signal ends the program: there may be no person to answer. */
  readonly quitting: () => boolean;
  /** Resolves with whether the person wants the runs to be stopped. */
  readonly ask: (runs: number) => Promise<boolean>;
}

/** Asks before the window is closed while runs are under way, because closing stops them. */
export function confirmClosing(
  window: Pick<BrowserWindow, 'on' | 'close' | 'isDestroyed'>,
  rules: ClosingRules,
): void {
  let asking = false;
  let confirmed = false;
  window.on('close', (event) => {
    const runs = rules.runs();
    if (confirmed || runs === 0 || rules.quitting()) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void rules.ask(runs).then((yes) => {
      asking = false;
      if (!yes || window.isDestroyed()) return;
      confirmed = true;
      window.close();
    });
  });
}
