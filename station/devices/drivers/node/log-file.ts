import { appendFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { visibleJson } from '#shared/codec/visible-text.ts';
import type { Log, LogFields } from '../../../core/platform/index.ts';

/** A day that something floods goes on in `<day>.1.jsonl` and so on, so that the oldest part of it can be removed. */
const PART_BYTES = 50_000_000;
/** So often the size of the file is asked for: other commands write into it too. */
const LOOK_EVERY_LINES = 500;

/** One JSON line per event in `logs/<day>.jsonl`. Synchronous: what was logged before a crash is there after it. */
export function createFileLog(dataDir: string, partBytes = PART_BYTES): Log {
  const dir = join(dataDir, 'logs');
  let lost = 0;
  let file = { day: '', part: 0, lines: 0 };
  const fileOf = (day: string): string => {
    if (file.day !== day) file = { day, part: 0, lines: 0 };
    const name = (): string => join(dir, file.part === 0 ? `${day}.jsonl` : `${day}.${file.part}.jsonl`);
    if (file.lines % LOOK_EVERY_LINES === 0)
      while ((statSync(name(), { throwIfNoEntry: false })?.size ?? 0) >= partBytes) file.part += 1;
    file.lines += 1;
    return name();
  };
  const write = (level: string, event: string, fields: LogFields, extra: object = {}): void => {
    const at = new Date();
    const line = visibleJson({ at: at.toISOString(), level, event, ...fields, ...extra });
    try {
      // Not the data directory itself: where there is no station, a command that only looks must not begin one.
      if (!existsSync(dir)) mkdirSync(dir);
      appendFileSync(fileOf(at.toISOString().slice(0, 10)), `${line}\n`, { mode: 0o600 });
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
