import { AT_COMMANDS, AT_DEFAULTS, AT_LIMITS, AT_TLS_MODE, CME_CODE } from '#shared/domain/at-module.ts';

import type { StoredIdentity } from '../../../flash/index.ts';
import { blockCheck, storeIdentity } from '../../identity/index.ts';
import type { Parameter } from '../parse-command.ts';
import { registerAtGateway } from '../register-at-gateway.ts';
import { ParameterReader } from '../parameter-reader.ts';
import { flashWriteDelay, responseDelay, type Command, type ProductInfo, type Session } from '../session.ts';

const DEVICE_INFO = replyName(AT_COMMANDS.deviceInfo);
const PRODUCT_INFO = replyName(AT_COMMANDS.productInfo);
const REGISTER = replyName(AT_COMMANDS.register);
/** Code of a cloud that does not let devices register: registration is not enabled for the product. */
const REGISTRATION_DISABLED = 1011;
/** The module's local error for a host that cannot be resolved, because no network is joined. */
const NO_NETWORK = -602;
const RESTORE = replyName(AT_COMMANDS.restore);

/** The name of a command in its replies: without `AT+`. */
function replyName(command: string): string {
  return command.slice('AT+'.length);
}

const deviceInfo: Command = async (session, invocation) => {
  await responseDelay(session);
  switch (invocation.form) {
    case 'test': {
      const name = session.dialect.shortTestName ? 'TCDEVINFO' : DEVICE_INFO;
      const mode = session.dialect.shortTestName ? 'TLS_MODE (1)' : 'TLS_MODE(1)';
      const fields = [mode, 'PRODUCT_ID', 'DEVICE_NAME', 'DEVICE_SECRET_BCC', 'PRODUCT_REGION'];
      return session.write.answer(session.write.field(name, fields.map((field) => `"${field}"`).join(',')));
    }
    case 'query':
      return reportIdentity(session);
    case 'set':
      return setIdentity(session, invocation.parameters);
    case 'execute':
      return session.write.unknown();
  }
};

function reportIdentity(session: Session): void {
  const stored = session.context.flash.identity;
  if (stored === null && session.dialect.emptyIdentity === 'error')
    return session.write.cme(CME_CODE.flashError);
  const quote = session.dialect.quotedNames ? '"' : '';
  const quoted = (text: string): string => `${quote}${text}${quote}`;
  const fields = [
    AT_TLS_MODE.key,
    quoted(stored?.productId ?? ''),
    quoted(stored?.deviceName ?? ''),
    blockCheck(stored?.deviceSecret ?? ''),
    quoted(stored?.region ?? AT_DEFAULTS.region),
  ];
  session.write.answer(session.write.field(DEVICE_INFO, fields.join(',')));
}

function parseIdentity(parameters: readonly Parameter[] | null): StoredIdentity | null {
  const read = new ParameterReader(parameters);
  const mode = read.number(AT_TLS_MODE.key, AT_TLS_MODE.key);
  const productId = read.text(AT_LIMITS.productIdBytes);
  const deviceName = read.text(AT_LIMITS.deviceNameBytes);
  const deviceSecret = read.text(AT_LIMITS.deviceSecretBytes);
  const region = read.optionalText(AT_LIMITS.regionBytes, AT_DEFAULTS.region);
  if (
    mode === null ||
    productId === null ||
    deviceName === null ||
    deviceSecret === null ||
    region === null
  ) {
    return null;
  }
  return read.finished ? { productId, deviceName, deviceSecret, region } : null;
}

async function setIdentity(session: Session, parameters: readonly Parameter[] | null): Promise<void> {
  if (session.connection.isOpen) return session.write.cme(CME_CODE.wrongState);
  const identity = parseIdentity(parameters);
  if (identity === null) return session.write.cme(CME_CODE.invalidParameter);
  const rejected = session.context.faults.take('reject-write');
  if (rejected?.reply === 'cme') return session.write.cme(CME_CODE.flashError);
  session.write.accepted();
  await flashWriteDelay(session);
  if (rejected !== null) return session.write.failed(DEVICE_INFO, CME_CODE.flashError);
  switch (await storeIdentity(session.context, identity, session.restart)) {
    case 'stored':
      return session.write.done(DEVICE_INFO);
    case 'failed':
      return session.write.failed(DEVICE_INFO, CME_CODE.flashError);
    case 'no-reply':
      return;
  }
}

