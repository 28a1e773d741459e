import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScan, type Scan } from '#shared/domain/scan/index.ts';

const serial = (serialNumber: string): Scan => ({ kind: 'serial', serialNumber, candidates: [serialNumber] });

describe('a scanned text', () => {
  it.each([
    ['#GW#START#', { kind: 'start' }],
    ['#gw#stop#', { kind: 'stop' }],
    [' #GW#ACK# ', { kind: 'acknowledge' }],
    ['#gw#pass#', { kind: 'pass' }],
    ['#GW#FAIL#', { kind: 'fail' }],
    ['#GW#CHOICE,dark-red#', { kind: 'choice', value: 'dark-red' }],
    ['#GW#CHOICE#', { kind: 'unknown-command', text: '#GW#CHOICE#' }],
    ['#GW#CHOICE,#', { kind: 'unknown-command', text: '#GW#CHOICE,#' }],
    ['#GW#SLOT,3#', { kind: 'slot', slot: 3 }],
    ['\u0002SN000001\u0003', serial('SN000001')],
    ['\ufeffSN000001\r', serial('SN000001')],
    [']Q1#GW#START#', { kind: 'start' }],
    ['＃ＧＷ＃ＳＬＯＴ，３＃', { kind: 'slot', slot: 3 }],
    ['', { kind: 'blank' }],
    [' \t\r\n', { kind: 'blank' }],
    ['#GW#SLOT#', { kind: 'unknown-command', text: '#GW#SLOT#' }],
    ['#GW#SLOT,123#', { kind: 'unknown-command', text: '#GW#SLOT,123#' }],
    ['#GW#SLOT,-1#', { kind: 'unknown-command', text: '#GW#SLOT,-1#' }],
    ['#XX#START#', { kind: 'unknown-command', text: '#XX#START#' }],
    ['序列号1', serial('序列号1')],
  ])('%j', (line, scan) => {
    expect(parseScan(line)).toEqual(scan);
  });

  it('always has a kind, and a serial number is never blank and never begins like a command', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        const scan = parseScan(line);
        if (scan.kind !== 'serial') return;
        expect(scan.serialNumber.trim()).toBe(scan.serialNumber);
        expect(scan.serialNumber).not.toBe('');
        expect(scan.serialNumber.startsWith('#')).toBe(false);
        expect(parseScan(scan.serialNumber)).toMatchObject({
          kind: 'serial',
          serialNumber: scan.serialNumber,
        });
      }),
    );
  });
});
