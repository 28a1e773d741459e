import { z } from 'zod';
import { sha256Hex } from '../domain/firmware.ts';

/**
 * What a station may do beyond what is its own:
 * `firmware` put the firmware online that it uploaded, and take it offline again;
 * `desk` retire, bind anew and control units that another station made (returns desk, second test station);
 * `admin` all of that for everybody's, products, and the list of all devices.
 */
export const STATION_RIGHTS = ['firmware', 'desk', 'admin'] as const;
export const stationRight = z.enum(STATION_RIGHTS);
export type StationRight = z.infer<typeof stationRight>;

/**
 * `POST /v1/enrol`: a station that was given the enrolment token brings the hash of a token of its own, which is good
 * for its name from then on. The registry never sees that token here, so no reply that is lost loses it, and the same
 * hash may be brought again.
 */
export const enrolRequest = z.strictObject({ tokenSha256: sha256Hex });
export type EnrolRequest = z.infer<typeof enrolRequest>;

/** `own`: the token that was shown is the station's own already, and the hash was not looked at. */
export const enrolReply = z.object({ station: z.string(), token: z.enum(['enrolled', 'own']) });
export type EnrolReply = z.infer<typeof enrolReply>;
