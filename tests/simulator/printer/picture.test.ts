import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import bwip from 'bwip-js/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTsplRenderer, createZplRenderer, pngOf } from '../../../simulator/printer/picture/index.ts';
import { depth } from '../../support/depth.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { tempDir } from '../../support/temp-dir.ts';

const PAYLOAD = '{"v":1,"pid":"GWDEMO0001","dn":"demo_000001","sn":"SN000001","mac":"A2B7F1266E0A"}';
const TEXT = 'GW/DEMO-0001 a>b';

/** What zbarimg sees on a label, and dmtxread where a DataMatrix is, sorted. */
function seen(picture: Parameters<typeof pngOf>[0], hasMatrix = false): string[] {
  using dir = tempDir('label-picture');
  const png = join(dir.path, 'label.png');
  writeFileSync(png, pngOf(picture));
  return [
    ...lines('zbarimg', ['--raw', '-q', '--nodbus', png]),
    ...(hasMatrix ? lines('dmtxread', ['-n', '-N1', '-m8000', png]) : []),
  ].toSorted();
}

function lines(program: string, args: readonly string[]): string[] {
  try {
    return execFileSync(program, args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: PATIENCE_MS })
      .toString()
      .split('\n')
      .filter(Boolean);
  } catch (error) {
    // Both end with a status when they find no code.
    if ((error as { status?: unknown }).status !== null) return [];
    throw error;
  }
}

const zpl = (text: string) => createZplRenderer(203).render(Buffer.from(text, 'latin1'));
const tspl = (text: string | Buffer) => createTsplRenderer(203).render(Buffer.from(text as string, 'latin1'));

/** A QR code as packed bits, four dots for a module, with a quiet zone: rows of whole bytes. */
function graphic(): { bytes: Buffer; rowBytes: number; height: number } {
  const [symbol] = bwip.raw({ bcid: 'qrcode', text: PAYLOAD }) as unknown as {
    pixs: number[];
    pixx: number;
  }[];
  if (symbol === undefined) throw new Error('no symbol');
  const side = (symbol.pixx + 8) * 4;
  const rowBytes = Math.ceil(side / 8);
  const bytes = Buffer.alloc(rowBytes * side);
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) {
      const column = Math.floor(x / 4) - 4;
      const row = Math.floor(y / 4) - 4;
      const isInside = column >= 0 && row >= 0 && column < symbol.pixx && row < symbol.pixx;
      if (isInside && symbol.pixs[row * symbol.pixx + column] === 1)
        bytes[y * rowBytes + (x >> 3)]! |= 0x80 >> (x & 7);
    }
  return { bytes, rowBytes, height: side };
}

/** Zebra's repeat counts for hexadecimal digits, row by row. */
function compressed({ bytes, rowBytes }: { bytes: Buffer; rowBytes: number }): string {
  const rows = Array.from({ length: bytes.length / rowBytes }, (_, row) =>
    bytes.toString('hex', row * rowBytes, (row + 1) * rowBytes).toUpperCase(),
  );
  return rows
    .map((row, at) => {
      if (row === rows[at - 1]) return ':';
      const withoutZeros = row.replace(/0+$/, '');
      const runs = withoutZeros.match(/(.)\1*/g) ?? [];
      const text = runs.map((run) => {
        const [twenties, ones] = [Math.floor(run.length / 20), run.length % 20];
        const count =
          (twenties > 0 ? String.fromCharCode(0x66 + twenties) : '') +
          (ones > 0 ? String.fromCharCode(0x46 + ones) : '');
        return (run.length === 1 ? '' : count) + (run[0] ?? '');
      });
      return text.join('') + (withoutZeros.length < row.length ? ',' : '');
    })
    .join('');
}

