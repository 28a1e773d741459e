import { JsonObjects } from '../../station/devices/protocols/app-provisioning/json-objects.ts';
import { codesOfLog, readUnitAnswer } from '../../station/devices/protocols/app-provisioning/messages.ts';
import {
  readAccessPoint,
  readAddress,
  readMode,
  readServer,
  readVerdict,
} from '../../station/devices/protocols/at-module/wifi-replies.ts';
import type { Target } from './target.ts';

const seed = (...texts: string[]): Uint8Array[] => texts.map((text) => Buffer.from(text));

/** What a module says of its Wi-Fi over serial, and of its provisioning over UDP. */
export const TARGETS: readonly Target[] = [
  {
    name: 'at-wifi',
    seeds: seed(
      '+CWJAP:"line","a2:b7:00:00:00:01",6,-48\r\nOK',
      'No AP',
      '+CWMODE:1',
      '+CIPSTA:ip:"192.168.4.2"',
      '+TCMQTTSRV:NULL',
      '+TCSAP:WIFI_CONNECT_FAILED,10,2',
    ),
    feed(bytes) {
      const lines = Buffer.from(bytes).toString('utf8').split(/\r?\n/);
      readAccessPoint(lines);
      readMode(lines);
      readAddress(lines);
      readServer(lines);
      for (const line of lines) readVerdict(line);
    },
  },
  {
    name: 'app-provisioning',
    seeds: seed(
      '{"cmdType":2,"productId":"P","deviceName":"D","protoVersion":"2.0"}',
      '{"cmdType":2,"deviceReply":"Previous_Error","log":"ESP WIFI connect error! (10, 2)"}',
    ),
    feed(bytes) {
      const objects = new JsonObjects();
      const half = Math.floor(bytes.length / 2);
      for (const json of [...objects.push(bytes.subarray(0, half)), ...objects.push(bytes.subarray(half))]) {
        const answer = readUnitAnswer(json);
        if (answer?.kind === 'error') codesOfLog(answer.log);
      }
    },
  },
];
