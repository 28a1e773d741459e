import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { EVERYONE } from './common.ts';

/** The files of a recipe, as stored when the batch was created. */
export const recipeCalls = {
  /** A picture of a prompt, by its name in the recipe. A page requests it when the prompt appears. */
  'recipes.picture': call(
    EVERYONE,
    z.strictObject({ batchId: z.string().max(64), name: z.string().max(128) }),
    z.object({
      mediaType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
      base64: z.string(),
    }),
    { automatic: true, atOnce: false },
  ),
};
