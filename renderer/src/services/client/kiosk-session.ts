import { ENDED_TARGET, KEY_FRAGMENT, KEY_HEADER } from '#shared/contract/kiosk-session.ts';
import { Fault } from '#shared/domain/fault.ts';

const STORED_AS = 'gongwei-key';
/** One attempt for the stored key, one for a renewed key, one to confirm it. */
const MAX_ATTEMPTS = 3;
const ANSWER_TIMEOUT_MS = 10_000;
/** A link that is opened in another tab sets its cookie before its key. A refused page waits this time for the key. */
const KEY_TO_FOLLOW_MS = 1000;
/** A page that was not unloaded within this time stays open. */
const LEAVING_MS = 10_000;

/** The session of a page in a browser at its kiosk: the key and the tickets that its requests need. */
export interface KioskSession {
  /**
   * The session's key, renewed if its user has changed. Rejects with `disconnected` when the kiosk does not answer.
   * When the session is over, the page navigates to a notice that says how to open a new one.
   */
  key(): Promise<string>;
  /** Returns a ticket for one download. Rejects as `key` does. */
  ticket(): Promise<string>;
}

/**
 * Moves the key from the address of a page that was opened by a link to the storage of this origin, for all tabs and
 * for a reload. Called before other code reads the address.
 */
export function openKioskSession(window: Window): KioskSession {
  const { location, localStorage, history, navigator } = window;
  if (location.hash.startsWith(KEY_FRAGMENT)) {
    localStorage.setItem(STORED_AS, location.hash.slice(KEY_FRAGMENT.length));
    history.replaceState(null, '', location.pathname);
  }
  // A page that is being left for a new link is refused, because it has the new cookie and its old key; it must not
  // navigate elsewhere.
  let leftAtMs = Number.NEGATIVE_INFINITY;
  // A page with unsaved input asks before it is left. When its user stays, it goes on until a new link is opened in
  // another tab, and the question is not repeated. A page that did not ask and is still here could not load the notice:
  // it tries again.
  let stays = false;
  window.addEventListener('beforeunload', (event) => {
    leftAtMs = event.timeStamp;
    window.setTimeout(() => (stays ||= event.defaultPrevented), 0);
  });
  const keyNow = (): string => localStorage.getItem(STORED_AS) ?? '';
  const post = async (path: string, key = keyNow()): Promise<Response> => {
    try {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      return await window.fetch(path, { method: 'POST', headers: { [KEY_HEADER]: key }, signal });
    } catch {
      throw new Fault('disconnected', 'the station does not answer');
    }
  };

  async function current(): Promise<string> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const shown = keyNow();
      const answer = await post('/session', shown);
      switch (answer.status) {
        case 204:
          stays = false;
          return shown;
        case 200: {
          const renewed = keyIn(await answer.json());
          // Another tab may have opened a link meanwhile; its key belongs to the newer session.
          if (keyNow() === shown) localStorage.setItem(STORED_AS, renewed);
          break;
        }
        case 403:
          if (keyNow() === shown)
            await new Promise((resolve) => window.setTimeout(resolve, KEY_TO_FOLLOW_MS));
          if (keyNow() !== shown) break;
          if (!stays && window.performance.now() - leftAtMs > LEAVING_MS) location.replace(ENDED_TARGET);
          throw new Fault('forbidden', 'the session of this page is over');
        default:
          throw new Fault('disconnected', `the station answers ${answer.status}`);
      }
    }
    throw new Fault('disconnected', 'the station renewed the session repeatedly');
  }

  // One tab at a time: the cookie and the key of two renewals must not be mixed.
  const key = (): Promise<string> => navigator.locks.request(STORED_AS, current);
  return {
    key,
    async ticket() {
      await key();
      const answer = await post('/tickets');
      if (!answer.ok) throw new Fault('forbidden', 'the station does not allow this page to download a file');
      return ticketIn(await answer.json());
    },
  };
}

function keyIn(answer: unknown): string {
  return String((answer as { key?: unknown } | null)?.key ?? '');
}

function ticketIn(answer: unknown): string {
  return String((answer as { ticket?: unknown } | null)?.ticket ?? '');
}
