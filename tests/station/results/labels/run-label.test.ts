import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  inspectRecipe,
  parseRecipe,
  readStoredRecipe,
  requireTemplate,
  runLabel,
} from '../../../../station/index.ts';
import { createAuditTrail, STATION_ITSELF } from '../../../../station/core/audit-log/index.ts';
import {
  labelTemplateHandlers,
  LabelTemplates,
  readTemplate,
} from '../../../../station/results/labels/index.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { invoke } from '../../../kit/in-process.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { simulated, type SimulatedUnits, serialOf } from '../../../kit/units.ts';
import { readAllCodes, readPdfText } from './readers.ts';

const TEMPLATE = `gongwei: label/1
name: tested
title: { zh-CN: 测试, en: Tested }
size: { width: 60, height: 30 }
elements:
  - { kind: qr, x: 1, y: 1, width: 27, height: 28, value: '{deviceCode}' }
  - kind: text
    x: 30
    y: 1
    width: 28
    height: 28
    lines: ['SN {serialNumber}', 'flash {measurement:flash-size}', 'No. {counter:box,4}', 'copy {copy}', '{batch}']
`;
const STEPS = `  - name: test
    steps:
      - verb: at-command
        send: AT+TCMODULE
        expect: '[Ff]lash size\\s*:\\s*(\\d+)\\s*MB'
        measure: [{ name: flash-size, group: 1, as: number, unit: MB }]
      - { verb: label, template: tested.yaml }
`;
const files = (text = TEMPLATE): ReadonlyMap<string, Uint8Array> =>
  new Map([['tested.yaml', Buffer.from(text)]]);

let setup: TestStation<SimulatedUnits>;
let runIds: string[] = [];
beforeAll(async () => {
  const recipe = parseRecipe(moduleRecipe({ steps: STEPS }), 'recipe', files());
  setup = await startStation({ units: simulated(2), registry: 'real', recipe, batchName: 'labels' });
  const results = [await setup.run(1), await setup.run(2)];
  expect(results.map(({ outcome }) => outcome)).toEqual(['PASS', 'PASS']);
  runIds = results.map(({ runId }) => runId);
});
afterAll(() => setup[Symbol.asyncDispose]());

const labelOf = (runId: string, copy?: number) => {
  const { database, batches } = setup.station;
  const run = database.runs.findById(runId)!;
  return runLabel(database, run, batches.recipeOf(run.batchId), copy === undefined ? {} : { copy });
};

describe('a recipe with a template of labels', () => {
  it('has it among its files: its hash covers it, and its batch keeps it', () => {
    const other = parseRecipe(moduleRecipe({ steps: STEPS }), 'recipe', files(`${TEMPLATE}# x\n`));
    const { database, batches } = setup.station;
    const { recipe, hash } = batches.recipeOf(setup.batchId);
    expect(other.hash).not.toBe(hash);
    expect(readStoredRecipe(database.batches, hash, recipe.name).files.has('tested.yaml')).toBe(true);
  });

  it('is refused when the template is missing or wrong, with the place in that file', async () => {
    const source = moduleRecipe({ steps: STEPS });
    expect(await faultOf(() => parseRecipe(source, 'r'))).toMatchObject({
      code: 'recipe-invalid',
      message: expect.stringContaining('tested.yaml') as unknown,
    });
    const secret = TEMPLATE.replace('{serialNumber}', '{deviceSecret}');
    expect(await faultOf(() => parseRecipe(source, 'r', files(secret)))).toMatchObject({
      message: expect.stringMatching(
        /tested\.yaml:12:\d+: elements\.1\.lines\.0 \{deviceSecret\} is secret/,
      ) as unknown,
    });
    // All of them, and each measurement that no step makes.
    const several = secret.replace('{deviceCode}', '{nobody}');
    const said = (text: string) => inspectRecipe(source, files(text)).issues.map(({ message }) => message);
    expect(said(several).filter((message) => message.includes('tested.yaml'))).toHaveLength(2);
    expect(said(TEMPLATE.replace('measurement:flash-size', 'measurement:flush-size'))).toEqual([
      expect.stringMatching(
        /tested\.yaml:\d+:\d+: elements\.1 no step of the recipe measures flush-size; did you mean flash-size\?/,
      ),
    ]);
    expect(said(TEMPLATE)).toEqual([]);
  });

  it('shows the values of each run, and a number that no other run has', () => {
    const values = runIds.map((runId) => labelOf(runId).template!.values);
    expect(values.map(({ words }) => words.serialNumber)).toEqual([serialOf(1), serialOf(2)]);
    expect(values.map(({ measurements }) => measurements['flash-size'])).toEqual(['2 MB', '2 MB']);
    expect(values.map(({ counters }) => counters)).toEqual([{ box: 1 }, { box: 2 }]);
    expect(labelOf(runIds[0]!).template!.values.counters).toEqual({ box: 1 });
    expect(labelOf(runIds[0]!, 3).template!.values.words.copy).toBe('3');
  });

  it('is printed by command, and with another template', async () => {
    const [runId = ''] = runIds;
    const pdf = join(setup.dir, 'l.pdf');
    const ask = (...args: string[]) => invoke(...args, '--data', setup.dataDir);
    expect(await ask('label', 'print', '--run', runId, '--to', pdf)).toMatchObject({ status: 0 });
    expect(readPdfText(pdf)).toMatch(
      /SN SN000001[\s\S]*flash 2 MB[\s\S]*No\. 0001[\s\S]*copy 1[\s\S]*labels/,
    );
    const png = join(setup.dir, 'l.png');
    const other = ['--template', 'serial-60x40', '--dpi', '203'];
    expect(await ask('label', 'print', '--run', runId, '--to', png, ...other)).toMatchObject({ status: 0 });
    expect(readAllCodes([png])[0]).toContain(serialOf(1));
    // A measurement that the run does not have.
    const lacking = join(setup.dir, 'lacking.yaml');
    writeFileSync(lacking, TEMPLATE.replace('flash-size', 'power'));
    const refused = await ask('label', 'print', '--run', runId, '--to', png, '--template', lacking);
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain('the run has no measurement "power"');
  });
});

