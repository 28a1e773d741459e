import type { QuotasView } from '#shared/contract/index.ts';
import type { Answers } from '../mock-station.ts';

/** The quotas of two products: one is nearly used up. */
export function quotaAnswers(nowMs: number): Answers {
  const untilMs = nowMs + 200 * 86_400_000;
  let view: QuotasView = {
    quotas: [
      {
        productId: 'GWBLE00001',
        kind: 'free',
        limit: 10,
        untilMs: null,
        others: 0,
        used: 9,
        left: 1,
        warning: 'low',
      },
      {
        productId: 'GWBULB0001',
        kind: 'year',
        limit: 100,
        untilMs,
        others: 12,
        used: 40,
        left: 60,
        warning: null,
      },
    ],
  };
  return {
    'quotas.get': () => view,
    'quotas.set': (quota) => {
      const used = Math.max(0, quota.others);
      const next = { ...quota, used, left: Math.max(0, quota.limit - used), warning: null };
      view = { quotas: [...view.quotas.filter(({ productId }) => productId !== quota.productId), next] };
      return view;
    },
    'quotas.remove': ({ productId }) => {
      view = { quotas: view.quotas.filter((quota) => quota.productId !== productId) };
      return view;
    },
  };
}
