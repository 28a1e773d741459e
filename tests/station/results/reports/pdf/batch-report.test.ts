import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStationDatabase, type WritableDatabase } from '../../../../../station/core/database/index.ts';
import { writeReport } from '../../../../../station/results/reports/index.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { addRuns, addSampleBatch, type SampleRun } from '../sample-batch.ts';
import { hasOnlyEmbeddedFonts, infoOf, overlapsOf, pagesOf, textOf, wordsOf } from './poppler.ts';

const HOSTILE = [
  '=HYPERLINK("http://x","y")', '<script>alert(1)</script>', '\u202eabc\u2066', `SN${'9'.repeat(500)}`, '😀'.repeat(60),
  'שלום עולם', 'a\x1b[31mred\x07', '长'.repeat(400), ') Tj ET (', '\\', '%PDF-1.4', '\ud800', 'a\tb\r\nc',
]; // prettier-ignore

describe('the report of a batch as PDF', () => {
  let dir: ReturnType<typeof tempDir>;
  let database: WritableDatabase;
  beforeEach(() => {
    dir = tempDir('pdf-report');
    database = openStationDatabase(join(dir.path, 'data'));
    mkdirSync(join(dir.path, 'out'));
  });
  afterEach(() => {
    database.close();
    dir[Symbol.dispose]();
  });

  async function write(
    runs: readonly SampleRun[],
    {
      name = '工单 17',
      language = 'zh-CN',
      file = 'r.pdf',
    }: { name?: string; language?: 'zh-CN' | 'en'; file?: string } = {},
  ): Promise<string> {
    if (database.batches.findById('B') === null) addSampleBatch(database, 'B', name);
    addRuns(database, runs);
    const path = join(dir.path, 'out', file);
    const titles = {
      'main/supply': { en: 'Supply voltage', 'zh-CN': '测量电源' },
    };
    await writeReport(database, { kind: 'batch', batchId: 'B' }, path, {
      format: 'pdf',
      pdf: { language, titles },
      signal: NEVER_ABORTED,
    });
    return path;
  }

  it('has the yields and capabilities that are counted by hand from the runs', async () => {
    const runs = [...randomRuns(240)];
    const text = textOf(await write(runs));
    const counted = countByHand(runs);
    const percent = (share: number): string => `${Math.round(share * 10_000) / 100}%`;
    expect(text).toContain(
      `一次合格率（FPY） ${percent(counted.firstPass / counted.units)} ${counted.firstPass} / ${counted.units} `,
    );
    expect(text).toContain(
      `最终合格率（LPY） ${percent(counted.lastPass / counted.units)} ${counted.lastPass} / ${counted.units} `,
    );
    expect(text).toContain(
      `测试合格率（TRY） ${percent(counted.passedRuns / runs.length)} ${counted.passedRuns} / ${runs.length} `,
    );
    const { n, mean, sigma, cp, cpk } = counted.supply;
    const five = (value: number): string => String(Number(value.toPrecision(5)));
    expect(text).toContain(`supply [V] · 测量电源 （supply） ${n} `);
    expect(text).toContain(` ${five(mean)} `);
    expect(text).toContain(` ${Number(sigma.toPrecision(4))} 3.1 3.5 ${round2(cp)} ${round2(cpk)}`);
    expect(text).toContain(`n ${n} 平均 ${five(mean)} σ ${Number(sigma.toPrecision(4))} Cpk ${round2(cpk)}`);
  });

  it('says what each failed run failed at in the words of the pages, in either language', async () => {
    const failed: SampleRun = {
      runId: 'f',
      serialNumber: 'SN-F',
      startedAtMs: Date.UTC(2026, 10, 28, 12),
      outcome: 'FAIL',
      failure: { code: 'device-silent', step: 'supply', details: { command: 'AT+VOLT?', timeoutMs: 5000 } },
    };
    const chinese = textOf(await write([failed]));
    expect(chinese).toContain('main › 测量电源（supply）');
    expect(chinese.replaceAll(' ', '')).toContain('产品没有应答：指令AT+VOLT?，等待了5000ms');
    expect(chinese).toContain('SN-F');
    const english = textOf(await write([], { language: 'en', file: 'en.pdf' }));
    expect(english).toContain('main › Supply voltage (supply)');
    expect(english).toContain('The unit does not answer: command AT+VOLT?, after 5000 ms');
    expect(english).toContain('Runs that did not pass');
    expect(english).not.toMatch(/合格|测试/);
    // The batch's name keeps its characters in any language.
    expect(english).toContain('工单 17');
  });

  it('is real text in an embedded font, with the batch and the number of pages on each page', async () => {
    const path = await write([...randomRuns(400)]);
    const pages = pagesOf(path);
    expect(pages.length).toBeGreaterThan(2);
    for (const [index, page] of pages.entries()) {
      expect(page).toContain('工单 17');
      expect(page).toContain(`第 ${index + 1} 页，共 ${pages.length} 页`);
    }
    expect(infoOf(path)['Pages']).toBe(String(pages.length));
    expect(infoOf(path)['Page size']).toContain('A4');
    expect(hasOnlyEmbeddedFonts(path)).toBe(true);
    expect(pages[0]).toContain('一次合格率');
    expect(pages.at(-1)).toContain('批准');
    // A table repeats its head on each page.
    expect(pages.filter((page) => /序列号 .*发生了什么/.test(page)).length).toBeGreaterThan(1);
    expect(readFileSync(path).length).toBeLessThan(200_000);
  });

  it('has the same bytes for the same records, and another id for others', async () => {
    const runs = [...randomRuns(60)];
    const first = readFileSync(await write(runs));
    expect(readFileSync(await write([], { file: 'again.pdf' })).equals(first)).toBe(true);
    const id = (bytes: Buffer): string => /\/ID \[<(\w+)>/.exec(bytes.toString('latin1'))?.[1] ?? '';
    const other = readFileSync(await write([{ runId: 'more', startedAtMs: 1 }], { file: 'more.pdf' }));
    expect(id(first)).toMatch(/^\w{32}$/);
    expect(id(other)).not.toBe(id(first));
  });

  it('has hostile texts as visible text, shortened, without one word over another or over the margin', async () => {
    const runs = HOSTILE.map((text, index): SampleRun => ({
      runId: `h${index}`,
      serialNumber: text,
      operator: text,
      startedAtMs: 1_000 + index,
      outcome: 'FAIL',
      failure: { step: text, phase: text, details: { command: text, said: text, value: text } },
      steps: [
        {
          step: text,
          outcome: 'FAIL',
          measured: [{ name: text, unit: text, value: index, low: 0, high: 1, outcome: 'FAIL' }],
        },
      ],
    }));
    for (const language of ['zh-CN', 'en'] as const) {
      const path = await write(language === 'en' ? [] : runs, {
        name: HOSTILE.join(' '),
        language,
        file: `${language}.pdf`,
      });
      const words = wordsOf(path);
      expect(overlapsOf(words)).toEqual([]);
      for (const { xMin, xMax } of words) expect([xMin >= 47, xMax <= 549]).toEqual([true, true]);
      const text = textOf(path).replaceAll(' ', '');
      for (const part of [
        '=HYPERLINK("http://x"',
        '<script>',
        '\\u202eabc',
        '\\u{1f600}',
        '\\x1b[31mred',
        '\\u05e9',
      ])
        expect(text).toContain(part);
      for (const hidden of ['\u202e', '\u05e9', '\u0007', '\u001b']) expect(text).not.toContain(hidden);
    }
  });

  it('says that nothing has run, and has the page for signatures', async () => {
    const path = await write([]);
    const text = textOf(path);
    for (const part of ['本批次还没有结束的测试。', '签署']) expect(text).toContain(part);
    const one = textOf(await write([{ runId: 'a', startedAtMs: 5, outcome: null }], { file: 'one.pdf' }));
    expect(one).toContain('1 次测试还没有结束');
  });

  it('counts causes beyond the thirty most frequent in one row', async () => {
    const runs = Array.from({ length: 200 }, (_, index): SampleRun[] =>
      Array.from({ length: index < 3 ? 3 : 1 }, (_, again) => ({
        runId: `k${index}-${again}`,
        startedAtMs: 1_000 + index,
        outcome: 'FAIL',
        failure: { step: `step-${index}` },
      })),
    ).flat();
    const path = await write(runs);
    expect(textOf(path)).toContain('其余 170 种原因 170 82.52% 100%');
    expect(overlapsOf(wordsOf(path))).toEqual([]);
  });

  it('keeps all measurements of a long recipe legible', async () => {
    const runs = Array.from({ length: 40 }, (_, run): SampleRun => ({
      runId: `m${run}`,
      startedAtMs: 1_000 + run,
      steps: Array.from({ length: 60 }, (_, step) => ({
        step: `step-${step}`,
        measured: [
          {
            name: `value-${step}`,
            unit: 'mV',
            value: 10 ** (step % 12) + run,
            low: 0.5,
            high: 10 ** (step % 12) * 2 + 60,
          },
        ],
      })),
    }));
    const path = await write(runs);
    const text = textOf(path);
    for (const step of [0, 30, 59]) expect(text).toContain(`value-${step} [mV]`);
    expect(overlapsOf(wordsOf(path))).toEqual([]);
  });

  it('ends by its signal and leaves no file', async () => {
    addSampleBatch(database);
    addRuns(database, [...randomRuns(800)]);
    const abort = new AbortController();
    const path = join(dir.path, 'out', 'r.pdf');
    const fault = await faultOf(() =>
      writeReport(database, { kind: 'batch', batchId: 'B' }, path, {
        format: 'pdf',
        signal: abort.signal,
        onProgress: (runs) => {
          if (runs === 700) abort.abort();
        },
      }),
    );
    expect(fault.code).toBe('cancelled');
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(join(dir.path, 'out'))).toEqual([]);
  });
});

