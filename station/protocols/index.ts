/** Burn and provisioning protocols over a ByteLink, one folder each, behind one interface. */
import type { Recipe } from '#shared/domain/recipe.ts';
import { openAtModule } from './at-module/index.ts';
import type { OpenSession } from './device-session.ts';

const PROFILES: Record<Recipe['device']['profile'], OpenSession> = { 'at-module': openAtModule };

/** How to talk to the devices of a profile. */
export function sessionOpener(profile: Recipe['device']['profile']): OpenSession {
  return PROFILES[profile];
}

export type {
  DeviceSession,
  OpenSession,
  ReadBackStrength,
  SessionOptions,
  UnitInfo,
} from './device-session.ts';