describe('templates by command', () => {
  it('are listed and checked, with line, column and both languages', async () => {
    const empty = ['--data', join(setup.dir, 'none'), '--json'];
    const listed = await invoke('label', 'templates', ...empty);
    expect(listed.events.map((event) => event['name'])).toEqual([
      'brand-50x30',
      'serial-60x40',
      'small-30x20',
      'unit-40x30',
    ]);
    const wrong = join(setup.dir, 'wrong.yaml');
    writeFileSync(wrong, TEMPLATE.replace('{copy}', '{psk}').replace('width: 28', 'width: 31'));
    const checked = await invoke('label', 'check', wrong, ...empty);
    expect(checked.status).toBe(2);
    expect(checked.events[0]).toMatchObject({
      event: 'label.checked',
      ok: false,
      issues: [
        { line: 7, path: 'elements.1', message: { code: 'label-outside' } },
        { line: 12, path: 'elements.1.lines.3', message: { code: 'label-secret' } },
      ],
    });
    const zpl = join(setup.dir, 'p.zpl');
    expect(await invoke('label', 'preview', 'brand-50x30', '--to', zpl, ...empty)).toMatchObject({
      status: 0,
    });
    expect(readFileSync(zpl, 'latin1')).toMatch(/^\^XA\n\^PW591\^LL354/);
  });
});

describe('a page that designs a label', () => {
  const handlers = () => {
    const { database, batches } = setup.station;
    const clock = manualClock();
    const dir = join(import.meta.dirname, '../../../../resources/labels');
    const labelTemplates = new LabelTemplates(database, {
      audit: createAuditTrail(database, clock),
      clock,
      dir,
    });
    return labelTemplateHandlers({ database, batches, labelTemplates });
  };
  const context = {} as Parameters<ReturnType<typeof handlers>['labelTemplates.preview']>[1];
  const preview = async (change: object, runId: string | null) => {
    const template = { ...readTemplate(TEMPLATE).template, ...change } as never;
    return handlers()['labelTemplates.preview']({ template, dpi: 300, runId }, context);
  };

  it('sees it as the station draws it, with the values of a run or of a sample unit', async () => {
    const [ofRun, ofSample] = [await preview({}, runIds[0]!), await preview({}, null)];
    expect([ofRun.issues, ofSample.issues]).toEqual([[], []]);
    expect(ofRun.svg).toContain(`<title>SN ${serialOf(1)} · flash 2 MB · No. 0001`);
    expect(ofSample.svg).toContain('<title>SN SN00000001 · flash 3.30 V');
    expect(readTemplate(ofRun.source).issues).toEqual([]);
    // A counter that no run has taken from shows its next number.
    const lines = { kind: 'text', x: 1, y: 1, width: 30, height: 5, lines: ['{counter:pallet}'] };
    expect((await preview({ elements: [lines] }, runIds[0]!)).svg).toContain('<title>1<');
    expect(await faultOf(() => preview({}, 'no-run'))).toMatchObject({ code: 'not-found' });
  });

  it('sees each mistake at its element, and the others drawn', async () => {
    const at = { x: 1, y: 1, width: 30, height: 5 };
    const { svg, issues } = await preview(
      {
        elements: [
          { kind: 'text', ...at, lines: ['{deviceSecret}'] },
          { kind: 'qr', ...at, value: '{deviceCode}' },
          { kind: 'text', ...at, lines: ['whole'] },
        ],
      },
      null,
    );
    expect(issues.map(({ element, code }) => [element, code])).toEqual([
      [0, 'label-secret'],
      [1, 'label-too-fine'],
    ]);
    expect(svg).toContain('whole');
    expect(await preview({ size: { width: 0, height: 1 } }, null)).toMatchObject({ svg: null });
  });
});