function crc16(text: string): string {
  let crc = 0;
  for (const sign of Buffer.from(text)) {
    crc ^= sign << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc.toString(16).padStart(4, '0');
}

describe('labels written by hand', () => {
  it('in ZPL have their codes, whatever stands around them', () => {
    const escaped = PAYLOAD.replaceAll('_', '_5F').replaceAll('"', '_22');
    const { picture, copies, unknown } = zpl(
      `^XA^FX a comment^PW600^LL500^LH10,10^CI28
      ^FO20,20^BQN,2,4^FDMA,x^FS^FO20,20^GB700,700,700,W^FS
      ^FO20,20^BQN,2,4^FH^FDQA,${escaped}^FS
      ^FO300,20^BXN,5,200^FD${PAYLOAD}^FS
      ^BY2^FO40,260^BCN,80,Y,N,N^FDGW/DEMO-0001 a>0b^FS
      ^CF0,30^FO20,420^FD\u0041bc^FS^FO200,420^A0N,30,30^FB300,2,0,C^FDtwo lines of text^FS
      ^PQ3^XQ^XZ`.replaceAll('\n', '\r\n'),
    );
    expect({ copies, unknown, width: picture.width, height: picture.height }).toEqual({
      copies: 3,
      unknown: ['^XQ'],
      width: 600,
      height: 500,
    });
    expect(seen(picture, true)).toEqual([TEXT, PAYLOAD, PAYLOAD].toSorted());
  });

  it('in ZPL turn as their fields say, and keep size and fonts for the next label', () => {
    const renderer = createZplRenderer(203);
    const draw = (text: string) => renderer.render(Buffer.from(text, 'latin1')).picture;
    draw('^XA^PW420^LL500^BY2^XZ');
    for (const turn of ['N', 'R', 'I', 'B']) {
      const picture = draw(`^XA^FO30,30^BC${turn},90,N^FDTURN-${turn}^FS^XZ`);
      expect([picture.width, picture.height]).toEqual([420, 500]);
      expect(seen(picture)).toEqual([`TURN-${turn}`]);
      const atBase = draw(
        `^XA^FT${turn === 'I' ? 380 : 150},${turn === 'N' ? 200 : turn === 'B' ? 450 : 100}^BC${turn},90,N^FDBASE-${turn}^FS^XZ`,
      );
      expect(seen(atBase)).toEqual([`BASE-${turn}`]);
    }
  });

  it('in ZPL have graphics in each form of their data', () => {
    const { bytes, rowBytes } = graphic();
    const size = `${bytes.length},${bytes.length},${rowBytes}`;
    const z64 = deflateSync(bytes).toString('base64');
    const b64 = bytes.toString('base64');
    const packed = deflateSync(bytes);
    const label = (data: string) => `^XA^PW400^LL400^FO10,10^GF${data}^FS^XZ`;
    const forms = {
      hex: `A,${size},${bytes.toString('hex')}`,
      counts: `A,${size},${compressed({ bytes, rowBytes })}`,
      z64: `A,${size},:Z64:${z64}:${crc16(z64)}`,
      b64: `A,${size},:B64:${b64}:${crc16(b64)}`,
      bytes: `B,${size},${bytes.toString('latin1')}`,
      compressed: `C,${packed.length},${bytes.length},${rowBytes},${packed.toString('latin1')}`,
    };
    for (const [form, data] of Object.entries(forms)) {
      const { picture, unknown } = zpl(label(data));
      expect({ form, unknown, seen: seen(picture) }).toEqual({ form, unknown: [], seen: [PAYLOAD] });
    }
    expect(zpl(label(`A,${size},:Z64:${z64}:0000`)).unknown).toEqual(['^GFA']);
    // Data of another kind, and data that is not what was announced.
    expect(zpl(label(`C,${size},${bytes.toString('latin1')}`)).unknown).toEqual(['^GFC']);
    for (const announced of [bytes.length - rowBytes, bytes.length + rowBytes])
      expect(
        zpl(label(`C,${packed.length},${announced},${rowBytes},${packed.toString('latin1')}`)).unknown,
      ).toEqual(['^GFC']);
  });

  it('in TSPL have their codes and their number', () => {
    const { bytes, rowBytes, height } = graphic();
    const inverted = Buffer.from(bytes.map((byte) => byte ^ 0xff));
    const quoted = PAYLOAD.replaceAll('"', '\\["]');
    const head = 'SIZE 80 mm,60 mm\r\nGAP 2 mm,0\r\nDIRECTION 1\r\nCLS\r\n';
    const codes = tspl(
      `${head}QRCODE 20,20,M,4,A,0,M2,"${quoted}"\r\nDMATRIX 320,20,200,200,x5,"${quoted}"\r\n` +
        `BARCODE 40,280,"128",80,1,0,2,2,"${TEXT}"\r\nTEXT 20,420,"3",0,1,1,"text"\r\nBOX 4,4,636,476,3\r\nBAR 10,460,40,4\r\nMOVE 1\r\nPRINT 2,2\r\n`,
    );
    expect([codes.picture.width, codes.picture.height, codes.copies]).toEqual([640, 480, 4]);
    expect(codes.unknown).toEqual(['MOVE']);
    expect(seen(codes.picture, true)).toEqual([TEXT, PAYLOAD, PAYLOAD].toSorted());
    const drawn = tspl(
      Buffer.concat([
        Buffer.from(`${head}BITMAP 10,10,${rowBytes},${height},0,`),
        inverted,
        Buffer.from('\r\nPRINT 1\r\n'),
      ]),
    );
    expect(seen(drawn.picture)).toEqual([PAYLOAD]);
    for (const degrees of [0, 90, 180, 270]) {
      const turned = tspl(`${head}BARCODE 300,240,"128",60,0,${degrees},2,2,"T${degrees}"\r\nPRINT 1\r\n`);
      expect(seen(turned.picture)).toEqual([`T${degrees}`]);
    }
  });

  it('of any commands and numbers are drawn or reported, and never fail', () => {
    const number = fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: -50, max: 200 }) },
      fc.constantFrom(99_999_999, 0, -1),
      fc.constant(''),
    );
    const zplCommand = fc
      .tuple(
        fc.constantFrom(
          'FO',
          'FT',
          'FD',
          'FS',
          'GB',
          'GFA',
          'GFB',
          'BQN',
          'BXR',
          'BCN',
          'BY',
          'A0N',
          'CF0',
          'FB',
          'PW',
          'LL',
          'PQ',
          'FH',
          'ZZ',
        ),
        fc.array(number, { maxLength: 6 }),
        fc.string({ maxLength: 8 }),
      )
      .map(([name, numbers, text]) => `^${name},${numbers.join(',')},${text}`);
    const tsplCommand = fc
      .tuple(
        fc.constantFrom(
          'SIZE',
          'CLS',
          'BITMAP',
          'QRCODE',
          'DMATRIX',
          'BARCODE',
          'TEXT',
          'BAR',
          'BOX',
          'REVERSE',
          'ERASE',
          'PRINT',
          'WHAT',
        ),
        fc.array(number, { maxLength: 7 }),
        fc.string({ maxLength: 8 }),
      )
      .map(([name, numbers, text]) => `${name} ${numbers.join(',')},"${text}"\r\n`);
    fc.assert(
      fc.property(
        fc.array(zplCommand, { maxLength: 8 }),
        fc.array(tsplCommand, { maxLength: 8 }),
        (inZpl, inTspl) => {
          const labels = [
            zpl(`^XA^PW80^LL60${inZpl.join('')}^XZ`),
            tspl(`SIZE 10 mm,10 mm\r\n${inTspl.join('')}PRINT 1\r\n`),
          ];
          for (const { picture, copies } of labels) {
            expect(picture.width).toBeGreaterThan(0);
            expect(copies).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: depth({ short: 25, long: 100 }) },
    );
  });
});
