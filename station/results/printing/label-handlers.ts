import type { LabelPrintView, SectionHandlers } from '#shared/contract/index.ts';
import type { LabelPrintRow, ReadableDatabase } from '../../core/database/index.ts';
import type { LabelPrints } from './label-prints.ts';

/** The most prints in one answer. */
const MAX_LISTED = 500;

export function labelHandlers({
  database,
  prints,
}: {
  readonly database: ReadableDatabase;
  readonly prints: LabelPrints;
}): SectionHandlers<'labels'> {
  return {
    'labels.list': ({ runId }) => ({
      prints: (runId === null
        ? database.labelPrints.listOpen(MAX_LISTED)
        : database.labelPrints.listOfRun(runId)
      ).map(toLabelPrintView),
    }),
    'labels.reprint': async ({ runId, reason, copies }, { by, signal }) => {
      const rows = prints.reprint(runId, { why: reason, copies }, by);
      const printed: LabelPrintView[] = [];
      for (const { printId } of rows) printed.push(toLabelPrintView(await prints.print(printId, signal)));
      return { prints: printed };
    },
    'labels.print': async ({ printId }, { signal }) => {
      if (prints.get(printId).state === 'failed') prints.queue(printId);
      return toLabelPrintView(await prints.print(printId, signal));
    },
    'labels.settle': ({ printId, cameOut }, { by }) => toLabelPrintView(prints.settle(printId, cameOut, by)),
    'labels.skip': ({ printId, reason }, { by }) => toLabelPrintView(prints.skip(printId, reason, by)),
    'labels.void': ({ printId, reason }, { by }) => toLabelPrintView(prints.voidLabel(printId, reason, by)),
  };
}

/** A print as pages get it. */
export function toLabelPrintView({
  unitId,
  tripleId,
  askedAtMs,
  wantsScan,
  ...row
}: LabelPrintRow): LabelPrintView {
  return { ...row, askedAtMs };
}
