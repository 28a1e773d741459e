import { expect, it } from 'vitest';
import type { RunEvent } from '#station';
import { type LineTerminal, TransferLine } from '../../cli/run/transfer-line.ts';
import { formatTransfer, TransferReports } from '../../cli/run/transfer-reports.ts';

type Transfer = NonNullable<Extract<RunEvent, { kind: 'flash' }>['progress']>;

const at = (doneBytes: number, stage: Transfer['stage'] = 'writing'): Transfer => ({
  stage,
  image: 'app.bin',
  doneBytes,
  totalBytes: 1000,
  kbitPerSecond: 790.4,
});
const flash = (progress: Transfer | null): RunEvent => ({ kind: 'flash', runId: 'r', progress });

it('events of a transfer come once a second, and at the begin and the end of each stage', () => {
  let nowMs = 0;
  const reports = new TransferReports(() => nowMs);
  const due = (slot: number, progress: Transfer | null, ms: number): boolean => {
    nowMs = ms;
    return reports.isDue(slot, progress);
  };
  expect(due(1, at(0, 'erasing'), 0)).toBe(true);
  expect(due(1, at(0), 100)).toBe(true);
  expect(due(1, at(100), 200)).toBe(false);
  // Another slot has a time of its own.
  expect(due(2, at(100), 200)).toBe(true);
  expect(due(1, at(500), 1100)).toBe(true);
  expect(due(1, at(600), 1200)).toBe(false);
  expect(due(1, at(1000), 1300)).toBe(true);
  expect(due(1, at(1000), 9000)).toBe(false);
  expect(due(1, null, 9000)).toBe(false);
  // The next unit of the slot begins again.
  expect(due(1, at(1000), 9001)).toBe(true);
});

it('a transfer is shown with stage, image, share and speed', () => {
  expect(formatTransfer(at(625))).toBe('writing app.bin 62 % 790 kbit/s');
  const unknown = {
    stage: 'connecting',
    image: null,
    doneBytes: 0,
    totalBytes: 0,
    kbitPerSecond: null,
  } as const;
  expect(formatTransfer(unknown)).toBe('connecting');
  const program = { ...unknown, stage: 'running', image: 'esptool', percent: 40.6 } as const;
  expect(formatTransfer(program)).toBe('running esptool 40 %');
});

function lineOf(columns: number) {
  const shown: string[] = [];
  let nowMs = 0;
  const terminal: LineTerminal = {
    columns,
    nowMs: () => (nowMs += 1000),
    overwrite: (line) => void shown.push(line),
  };
  const out = {
    json: false,
    event: () => undefined,
    print: (text: unknown) => void shown.push(`printed ${String(text)}`),
    notice: () => undefined,
  };
  return { shown, line: new TransferLine(out, terminal), silent: new TransferLine(out, null) };
}

it('the line of all transfers is cleared before other text, while a prompt waits, and at the end', () => {
  const { shown, line } = lineOf(200);
  line.show(2, flash(at(500)));
  line.show(1, flash(at(100)));
  line.output.print('slot 3 PASS');
  line.show(1, flash(null));
  const prompt = { kind: 'prompt', runId: 'r', prompt: {} } as RunEvent;
  line.show(3, prompt);
  line.show(2, flash(at(600)));
  line.show(3, { kind: 'prompt', runId: 'r', prompt: null });
  line.show(2, flash(at(700)));
  line[Symbol.dispose]();
  expect(shown).toEqual([
    'slot 2: writing app.bin 50 % 790 kbit/s',
    'slot 1: writing app.bin 10 % 790 kbit/s · slot 2: writing app.bin 50 % 790 kbit/s',
    '',
    'printed slot 3 PASS',
    'slot 2: writing app.bin 50 % 790 kbit/s',
    '',
    'slot 2: writing app.bin 70 % 790 kbit/s',
    '',
  ]);
});

it('the line fits the terminal, and there is none without a terminal', () => {
  const { shown, line, silent } = lineOf(20);
  silent.show(1, flash(at(500)));
  expect(shown).toEqual([]);
  line.show(1, flash(at(500)));
  expect(shown).toEqual(['slot 1: writing ap…']);
});
