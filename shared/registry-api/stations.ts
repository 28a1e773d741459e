import { z } from 'zod';
import { sha256Hex } from '../domain/firmware.ts';

/**
 * Additional rights of a station:
 * `firmware`: put the firmware that it uploaded online and offline;
 * `desk`: retire, rebind and control units of other stations (returns desk, second test station);
 * `admin`: all of that for all stations, products, and the list of all devices.
 */
export const STATION_RIGHTS = ['firmware', 'desk', 'admin'] as const;
export const stationRight = z.enum(STATION_RIGHTS);
export type StationRight = z.infer<typeof stationRight>;

/**
 * `POST /v1/enrol`: a station with the enrolment token sends the hash of its own new token, which is valid for its name from
 * then on. The registry does not receive the token itself, so that a lost reply does not lose it; the same hash may be sent
 * again.
 */
export const enrolRequest = z.strictObject({ tokenSha256: sha256Hex });
export type EnrolRequest = z.infer<typeof enrolRequest>;

/** `own`: the request already used the station's own token, and the hash was ignored. */
export const enrolReply = z.object({ station: z.string(), token: z.enum(['enrolled', 'own']) });
export type EnrolReply = z.infer<typeof enrolReply>;