const productInfo: Command = async (session, invocation) => {
  await responseDelay(session);
  switch (invocation.form) {
    case 'test': {
      const fields = ['TLS_MODE(1)', 'PRODUCT_ID', 'PRODUCT_SECRET_BCC', 'DEVICE_NAME', 'PRODUCT_REGION'];
      return session.write.answer(
        session.write.field(PRODUCT_INFO, fields.map((field) => `"${field}"`).join(',')),
      );
    }
    case 'query': {
      const stored = session.product.info;
      if (stored === null) return session.write.cme(CME_CODE.flashError);
      const check = blockCheck(stored.productSecret);
      const fields = `${AT_TLS_MODE.key},"${stored.productId}",${check},"${stored.deviceName}","${stored.region}"`;
      return session.write.answer(session.write.field(PRODUCT_INFO, fields));
    }
    case 'set': {
      if (session.connection.isOpen) return session.write.cme(CME_CODE.wrongState);
      const info = parseProductInfo(invocation.parameters);
      if (info === null) return session.write.cme(CME_CODE.invalidParameter);
      session.write.accepted();
      await flashWriteDelay(session);
      session.product.info = info;
      return session.write.done(PRODUCT_INFO);
    }
    case 'execute':
      return session.write.unknown();
  }
};

function parseProductInfo(parameters: readonly Parameter[] | null): ProductInfo | null {
  const read = new ParameterReader(parameters);
  const mode = read.number(AT_TLS_MODE.key, AT_TLS_MODE.key);
  const productId = read.text(AT_LIMITS.productIdBytes);
  const productSecret = read.text(AT_LIMITS.productSecretBytes);
  const deviceName = read.text(AT_LIMITS.deviceNameBytes);
  const region = read.optionalText(AT_LIMITS.regionBytes, AT_DEFAULTS.region);
  if (
    mode === null ||
    productId === null ||
    productSecret === null ||
    deviceName === null ||
    region === null
  ) {
    return null;
  }
  return read.finished ? { productId, productSecret, deviceName, region } : null;
}

/** Registers at the gateway and stores the identity. Without a gateway the reply is the cloud's "not enabled". */
const register: Command = async (session, invocation) => {
  await responseDelay(session);
  if (invocation.form === 'test') return session.write.answer();
  if (invocation.form !== 'execute') return session.write.unknown();
  if (session.connection.isOpen) return session.write.cme(CME_CODE.wrongState);
  session.write.accepted();
  await session.context.wait(200, session.signal);
  const { info } = session.product;
  const { gatewayUrl } = session.context;
  if (info === null) return session.write.failed(REGISTER, CME_CODE.flashError);
  if (!session.network.joined) return session.write.failed(REGISTER, NO_NETWORK);
  if (gatewayUrl === null) return session.write.failed(REGISTER, REGISTRATION_DISABLED);
  const form = session.dialect.shortTestName ? 'current' : 'legacy';
  const result = await registerAtGateway(
    { gatewayUrl, info, form, context: session.context },
    session.signal,
  );
  session.signal.throwIfAborted();
  if (!result.ok) return session.write.failed(REGISTER, result.code);
  await flashWriteDelay(session);
  const { productId, deviceName, region } = info;
  const identity = { productId, deviceName, deviceSecret: result.deviceSecret, region };
  switch (await storeIdentity(session.context, identity, session.restart)) {
    case 'stored':
      return session.write.done(REGISTER);
    case 'failed':
      return session.write.failed(REGISTER, CME_CODE.flashError);
    case 'no-reply':
      return;
  }
};

const restore: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form === 'test') return session.write.answer(session.write.field(RESTORE, 'CLEAR CONFIG AND RESET'));
  if (form !== 'execute') return session.write.unknown();
  if (session.connection.isOpen) return session.write.cme(CME_CODE.wrongState);
  session.write.accepted();
  await flashWriteDelay(session);
  session.product.info = null;
  await session.context.flash.eraseIdentity();
  session.restart();
};

export const IDENTITY_COMMANDS: Readonly<Record<string, Command>> = {
  [AT_COMMANDS.deviceInfo]: deviceInfo,
  [AT_COMMANDS.productInfo]: productInfo,
  [AT_COMMANDS.register]: register,
  [AT_COMMANDS.restore]: restore,
};
