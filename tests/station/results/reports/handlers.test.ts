import { describe, expect, it } from 'vitest';
import { reportHandlers } from '../../../../station/results/reports/index.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

type Parts = Parameters<typeof reportHandlers>[0];

describe('an export of a batch with yields', () => {
  it('waits until they are stored, an export without them does not', async () => {
    const begun: string[] = [];
    const facts = Promise.withResolvers<undefined>();
    const handlers = reportHandlers({
      database: {} as Parts['database'],
      reports: { export: (_: string, format: string) => begun.push(format) } as unknown as Parts['reports'],
      yields: { whenFactsReady: () => facts.promise } as unknown as Parts['yields'],
    });
    const context = { signal: NEVER_ABORTED } as Parameters<(typeof handlers)['reports.export']>[1];
    const pdf = handlers['reports.export']({ batchId: 'B', format: 'pdf' }, context);
    await handlers['reports.export']({ batchId: 'B', format: 'csv' }, context);
    expect(begun).toEqual(['csv']);
    facts.resolve(undefined);
    await pdf;
    expect(begun).toEqual(['csv', 'pdf']);
  });
});
