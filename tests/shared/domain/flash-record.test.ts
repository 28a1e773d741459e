import { expect, it } from 'vitest';
import { FLASH_EVIDENCE, FLASH_PROOFS } from '#shared/domain/flash.ts';
import { flashRecords, formatFlashTransfer, isFlashFact } from '#shared/domain/flash-record.ts';
import { FLASH_EVIDENCE_WORDS, FLASH_PROOF_WORDS, flashedBeforeWords } from '#shared/domain/flash-words.ts';

const at = { phase: 'burn', step: 'flash', attempt: 1 };
const measured = (
  facts: Readonly<Record<string, string | number>>,
  place = at,
): { phase: string; step: string; attempt: number; name: string; value: string | number }[] =>
  Object.entries(facts).map(([name, value]) => ({ ...place, name, value }));
const NONE = { sha256: null, verifiedBy: null, bytes: null, offset: null, kbitPerSecond: null, before: null };

it('has what each step of a run has flashed, with its images in their order', () => {
  const transfer = formatFlashTransfer({ bytes: 262_144, offset: 0x1_0000, kbitPerSecond: 811.6 });
  const records = flashRecords([
    ...measured({
      'flash-chip': 'ESP32-C3',
      'flash-chip-id': '7CDFA1B0C501',
      'flash-baud-rate': 460_800,
      'flash-wanted-baud-rate': 921_600,
      'flash-protocol-verified-by': 'foreign-program, emulator',
      'flash-written': 262_144,
      'flash-speed': 812,
      'flash-proof:boot.bin': 'md5, not written again',
      'flash-transfer:boot.bin': formatFlashTransfer({ bytes: 21_504, offset: 0, kbitPerSecond: null }),
      'flash-sha256:a:b.bin': 'ab',
      'flash-proof:a:b.bin': 'read-back',
      'flash-transfer:a:b.bin': transfer,
      'flash-before:a:b.bin': 'MD5 cd',
      rssi: -50,
    }),
    ...measured({ 'flash-chip': 'ESP32-C3' }, { ...at, attempt: 2 }),
  ]);
  expect(records).toEqual([
    {
      ...at,
      chip: 'ESP32-C3',
      baudRate: 460_800,
      wantedBaudRate: 921_600,
      kbitPerSecond: 812,
      writtenBytes: 262_144,
      evidence: ['foreign-program', 'emulator'],
      images: [
        { ...NONE, name: 'boot.bin', verifiedBy: 'md5', skipped: true, bytes: 21_504, offset: 0 },
        {
          name: 'a:b.bin',
          sha256: 'ab',
          verifiedBy: 'read-back',
          skipped: false,
          bytes: 262_144,
          offset: 0x1_0000,
          kbitPerSecond: 812,
          before: 'MD5 cd',
        },
      ],
    },
    expect.objectContaining({ attempt: 2, baudRate: null, images: [] }),
  ]);
});

it('takes no other measurement for one of a flash, and reads runs of earlier versions', () => {
  expect(isFlashFact('flash-size')).toBe(false);
  expect(isFlashFact('constructor')).toBe(false);
  expect(flashRecords(measured({ rssi: -50, 'flash-size': 4 }))).toEqual([]);
  const [record] = flashRecords(measured({ 'flash-proof:a.bin': 'sorcery', 'flash-transfer:a.bin': '?' }));
  expect(record?.images).toEqual([{ ...NONE, name: 'a.bin', skipped: false }]);
});

it('names proofs, evidence and what was there before in both languages', () => {
  for (const words of [
    ...FLASH_PROOFS.map((one) => FLASH_PROOF_WORDS[one]),
    ...FLASH_EVIDENCE.map((one) => FLASH_EVIDENCE_WORDS[one]),
  ])
    expect(words['zh-CN'].replaceAll(/SHA-256|MD5|CRC/g, '')).not.toMatch(/[a-z]/i);
  const app = 'lamp, kitchen 1.4.2, SHA-256 of its program abcd';
  expect(flashedBeforeWords(app, 'en')).toBe(app);
  expect(flashedBeforeWords(app, 'zh-CN')).toBe('lamp, kitchen 1.4.2，程序的 SHA-256 abcd');
  expect(flashedBeforeWords('MD5 abcd', 'zh-CN')).toBe('MD5 abcd');
});
