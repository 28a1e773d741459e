import type { Role } from '#shared/rpc/index.ts';
import { answersAt, VARIANTS, type VariantName } from './answers/index.ts';
import { USERS } from './answers/session.ts';
import { MockStation } from './mock-station.ts';
import { type SceneName, sceneOf } from './scenes.ts';

export interface SceneOptions {
  readonly slots?: number;
  readonly variant?: VariantName | null;
  /** The role of the user who has signed in already. */
  readonly role?: Role | null;
  readonly nowMs?: number;
}

/** A station that shows a scene: its fixtures on the topics, and the answers to the calls. */
export function openScene(
  name: SceneName,
  { slots = 4, variant = null, role = null, nowMs = Date.now() }: SceneOptions = {},
): MockStation {
  const { stationName, ...topics } = sceneOf(name, { slots, nowMs });
  const station = new MockStation(topics, answersAt(nowMs, stationName));
  if (variant !== null) station.answer(VARIANTS[variant](nowMs));
  const user = USERS.find((one) => one.role === role);
  if (user !== undefined) station.session.change({ role: user.role, user: user.name });
  return station;
}
