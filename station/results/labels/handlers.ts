import { encodeWifiQr } from '#shared/codec/qr/index.ts';
import { renderCode, renderLabel, runLabel } from './index.ts';
import type { ApiParts, Section } from '../../handler-parts.ts';
import { requireRun } from '../runs/handlers.ts';

export function codeHandlers({ store, batches }: ApiParts): Section<'codes'> {
  const text = new TextDecoder();
  return {
    'codes.wifi': async (credentials) => {
      const payload = encodeWifiQr(credentials);
      return { payload, svg: text.decode(await renderCode(payload, 'svg', { title: 'Wi-Fi' })) };
    },
    'codes.label': async ({ runId }) => {
      const run = requireRun(store.runs.byId(runId), runId);
      const label = runLabel(store, run, batches.recipeOf(run.batchId).recipe.title.en);
      return { payload: label.payload, svg: text.decode(await renderLabel(label, 'svg')) };
    },
  };
}
