import { expect, it } from 'vitest';
import {
  documentFile,
  type DocumentSignature,
  splitSignedFile,
  TEXT_STATION,
  TEXT_TITLE,
  textFile,
} from '#shared/signed/index.ts';

const SIGNATURE: DocumentSignature = {
  algorithm: 'Ed25519',
  keyId: '0'.repeat(64),
  publicKey: Buffer.alloc(44, 1).toString('base64'),
  value: Buffer.alloc(64, 1).toString('base64'),
};
const FILES = {
  json: documentFile('{"kind":"birth-certificate","station":"一号","version":1}', SIGNATURE),
  text: textFile(`${TEXT_TITLE}\n${TEXT_STATION}一号\n`, SIGNATURE),
};

it.each(Object.entries(FILES))(
  'a signed file (%s) that a program has written again is malformed, not unsigned',
  (_, file) => {
    expect(splitSignedFile(Buffer.from(file))).toMatchObject({ station: '一号' });
    for (const again of [
      Buffer.from(file.replaceAll('\n', '\r\n')),
      Buffer.from(`\uFEFF${file}`),
      Buffer.from(file, 'utf16le'),
      Buffer.from(`\uFEFF${file}`, 'utf16le').swap16(),
      Buffer.from(` \n${file}`),
      Buffer.concat([Buffer.from(file), Buffer.from([0xff])]),
    ])
      expect(splitSignedFile(again)).toBe('malformed');
    expect(splitSignedFile(Buffer.from(`x${file}`))).toBe('not-signed');
    expect(splitSignedFile(new Uint8Array())).toBe('not-signed');
  },
);
