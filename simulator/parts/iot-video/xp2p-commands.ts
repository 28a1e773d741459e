import { type Command, responseDelay } from '../at/index.ts';
import type { Xp2p } from './xp2p.ts';

/** `AT+FTXP2P?` of the sample products' factory console: the status code of the peer-to-peer service. */
export function xp2pCommands(xp2p: Xp2p): Readonly<Record<string, Command>> {
  return {
    async 'AT+FTXP2P'(session, { form }) {
      await responseDelay(session);
      if (form !== 'query') return session.write.unknown();
      session.write.answer(session.write.field('FTXP2P', String(xp2p.code())));
    },
  };
}
