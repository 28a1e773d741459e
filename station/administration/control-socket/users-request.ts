import { z } from 'zod';
import type { UserView } from '#shared/contract/session.ts';
import { ROLES } from '#shared/rpc/index.ts';
import type { Access } from '../users/index.ts';

export const sessionShape = z.strictObject({ role: z.enum(ROLES), user: z.string().min(1).max(256) });
const name = z.string().max(256);
const pin = z.string().max(256);

/** Requests to a running station: the changes of the command `user`. `by` is the account of the terminal. */
export const usersRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('add-user'), name, role: z.enum(ROLES), pin, by: sessionShape }),
  z.strictObject({ do: z.literal('set-pin'), name, pin, by: sessionShape }),
  z.strictObject({ do: z.literal('remove-user'), name, by: sessionShape }),
]);
export type UsersRequest = z.infer<typeof usersRequest>;

/** Carries out a request, for a running station and for one that a command has opened. Faults: those of `Access`. */
export async function perform(access: Access, request: UsersRequest): Promise<UserView> {
  switch (request.do) {
    case 'add-user':
      return access.add(request.name, request.role, request.pin, request.by);
    case 'set-pin':
      return access.setPin(request.name, request.pin, request.by);
    case 'remove-user':
      return access.remove(request.name, request.by);
  }
}
