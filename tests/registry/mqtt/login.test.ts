import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkLogin, type LoginAttempt } from '../../../registry/mqtt/login.ts';

// Document 002, MQTT access: user name and SHA-256 as printed; the SHA-1 is over the same user name.
const PSK = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const USERNAME = 'CS0SLTKSYAdev1;12010126;ZR5GT;2623045740';
const SHA256 = '2debdc61b009ef8d09597f106f6f8ca36f101415459b0623780a81e711e7257c;hmacsha256';
const SHA1 = '5dc2e1c6c71edcf7f2eff546c81e72579583b583;hmacsha1';
const NOW_MS = 1_700_000_000_000;

function attempt(
  changes: { clientId?: string; username?: string | null; password?: string | null } = {},
): LoginAttempt {
  const { clientId = 'CS0SLTKSYAdev1', username = USERNAME, password = SHA256 } = changes;
  return { clientId, username, password: password === null ? null : Buffer.from(password) };
}
const subject = { deviceSecret: PSK, retired: false };

describe('the login of a device', () => {
  it('accepts the example of document 002, in SHA-256, and in SHA-1 as SDKs send it', () => {
    expect(checkLogin(attempt(), subject, NOW_MS)).toEqual({ ok: true });
    expect(checkLogin(attempt({ password: SHA1 }), subject, NOW_MS)).toEqual({ ok: true });
    expect(
      checkLogin(attempt({ password: SHA256.toUpperCase().replace('HMACSHA', 'hmacsha') }), subject, NOW_MS),
    ).toEqual({ ok: true });
  });

  it('refuses a wrong secret and an unknown device alike', () => {
    const wrong = checkLogin(attempt(), { ...subject, deviceSecret: 'AAAAAAAAAAAAAAAAAAAAAA==' }, NOW_MS);
    expect(wrong).toEqual({ ok: false, returnCode: 4, reason: 'password-wrong' });
    expect(checkLogin(attempt(), null, NOW_MS)).toEqual(wrong);
  });

  it('does not let an unknown device in with the MAC of an empty secret', () => {
    // What the registry itself compares with when it knows nobody.
    const mac = createHmac('sha256', '').update(USERNAME).digest('hex');
    expect(checkLogin(attempt({ password: `${mac};hmacsha256` }), null, NOW_MS)).toMatchObject({
      ok: false,
      returnCode: 4,
    });
  });

  it('refuses an expiry in the past, and a retired device, only after the secret was right', () => {
    const after = 2_623_045_740_000;
    expect(checkLogin(attempt(), subject, after)).toEqual({ ok: false, returnCode: 5, reason: 'expired' });
    expect(checkLogin(attempt(), subject, after - 1)).toEqual({ ok: true });
    expect(checkLogin(attempt(), { ...subject, retired: true }, NOW_MS)).toEqual({
      ok: false,
      returnCode: 5,
      reason: 'retired',
    });
    const stranger = { deviceSecret: 'AAAAAAAAAAAAAAAAAAAAAA==', retired: true };
    expect(checkLogin(attempt(), stranger, after)).toMatchObject({ reason: 'password-wrong' });
  });

  it.each([
    ['1', false],
    ['1699999999', false],
    ['1700000000', false],
    ['1700000001', true],
    ['1893456000000', true],
    ['92233720368547758', true],
    ['9223372036854775807', true],
    ['9999999999999999999', true],
    ['0000000000000000001', false],
  ])('reads an expiry of %s as whole seconds, without rounding', (expiry, isLetIn) => {
    const username = `CS0SLTKSYAdev1;12010126;ZR5GT;${expiry}`;
    const mac = createHmac('sha256', Buffer.from(PSK, 'base64')).update(username).digest('hex');
    const verdict = checkLogin(attempt({ username, password: `${mac};hmacsha256` }), subject, NOW_MS);
    expect(verdict).toEqual(isLetIn ? { ok: true } : { ok: false, returnCode: 5, reason: 'expired' });
  });

  it.each([
    [
      'another client id than the username names',
      attempt({ clientId: 'CS0SLTKSYAdev2' }),
      'client-id-mismatch',
    ],
    ['no username', attempt({ username: null }), 'username-malformed'],
    [
      'a username of three fields',
      attempt({ username: 'CS0SLTKSYAdev1;12010126;ZR5GT' }),
      'username-malformed',
    ],
    [
      'an expiry that is no number',
      attempt({ username: 'CS0SLTKSYAdev1;12010126;ZR5GT;never' }),
      'username-malformed',
    ],
    [
      'an expiry of twenty digits',
      attempt({ username: 'CS0SLTKSYAdev1;12010126;ZR5GT;10000000000000000000' }),
      'username-malformed',
    ],
    ['an expiry below zero', attempt({ username: 'CS0SLTKSYAdev1;12010126;ZR5GT;-1' }), 'username-malformed'],
    ['no password', attempt({ password: null }), 'password-malformed'],
    [
      'a password without its method',
      attempt({ password: SHA256.split(';')[0] ?? '' }),
      'password-malformed',
    ],
    [
      'SHA-1 claimed for a SHA-256 MAC',
      attempt({ password: SHA256.replace('sha256', 'sha1') }),
      'password-malformed',
    ],
    ['a password cut short', attempt({ password: SHA256.slice(2) }), 'password-malformed'],
  ])('refuses %s', (_, given, reason) => {
    expect(checkLogin(given, subject, NOW_MS)).toEqual({ ok: false, returnCode: 4, reason });
  });
});
