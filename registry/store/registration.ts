import type { Db } from './open-database.ts';

export type RegisterType = 0 | 1 | 2;

/** How a product takes part in dynamic registration. */
export interface ProductRegistration {
  readonly registerType: RegisterType;
  /** Devices that registrations may create, with type 2. */
  readonly createLimit: number;
  /** Null before the first one was made. */
  readonly sealedSecret: Uint8Array | null;
}

export interface RegistrationAct {
  readonly productId: string;
  /** Null for a decision about the product. */
  readonly deviceName: string | null;
  readonly act: 'type' | 'secret' | 'reopen';
  readonly detail: string;
  readonly reason: string;
  readonly approver: string;
  readonly atMs: number;
}

/** Dynamic registration of products and devices. */
export interface RegistrationTable {
  ofProduct(productId: string): ProductRegistration | null;
  setType(productId: string, registerType: RegisterType, createLimit: number): void;
  setSecret(productId: string, sealedSecret: Uint8Array): void;
  /** Devices that registrations have created. */
  countCreated(productId: string): number;
  countRegistered(productId: string): number;
  /** Logins of the device that do not count as its activation; 0 without a registration. */
  loginsBefore(deviceId: number): number;
  /** The device has registered, or a person has decided that it may. */
  isKnown(deviceId: number): boolean;
  record(deviceId: number, productId: string, created: boolean, nowMs: number): void;
  /** The device may register again although it has logged in. */
  reopen(deviceId: number, productId: string, logins: number, nowMs: number): void;
  addAct(act: RegistrationAct): void;
  /** Newest first. */
  acts(productId: string): RegistrationAct[];
}

export function registrationTable(db: Db): RegistrationTable {
  const product = db.prepare<[string], ProductRegistration>(
    `SELECT register_type AS registerType, create_limit AS createLimit, sealed_secret AS sealedSecret
     FROM product_registration WHERE product_id = ?`,
  );
  const setType = db.prepare<[string, number, number]>(
    `INSERT INTO product_registration (product_id, register_type, create_limit) VALUES (?, ?, ?)
     ON CONFLICT (product_id) DO UPDATE SET register_type = excluded.register_type, create_limit = excluded.create_limit`,
  );
  const setSecret = db.prepare<[string, Uint8Array]>(
    `INSERT INTO product_registration (product_id, register_type, create_limit, sealed_secret) VALUES (?, 0, 0, ?)
     ON CONFLICT (product_id) DO UPDATE SET sealed_secret = excluded.sealed_secret`,
  );
  const created = db
    .prepare<[string], number>(
      'SELECT count(*) FROM device_registrations WHERE product_id = ? AND created = 1',
    )
    .pluck();
  const registered = db
    .prepare<[string], number>('SELECT count(*) FROM device_registrations WHERE product_id = ? AND count > 0')
    .pluck();
  const before = db
    .prepare<[number], number>('SELECT logins_before FROM device_registrations WHERE device_id = ?')
    .pluck();
  const record = db.prepare<[number, string, number, number, number]>(
    `INSERT INTO device_registrations (device_id, product_id, created, count, first_ms, last_ms) VALUES (?, ?, ?, 1, ?, ?)
     ON CONFLICT (device_id) DO UPDATE SET count = count + 1, last_ms = excluded.last_ms`,
  );
  const reopen = db.prepare<[number, string, number, number, number]>(
    `INSERT INTO device_registrations (device_id, product_id, created, count, first_ms, last_ms, logins_before)
     VALUES (?, ?, 0, 0, ?, ?, ?) ON CONFLICT (device_id) DO UPDATE SET logins_before = excluded.logins_before`,
  );
  const addAct = db.prepare<RegistrationAct>(
    `INSERT INTO registration_acts (product_id, device_name, act, detail, reason, approver, at_ms)
     VALUES (:productId, :deviceName, :act, :detail, :reason, :approver, :atMs)`,
  );
  const acts = db.prepare<[string], RegistrationAct>(
    `SELECT product_id AS productId, device_name AS deviceName, act, detail, reason, approver, at_ms AS atMs
     FROM registration_acts WHERE product_id = ? ORDER BY act_id DESC`,
  );
  return {
    ofProduct: (productId) => product.get(productId) ?? null,
    setType: (productId, type, limit) => void setType.run(productId, type, limit),
    setSecret: (productId, sealed) => void setSecret.run(productId, sealed),
    countCreated: (productId) => created.get(productId) ?? 0,
    countRegistered: (productId) => registered.get(productId) ?? 0,
    loginsBefore: (deviceId) => before.get(deviceId) ?? 0,
    isKnown: (deviceId) => before.get(deviceId) !== undefined,
    record: (deviceId, productId, isCreated, nowMs) =>
      void record.run(deviceId, productId, Number(isCreated), nowMs, nowMs),
    reopen: (deviceId, productId, logins, nowMs) =>
      void reopen.run(deviceId, productId, nowMs, nowMs, logins),
    addAct: (act) => void addAct.run(act),
    acts: (productId) => acts.all(productId),
  };
}
