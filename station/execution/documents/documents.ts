import { deflateRaw, inflateRaw } from 'node:zlib';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { buffer } from 'node:stream/consumers';
import { createYielder } from '#node-kit/async/index.ts';
import { z } from 'zod';
import { sha256InTurns } from '#node-kit/crypto/index.ts';
import { canonicalJson } from '#shared/codec/canonical-json.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { PdfForm } from '#shared/contract/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import {
  aroundDocument,
  balanceChanges,
  balanceLines,
  type BatchBalance,
  type BirthCertificate,
  type DocumentKind,
  DOCUMENT_VERSION,
  textFile,
} from '#shared/signed/index.ts';
import { visibleLine } from '#shared/codec/visible-text.ts';
import { counted } from '#shared/words/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { ReadableDatabase, SignedDocumentRow, WritableDatabase } from '../../core/database/index.ts';
import type { Signer } from '../../identity/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import { certificateData, certificatePdf, readRunFiles } from '../../results/reports/index.ts';
import type { Batches } from '../batches/index.ts';
import { createRecipeTitles } from '../recipes/index.ts';
import type { Slots } from '../slots/index.ts';
import { canonicalInTurns } from './canonical-in-turns.ts';
import { certifiedFacts } from './certify.ts';
import { parseInTurns } from './parse-in-turns.ts';
import { type BalanceNow, readBalance } from './read-balance.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** A signed document and its file. */
export interface SignedDocument<D> {
  readonly document: D;
  readonly file: Buffer;
  /** SHA-256 of the file, in hex. */
  readonly sha256: string;
  /** Fingerprint of the key. */
  readonly keyId: string;
  /** False when the station had signed the same before; then it is the file of that time. */
  readonly isNew: boolean;
}

export interface DocumentReaderOptions {
  readonly database: ReadableDatabase;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly signer: Signer;
  readonly registry: () => RegistryClient | null;
  readonly station: () => string;
  readonly appVersion: string;
}

/** Makes signed documents, and stores none. */
export class DocumentMaker {
  readonly #options: DocumentReaderOptions;

  constructor(options: DocumentReaderOptions) {
    this.#options = options;
  }

  /**
   * The balance of a batch as it is now. Faults: those of `readBalance`.
   *
   * @param compare false: the registry is not asked
   */
  balanceNow(batchId: string, signal: AbortSignal, compare = true): Promise<BalanceNow> {
    const { database, clock } = this.#options;
    const registry = compare ? this.#options.registry() : null;
    return readBalance({ database, nowMs: () => clock.nowMs(), registry }, batchId, signal);
  }

  /**
   * The signed balance of a batch. When nothing has changed since the last one, that one. Faults: those of `readBalance`,
   * `secret-unreadable`.
   */
  async balance(batchId: string, by: Actor, signal: AbortSignal): Promise<SignedDocument<BatchBalance>> {
    const now = await this.balanceNow(batchId, signal);
    const last = await this.lastBalance(batchId);
    if (last !== null && (await isSameBalance(last.document, balanceOf(now, last.document)))) return last;
    return this.signBalance(now, by, last);
  }

  /** Signs a balance that was read. Faults: `secret-unreadable`. */
  async signBalance(
    now: BalanceNow,
    by: Actor,
    last: SignedDocument<BatchBalance> | null,
  ): Promise<SignedDocument<BatchBalance>> {
    const { station, clock, appVersion } = this.#options;
    const yielder = createYielder(new AbortController().signal);
    const head = {
      kind: 'batch-balance' as const,
      version: DOCUMENT_VERSION as 1,
      station: station(),
      signedAt: new Date(clock.nowMs()).toISOString(),
      signedBy: by.user,
      appVersion,
    };
    const previous =
      last === null
        ? null
        : {
            sha256: last.sha256,
            signedAt: last.document.signedAt,
            changes: await balanceChanges(last.document, now, (entries) => yielder.afterRows(entries)),
          };
    return this.#sign({ ...head, ...balanceOf(now, null), previous });
  }

  lastBalance(batchId: string): Promise<SignedDocument<BatchBalance> | null> {
    return this.#last<BatchBalance>('batch-balance', batchId);
  }

  /** A balance as signed text for people. Faults: `secret-unreadable`. */
  async balanceAsText(balance: BatchBalance): Promise<Buffer> {
    const yielder = createYielder(new AbortController().signal);
    const lines: string[] = [];
    for (const line of balanceLines(balance)) {
      lines.push(line);
      await yielder.afterRows(1);
    }
    const text = `${lines.join('\n')}\n`;
    const { signature } = await this.#options.signer.sign('batch-balance-text', text);
    return Buffer.from(textFile(text, signature));
  }

