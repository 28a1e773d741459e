/** What the app asks of its cloud: the name of the call and its parameters. */
export interface AppCall {
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A product's thing model, as the cloud gives it to the app. */
export interface AppModel {
  readonly properties: readonly object[];
  readonly events: readonly object[];
  readonly actions: readonly object[];
}

/** The `appDevSdk` that the app's packages are given: a cloud that knows one product, keeps the keys of bindings, and notes all calls. */
export class AppCloud {
  readonly calls: AppCall[] = [];
  /** Errors that the app has reported, as text. */
  readonly errors: string[] = [];
  readonly loginManager = { userInfo: { UserID: 'user-1' } };
  readonly reporter = {
    info: (): void => undefined,
    error: (_event: string, { error }: { readonly error?: unknown } = {}): void =>
      void this.errors.push(JSON.stringify(error)),
  };
  readonly #productId: string;
  readonly #model: AppModel;
  readonly #keys = new Map<string, string>();
  /** Firmware that the cloud offers. */
  newVersion = '';

  constructor(productId: string, model: AppModel) {
    this.#productId = productId;
    this.#model = model;
  }

  on(): void {}

  off(): void {}

  requestApi(action: string, parameters: Readonly<Record<string, unknown>>): Promise<object> {
    this.calls.push({ action, parameters });
    return Promise.resolve(this.#answer(action, parameters));
  }

  /** The parameters of the last call of an action. */
  last(action: string): Readonly<Record<string, unknown>> | undefined {
    return this.calls.findLast((call) => call.action === action)?.parameters;
  }

  #answer(action: string, parameters: Readonly<Record<string, unknown>>): object {
    const ProductId = this.#productId;
    switch (action) {
      case 'AppGetProducts':
        return { Products: [{ ProductId, DataTemplate: JSON.stringify(this.#model) }] };
      case 'AppGetProductsConfig':
        return { Data: [{ ProductId, Config: '{}' }] };
      case 'AppSetDeviceConfig':
        this.#keys.set(String(parameters['DeviceKey']), String(parameters['DeviceValue']));
        return {};
      case 'AppGetDeviceConfig':
        return { Configs: Object.fromEntries(this.#keys) };
      case 'AppGetUserDeviceConfig':
        return { Configs: {} };
      case 'AppSigBindDeviceInFamily':
        return { Data: { AppDeviceInfo: {} } };
      case 'AppReportDataAsDevice':
        return { Data: '{"code":0}' };
      case 'AppGetDeviceData':
        return { Data: '{}' };
      case 'AppGetDeviceOTAInfo':
        return { FirmwareURL: 'https://firmware.example/new.bin', TargetVersion: this.newVersion };
      default:
        return {};
    }
  }
}
