/** What a tile showed first, and when the browser had painted it, by the computer's clock. */
export interface Painted {
  readonly slot: number;
  readonly step: string;
  readonly paintedAtMs: number;
}

export interface Probed {
  readonly painted: readonly Painted[];
  /** Durations of tasks of more than 50 ms, which a browser calls long. */
  readonly longTasksMs: readonly number[];
  /** Messages of the station. */
  readonly messages: number;
  /** How often the page changed what it shows: tasks after which the document differed. */
  readonly changes: number;
}

declare global {
  /** What was seen since the last call. */
  function takeProbed(): Probed;
}

/**
 * Executed in the page before its own scripts. Watches what the tiles show, as a person does: from the outside. A step
 * counts as painted after the frame that follows its appearance in the document.
 */
export function installProbe(): void {
  const PHASE = '[data-testid="phase"] .step';
  let painted: Painted[] = [];
  let longTasksMs: number[] = [];
  let messages = 0;
  let changes = 0;
  const shown = new Map<number, string>();

  const afterPaint = (done: () => void): void => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(null);
    });
  };
  const look = (): void => {
    changes += 1;
    const news: { slot: number; step: string }[] = [];
    for (const tile of document.querySelectorAll<HTMLElement>('article[data-testid^="slot-"]')) {
      const slot = Number(tile.dataset['testid']?.slice('slot-'.length));
      const step = tile.querySelector(PHASE)?.textContent?.replace(/^\W+/u, '') ?? '';
      if (shown.get(slot) === step) continue;
      shown.set(slot, step);
      if (step !== '') news.push({ slot, step });
    }
    if (news.length === 0) return;
    afterPaint(() => {
      const paintedAtMs = Date.now();
      for (const one of news) painted.push({ ...one, paintedAtMs });
    });
  };
  document.addEventListener('DOMContentLoaded', () => {
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasksMs.push(duration);
  }).observe({ type: 'longtask', buffered: true });

  const NativeSocket = globalThis.WebSocket;
  globalThis.WebSocket = class extends NativeSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      this.addEventListener('message', () => (messages += 1));
    }
  };

  globalThis.takeProbed = () => {
    const taken = { painted, longTasksMs, messages, changes };
    painted = [];
    longTasksMs = [];
    messages = 0;
    changes = 0;
    return taken;
  };
}
