import {
  type AuditClaimReply,
  type AuditClaim,
  type AuditHead,
  type AuditTrailReply,
  auditTrailReply,
  REGISTRY_PATH,
} from '#shared/registry-api/index.ts';
import type { AuditSource } from '../registry-client.ts';
import { callOrNull, type Endpoint } from './request.ts';

/** Reports the head of the audit trail to the registry with each sync, so that a later change of earlier entries is detected. */
export class AuditHeadReporter {
  readonly #endpoint: Endpoint;
  readonly #source: AuditSource | null;
  /** The newest head that the registry has; null when it has none, undefined before it was asked. */
  #remoteHead: AuditHead | null | undefined;
  /** The registry is of a version without audit trails. */
  #isUnsupported = false;
  /** The last reply named no open break. */
  #isUnbroken = false;

  /** @param source null: nothing is reported. */
  constructor(endpoint: Endpoint, source: AuditSource | null) {
    this.#endpoint = endpoint;
    this.#source = source;
  }

  /** The claim for the next events; undefined without a trail, or when the registry stores none. */
  async claim(signal: AbortSignal): Promise<AuditClaim | undefined> {
    if (this.#source === null || this.#isUnsupported) return undefined;
    if (this.#remoteHead === undefined) await this.fetch(signal);
    const remoteHead = this.#remoteHead;
    if (remoteHead === undefined) return undefined;
    return {
      head: this.#source.head(),
      seen: remoteHead === null ? null : { seq: remoteHead.seq, hash: this.#source.hashAt(remoteHead.seq) },
    };
  }

  /** Stores the registry's reply to a claim; undefined when the reply had none. */
  acceptReply(answer: AuditClaimReply | undefined): void {
    if (answer === undefined) return;
    this.#remoteHead = answer.head;
    this.#isUnbroken = !answer.broken;
    this.#source?.onVerified(answer.broken);
  }

  /** See `AuditRegistry.fetch`. */
  async fetch(signal: AbortSignal): Promise<AuditTrailReply | null> {
    const reply = await callOrNull(this.#endpoint, {
      method: 'GET',
      path: REGISTRY_PATH.audit,
      reply: auditTrailReply,
      signal,
    });
    if (reply === null) this.#isUnsupported = true;
    else this.#remoteHead = reply.head;
    return reply;
  }

  /** See `AuditRegistry.report`. */
  async report(signal: AbortSignal): Promise<void> {
    const body = await this.claim(signal);
    if (body === undefined || this.#isStored(body.head)) return;
    const path = REGISTRY_PATH.audit;
    const reply = await callOrNull(this.#endpoint, {
      method: 'POST',
      path,
      body,
      reply: auditTrailReply,
      signal,
    });
    if (reply !== null)
      this.acceptReply({ head: reply.head, broken: reply.breaks.some(({ accepted }) => accepted === null) });
  }

  #isStored(head: AuditHead): boolean {
    const remoteHead = this.#remoteHead;
    return (
      this.#isUnbroken &&
      (remoteHead?.seq ?? 0) === head.seq &&
      (remoteHead === null || remoteHead?.hash === head.hash)
    );
  }
}