/** Runs of units that fail sometimes and are tested again, with one limited measurement. */
function* randomRuns(count: number): Generator<SampleRun> {
  let seed = 11;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (let run = 0; run < count; run += 1) {
    const value = 3.3 + (random() + random() + random() - 1.5) * 0.15;
    const isRetest = run > 20 && random() < 0.1;
    const isBad = random() < 0.12;
    yield {
      runId: `r${String(run).padStart(6, '0')}`,
      serialNumber: `SN${isRetest ? run - 20 : run}`,
      startedAtMs: Date.UTC(2026, 10, 28, 8) + run * 60_000,
      slot: 1 + (run % 4),
      outcome: isBad ? 'FAIL' : 'PASS',
      failure: { step: 'supply' },
      steps: [
        {
          step: 'supply',
          outcome: isBad ? 'FAIL' : 'PASS',
          measured: [{ name: 'supply', unit: 'V', value, low: 3.1, high: 3.5 }],
        },
      ],
    };
  }
}

/** By its own formulas: the first run of a serial number decides, and gives the value. */
function countByHand(runs: readonly SampleRun[]) {
  const units = Map.groupBy(runs, ({ serialNumber }) => serialNumber);
  const all = [...units.values()];
  const values = all.map(([first]) => Number(first?.steps?.[0]?.measured?.[0]?.value));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sigma = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return {
    units: units.size,
    firstPass: all.filter(([first]) => first?.outcome === 'PASS').length,
    lastPass: all.filter((own) => own.at(-1)?.outcome === 'PASS').length,
    passedRuns: runs.filter(({ outcome }) => outcome === 'PASS').length,
    supply: {
      n: values.length,
      mean,
      sigma,
      cp: (3.5 - 3.1) / (6 * sigma),
      cpk: Math.min(3.5 - mean, mean - 3.1) / (3 * sigma),
    },
  };
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
