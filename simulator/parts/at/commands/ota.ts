import { AT_COMMANDS, AT_LIMITS, CME_CODE } from '#shared/domain/at-module.ts';

import { ParameterReader } from '../parameter-reader.ts';
import { responseDelay, type Command } from '../session.ts';
import { topicsOf } from '../topics.ts';

const OTA = 'TCOTASET';
const EXCHANGE_TIMEOUT_MS = 5_000;

/** Enables updates: subscribes to them and reports the version (section 6.4). Nothing is downloaded. */
const otaSet: Command = async (session, invocation) => {
  await responseDelay(session);
  switch (invocation.form) {
    case 'test':
      return session.write.answer(session.write.field(OTA, '1(ENABLE)/0(DISABLE),"FW_version"'));
    case 'query': {
      const { ota } = session.memory;
      if (ota === null) return session.write.cme(CME_CODE.wrongState);
      // This query is the only one whose OK comes first.
      return session.write.lines('OK', session.write.field(OTA, `${ota.enabled ? 1 : 0},"${ota.version}"`));
    }
    case 'execute':
      return session.write.unknown();
    case 'set': {
      const identity = session.context.flash.identity;
      if (!session.connection.connected || identity === null) return session.write.cme(CME_CODE.wrongState);
      const read = new ParameterReader(invocation.parameters);
      const enabled = read.number(0, 1);
      const version = read.text(AT_LIMITS.firmwareVersionBytes);
      if (enabled === null || version === null || !read.finished)
        return session.write.cme(CME_CODE.invalidParameter);
      session.write.accepted();
      const topics = topicsOf(identity);
      const report = Buffer.from(JSON.stringify({ type: 'report_version', report: { version } }));
      const ok =
        enabled === 0
          ? await session.connection.unsubscribe(topics.otaUpdate, EXCHANGE_TIMEOUT_MS)
          : (await session.connection.subscribe(topics.otaUpdate, 1, EXCHANGE_TIMEOUT_MS)) &&
            (await session.connection.publish(topics.otaReport, report, 1, EXCHANGE_TIMEOUT_MS));
      session.signal.throwIfAborted();
      if (!ok) return session.write.failed(OTA, CME_CODE.timeout);
      session.memory.ota = { enabled: enabled === 1, version };
      return session.write.done(OTA);
    }
  }
};

/** The cache for the host's firmware is always empty. */
const noFirmware: Command = async (session) => {
  await responseDelay(session);
  session.write.cme(CME_CODE.noFirmware);
};

export const OTA_COMMANDS: Readonly<Record<string, Command>> = {
  [AT_COMMANDS.otaSet]: otaSet,
  [AT_COMMANDS.firmwareInfo]: noFirmware,
  [AT_COMMANDS.readFirmware]: noFirmware,
};