describe('the templates of a station', () => {
  it('are kept in versions, and name the recipes that have them', async () => {
    const { database } = setup.station;
    const clock = manualClock();
    const audit = createAuditTrail(database, clock);
    const dir = join(import.meta.dirname, '../../../../resources/labels');
    const library = new LabelTemplates(database, { audit, clock, dir });
    expect(library.save(TEMPLATE, STATION_ITSELF).saved?.version).toBe(1);
    expect(library.save(TEMPLATE, STATION_ITSELF).saved?.version).toBe(1);
    expect(library.save(TEMPLATE.replace('copy ', 'c '), STATION_ITSELF).saved?.version).toBe(2);
    expect((await library.list()).map(({ name, saved }) => [name, saved?.version ?? null])).toEqual([
      ['brand-50x30', null],
      ['serial-60x40', null],
      ['small-30x20', null],
      ['tested', 2],
      ['unit-40x30', null],
    ]);
    expect(await library.usesOf('tested')).toMatchObject([{ recipe: 'test-recipe', file: 'tested.yaml' }]);
    expect(await library.usesOf('unit-40x30')).toEqual([]);
    expect(await faultOf(() => library.save('name: x', STATION_ITSELF))).toMatchObject({ code: 'bad-input' });
    expect(await faultOf(() => library.get('nothing'))).toMatchObject({ code: 'not-found' });
    expect(requireTemplate((await library.get('tested')).source, 't').template.size.width).toBe(60);
  });

  it('are removed from the list, except those that are shipped or in use', async () => {
    const { database, batches } = setup.station;
    const clock = manualClock();
    const audit = createAuditTrail(database, clock);
    const dir = join(import.meta.dirname, '../../../../resources/labels');
    const library = new LabelTemplates(database, { audit, clock, dir });
    const own = { role: 'engineer', user: 'Chen' } as const;
    library.save(TEMPLATE, own);
    const [batch] = batches.state().batches;
    expect(await faultOf(() => library.remove('tested', own))).toMatchObject({
      code: 'template-in-use',
      message: `the label template tested is in use: batch ${batch?.name ?? ''}`,
      details: { batches: batch?.name },
    });
    expect(await faultOf(() => library.remove('unit-40x30', own))).toMatchObject({ code: 'bad-input' });
    const spare = TEMPLATE.replace('name: tested', 'name: small-30x20').replace('copy ', 'spare ');
    expect(library.save(spare, own).saved?.version).toBe(1);
    await library.remove('small-30x20', own);
    // The shipped one of this name is seen again.
    expect((await library.get('small-30x20')).saved).toBeNull();
    expect((await library.list()).find(({ name }) => name === 'small-30x20')?.saved).toBeNull();
    expect(database.audit.listOfSubject('small-30x20').map(({ actor, action }) => [actor, action])).toEqual([
      ['Chen', 'label.template'],
      ['Chen', 'label.template-remove'],
    ]);
    expect(await faultOf(() => library.remove('small-30x20', own))).toMatchObject({ code: 'bad-input' });
    expect(library.save(spare, own).saved?.version).toBe(2);
    expect((await library.versions('small-30x20')).map(({ saved }) => saved?.version)).toEqual([
      2,
      1,
      undefined,
    ]);
  });
});
