/**
 * The key of a browser session at the kiosk, besides its cookie. A browser sends the cookie to every port of this computer;
 * the key is stored for the page's own origin (scheme, host and port), so that no other port gets it.
 *
 * `POST /session` with the key: 204 for a valid session, 200 with `{key}` and a new cookie after its user has changed, 403
 * for an ended session. `POST /tickets`: `{ticket}` for one `GET /files/<id>?ticket=…`.
 */
export const KEY_HEADER = 'x-gongwei-key';
/** A page's WebSocket offers two protocols, because it can set no header: this one, and the key behind its prefix. */
export const WIRE_PROTOCOL = 'gongwei';
export const KEY_PROTOCOL = 'gongwei-key.';
/** A new session's key, in the fragment (`#`) of the page's address, which a browser never sends. */
export const KEY_FRAGMENT = '#key=';
/** A page that says that the session has ended and how to open a new one. */
export const ENDED_TARGET = '/?ended';
