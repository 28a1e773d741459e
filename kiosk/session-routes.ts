import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { KEY_FRAGMENT } from '#shared/contract/kiosk-session.ts';
import type { Session } from '#shared/rpc/index.ts';
import { credentialsOf } from './gate.ts';
import { SECURITY_HEADERS } from './headers.ts';
import type { SessionCredentials, Sessions } from './sessions.ts';

/** `POST /session` and `POST /tickets`; see `shared/contract/kiosk-session.ts`. The gate has checked the cookie. */
export function serveSession(
  app: FastifyInstance,
  sessions: Sessions,
  cookieName: () => string,
  sessionOf: (request: FastifyRequest) => Session,
): void {
  app.post('/session', (request, reply) => {
    for (const credentials of credentialsOf(request.raw, cookieName())) {
      const renewed = sessions.renew(credentials);
      if (renewed === 'current') return reply.code(204).send();
      if (renewed !== null) return setCookie(reply, cookieName(), renewed).send({ key: renewed.key });
    }
    return reply.code(403).send();
  });
  app.post('/tickets', (request, reply) => reply.send({ ticket: sessions.newTicket(sessionOf(request)) }));
}

/**
 * Signs in a browser that has opened a link: sets its cookie and redirects to an address with the key instead of the token.
 * After a navigation from another site or a local file the browser would not send a strict cookie with the redirect; then a page
 * does the redirect.
 */
export function signIn(
  reply: FastifyReply,
  cookieName: string,
  credentials: SessionCredentials,
  crossSite: boolean,
): FastifyReply {
  const target = `/${KEY_FRAGMENT}${credentials.key}`;
  void setCookie(reply, cookieName, credentials).headers(SECURITY_HEADERS);
  if (!crossSite) return reply.code(303).header('location', target).send();
  return reply
    .type('text/html; charset=utf-8')
    .send(`<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${target}">`);
}

function setCookie(reply: FastifyReply, name: string, { sessionId }: SessionCredentials): FastifyReply {
  return reply.header('set-cookie', `${name}=${sessionId}; HttpOnly; SameSite=Strict; Path=/`);
}