  /** A certificate on one page, with its signed file attached. Default Chinese on A4. Faults: the signal's reason. */
  async certificateAsPdf(
    made: SignedDocument<BirthCertificate>,
    { language = 'zh-CN', paper = 'A4' }: PdfForm = {},
    signal: AbortSignal,
  ): Promise<Buffer> {
    const titles = createRecipeTitles(this.#options.database.batches)([made.document.recipe.hash]);
    const files = await readRunFiles(this.#options.database, made.document.run.id);
    const data = certificateData(made, titles, files);
    return buffer(certificatePdf(data, { language, paper }, createYielder(signal)));
  }

  /** The birth certificate of the unit of a run. Faults: those of `certifiedFacts`, `secret-unreadable`. */
  async certificate(
    runId: string,
    by: Actor,
    signal: AbortSignal,
  ): Promise<SignedDocument<BirthCertificate>> {
    const { database, station, clock, appVersion } = this.#options;
    const facts = await certifiedFacts(database, runId, signal);
    const last = await this.#last<BirthCertificate>('birth-certificate', runId);
    const head = {
      kind: 'birth-certificate' as const,
      version: DOCUMENT_VERSION as 1,
      station: station(),
      signedAt: new Date(clock.nowMs()).toISOString(),
      signedBy: by.user,
      appVersion,
    };
    if (last !== null) {
      const { signedAt, signedBy, appVersion: signedWith } = last.document;
      const again = { ...head, signedAt, signedBy, appVersion: signedWith, ...facts };
      if (canonicalJson(again) === canonicalJson(last.document)) return last;
    }
    return this.#sign({ ...head, ...facts });
  }

  async #sign<D extends BatchBalance | BirthCertificate>(document: D): Promise<SignedDocument<D>> {
    const text = await inTurns(document);
    // To make the text of a large balance takes a turn of its own, and so do its bytes.
    await nextTurn();
    const { content, signature } = await this.#options.signer.sign(document.kind, text);
    const [before, after] = aroundDocument(signature);
    const file = Buffer.concat([Buffer.from(before), content, Buffer.from(after)]);
    return { document, file, sha256: await sha256InTurns(file), keyId: signature.keyId, isNew: true };
  }

  /** The newest stored document, as it was stored, and of this station's present name; null without one. */
  async #last<D>(kind: DocumentKind, subject: string): Promise<SignedDocument<D> | null> {
    const row = this.#options.database.signedDocuments.findLatest(kind, subject);
    const file = row === null ? null : await inflate(row.content).catch(() => null);
    if (row === null || file === null || (await sha256InTurns(file)) !== row.sha256) return null;
    const parsed = storedFile.safeParse(
      await parseInTurns(file.toString(), createYielder(new AbortController().signal)),
    );
    // The station wrote it; a whole schema would take longer than the signature.
    const document = parsed.success && parsed.data.document['kind'] === kind ? parsed.data.document : null;
    if (document?.['station'] !== this.#options.station()) return null;
    return { document: document as D, file, sha256: row.sha256, keyId: row.keyId, isNew: false };
  }
}

const storedFile = z.object({
  document: z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null),
});

function inTurns(value: unknown): Promise<string> {
  return canonicalInTurns(value, createYielder(new AbortController().signal));
}

export interface DocumentsOptions extends Omit<DocumentReaderOptions, 'database'> {
  readonly database: WritableDatabase;
  readonly audit: AuditTrail;
  readonly batches: Batches;
  readonly slots: Slots;
}

/** Attempts to close a batch whose identities change meanwhile. */
const ATTEMPTS = 5;

/** Signed documents of a station: makes them, stores each, and closes batches. */
export class Documents {
  readonly maker: DocumentMaker;
  readonly #options: DocumentsOptions;

  constructor(options: DocumentsOptions) {
    this.#options = options;
    this.maker = new DocumentMaker(options);
  }

  /** See `DocumentMaker.balance`; the balance is stored. Faults: also `disk-full`. */
  async balance(batchId: string, by: Actor, signal: AbortSignal): Promise<SignedDocument<BatchBalance>> {
    const made = await this.maker.balance(batchId, by, signal);
    if (made.isNew) await this.#keep(made, batchId, by);
    return made;
  }

  /** See `DocumentMaker.certificate`; the certificate is stored. Faults: also `disk-full`. */
  async certificate(
    runId: string,
    by: Actor,
    signal: AbortSignal,
  ): Promise<SignedDocument<BirthCertificate>> {
    const made = await this.maker.certificate(runId, by, signal);
    if (made.isNew) await this.#keep(made, runId, by);
    return made;
  }

