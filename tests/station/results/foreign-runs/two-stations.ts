import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AttachmentFiles } from '../../../../station/core/attachments/index.ts';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import {
  canonicalJson,
  readNames,
  type RunDocument,
  toRunDocument,
} from '../../../../station/results/documents/index.ts';
import {
  type CsvRunOptions,
  ForeignRuns,
  openRunSource,
  type RunImportOptions,
  type RunImportReport,
} from '../../../../station/results/foreign-runs/index.ts';
import type { ForeignKind } from '../../../../shared/domain/foreign-run.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { addRuns, addSampleBatch, manyRuns } from '../reports/sample-batch.ts';

export const CSV: CsvRunOptions = {
  map: {},
  values: [],
  time: { format: 'iso', zone: 'UTC' },
  decimal: '.',
  station: '',
  batch: '',
};

export const CHEN = { user: 'Chen', role: 'engineer' } as const;

interface LoadOptions {
  readonly kind?: ForeignKind;
  readonly csv?: CsvRunOptions;
}

/** A station that imports runs, `home`, and another one with runs, `other`, in the same folder. */
export class TwoStations implements AsyncDisposable {
  readonly #dir = tempDir('foreign');
  readonly home: WritableDatabase = openStationDatabase(this.path('home'));
  readonly other: WritableDatabase = openStationDatabase(this.path('other'));
  readonly attachments = new AttachmentFiles(this.path('home'), this.home, () => 'part');
  readonly imports = importsOf(this.home, this.attachments);

  constructor() {
    addSampleBatch(this.other);
  }

  path(name: string): string {
    return join(this.#dir.path, name);
  }

  /** Imports a file or directory of the folder. */
  async load(
    name: string,
    options: RunImportOptions = {},
    { kind, csv = CSV }: LoadOptions = {},
  ): Promise<RunImportReport> {
    return this.imports.import(
      await openRunSource(this.path(name), { kind, csv }),
      options,
      CHEN,
      NEVER_ABORTED,
    );
  }

  loadText(text: string, options?: RunImportOptions, how?: LoadOptions): Promise<RunImportReport> {
    writeFileSync(this.path('runs.txt'), text);
    return this.load('runs.txt', options, how);
  }

  /** The imported records, oldest first. */
  stored(): unknown[] {
    const found = this.home.foreignRuns.find({}, null, 1000);
    return found.map(({ record }) => JSON.parse(record) as unknown).reverse();
  }

  /** All runs of the other station as documents, oldest first. */
  originals(): RunDocument[] {
    const { runs, runSearch } = this.other;
    const names = readNames(this.other);
    return runSearch
      .find({ limit: 1000 })
      .map((run) =>
        toRunDocument(
          { run, steps: runs.listSteps(run.runId), measurements: runs.listMeasurements(run.runId) },
          names,
        ),
      )
      .filter((run) => run !== null)
      .sort((a, b) => a.startedAtMs - b.startedAtMs);
  }

  /** Thirteen runs of the other station, one of them with all that a run can have. */
  fill(): void {
    addRuns(this.other, [
      ...manyRuns(12),
      {
        runId: 'odd',
        serialNumber: '=1+1',
        chipId: 'AABBCCDDEE01',
        startedAtMs: 2_000_000,
        outcome: 'FAIL',
        proof: { readBack: 'name', online: 'none', unproven: true },
        failure: { message: 'a\tb', hint: 'Look.', details: { measurement: 'rssi', value: 3, none: null } },
        operator: '王',
        steps: [
          {
            step: 'radio',
            outcome: 'FAIL',
            measured: [{ name: 'rssi', value: -91.5, unit: 'dBm', low: -80, high: 0, outcome: 'FAIL' }],
          },
          {
            step: 'radio',
            attempt: 2,
            measured: [
              { name: 'ready', value: true },
              { name: 'state', value: 'O"K]]>' },
            ],
          },
        ],
      },
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.imports.close();
    this.home.close();
    this.other.close();
    this.#dir[Symbol.dispose]();
  }
}

export function importsOf(
  database: WritableDatabase,
  attachments = new AttachmentFiles(dirname(database.file), database, () => 'part'),
): ForeignRuns {
  const clock = manualClock(5_000_000);
  let ids = 0;
  const random = { id: () => `source-${(ids += 1)}` };
  const audit = createAuditTrail(database, clock);
  return new ForeignRuns({ database, platform: { clock, random } as never, audit, attachments });
}

/** Runs as they are stored. */
export function canonical(runs: readonly RunDocument[]): unknown[] {
  return runs.map((run) => JSON.parse(canonicalJson(run)) as unknown);
}
