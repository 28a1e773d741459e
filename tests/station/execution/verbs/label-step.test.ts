import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { createFontBook } from '../../../../station/results/labels/index.ts';
import type { Measurement, RunContext } from '../../../../station/execution/run-context/run-context.ts';
import { label } from '../../../../station/execution/verbs/label.ts';
import { faultOf } from '../../../support/fault-of.ts';

const fonts = createFontBook();

interface Unit {
  readonly serialNumber?: string | null;
  readonly title?: string;
  readonly deviceName?: string;
  readonly fonts?: RunContext['fonts'];
  readonly input?: RunContext['io']['input'];
  /** The text of a template. */
  readonly template?: string;
  /** Resolution of the printer of the station; none when left out. */
  readonly dpi?: number;
}

/** As far as a label needs it: a run that has measured nothing. */
const databaseOf = (dpi: number | undefined): object => ({
  meta: { get: () => (dpi === undefined ? null : JSON.stringify({ ...PRINTER, dpi })) },
  runs: {
    findById: () => ({ batchId: 'B', station: 'S', operator: 'O', startedAtMs: 0 }),
    listMeasurements: () => [],
  },
  batches: { findById: () => null },
  labelTemplates: { numbersOf: () => ({}) },
});
const PRINTER = {
  place: 'tcp://127.0.0.1:9100',
  language: 'zpl',
  widthMm: 40,
  heightMm: 30,
  gapMm: 2,
  baudRate: 9600,
} as const;

/** The step as a run of this unit performs it; what it measured. */
async function perform(unit: Unit): Promise<readonly Measurement[]> {
  const measured: Measurement[] = [];
  const run = {
    serialNumber: unit.serialNumber === undefined ? 'SN000001' : unit.serialNumber,
    recipe: { title: { 'zh-CN': '灯', en: unit.title ?? 'Lamp' } },
    heldTriple: { productId: 'GWDEMO0001', deviceName: unit.deviceName ?? 'gw000101', tripleId: 1 },
    unit: { unitId: 1, info: { chipId: 'A2B7F218E0B4', model: null, firmwareVersion: null } },
    io: { input: unit.input ?? ((_kind: string, _key: string, take: () => unknown) => take()) },
    fonts: unit.fonts ?? fonts,
    database: databaseOf(unit.dpi),
    files: new Map([['t.yaml', Buffer.from(unit.template ?? '')]]),
    measure: (value: Measurement) => void measured.push(value),
  };
  const step = { verb: 'label', ...(unit.template === undefined ? {} : { template: 't.yaml' }) };
  await label(step as Parameters<typeof label>[0], run as unknown as RunContext);
  return measured;
}

describe('the label step', () => {
  it.each([
    ['a plain unit', {}],
    ['Chinese in title and number', { serialNumber: '序号000001', title: '智能台灯（模组）Ⅱ型' }],
    ['no serial number', { serialNumber: null }],
    ['the longest names', { deviceName: 'd'.repeat(48), serialNumber: 'S'.repeat(40) }],
  ] satisfies [string, Unit][])('makes the label of %s', async (_what, unit) => {
    expect(await perform(unit)).toMatchObject([{ name: 'label-payload', outcome: 'PASS' }]);
  });

  it.each([
    ['an emoji in the serial number', { serialNumber: 'X🔧7' }, '🔧'],
    ['an emoji in the title', { title: 'Lamp 💡' }, '💡'],
    ['a script that the font lacks', { serialNumber: 'ᚠᚢᚦ1' }, 'ᚠ'],
    ['half a character', { serialNumber: 'S\ud83d1' }, 'label cannot be made'],
    ['a control character', { serialNumber: 'S\u00071' }, 'label cannot be made'],
    ['a title that fits in no size', { title: 'Lamp of the very long name '.repeat(30) }, '40 × 30 mm'],
    ['a serial number too long for the code', { serialNumber: '9'.repeat(65) }, 'label cannot be made'],
  ] satisfies [string, Unit, string][])('fails for %s, and says why', async (_what, unit, words) => {
    const fault = await faultOf(() => perform(unit));
    expect(fault).toMatchObject({ code: 'label-impossible', message: expect.stringContaining(words) });
    expect(fault.hint).not.toBe('');
  });

  const withElement = (element: string): string =>
    `gongwei: label/1\nname: t\ntitle: { zh-CN: t, en: t }\nsize: { width: 40, height: 30 }\nelements: [${element}]\n`;

  it('draws a template for the resolution of the printer', async () => {
    // 29 modules with their quiet zone: 5 dots each at 600 dpi are 0.21 mm, 2 dots at 300 dpi 0.17 mm.
    const template = withElement(
      "{ kind: qr, x: 1, y: 1, width: 6.5, height: 6.5, value: '{serialNumber}' }",
    );
    expect(await perform({ template, dpi: 600 })).toHaveLength(1);
    for (const [dpi, words] of [
      [203, 'at 203 dpi'],
      [undefined, 'at 300 dpi'],
    ] as const)
      expect(await faultOf(() => perform({ template, ...(dpi === undefined ? {} : { dpi }) }))).toMatchObject(
        {
          code: 'label-impossible',
          message: expect.stringContaining(words),
        },
      );
  });

  it('fails for a measurement that the run does not have', async () => {
    const template = withElement(
      "{ kind: text, x: 1, y: 1, width: 30, height: 5, lines: ['{measurement:power}'] }",
    );
    expect(await faultOf(() => perform({ template }))).toMatchObject({
      code: 'label-impossible',
      message: expect.stringContaining('no measurement "power"'),
    });
  });

  it('needs no font for what is Latin, and names the font that is missing for what is not', async () => {
    const none = createFontBook([]);
    expect(await perform({ fonts: none })).toHaveLength(1);
    expect(await faultOf(() => perform({ fonts: none, title: '台灯' }))).toMatchObject({
      code: 'tool-missing',
    });
  });

  it('takes from a recording what became of the label, whatever fonts the replaying computer has', async () => {
    const recorded = { widthDots: 472, heightDots: 354 };
    const input = (() => recorded) as unknown as RunContext['io']['input'];
    expect(await perform({ serialNumber: '序1', fonts: createFontBook([]), input })).toHaveLength(1);
    const failed = (() => {
      throw new Fault('label-impossible', 'then it could not be made');
    }) as unknown as RunContext['io']['input'];
    expect(await faultOf(() => perform({ input: failed }))).toMatchObject({ code: 'label-impossible' });
  });
});
