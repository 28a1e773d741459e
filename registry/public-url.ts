import { Fault } from '#shared/domain/fault.ts';

const HINT =
  'Give the address as devices reach it, such as http://192.0.2.10:8080 or https://files.example.com/registry.';

/**
 * The address at which devices reach the registry's HTTP service, when it is not the one that they have connected to for MQTT:
 * behind a translated address (NAT) or another web server. Returns it without a slash at its end. Faults: `bad-input`.
 */
export function readPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw wrong(text, 'is no address with http or https');
  if (url.username !== '' || url.password !== '') throw wrong(url.host, 'has a name or a password in it');
  if (url.search !== '' || url.hash !== '') throw wrong(url.host, 'has more behind its path');
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]')
    throw wrong(text, 'is an address to listen on, which no device reaches');
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function wrong(text: string, what: string): Fault {
  return new Fault('bad-input', `the public address ${text.slice(0, 100)} ${what}`, { hint: HINT });
}
