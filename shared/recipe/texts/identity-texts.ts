import { both } from '../../words/index.ts';

/** Texts about `device.identity`. */
export const identityTexts = {
  'identity-only-write': both(
    (placeholder: string) => `${placeholder} is filled in under write only`,
    (placeholder) => `${placeholder} 只在 write 中代入`,
  ),
  'identity-hex-filter': both(
    (name: string) =>
      `write {${name}:bytes}, the bytes of its text, or {${name}:decoded}, what a base64 text encodes`,
    (name) => `请写 {${name}:bytes}（文本的字节）或 {${name}:decoded}（base64 文本所编码的字节）`,
  ),
  'identity-not-filled': both(
    (placeholder: string) =>
      `${placeholder} is not filled in here: only {productId}, {deviceName} and {deviceSecret} are`,
    (placeholder) => `此处不会代入 ${placeholder}：只代入 {productId}、{deviceName} 和 {deviceSecret}`,
  ),
  'identity-filter': both(
    (filter: string, near: string) => `there is no filter ${filter}${near}`,
    (filter, near) => `没有过滤器 ${filter}${near}`,
  ),
  'or-filter': both(
    (name: string, filter: string) => `; did you mean {${name}:${filter}}?`,
    (name, filter) => `；是否指 {${name}:${filter}}？`,
  ),
  'identity-not-sent': both(
    (name: string) => `sends no {${name}}: the unit does not get it`,
    (name) => `没有发送 {${name}}：产品得不到它`,
  ),
  'identity-no-group': both(
    (name: string) => `no expect has a group named ${name}, as (?<${name}>\\S+)`,
    (name) => `没有 expect 含有名为 ${name} 的分组，如 (?<${name}>\\S+)`,
  ),
  'identity-group': both(
    (name: string, known: string) =>
      `a group named ${name} is not used; the groups of an identity are ${known}`,
    (name, known) => `名为 ${name} 的分组没有用处；身份的分组有 ${known}`,
  ),
  'identity-no-none': both(
    "needs none, the answer of a unit that holds no identity, as none: '^ID -$'",
    "需要 none，即没有身份的产品的应答，如 none: '^ID -$'",
  ),
  'identity-none-other': both(
    'none goes with expect, noneFrame with expectFrame',
    'none 与 expect 同时写，noneFrame 与 expectFrame 同时写',
  ),
  'identity-none-open': both(
    'must match the whole line: begin it with ^ and end it with $, so that a disturbed answer never counts as none',
    '必须匹配整行：以 ^ 开头、以 $ 结尾，使受干扰的应答不会被当作没有身份',
  ),
  'identity-none-any': both(
    'also matches answers of a unit that holds an identity, or no answer: write exactly what a unit without one answers',
    '也会匹配有身份的产品的应答或空应答：请准确写出没有身份的产品的应答',
  ),
  'identity-product-long': both(
    (length: number, most: number) =>
      `has ${length} characters, and device.identity.limits allows a ProductId of ${most} bytes`,
    (length, most) => `有 ${length} 个字符，而 device.identity.limits 允许 ${most} 字节的 ProductId`,
  ),
  'identity-unproven': both(
    'reads the name back and nothing of the secret: add a group such as deviceSecretSha256, or a prove-online step after burn-triple, or say unproven: true',
    '只回读名称，没有回读密钥的任何部分：请加入 deviceSecretSha256 之类的分组，或在 burn-triple 之后加 prove-online 步骤，或写 unproven: true',
  ),
  'identity-unproven-if': both(
    'only this step proves the secret: leave runIf out, or say device.identity.unproven: true',
    '只有此步骤能证明密钥：请去掉 runIf，或写 device.identity.unproven: true',
  ),
  'identity-unproven-away': both(
    'only this step proves the secret: say confirm: registry or confirm: device, or device.identity.unproven: true',
    '只有此步骤能证明密钥：请写 confirm: registry 或 confirm: device，或写 device.identity.unproven: true',
  ),
};
