import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { KEY_FRAGMENT } from '#shared/contract/kiosk-session.ts';
import type { SessionRef } from '#shared/rpc/index.ts';
import { passesOf } from './gate.ts';
import { SECURITY_HEADERS } from './headers.ts';
import type { Pass, Sessions } from './sessions.ts';

/** `POST /session` and `POST /tickets`; see `shared/contract/kiosk-session.ts`. The gate has seen the cookie. */
export function serveSession(
  app: FastifyInstance,
  sessions: Sessions,
  cookieName: () => string,
  sessionRefOf: (request: FastifyRequest) => SessionRef,
): void {
  app.post('/session', (request, reply) => {
    for (const pass of passesOf(request.raw, cookieName())) {
      const renewed = sessions.renew(pass);
      if (renewed === 'current') return reply.code(204).send();
      if (renewed !== null) return giveCookie(reply, cookieName(), renewed).send({ key: renewed.key });
    }
    return reply.code(403).send();
  });
  app.post('/tickets', (request, reply) => reply.send({ ticket: sessions.newTicket(sessionRefOf(request)) }));
}

/**
 * Lets a browser in that has opened a link: its cookie, and an address with the key instead of the token. One that was
 * led here by a file or another site would not send a strict cookie along with a redirect: its next step is a page's.
 */
export function welcome(reply: FastifyReply, cookieName: string, pass: Pass, led: boolean): FastifyReply {
  const target = `/${KEY_FRAGMENT}${pass.key}`;
  void giveCookie(reply, cookieName, pass).headers(SECURITY_HEADERS);
  if (!led) return reply.code(303).header('location', target).send();
  return reply
    .type('text/html; charset=utf-8')
    .send(`<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${target}">`);
}

function giveCookie(reply: FastifyReply, name: string, { sessionId }: Pass): FastifyReply {
  return reply.header('set-cookie', `${name}=${sessionId}; HttpOnly; SameSite=Strict; Path=/`);
}
