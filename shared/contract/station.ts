import { z } from 'zod';
import { call, ROLES } from '../rpc/contract.ts';
import { empty, EVERYONE } from './common.ts';

/** Who am I talking to, and as whom. */
export const stationInfo = z.object({
  station: z.string(),
  appVersion: z.string(),
  dataDir: z.string(),
  registryUrl: z.string().nullable(),
  slots: z.int(),
  session: z.object({ role: z.enum(ROLES), user: z.string() }),
});
export type StationInfo = z.infer<typeof stationInfo>;

export const stationCalls = {
  'station.info': call(EVERYONE, empty, stationInfo),
};
