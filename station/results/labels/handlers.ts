import type { SectionHandlers } from '#shared/contract/index.ts';
import { encodeWifiQr } from '#shared/codec/qr/index.ts';
import { requireRun, type ReadableDatabase } from '../../core/database/index.ts';
import type { FontBook } from './fonts/font-book.ts';
import { renderCode } from './render-code.ts';
import type { RecipeWithFiles } from './recipe-label.ts';
import { renderLabel } from './render-label.ts';
import { runLabel } from './run-label.ts';

/** The part of `Batches` that labels use; `execution` imports labels, so that labels cannot import it. */
interface BatchRecipes {
  recipeOf(batchId: string): RecipeWithFiles;
}

export function codeHandlers({
  database,
  batches,
  labelTemplates: { fonts },
}: {
  readonly database: ReadableDatabase;
  readonly batches: BatchRecipes;
  readonly labelTemplates: { readonly fonts: FontBook };
}): SectionHandlers<'codes'> {
  const text = new TextDecoder();
  return {
    'codes.wifi': async (credentials) => {
      const payload = encodeWifiQr(credentials);
      return { payload, svg: text.decode(await renderCode(payload, 'svg', { title: 'Wi-Fi' })) };
    },
    'codes.label': async ({ runId }) => {
      const run = requireRun(database, runId);
      const label = runLabel(database, run, batches.recipeOf(run.batchId));
      return { payload: label.payload, svg: text.decode(await renderLabel(label, 'svg', { fonts })) };
    },
  };
}
