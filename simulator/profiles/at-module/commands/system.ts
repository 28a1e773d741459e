import { AT_COMMANDS, AT_MODULE_LINES } from '#shared/domain/at-module.ts';

import { FIRMWARE } from '../firmware.ts';
import { thinking, type Command } from '../session.ts';

const attention: Command = async (session, { form }) => {
  await thinking(session);
  if (form === 'execute') session.write.answer();
  else session.write.unknown();
};

function setEcho(on: boolean): Command {
  return async (session, { form }) => {
    await thinking(session);
    if (form !== 'execute') return session.write.unknown();
    if (on || session.context.faults.get('echo-on') === null) session.memory.echo = on;
    session.write.answer();
  };
}

const version: Command = async (session, { form }) => {
  await thinking(session);
  if (form !== 'execute') return session.write.unknown();
  session.write.answer(
    `AT version:${FIRMWARE.atCore}`,
    `SDK version:${FIRMWARE.sdk}`,
    `compile time:${FIRMWARE.compiledAt}`,
    `Bin version:${FIRMWARE.version}`,
  );
};

const moduleInfo: Command = async (session, { form }) => {
  await thinking(session);
  if (form !== 'execute') return session.write.unknown();
  const { mac } = session.context;
  session.write.answer(
    `${AT_MODULE_LINES.hardware}: ${FIRMWARE.hardware}`,
    `${AT_MODULE_LINES.firmware}: ${FIRMWARE.version}`,
    `${AT_MODULE_LINES.mac}: ${session.dialect.upperCaseMac ? mac.toUpperCase() : mac.toLowerCase()}`,
    `${AT_MODULE_LINES.compiledAt}: ${FIRMWARE.compiledAt}`,
    // The logs of two certification runs differ in this line only.
    `${AT_MODULE_LINES.flashSize}:${session.dialect.blankAfterColon ? '' : ' '}${FIRMWARE.flashSize}`,
  );
};

const restart: Command = async (session, { form }) => {
  await thinking(session);
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
};
