import { ed25519Fingerprint, ed25519PublicKey, ed25519SignNow } from '../../../../node-kit/crypto/index.ts';
import { canonicalJson } from '../../../../shared/codec/canonical-json.ts';
import {
  balanceText,
  type BatchBalance,
  type BirthCertificate,
  documentFile,
  type SignedKind,
  signedBytes,
  textFile,
} from '../../../../shared/signed/index.ts';

export const KEY_A = Buffer.alloc(32, 7);
export const KEY_B = Buffer.alloc(32, 8);

/** Serial number and name have letters with two forms in Unicode. */
export const CERTIFICATE: BirthCertificate = {
  kind: 'birth-certificate',
  version: 1,
  station: 'Montage é 一号',
  signedAt: '2026-12-01T04:37:06.000Z',
  signedBy: 'Chén',
  appVersion: '1.0.0',
  unit: { serialNumber: 'SN0001', id: '24:0A:C4:00:00:01', idKind: 'mac', model: 'ESP32' },
  identity: { productId: 'P1', deviceName: 'dev_1', state: 'registered' },
  firmware: { version: '1.2.0', sha256: '0'.repeat(64) },
  reportedFirmware: '1.2.0',
  recipe: { name: 'r', version: '1', hash: 'a'.repeat(64), locked: true },
  batch: { id: 'B1', name: '批次 一' },
  run: {
    id: 'R1',
    outcome: 'PASS',
    startedAt: '2026-12-01T04:30:06.000Z',
    finishedAt: '2026-12-01T04:30:16.000Z',
    station: 'Montage é 一号',
    slot: 1,
    operator: 'Lǐ',
    appVersion: '1.0.0',
    recordSha256: 'b'.repeat(64),
  },
  proof: { readBack: 'full', online: 'registry', unproven: false },
  measured: 1,
  measurements: [
    {
      phase: 'test',
      step: 'vcc',
      name: 'vcc',
      value: 3.3,
      unit: 'V',
      limits: '3.2 ≤ x ≤ 3.4',
      outcome: 'PASS',
    },
  ],
};

export const BALANCE: BatchBalance = {
  kind: 'batch-balance',
  version: 1,
  station: 'Montage é 一号',
  signedAt: '2026-12-01T04:37:06.000Z',
  signedBy: 'Chén',
  appVersion: '1.0.0',
  batch: {
    id: 'B1',
    name: '=1+1\t"批次"',
    productId: 'P1',
    quantity: 2,
    createdAt: '2026-12-01T04:00:00.000Z',
    closed: { at: '2026-12-01T04:37:06.000Z', by: 'Chén' },
    recipe: { name: 'r', version: '1', hash: 'a'.repeat(64), locked: true },
    firmware: null,
  },
  units: { passed: 1, notPassed: 1, runs: 3, running: 0 },
  fromElsewhere: 0,
  counts: { issued: 2, registered: 1, retired: 1, quarantined: 0, returned: 0, inDoubt: 0, open: 0 },
  addsUp: true,
  comparedWithRegistryAt: null,
  lists: {
    registered: [entry('dev_1', 'SN0001')],
    retired: [entry('dev_2', null)],
    quarantined: [],
    returned: [],
    inDoubt: [],
    open: [],
  },
  previous: null,
};

function entry(deviceName: string, serialNumber: string | null): BatchBalance['lists']['registered'][number] {
  const [unit, since, why] = [
    '24:0A:C4:00:00:01',
    '2026-12-01T04:30:16.000Z',
    'acknowledged by the registry',
  ];
  return { productId: 'P1', deviceName, serialNumber, unit, since, why, run: 'R1' };
}

/** A signed file of a document, as a station writes it. */
export function signed(document: BatchBalance | BirthCertificate, key: Uint8Array = KEY_A): Buffer {
  const content = canonicalJson(document);
  return Buffer.from(documentFile(content, signature(document.kind, content, key)));
}

export function signedText(balance: BatchBalance, key: Uint8Array = KEY_A): Buffer {
  const content = balanceText(balance);
  return Buffer.from(textFile(content, signature('batch-balance-text', content, key)));
}

/** A signature over any content. */
export function signature(kind: SignedKind, content: string, key: Uint8Array) {
  const publicKey = ed25519PublicKey(key);
  return {
    algorithm: 'Ed25519' as const,
    keyId: ed25519Fingerprint(publicKey),
    publicKey: publicKey.toString('base64'),
    value: ed25519SignNow(key, signedBytes(kind, Buffer.from(content))).toString('base64'),
  };
}
