import { AT_COMMANDS, CME_CODE, WIFI_LIMITS } from '#shared/domain/at-module.ts';

import { ParameterReader } from '../parameter-reader.ts';
import { responseDelay, type Command, type Session } from '../session.ts';

const SOFT_AP = 'TCSAP';
const SMART_CONFIG = 'TCSTARTSMART';
const START_MS = 300;
const LEAST_PASSWORD_BYTES = 8;
const HIGHEST_CHANNEL = 13;

/** `AT+TCSAP="<ssid>"[,"<password>",<channel>]`: an access point of the module, in which an app gives it network and token. */
const startSoftAp: Command = async (session, invocation) => {
  await responseDelay(session);
  const { write } = session;
  if (invocation.form === 'test') return write.answer(write.field(SOFT_AP, '"SSID","PWD",CHANNEL'));
  if (invocation.form !== 'set') return write.unknown();
  if (session.connection.isOpen || session.provisioning.isRunning) return write.cme(CME_CODE.wrongState);
  const read = new ParameterReader(invocation.parameters);
  const ssid = read.text(WIFI_LIMITS.ssidBytes);
  const password = read.optionalText(WIFI_LIMITS.passwordBytes, '');
  const channel = read.optionalNumber(1, HIGHEST_CHANNEL, 1);
  const isShort = password !== null && password !== '' && password.length < LEAST_PASSWORD_BYTES;
  if (ssid === null || password === null || channel === null || isShort || !read.finished)
    return write.cme(CME_CODE.invalidParameter);
  await start(session, SOFT_AP, 2);
};

const startSmartConfig: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form === 'test') return session.write.answer();
  if (form !== 'execute') return session.write.unknown();
  if (session.connection.isOpen || session.provisioning.isRunning)
    return session.write.cme(CME_CODE.wrongState);
  await start(session, SMART_CONFIG, 1);
};

async function start(
  session: Session,
  way: typeof SOFT_AP | typeof SMART_CONFIG,
  mode: number,
): Promise<void> {
  const { write, network, context, signal, provisioning } = session;
  write.accepted();
  network.leave();
  network.setMode(mode, false);
  await context.wait(START_MS, signal);
  session.track(provisioning.run(way, write, signal));
  write.done(way);
}

const stop =
  (way: typeof SOFT_AP | typeof SMART_CONFIG, name: string): Command =>
  async (session, { form }) => {
    await responseDelay(session);
    if (form === 'test') return session.write.answer();
    if (form !== 'execute') return session.write.unknown();
    if (!session.provisioning.stop(way)) return session.write.cme(CME_CODE.wrongState);
    session.write.accepted();
    session.write.done(name);
  };

export const PROVISIONING_COMMANDS: Readonly<Record<string, Command>> = {
  [AT_COMMANDS.softApStart]: startSoftAp,
  [AT_COMMANDS.softApStop]: stop(SOFT_AP, 'TCSTOPSAP'),
  [AT_COMMANDS.smartConfigStart]: startSmartConfig,
  [AT_COMMANDS.smartConfigStop]: stop(SMART_CONFIG, 'TCSTOPSMART'),
};
