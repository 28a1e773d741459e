import { join } from 'node:path';
import type { PrinterSetting } from '#shared/contract/index.ts';
import { type PrinterFault, type SimPrinter, startSimPrinter } from '#simulator';
import { parseRecipe, STATION_ITSELF, type StationConfig } from '#station';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { simulated, type SimulatedUnits } from '../../../kit/units.ts';
import { until } from '../../../support/until.ts';
import { readCode } from '../../results/labels/readers.ts';
import type { PrinterEvent } from '../../../../simulator/printer/index.ts';

/** A station with simulated units and a simulated printer, which prints what passed. */
export interface PrintingLine extends AsyncDisposable {
  readonly setup: TestStation<SimulatedUnits>;
  /** The printer that has power now. */
  readonly printer: SimPrinter;
  /** Gives the printer other faults, and forgets the labels that came out. */
  renew(faults?: readonly PrinterFault[]): Promise<void>;
  /** The printer loses what it has not printed, and its faults; it has no power while `meanwhile` is done. */
  cyclePower(meanwhile?: () => Promise<void>): Promise<void>;
  /** The codes of the labels that came out, as zbarimg reads them from their pictures. */
  printedCodes(): string[];
  /** The question of a slot about its label. */
  asked(
    slot: number,
  ): Promise<{ readonly ask: string; readonly promptId: string; readonly choices: string[] }>;
  /** Waits for a question of the slot that was not seen before. */
  next(slot: number): Promise<void>;
  /** Answers the question that the slot asks now. */
  answer(slot: number, answer: string): Promise<void>;
  /** Resolves when the slot waits for no label. */
  settled(slot: number): Promise<void>;
}

export async function startPrintingLine(
  options: {
    readonly units?: number;
    readonly language?: PrinterSetting['language'];
    readonly label?: string;
    readonly faults?: readonly PrinterFault[];
    /** The text of `label.yaml`, which the step names. */
    readonly template?: string;
    readonly config?: Partial<StationConfig>;
  } = {},
): Promise<PrintingLine> {
  await using opening = new AsyncDisposableStack();
  const { language = 'zpl', units = 1, label = 'print: on-pass' } = options;
  const setup = opening.use(
    await startStation({
      units: simulated(units),
      registry: 'real',
      triples: units + 4,
      config: options.config ?? {},
      recipe: parseRecipe(
        moduleRecipe({ steps: `  - name: label\n    steps: [{ verb: label, ${label} }]\n` }),
        'recipe',
        new Map(options.template === undefined ? [] : [['label.yaml', Buffer.from(options.template)]]),
      ),
    }),
  );
  const files: string[] = [];
  let powerOns = 0;
  const powerOn = (port: number, faults: readonly PrinterFault[] = []): Promise<SimPrinter> =>
    startSimPrinter({
      language,
      port,
      dir: join(setup.dir, `labels-${++powerOns}`),
      faults,
      onEvent: (event: PrinterEvent) => {
        if (event.event === 'sim.printed') files.push(event.png);
      },
    });
  let printer = await powerOn(0, options.faults);
  opening.defer(() => printer[Symbol.asyncDispose]());
  const setting = {
    place: `tcp://127.0.0.1:${printer.port}`,
    language,
    dpi: 203,
    widthMm: 50,
    heightMm: 30,
    gapMm: 2,
  } as const;
  setup.station.printerSettings.set({ ...setting, baudRate: 9600 }, STATION_ITSELF);
  const line = opening.move();
  const promptAt = (slot: number) =>
    setup.station.slots.state.slots.find((view) => view.slot === slot)?.run?.prompt ?? null;
  let last = '';
  const asked = async (slot: number) => {
    const prompt = await until(() => {
      const now = promptAt(slot);
      return now !== null && now.promptId !== last ? now : undefined;
    }, 'a question');
    return {
      ask: prompt.refused === undefined ? prompt.ask.en : `${prompt.refused.en} ${prompt.ask.en}`,
      promptId: prompt.promptId,
      choices: prompt.choices.map(({ value }) => value),
    };
  };
  return {
    setup,
    get printer() {
      return printer;
    },
    async renew(faults = []) {
      files.length = 0;
      await printer.setFaults(faults);
    },
    async cyclePower(meanwhile) {
      const { port } = printer;
      await printer[Symbol.asyncDispose]();
      await meanwhile?.();
      printer = await powerOn(port);
    },
    printedCodes: () => files.map((png) => readCode(png)),
    asked,
    async next(slot) {
      last = (await asked(slot)).promptId;
    },
    async answer(slot, answer) {
      const { promptId } = await asked(slot);
      last = promptId;
      setup.station.prompts.answer(slot, promptId, answer);
    },
    settled: (slot) =>
      until(() => setup.station.labels.at(slot) === null, 'no label to wait for').then(() => undefined),
    [Symbol.asyncDispose]: () => line.disposeAsync(),
  };
}
