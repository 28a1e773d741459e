import type { FastifyInstance } from 'fastify';
import {
  MAX_STATION_RUNS,
  REGISTRY_PATH,
  stationRunsQuery,
  type StationRunsReply,
} from '#shared/registry-api/index.ts';
import type { Store } from '../store/index.ts';
import { stationOf } from './require-station.ts';
import { readInput } from './errors.ts';

/** The runs that the station itself has reported. */
export function addStationRunRoute(app: FastifyInstance, store: Store): void {
  app.get(REGISTRY_PATH.stationRuns, (request): StationRunsReply => {
    const { after } = readInput(stationRunsQuery, request.query);
    const runs = store.stationRuns.page(stationOf(request), after, MAX_STATION_RUNS + 1);
    return { runs: runs.slice(0, MAX_STATION_RUNS), more: runs.length > MAX_STATION_RUNS };
  });
}
