/**
 * What pages in a browser and the kiosk agree on about a session, besides its cookie. The cookie goes to every port of
 * this computer; the key is kept in the storage of the page's own origin (scheme, host and port), which no other has.
 *
 * `POST /session` with the key: 204 when the session is as it should be, 200 with `{key}` and a new cookie when its
 * person has changed, 403 when it is over. `POST /tickets`: `{ticket}` for one `GET /files/<id>?ticket=…`.
 */
export const KEY_HEADER = 'x-gongwei-key';
/** A page's WebSocket offers two protocols, because it can set no header: this one, and the key behind its prefix. */
export const WIRE_PROTOCOL = 'gongwei';
export const KEY_PROTOCOL = 'gongwei-key.';
/** A new session's key, behind the `#` of the page's address, which no browser sends anywhere. */
export const KEY_FRAGMENT = '#key=';
/** Answers, in words, that the session is over and how to come in again. */
export const ENDED_TARGET = '/?ended';
