import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { visibleJson } from '#shared/codec/visible-text.ts';
import type { Log, LogFields } from '../../platform/index.ts';

/** One JSON line per event in `logs/<day>.jsonl`. Synchronous: what was logged before a crash is there after it. */
export function createFileLog(dataDir: string): Log {
  const dir = join(dataDir, 'logs');
  let lost = 0;
  const write = (level: string, event: string, fields: LogFields, extra: object = {}): void => {
    const at = new Date();
    const line = visibleJson({ at: at.toISOString(), level, event, ...fields, ...extra });
    try {
      // Not the data directory itself: where there is no station, a command that only looks must not begin one.
      if (!existsSync(dir)) mkdirSync(dir);
      appendFileSync(join(dir, `${at.toISOString().slice(0, 10)}.jsonl`), `${line}\n`, { mode: 0o600 });
    } catch {
      // A full disk must not turn a log line into a failed unit. It is counted, and the station says so.
      lost += 1;
    }
  };
  return {
    lost: () => lost,
    info: (event, fields = {}) => write('info', event, fields),
    warn: (event, fields = {}) => write('warn', event, fields),
    error: (event, error, fields = {}) =>
      write(
        'error',
        event,
        fields,
        error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) },
      ),
  };
}
