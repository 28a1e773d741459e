/**
 * A thing model in the format of the platform's console. Numbers in limits are strings. Source: Tencent IoT Explorer,
 * ModifyModelDefinition; document 001 for arrays of structs.
 */
export type Define =
  | { readonly type: 'bool' | 'enum' | 'stringenum'; readonly mapping: Readonly<Record<string, string>> }
  | {
      readonly type: 'int' | 'float';
      readonly min: string;
      readonly max: string;
      readonly start: string;
      readonly step: string;
      readonly unit: string;
    }
  | { readonly type: 'string'; readonly min: string; readonly max: string }
  | { readonly type: 'timestamp' }
  | { readonly type: 'struct'; readonly specs: readonly Spec[] }
  | { readonly type: 'array'; readonly arrayInfo: Define };

interface Spec {
  readonly id: string;
  readonly name: string;
  readonly dataType: Define;
}

interface Named {
  readonly id: string;
  readonly name: string;
  readonly desc: string;
  readonly required: boolean;
}

interface Parameter {
  readonly id: string;
  readonly name: string;
  readonly define: Define;
}

export interface ThingModel {
  readonly version: '1.0';
  readonly profile: { readonly ProductId: string; readonly CategoryId: string };
  readonly properties: readonly (Named & { readonly mode: 'rw' | 'r'; readonly define: Define })[];
  readonly events: readonly (Named & {
    readonly type: 'info' | 'alert' | 'fault';
    readonly params: readonly (Parameter & { readonly desc: string })[];
  })[];
  readonly actions: readonly (Named & {
    readonly input: readonly Parameter[];
    readonly output: readonly Parameter[];
  })[];
}