  /**
   * Closes a batch: from then on it takes no runs. The signed balance of that moment is stored in the same transaction.
   * Faults: `batch-missing`, `batch-closed`, `batch-unbalanced` with an open identity or a run that has not ended,
   * `secret-unreadable`, `disk-full`, those of SQLite, the signal's reason.
   */
  async close(
    batchId: string,
    by: Actor,
    signal: AbortSignal,
  ): Promise<SignedDocument<BatchBalance> & Pick<BalanceNow, 'comparedAtMs' | 'notCompared'>> {
    const { database, audit, batches, clock } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const now = await this.maker.balanceNow(batchId, signal);
      if (now.batch.closedAtMs !== null)
        throw new Fault('batch-closed', `batch ${now.batch.name} is closed already`, {
          hint: 'A new balance is made with "batch balance".',
        });
      this.#requireBalanced(now);
      const closedAtMs = clock.nowMs();
      const closed = { ...now, batch: { ...now.batch, closedAtMs, closedBy: by.user } };
      const made = await this.maker.signBalance(closed, by, await this.maker.lastBalance(batchId));
      const row = await rowOf(made, batchId, by, closedAtMs);
      const isUnchanged = (): boolean =>
        !database.batches.hasChangedSince(batchId, now.lastEventId) &&
        this.#options.slots.runningOf(batchId) === 0;
      if (isUnchanged()) {
        const { counts } = made.document;
        batches.close(batchId, closedAtMs, by, () => {
          database.signedDocuments.add(row);
          audit.record(by, 'batch.close', batchId, { ...counts, sha256: made.sha256, keyId: made.keyId });
        });
        return { ...made, comparedAtMs: now.comparedAtMs, notCompared: now.notCompared };
      }
      if (attempt >= ATTEMPTS)
        throw new Fault('batch-unbalanced', `identities of batch ${now.batch.name} change right now`, {
          hint: 'Close it when no unit of it is on a slot and nothing is being sent.',
          details: { reason: 'its identities change right now' },
        });
    }
  }

  /** Faults: `batch-unbalanced`. */
  #requireBalanced({ batch, counts, lists, units, unissued, addsUp }: BalanceNow): void {
    const running = Math.max(units.running, this.#options.slots.runningOf(batch.batchId));
    if (addsUp && running === 0) return;
    const first = lists.open[0];
    const reasons = [
      ...(running === 0 ? [] : [`${counted(running, 'run')} not ended`]),
      ...(first === undefined
        ? []
        : [
            `${counted(counts.open, 'identity', 'identities')} not settled, as ${first.deviceName} (${first.open?.reason ?? ''})`,
          ]),
      ...(unissued[0] === undefined ? [] : [`run ${unissued[0].runId} has an identity that nothing issued`]),
    ];
    const reason = reasons.join('; ');
    throw new Fault('batch-unbalanced', `batch ${visibleLine(batch.name)} does not add up: ${reason}`, {
      hint: `"batch balance ${batch.batchId}" lists each open identity with what to do.`,
      details: { reason, open: counts.open, running },
    });
  }

  async #keep(
    made: SignedDocument<BatchBalance | BirthCertificate>,
    subject: string,
    by: Actor,
  ): Promise<void> {
    const { database, audit, clock } = this.#options;
    const row = await rowOf(made, subject, by, clock.nowMs());
    const { kind, sha256, keyId } = row;
    database.transaction(() => {
      database.signedDocuments.add(row);
      audit.record(by, 'document.sign', subject, { kind, sha256, keyId });
    });
  }
}

async function rowOf(
  { document, file, sha256, keyId }: SignedDocument<BatchBalance | BirthCertificate>,
  subject: string,
  by: Actor,
  madeAtMs: number,
): Promise<SignedDocumentRow> {
  const content = await deflate(file);
  return { kind: document.kind, subject, keyId, sha256, content, madeAtMs, madeBy: by.user };
}

type BalanceBody = Omit<
  BatchBalance,
  'kind' | 'version' | 'station' | 'signedAt' | 'signedBy' | 'appVersion' | 'previous'
>;

/** @param like the balance to compare with: the comparison with the registry is taken from it where both have one */
function balanceOf(now: BalanceNow, like: BatchBalance | null): BalanceBody {
  const { batch, units, fromElsewhere, counts, addsUp, lists, comparedAtMs, recipe, firmware } = now;
  const compared = comparedAtMs === null ? null : new Date(comparedAtMs).toISOString();
  const { closedAtMs, closedBy } = batch;
  return {
    batch: {
      id: batch.batchId,
      name: batch.name,
      productId: batch.productId,
      quantity: batch.quantity,
      createdAt: new Date(batch.createdAtMs).toISOString(),
      closed: closedAtMs === null ? null : { at: new Date(closedAtMs).toISOString(), by: closedBy ?? '' },
      recipe,
      firmware,
    },
    units,
    fromElsewhere,
    counts,
    addsUp,
    comparedWithRegistryAt: compared === null ? null : (like?.comparedWithRegistryAt ?? compared),
    lists,
  };
}

/** A balance with the same content is not signed again; one that was compared since it was not, is. */
async function isSameBalance(last: BatchBalance, now: BalanceBody): Promise<boolean> {
  const { batch, units, fromElsewhere, counts, addsUp, comparedWithRegistryAt, lists } = last;
  const was = { batch, units, fromElsewhere, counts, addsUp, comparedWithRegistryAt, lists };
  const is = now.comparedWithRegistryAt === null ? { ...now, comparedWithRegistryAt } : now;
  return (await inTurns(is)) === (await inTurns(was));
}
