import { expect, it } from 'vitest';
import { createNodePlatform, type RegistryClient } from '#station';
import { checkRegistry } from '../../../../station/administration/diagnostics/check-environment.ts';
import type { WritableDatabase } from '../../../../station/core/database/index.ts';
import { soon } from '../../../support/patience.ts';

/** What the doctor says of a registry that serves devices so, without what it says of others. */
async function said(devices: object | undefined): Promise<string[]> {
  const registry = {
    health: () => Promise.resolve({ version: '0', nowMs: Date.now(), devices }),
    audit: { fetch: () => Promise.resolve(null) },
    refusals: () => Promise.resolve({ refusals: [], refused: 0 }),
  } as unknown as RegistryClient;
  const checks = await checkRegistry(registry, {} as WritableDatabase, createNodePlatform('.'), soon());
  return checks
    .filter(({ name }) => name === 'downloads' || name === 'registration')
    .map(({ name, level, hint }) => `${name} ${level}: ${hint ?? ''}`);
}

it('the doctor says when units cannot download, and when they register without TLS', async () => {
  expect(await said(undefined)).toEqual([]);
  expect(await said({ downloads: 'http', plainRegistration: false })).toEqual([]);
  expect(await said({ downloads: 'https', plainRegistration: false })).toEqual([]);
  expect(await said({ downloads: 'own-certificate', plainRegistration: false })).toEqual([
    expect.stringMatching(/^downloads note: .*--device-http-port/),
  ]);
  expect(await said({ downloads: 'http', plainRegistration: true })).toEqual([
    expect.stringMatching(/^registration warn: .*--plain-registration/),
  ]);
});
