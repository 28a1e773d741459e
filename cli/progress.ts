import { type Output, overwriteLine } from './output.ts';

const REPORT_EVERY_MS = 200;

/** The progress of a transfer: events with `--json`, one line on a terminal that is overwritten, else no output. */
export interface Progress extends Disposable {
  report(stage: string, doneBytes: number, totalBytes: number): void;
}

/** @param event name of the JSON event, such as `firmware.progress` */
export function createProgress(out: Output, event: string): Progress {
  const toTerminal = !out.json && process.stderr.isTTY === true;
  let last = '';
  let reportedAtMs = -Infinity;
  let written = false;
  return {
    report(stage, doneBytes, totalBytes) {
      const nowMs = performance.now();
      const ended = doneBytes === totalBytes;
      if (stage === last && !ended && nowMs - reportedAtMs < REPORT_EVERY_MS) return;
      last = stage;
      reportedAtMs = nowMs;
      out.event(event, { stage, doneBytes, totalBytes });
      if (!toTerminal) return;
      const percent = totalBytes === 0 ? 0 : Math.floor((100 * doneBytes) / totalBytes);
      overwriteLine(`${stage} ${percent} % of ${(totalBytes / 1_048_576).toFixed(1)} MB`);
      written = true;
    },
    [Symbol.dispose]() {
      if (written) overwriteLine('');
    },
  };
}
