/** A network of the station as it is given to a module. */
export interface NetworkToJoin {
  readonly ssid: string;
  /** Empty for an open network. Secret. */
  readonly password: string;
}

/** What a module says of the network that it has joined. */
export interface JoinedNetwork {
  readonly ssid: string;
  /** `null` when the module did not say it. */
  readonly rssiDbm: number | null;
  /** IPv4; `null` when the module did not say it. */
  readonly address: string | null;
  readonly seconds: number;
  /** True: the module has stored the network, because its firmware joins in no other way. */
  readonly isStored: boolean;
}

export interface ModuleAccessPoint {
  readonly ssid: string;
  /** At least eight characters; `null` for an open one. */
  readonly password: string | null;
  readonly channel: number;
}

/** What a module says when its application was provisioned: it has joined, or why not. */
export type ModuleVerdict =
  | { readonly kind: 'joined' }
  | {
      readonly kind: 'failed';
      readonly code: number | null;
      readonly subCode: number | null;
      readonly text: string;
    };

/** The ways in which a module itself is provisioned by an app. */
export type ModuleProvisioning =
  | { readonly way: 'soft-ap'; readonly accessPoint: ModuleAccessPoint }
  | { readonly way: 'smart-config' };

/**
 * The Wi-Fi of a module and the server that it logs in to, changed for a run and left as they were found. Faults of every method: those
 * of `DeviceSession`.
 */
export interface ModuleWifi {
  /** What `leaveAsFound` has to give back: nothing, what a restart ends, or what the module has stored. */
  readonly changes: 'none' | 'until-restart' | 'stored';
  /**
   * Joins a network, stored only where the firmware joins in no other way. Faults: `provisioning-refused` with the module's reason,
   * `provisioning-timeout` without an answer in `withinMs`, `device-rejected` when the module would lose a stored network that cannot be
   * given back and `replaceStored` is false.
   */
  join(
    network: NetworkToJoin,
    options: { readonly withinMs: number; readonly replaceStored: boolean },
    signal: AbortSignal,
  ): Promise<JoinedNetwork>;
  /** The module logs in at this host from now on, until it restarts. Ends a login. */
  pointTo(host: string, signal: AbortSignal): Promise<void>;
  /** Publishes a text with QoS 1 at the server that the module is logged in to. */
  publish(topic: string, text: string, signal: AbortSignal): Promise<void>;
  /**
   * Starts the provisioning of the module by an app. It stores the network that it then gets. Faults: as `join`, when a stored network
   * would be lost.
   */
  startProvisioning(
    how: ModuleProvisioning,
    options: { readonly replaceStored: boolean },
    signal: AbortSignal,
  ): Promise<void>;
  /** Name and address in the network that the module has joined; each `null` when it does not say. */
  readJoined(signal: AbortSignal): Promise<{ readonly ssid: string | null; readonly address: string | null }>;
  /** Resolves when the module says that it has joined the network. Faults: `provisioning-refused` when it says why not. */
  awaitVerdict(signal: AbortSignal): Promise<void>;
  /** Ends the provisioning mode; nothing when the module is not in it. */
  stopProvisioning(signal: AbortSignal): Promise<void>;
  /**
   * Gives mode, network and server back as they were before the first change, and asks the module whether it has them. Nothing when
   * nothing was changed. Faults: `provisioning-refused` when something is not as it was.
   */
  leaveAsFound(signal: AbortSignal): Promise<void>;
}
