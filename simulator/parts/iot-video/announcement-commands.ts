import { CME_CODE } from '#shared/domain/at-module.ts';
import { type Command, ParameterReader, responseDelay } from '../at/index.ts';
import type { Announcer } from './announcer.ts';
import { isValidNotice } from './notice-extension.ts';

const HIGHEST_ID = 255;

/**
 * `AT+FTEVENT=<id>` and `AT+FTNOTICE=<id>[,<ext>]` of the factory console: trigger an event or a notice. Error 204 for an
 * id that the device does not have, and for an `ext` that is invalid for the notice.
 */
export function announcementCommands(
  announce: Announcer,
  eventIds: readonly number[],
  noticeIds: readonly number[],
): Readonly<Record<string, Command>> {
  const event: Command = async (session, invocation) => {
    await responseDelay(session);
    if (invocation.form !== 'set') return session.write.unknown();
    const read = new ParameterReader(invocation.parameters);
    const id = read.number(1, HIGHEST_ID);
    if (id === null || !read.finished || !eventIds.includes(id))
      return session.write.cme(CME_CODE.invalidParameter);
    session.write.accepted();
    announce.event(id);
  };
  const notice: Command = async (session, invocation) => {
    await responseDelay(session);
    if (invocation.form !== 'set') return session.write.unknown();
    const read = new ParameterReader(invocation.parameters);
    const id = read.number(1, HIGHEST_ID);
    const ext = read.optionalNumber(1, HIGHEST_ID, undefined);
    if (id === null || ext === null || !read.finished || !noticeIds.includes(id))
      return session.write.cme(CME_CODE.invalidParameter);
    if (!isValidNotice(id, ext)) return session.write.cme(CME_CODE.invalidParameter);
    session.write.accepted();
    announce.notice(id, ext);
  };
  return noticeIds.length === 0 ? { 'AT+FTEVENT': event } : { 'AT+FTEVENT': event, 'AT+FTNOTICE': notice };
}
