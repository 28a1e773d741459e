import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeOpenHtf } from '../../../../station/results/documents/index.ts';
import { matchHeader } from '#shared/codec/csv/index.ts';
import { runProblem } from '../../../../station/results/foreign-runs/run-problem.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { runDocument } from '../documents/sample-documents.ts';
import { TwoStations } from './two-stations.ts';

const ATML = (content: string): string =>
  `<TestResults><ResultSet startDateTime="2026-01-01T00:00:00Z"><Outcome value="Passed"/>${content}</ResultSet></TestResults>`;
const TEN_MEGABYTES = 'x'.repeat(10_000_000);

describe('files that are made to harm a station', () => {
  let two: TwoStations;
  beforeEach(() => {
    two = new TwoStations();
  });
  afterEach(() => two[Symbol.asyncDispose]());

  /** Why the first record of a text is refused. */
  const reasonOf = async (text: string): Promise<string | undefined> => {
    const { added, rejected } = await two.loadText(text);
    expect(added).toBe(0);
    return rejected[0]?.reason;
  };

  it('ATML grows no tree of elements, attributes or unended tokens without bounds', async () => {
    expect((await two.loadText(ATML('<Note/>'))).added).toBe(1);
    expect(await reasonOf(ATML('<a/>'.repeat(100_000)))).toMatch(/record is too long/);
    const attributes = Array.from({ length: 500 }, (_, n) => `a${n}="1"`).join(' ');
    expect(await reasonOf(ATML(`<a ${attributes}/>`.repeat(150)))).toMatch(/record is too long/);
    expect(await reasonOf(`<TestResults a="${TEN_MEGABYTES}`)).toMatch(/tag, text or comment is too long/);
    expect(await reasonOf(`<TestResults><!--${TEN_MEGABYTES}`)).toMatch(/tag, text or comment is too long/);
    expect(await reasonOf(`<TestResults>${TEN_MEGABYTES}`)).toMatch(/too long/);
  });

  it('ATML with a comment between many short elements is read', async () => {
    const results = ATML('<!-- a comment -->');
    expect((await two.loadText(`<c>${`${results}\n${' '.repeat(2000)}`.repeat(700)}</c>`)).rows).toBe(700);
  });

  it('records of OpenHTF that are nested too deep or become too many values are refused', async () => {
    const record = JSON.parse(encodeOpenHtf(runDocument())) as { metadata: object };
    const withValue = (value: string): string =>
      JSON.stringify({
        ...record,
        metadata: {},
        phases: [
          {
            name: 'p',
            start_time_millis: 1,
            measurements: { m: { name: 'm', measured_value: '@', dimensions: [{ name: 't', suffix: 's' }] } },
          },
        ],
      }).replace('"@"', value);
    expect(await reasonOf(withValue('['.repeat(100_000) + ']'.repeat(100_000)))).toBe(
      'it is nested too deep',
    );
    expect(await reasonOf(withValue(JSON.stringify(new Array(30_000).fill([1, 2]))))).toMatch(/20000 values/);
    expect((await two.loadText(withValue('[[1,2]]'))).added).toBe(1);
  });

  it('an archive that is cut off or names files outside of it is refused in words', async () => {
    writeFileSync(two.path('cut.zip'), 'PK\u0003\u0004');
    const cut = await faultOf(() => two.load('cut.zip'));
    expect([cut.code, cut.message]).toEqual([
      'bad-input',
      expect.stringMatching(/^the archive is damaged: End of central/),
    ]);
  });

  it('a CSV of more columns than a spreadsheet has is refused, and no long name is searched for pairs of names', async () => {
    const wide = `outcome,started${','.repeat(16_384)}\nPASS,2026-01-01T00:00:00Z\n`;
    const fault = await faultOf(() => two.loadText(wide));
    expect([fault.code, fault.message]).toEqual(['csv-invalid', 'line 1 has more than 16384 columns']);
    expect(matchHeader('product sn device mac'.repeat(3000))).toBeNull();
    expect(matchHeader('产品IDProductId')?.role).toBe('product');
  });

  it('no run whose times or numbers no page can show is imported', async () => {
    const csv =
      'outcome,started,ms,serial\nPASS,2026-01-01T00:00:00Z,Infinity,a\nPASS,2026-01-01T00:00:00Z,1e300,b\n';
    const { added, rejected } = await two.loadText(`${csv}PASS,2026-01-01T00:00:00Z,5,c\n`, {
      skipBad: true,
    });
    expect([added, rejected.map(({ reason }) => reason)]).toEqual([
      1,
      ['its end is no time', 'its end is no time'],
    ]);
    const run = runDocument();
    const [step] = run.steps;
    if (step === undefined) throw new Error('the sample has no step');
    expect(runProblem(run)).toBeNull();
    expect(runProblem({ ...run, slot: 1.5 })).toMatch(/slot/);
    expect(runProblem({ ...run, serialNumber: 'x'.repeat(100_001) })).toMatch(/100000 characters/);
    expect(runProblem({ ...run, outcome: 'NONE' as never })).toMatch(/outcome/);
    expect(runProblem({ ...run, steps: [{ ...step, attempt: 1.5 }] })).toMatch(/attempt/);
    expect(runProblem({ ...run, steps: [{ ...step, ms: NaN }] })).toMatch(/duration/);
  });
});
