import { AT_COMMANDS, AT_LIMITS, AT_TIMEOUTS, CME_CODE } from '#shared/domain/at-module.ts';

import { ParameterReader } from '../parameter-reader.ts';
import { responseDelay, type Command } from '../session.ts';

const NOT_CONFIRMED = 202;

/** `AT+TCMQTTPUBL` and `AT+TCMQTTPUBRAW`: the raw payload follows a `>` and is not echoed. */
function longPublish(name: string, payloadOf: (raw: Uint8Array) => Uint8Array): Command {
  return async (session, invocation) => {
    await responseDelay(session);
    if (invocation.form === 'test') {
      const fields = `"TOPIC_NAME(maxlen ${AT_LIMITS.topicBytes})","QOS(0/1)","LEN(1-${AT_LIMITS.longPayloadBytes})"`;
      return session.write.answer(session.write.field(name, fields));
    }
    if (invocation.form !== 'set') return session.write.unknown();
    if (!session.connection.connected) return session.write.cme(CME_CODE.wrongState);
    const read = new ParameterReader(invocation.parameters);
    const topic = read.text(AT_LIMITS.topicBytes);
    const qos = read.number(0, 1);
    const length = read.number(1, AT_LIMITS.longPayloadBytes);
    if (topic === null || qos === null || length === null || !read.finished)
      return session.write.cme(CME_CODE.invalidParameter);
    session.write.accepted();
    session.write.lines('>');
    const raw = await session.readPayload(length, AT_TIMEOUTS.longPayloadMs);
    if (raw === null) return session.write.cme(CME_CODE.invalidParameter);
    const timeoutMs = session.memory.mqtt?.timeoutMs ?? AT_LIMITS.commandTimeoutMinMs;
    const sent = await session.connection.publish(topic, payloadOf(raw), qos === 1 ? 1 : 0, timeoutMs);
    session.signal.throwIfAborted();
    if (sent) session.write.done(name);
    else session.write.failed(name, NOT_CONFIRMED);
  };
}

/** The long form has the escapes of the short one; the raw form has none. */
function unescaped(raw: Uint8Array): Uint8Array {
  return Buffer.from(
    Buffer.from(raw)
      .toString('latin1')
      .replace(/\\([",])/g, '$1'),
    'latin1',
  );
}

export const MQTT_LONG_PUBLISH_COMMANDS: Readonly<Record<string, Command>> = {
  [AT_COMMANDS.mqttPublishLong]: longPublish('TCMQTTPUBL', unescaped),
  [AT_COMMANDS.mqttPublishRaw]: longPublish('TCMQTTPUBRAW', (raw) => raw),
};
