import { appendFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { visibleJson } from '#shared/codec/visible-text.ts';
import type { Log, LogFields } from '../../../core/platform/index.ts';

/** A day with more bytes continues in `<day>.1.jsonl` and so on, so that its oldest part can be removed. */
const PART_BYTES = 50_000_000;
/** The size of the file is read after this many lines, because other commands write to it too. */
const CHECK_SIZE_EVERY_LINES = 500;

/** One JSON line per event in `logs/<day>.jsonl`. Written synchronously, so that a crash loses no line. */
export function createFileLog(dataDir: string, partBytes = PART_BYTES): Log {
  const dir = join(dataDir, 'logs');
  let lost = 0;
  let file = { day: '', part: 0, lines: 0 };
  const fileOf = (day: string): string => {
    if (file.day !== day) file = { day, part: 0, lines: 0 };
    const name = (): string => join(dir, file.part === 0 ? `${day}.jsonl` : `${day}.${file.part}.jsonl`);
    if (file.lines % CHECK_SIZE_EVERY_LINES === 0)
      while ((statSync(name(), { throwIfNoEntry: false })?.size ?? 0) >= partBytes) file.part += 1;
    file.lines += 1;
    return name();
  };
  const write = (level: string, event: string, fields: LogFields, extra: object = {}): void => {
    const now = new Date();
    const line = visibleJson({ at: now.toISOString(), level, event, ...fields, ...extra });
    try {
      // The data directory itself is not created: a command that only reads must not make a station.
      if (!existsSync(dir)) mkdirSync(dir);
      appendFileSync(fileOf(now.toISOString().slice(0, 10)), `${line}\n`, { mode: 0o600 });
    } catch {
      // A full disk must not make a unit fail; lost lines are counted, and the station reports them.
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
