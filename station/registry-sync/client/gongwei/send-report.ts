import { open } from 'node:fs/promises';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import {
  CHUNK_HASH_HEADER,
  fillPath,
  MAX_CHUNK_BYTES,
  REGISTRY_PATH,
  stationReportReply,
} from '#shared/registry-api/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { SentReport } from '../registry-client.ts';
import { call, type Endpoint } from './request.ts';

/** A chunk over a slow network: 1 MiB at 256 kbit/s. */
const CHUNK_TIMEOUT_MS = 60_000;

/** Sends a file to the registry, from where an earlier call ended. Faults: those of `RegistryClient`; those of reading. */
export async function sendReport(
  endpoint: Endpoint,
  { key, name, path, sizeBytes, sha256 }: SentReport,
  signal: AbortSignal,
): Promise<void> {
  let reply = await call(endpoint, {
    method: 'POST',
    path: REGISTRY_PATH.stationReports,
    body: { key, name, sizeBytes, sha256 },
    reply: stationReportReply,
    signal,
  });
  if (reply.isComplete) return;
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(MAX_CHUNK_BYTES, sizeBytes));
    while (!reply.isComplete) {
      const offset = reply.receivedBytes;
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0) throw new Fault('internal', `${name} is shorter than it was when it was written`);
      const bytes = buffer.subarray(0, bytesRead);
      reply = await call(endpoint, {
        method: 'PUT',
        path: fillPath(REGISTRY_PATH.stationReport, { reportId: reply.reportId }),
        headers: {
          'content-range': `bytes ${offset}-${offset + bytesRead - 1}/${sizeBytes}`,
          [CHUNK_HASH_HEADER]: sha256Hex(bytes),
        },
        body: bytes,
        reply: stationReportReply,
        signal,
        timeoutMs: Math.max(endpoint.timeoutMs, CHUNK_TIMEOUT_MS),
      });
    }
  } finally {
    await file.close();
  }
}
