import { AT_COMMANDS, AT_MODULE_LINES, CME_CODE } from '#shared/domain/at-module.ts';

import { ParameterReader } from '../parameter-reader.ts';
import { responseDelay, type Command } from '../session.ts';

const attention: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form === 'execute') session.write.answer();
  else session.write.unknown();
};

function setEcho(on: boolean): Command {
  return async (session, { form }) => {
    await responseDelay(session);
    if (form !== 'execute') return session.write.unknown();
    if (on || session.context.faults.get('echo-on') === null) session.memory.echo = on;
    session.write.answer();
  };
}

const version: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form !== 'execute') return session.write.unknown();
  const { firmware } = session;
  session.write.answer(
    `AT version:${firmware.atCore}`,
    `SDK version:${firmware.sdk}`,
    `compile time:${firmware.compiledAt}`,
    `Bin version:${firmware.version}`,
  );
};

const moduleInfo: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form !== 'execute') return session.write.unknown();
  const { mac } = session.context;
  const { firmware } = session;
  session.write.answer(
    `${AT_MODULE_LINES.hardware}: ${firmware.hardware}`,
    `${AT_MODULE_LINES.firmware}: ${firmware.version}`,
    `${AT_MODULE_LINES.mac}: ${session.dialect.upperCaseMac ? mac.toUpperCase() : mac.toLowerCase()}`,
    `${AT_MODULE_LINES.compiledAt}: ${firmware.compiledAt}`,
    // The logs of two certification runs differ only in this line.
    `${AT_MODULE_LINES.flashSize}:${session.dialect.blankAfterColon ? '' : ' '}${firmware.flashSize}`,
  );
};

/** Voltage at the ADC pin in 1/1024 V: a command of ESP-AT on the ESP8266, not of the platform. */
const adc: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form !== 'query') return session.write.unknown();
  const { measure, random } = session.context;
  session.write.answer(
    session.write.field('SYSADC', `${Math.round(measure('adc', 812)) + random.integer(-2, 2)}`),
  );
};

/** The key that enables the module's log, from its published firmware and test tool. */
const LOG_KEY = 86_013_388;

/** `AT+TCLOG=<key>,<level>`. A wrong key sets level 1. The vendor's host drivers omit the key. */
const log: Command = async (session, invocation) => {
  await responseDelay(session);
  const { write, memory } = session;
  if (invocation.form === 'test') return write.answer(write.field('TCLOG', '<log_level>'));
  if (invocation.form === 'query') return write.answer(write.field('TCLOG', String(memory.logLevel)));
  if (invocation.form !== 'set') return write.unknown();
  const read = new ParameterReader(invocation.parameters);
  const key = (invocation.parameters?.length ?? 0) > 1 ? read.number(0, 0x7fff_ffff) : LOG_KEY;
  const level = read.number(0, key === LOG_KEY ? 4 : 0x7fff_ffff);
  if (key === null || !read.finished) return write.refused();
  if (level === null) return write.cme(CME_CODE.invalidParameter);
  memory.logLevel = key === LOG_KEY ? level : 1;
  write.answer();
};

/** Free memory, a query of ESP-AT's test tool. */
const freeMemory: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form !== 'query') return session.write.unknown();
  session.write.answer(`+SYSRAM:${session.context.random.integer(21_000, 24_000)}`);
};

const restart: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form !== 'execute') return session.write.unknown();
  session.write.answer();
  session.restart();
};

export const SYSTEM_COMMANDS: Readonly<Record<string, Command>> = {
  [AT_COMMANDS.test]: attention,
  [AT_COMMANDS.echoOff]: setEcho(false),
  [AT_COMMANDS.echoOn]: setEcho(true),
  [AT_COMMANDS.restart]: restart,
  [AT_COMMANDS.firmwareVersion]: version,
  [AT_COMMANDS.module]: moduleInfo,
  'AT+SYSADC': adc,
  'AT+SYSRAM': freeMemory,
  'AT+TCLOG': log,
};
