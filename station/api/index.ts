/** The contract's handlers, thin: translate, delegate, return. */
import type { StationContract } from '#shared/contract/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';
import { batchHandlers } from './batches.ts';
import { codeHandlers } from './codes.ts';
import { firmwareHandlers } from './firmware.ts';
import type { ApiParts } from './parts.ts';
import { recipeHandlers } from './recipes.ts';
import { reportHandlers } from './reports.ts';
import { returnHandlers } from './returns.ts';
import { runHandlers } from './runs.ts';
import { sessionHandlers } from './session.ts';
import { slotHandlers } from './slots.ts';
import { stationHandlers } from './station.ts';
import { tripleHandlers } from './triples.ts';
import { yieldHandlers } from './yield.ts';

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
