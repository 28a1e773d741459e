import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { EVERYONE } from './common.ts';

/** What lies beside a recipe, as the batch was made with it. */
export const recipeCalls = {
  /** A picture that a question shows, by the name the recipe calls it. */
  'recipes.picture': call(
    EVERYONE,
    z.strictObject({ batchId: z.string().max(64), name: z.string().max(128) }),
    z.object({
      mediaType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
      base64: z.string(),
    }),
  ),
};
