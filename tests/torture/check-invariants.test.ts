import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { auditIdentity } from '#station';
import { checkInvariants, type FinalState } from '../../bench/torture/check-invariants.ts';
import { noFindings } from '../../bench/torture/findings.ts';
import { openSampleStore } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';

it('reports a refused event as a duplicate only when the registry has its record', () => {
  using dir = tempDir('invariants');
  const registryDir = join(dir.path, 'registry');
  mkdirSync(registryDir);
  openRegistryStore(registryDir)[Symbol.dispose]();
  const dataDir = join(dir.path, 'station');
  const database = openSampleStore(dataDir);
  const refused: readonly [kind: string, reason: string][] = [
    ['run.finished', 'run-known: reported before'],
    ['run.finished', 'key-reused: another content'],
    ['identity.retired', 'identity-retired: retired already'],
    ['run.finished', 'identity-retired: may not be used again'],
    ['run.finished', 'unstorable: the disk is full'],
  ];
  for (const [at, [kind, reason]] of refused.entries()) {
    database.outbox.add({ key: `${at}`, orderKey: 'A', kind, payload: '{}', createdAtMs: at });
    database.outbox.park(at + 1, reason, at);
  }
  const { violations, ...counts } = auditIdentity(database);
  database.close();
  const state: FinalState = {
    sut: { name: 'T1', dataDir, flashDir: dir.path, units: [], announced: new Map() },
    pending: 0,
    counts,
    violations,
    auditBrokenAt: null,
    unfinished: 0,
    identities: [],
  };
  const findings = noFindings();
  checkInvariants([state], registryDir, findings);
  expect(findings.duplicateEvents).toEqual(
    refused.slice(0, 3).map(([, reason], at) => `T1: ${at} is parked: ${reason}`),
  );
  expect(findings.lostResults).toEqual(
    refused.slice(3).map(([, reason], at) => `T1: ${at + 3} is parked: ${reason}`),
  );
});
