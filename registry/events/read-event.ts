import { REGISTRY_EVENT_KINDS, registryEvent, type RegistryEvent } from '#shared/registry-api/index.ts';
import { Rejection } from './event-context.ts';

/** The key of an unchecked event; empty when it has none. */
export function keyOf(raw: unknown): string {
  if (raw === null || typeof raw !== 'object' || !('key' in raw)) return '';
  return typeof raw.key === 'string' ? raw.key.slice(0, 200) : '';
}

/** Parses an event. Rejections: `bad-input` with the first wrong member, `kind-unknown`. */
export function readEvent(raw: unknown): RegistryEvent {
  const parsed = registryEvent.safeParse(raw);
  if (parsed.success) return parsed.data;
  const kind = raw !== null && typeof raw === 'object' && 'kind' in raw ? raw.kind : undefined;
  if (typeof kind === 'string' && !REGISTRY_EVENT_KINDS.some((known) => known === kind)) {
    throw new Rejection('kind-unknown', `this registry does not know events of kind "${kind.slice(0, 64)}"`);
  }
  const issue = parsed.error.issues[0];
  const where =
    issue === undefined || issue.path.length === 0 ? 'the event' : issue.path.map(String).join('.');
  throw new Rejection('bad-input', `${where}: ${issue?.message ?? 'is not an event'}`);
}
