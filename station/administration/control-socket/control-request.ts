import { z } from 'zod';
import { faultView } from '#shared/contract/common.ts';
import { userView } from '#shared/contract/session.ts';
import { sessionShape, usersRequest } from './users-request.ts';

/**
 * Requests to a running station, one for each connection. After `open-calls` and its reply the connection carries the contract
 * of the pages, as the user `by` of the terminal. `lend-path` gives an id to a file or folder of this computer, which calls take as
 * that of an upload; the path stays where it is.
 */
export const controlRequest = z.discriminatedUnion('do', [
  ...usersRequest.options,
  z.strictObject({ do: z.literal('open-calls'), by: sessionShape }),
  z.strictObject({ do: z.literal('lend-path'), path: z.string().min(1).max(4096), by: sessionShape }),
]);
export type ControlRequest = z.infer<typeof controlRequest>;

export const controlReply = z.union([
  z.object({ user: userView }),
  z.object({ open: z.literal(true) }),
  z.object({ fileId: z.string() }),
  z.object({ fault: faultView }),
]);
export type ControlReply = z.infer<typeof controlReply>;
