import type { ReportSource } from '../report-form.ts';
import { createRunCells } from '../run-cells.ts';
import { RUN_FIELDS } from '../run-fields.ts';
import type { RunRow } from '../../../core/database/index.ts';
import { createBatchNames } from '../batch-names.ts';
import type { Cell } from './cell-xml.ts';
import type { Column } from './sheet-xml.ts';
import type { Sheet } from './workbook.ts';

const TIME_WIDTH = 24;
/** A spreadsheet has no time zones: the header says which one it is. */
const UTC = ' (UTC)';

/** The runs without their measurements: the chosen columns of a filter, or all fields of the runs of a batch or a unit. */
export function runSheet(source: ReportSource, onRun: () => void): Sheet {
  const { columns, cellsOf } = tableOf(source);
  async function* rows(): AsyncGenerator<Cell[]> {
    for await (const page of source.barePages()) {
      for (const run of page) {
        yield cellsOf(run);
        onRun();
      }
    }
  }
  return { name: 'runs', columns, rows: rows() };
}

function tableOf({ subject, database }: ReportSource): {
  readonly columns: readonly Column[];
  readonly cellsOf: (run: RunRow) => Cell[];
} {
  if (subject.kind === 'runs') {
    const { header, columns, cellsOf } = createRunCells(database, subject.columns, subject.names);
    const isTime = (index: number): boolean =>
      columns[index] === 'startedAt' || columns[index] === 'finishedAt';
    return {
      columns: header.map((text, index) =>
        isTime(index) ? { header: text + UTC, width: TIME_WIDTH } : { header: text },
      ),
      cellsOf: (run) =>
        cellsOf(run).map((cell, index) => {
          if (!isTime(index)) return typeof cell === 'bigint' ? String(cell) : cell;
          return instant(columns[index] === 'startedAt' ? run.startedAtMs : run.finishedAtMs);
        }),
    };
  }
  const nameOf = createBatchNames(database);
  return {
    columns: RUN_FIELDS.map(({ header }) =>
      header === 'started' || header === 'finished'
        ? { header: header + UTC, width: TIME_WIDTH }
        : { header },
    ),
    cellsOf: (run) => RUN_FIELDS.map((field) => field.of(run, nameOf(run.batchId))),
  };
}

function instant(atMs: number | null): Cell {
  return atMs === null ? null : { atMs };
}
