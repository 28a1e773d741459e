import {
  type AuditAnswer,
  type AuditClaim,
  type AuditHead,
  type AuditReply,
  auditReply,
  REGISTRY_PATH,
} from '#shared/registry-api/index.ts';
import type { AuditSource } from '../registry-client.ts';
import { callOrNull, type Endpoint } from './request.ts';

/** Takes the head of the audit trail to the registry with each sync, so that what it has seen cannot be rewritten. */
export interface AuditAnchor {
  /** What to say beside the next events; undefined when there is no trail to tell of, or the registry keeps none. */
  claim(signal: AbortSignal): Promise<AuditClaim | undefined>;
  acceptHead(answer: AuditAnswer | undefined): void;
  /** What the registry keeps of the trail; null when it is one of before audit trails. */
  fetch(signal: AbortSignal): Promise<AuditReply | null>;
  /** Says where the trail ends now, unless the registry has agreed to that end already. */
  report(signal: AbortSignal): Promise<void>;
}

export function createAuditAnchor(endpoint: Endpoint, source: AuditSource | null): AuditAnchor {
  /** The newest head that the registry keeps; undefined before it was asked. */
  let known: AuditHead | null | undefined;
  let keepsNone = false;
  /** No break stood open when the registry answered last. */
  let agreed = false;

  async function fetch(signal: AbortSignal): Promise<AuditReply | null> {
    const reply = await callOrNull(endpoint, {
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
    if (known === undefined) await fetch(signal);
    if (known === undefined) return undefined;
    return {
      head: source.head(),
      seen: known === null ? null : { seq: known.seq, hash: source.hashAt(known.seq) },
    };
  }

  function acceptHead(answer: AuditAnswer | undefined): void {
    if (answer === undefined) return;
    known = answer.head;
    agreed = !answer.broken;
    source?.onVerified(answer.broken);
  }

  function isKnown(head: AuditHead): boolean {
    return agreed && (known?.seq ?? 0) === head.seq && (known === null || known?.hash === head.hash);
  }

  return {
    claim,
    acceptHead,
    fetch,
    async report(signal) {
      const body = await claim(signal);
      if (body === undefined || isKnown(body.head)) return;
      const path = REGISTRY_PATH.audit;
      const reply = await callOrNull(endpoint, { method: 'POST', path, body, reply: auditReply, signal });
      if (reply !== null)
        acceptHead({ head: reply.head, broken: reply.breaks.some(({ accepted }) => accepted === null) });
    },
  };
}
