import { AT_COMMANDS, AT_LIMITS, CME_CODE } from '#shared/domain/at-module.ts';

import { ParameterReader } from '../parameter-reader.ts';
import { responseDelay, type Command } from '../session.ts';
import { topicsOf } from '../topics.ts';

const OTA = 'TCOTASET';
const FIRMWARE_INFO = 'TCFWINFO';
const FIRMWARE_DATA = 'TCREADFWDATA';
const EXCHANGE_TIMEOUT_MS = 5_000;

/** Enables updates: subscribes to them and reports the version (section 6.4). The module then stores updates for its host. */
const otaSet: Command = async (session, invocation) => {
  await responseDelay(session);
  switch (invocation.form) {
    case 'test':
      return session.write.answer(session.write.field(OTA, '1(ENABLE)/0(DISABLE),"FW_version"'));
    case 'query': {
      const { ota } = session.memory;
      if (ota === null) return session.write.cme(CME_CODE.wrongState);
      // Of the queries, this one and that of the stored firmware say their OK first.
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
      const before = session.memory.ota;
      // An update may come as soon as the module has subscribed.
      session.memory.ota = { enabled: enabled === 1, version };
      const ok =
        enabled === 0
          ? await session.connection.unsubscribe(topics.otaUpdate, EXCHANGE_TIMEOUT_MS)
          : (await session.connection.subscribe(topics.otaUpdate, 1, EXCHANGE_TIMEOUT_MS)) &&
            (await session.connection.publish(topics.otaReport, report, 1, EXCHANGE_TIMEOUT_MS));
      session.signal.throwIfAborted();
      if (ok) return session.write.done(OTA);
      session.memory.ota = before;
      return session.write.failed(OTA, CME_CODE.timeout);
    }
  }
};

/** Room for the firmware of the host, in bytes. */
const CACHE_BYTES = 716_800;

/** What the host asks for first: version, size, MD5 and room. It begins to read from the start again. */
const firmwareInfo: Command = async (session, { form }) => {
  await responseDelay(session);
  const { write, memory } = session;
  const { cached, isWhole } = session.ota.memory;
  if (form !== 'query') return write.unknown();
  if (cached === null || !isWhole) return write.cme(CME_CODE.noFirmware);
  memory.firmwareOffset = 0;
  const info = `"${cached.version}",${cached.sizeBytes},"${cached.md5}",${CACHE_BYTES}`;
  write.lines('OK', write.field(FIRMWARE_INFO, info));
};

/** The next bytes as they are, fewer at the end; the document prints digits (`at_read_fw_data_setup` of `qcloud_at_cmd.c`). */
const readFirmware: Command = async (session, invocation) => {
  await responseDelay(session);
  const { write, memory } = session;
  const { cached, isWhole } = session.ota.memory;
  if (invocation.form !== 'set') return write.unknown();
  const read = new ParameterReader(invocation.parameters);
  const length = read.number(1, AT_LIMITS.longPayloadBytes);
  if (length === null || !read.finished) return write.cme(CME_CODE.invalidParameter);
  const bytes = cached?.bytes.subarray(memory.firmwareOffset, memory.firmwareOffset + length);
  if (bytes === undefined || !isWhole || bytes.length === 0) return write.cme(CME_CODE.noFirmware);
  memory.firmwareOffset += bytes.length;
  write.accepted();
  write.content(FIRMWARE_DATA, bytes);
};

export const OTA_COMMANDS: Readonly<Record<string, Command>> = {
  [AT_COMMANDS.otaSet]: otaSet,
  [AT_COMMANDS.firmwareInfo]: firmwareInfo,
  [AT_COMMANDS.readFirmware]: readFirmware,
};
