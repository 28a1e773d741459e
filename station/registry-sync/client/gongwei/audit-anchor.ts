import {
  type AuditAnswer,
  type AuditClaim,
  type AuditHead,
  type AuditReply,
  auditReply,
  REGISTRY_PATH,
} from '#shared/registry-api/index.ts';
import type { AuditSource } from '../registry-client.ts';
import { askOrNull, type Endpoint } from './request.ts';

/** Takes the head of the audit trail to the registry with each sync, so that what it has seen cannot be rewritten. */
export interface AuditWitness {
  /** What to say beside the next events; undefined when there is no trail to tell of, or the registry keeps none. */
  claim(signal: AbortSignal): Promise<AuditClaim | undefined>;
  heard(answer: AuditAnswer | undefined): void;
  /** What the registry keeps of the trail; null when it is one of before audit trails. */
  kept(signal: AbortSignal): Promise<AuditReply | null>;
  /** Says where the trail ends now, unless the registry has agreed to that end already. */
  tell(signal: AbortSignal): Promise<void>;
}

export function createAuditWitness(endpoint: Endpoint, source: AuditSource | null): AuditWitness {
  /** The newest head that the registry keeps; undefined before it was asked. */
  let known: AuditHead | null | undefined;
  let keepsNone = false;
  /** No break stood open when the registry answered last. */
  let agreed = false;

  async function kept(signal: AbortSignal): Promise<AuditReply | null> {
    const reply = await askOrNull(endpoint, {
      method: 'GET',
      path: REGISTRY_PATH.audit,
      reply: auditReply,
      signal,
    });
    if (reply === null) keepsNone = true;
    else known = reply.head;
    return reply;
  }

  async function claim(signal: AbortSignal): Promise<AuditClaim | undefined> {
    if (source === null || keepsNone) return undefined;
    if (known === undefined) await kept(signal);
    if (known === undefined) return undefined;
    return {
      head: source.head(),
      seen: known === null ? null : { seq: known.seq, hash: source.hashAt(known.seq) },
    };
  }

  function heard(answer: AuditAnswer | undefined): void {
    if (answer === undefined) return;
    known = answer.head;
    agreed = !answer.broken;
    source?.heard(answer.broken);
  }

  function isKnown(head: AuditHead): boolean {
    return agreed && (known?.seq ?? 0) === head.seq && (known === null || known?.hash === head.hash);
  }

  return {
    claim,
    heard,
    kept,
    async tell(signal) {
      const body = await claim(signal);
      if (body === undefined || isKnown(body.head)) return;
      const path = REGISTRY_PATH.audit;
      const reply = await askOrNull(endpoint, { method: 'POST', path, body, reply: auditReply, signal });
      if (reply !== null)
        heard({ head: reply.head, broken: reply.breaks.some(({ accepted }) => accepted === null) });
    },
  };
}
