import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  createRegistry,
  openRegistryStore,
  type Registry,
  type RegistryOptions,
  type RegistryStore,
} from '#registry';
import { tempDir } from '../support/temp-dir.ts';
import { PRODUCT } from './sample-rows.ts';

/** A registry in this process, and its store as its commands open it beside the service. */
export class TestRegistry implements AsyncDisposable {
  readonly service: Registry;
  readonly dataDir: string;
  readonly store: RegistryStore;
  /** DeviceName to DeviceSecret of the triples that `seed` made. */
  readonly secrets = new Map<string, string>();
  readonly #stack: AsyncDisposableStack;

  private constructor(service: Registry, dataDir: string, store: RegistryStore, stack: AsyncDisposableStack) {
    this.service = service;
    this.dataDir = dataDir;
    this.store = store;
    this.#stack = stack;
  }

  /** Makes and switches on a product secret, with which units register themselves; returns it. */
  allowRegistration(productId = PRODUCT): string {
    const decision = { reason: 'test', approver: 'Wang' };
    this.store.setRegisterType(productId, { registerType: 1, createLimit: 0 }, decision);
    return this.store.rotateProductSecret(productId, null, decision);
  }

  /** Starts a registry within a directory of the test, or within one of its own. */
  static async start(ofTest?: string, options: Partial<RegistryOptions> = {}): Promise<TestRegistry> {
    await using opening = new AsyncDisposableStack();
    const dir = ofTest ?? opening.use(tempDir('registry')).path;
    const dataDir = join(dir, 'registry');
    const service = opening.use(await createRegistry({ ...options, dataDir }));
    const store = opening.use(openRegistryStore(dataDir));
    return new TestRegistry(service, dataDir, store, opening.move());
  }

  /** Adds triples `dev1` … of a product. */
  seed(count: number, productId = PRODUCT): void {
    const triples = Array.from({ length: count }, (_, n) => ({
      deviceName: `dev${n + 1}`,
      deviceSecret: randomBytes(16).toString('base64'),
    }));
    for (const { deviceName, deviceSecret } of triples) this.secrets.set(deviceName, deviceSecret);
    this.store.seedProduct({ productId, triples });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}
