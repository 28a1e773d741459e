import type { StationContract } from '#shared/contract/index.ts';
import type { Client } from '#shared/rpc/index.ts';
import { inject, type InjectionKey } from 'vue';

export type StationClient = Client<StationContract>;

/** The client of this page, provided to stores and components. */
export const STATION_CLIENT: InjectionKey<StationClient> = Symbol('station client');

export function useStationClient(): StationClient {
  const client = inject(STATION_CLIENT);
  if (client === undefined) throw new Error('the application was mounted without a station client');
  return client;
}
