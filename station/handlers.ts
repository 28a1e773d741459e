/** The contract's handlers, thin: translate, delegate, return. */
import type { StationContract } from '#shared/contract/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';
import { batchHandlers } from './execution/batches/handlers.ts';
import { codeHandlers } from './results/labels/handlers.ts';
import { firmwareHandlers } from './firmware/handlers.ts';
import type { ApiParts } from './handler-parts.ts';
import { recipeHandlers } from './execution/recipes/handlers.ts';
import { reportHandlers } from './results/reports/handlers.ts';
import { returnHandlers } from './returns/handlers.ts';
import { runHandlers } from './results/runs/handlers.ts';
import { sessionHandlers } from './administration/people/handlers.ts';
import { slotHandlers } from './execution/slots/handlers.ts';
import { stationHandlers } from './administration/handlers.ts';
import { tripleHandlers } from './identity/pool/handlers.ts';
import { yieldHandlers } from './results/yield/handlers.ts';

export function createHandlers(parts: ApiParts): Handlers<StationContract> {
  return {
    ...stationHandlers(parts),
    ...sessionHandlers(parts),
    ...batchHandlers(parts),
    ...recipeHandlers(parts),
    ...slotHandlers(parts),
    ...runHandlers(parts),
    ...reportHandlers(parts),
    ...returnHandlers(parts),
    ...codeHandlers(parts),
    ...firmwareHandlers(parts),
    ...tripleHandlers(parts),
    ...yieldHandlers(parts),
  };
}
