/** Quick feedback while typing, nothing more: types are vue-tsc's business, layers are dependency-cruiser's. */
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

const CONFIG_FILES = ['*.config.{js,ts}', '**/*.config.ts', '.dependency-cruiser.cjs'];

const noEnums = {
  selector: 'TSEnumDeclaration',
  message: 'Node runs this file as it is: use a union of literals.',
};
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Name what you export; a default export has a different name in every file.',
};
/** SQL has one home; a word list is crude, but no other text of ours looks like this. */
const noSql = [
  'Literal[value=/^\\s*(SELECT\\s.+\\sFROM\\s|INSERT\\s+(OR\\s+\\w+\\s+)?INTO\\s|UPDATE\\s+\\w+\\s+SET\\s|DELETE\\s+FROM\\s|CREATE\\s+TABLE\\s|PRAGMA\\s)/s]',
  'TemplateElement[value.raw=/^\\s*(SELECT\\s.+\\sFROM\\s|INSERT\\s+(OR\\s+\\w+\\s+)?INTO\\s|UPDATE\\s+\\w+\\s+SET\\s|DELETE\\s+FROM\\s|CREATE\\s+TABLE\\s|PRAGMA\\s)/s]',
].map((selector) => ({ selector, message: 'SQL lives in the folders of the databases only.' }));
/** What becomes a regular expression at run time may have come from outside; one place knows how to match it safely. */
const noPatterns = [
  ':not(TSTypeReference, BinaryExpression[operator="instanceof"]) > Identifier[name="RegExp"]',
  'CallExpression[callee.property.name=/^(match|matchAll|search)$/]:not([arguments.0.regex], [arguments.0.name=/^[A-Z][A-Z0-9_]*$/])',
  'CallExpression[callee.property.value=/^(match|matchAll|search)$/]',
].map((selector) => ({
  selector,
  message: 'Write the pattern as a literal, or use compilePattern of shared/pattern, which cannot run away.',
}));

/** What a unit or a script said can be part of any text: one file makes it visible before it reaches a terminal. */
const STREAM = "MemberExpression[object.name='process'][property.name=/^std(out|err)$/]";
const noTerminal = [
  `MemberExpression[property.name!=/^(isTTY|columns|on)$/] > ${STREAM}.object`,
  `:not(MemberExpression) > ${STREAM}`,
  "VariableDeclarator[init.name='process'] > ObjectPattern > Property[key.name=/^std(out|err)$/]",
  'ImportDeclaration[source.value=/^(node:)?(process|console)$/]',
  "MemberExpression[object.name='console']",
].map((selector) => ({ selector, message: 'Text for a terminal goes through cli/output.ts.' }));

/** A test and a replay replace the clock and the random values, so station and registry each ask the system for them in one place. */
const noSystemSource = [
  "MemberExpression[object.name=/^(Date|performance)$/][property.name='now']",
  "NewExpression[callee.name='Date'][arguments.length=0]",
  "MemberExpression[object.name='process'][property.name=/^(hrtime|uptime)$/]",
  "MemberExpression[object.name='Math'][property.name='random']",
  'MemberExpression[object.name=/^(web)?crypto$/i][property.name=/^(random|getRandomValues)/]',
  'ImportDeclaration[source.value=/^(node:)?crypto$/] > ImportSpecifier[imported.name=/^(random|getRandomValues|webcrypto)/]',
  'ImportDeclaration[source.value=/^(node:)?os$/] > ImportSpecifier[imported.name=/^(hostname|uptime)$/]',
  'ImportDeclaration[source.value=/^(node:)?(crypto|os)$/] > :matches(ImportNamespaceSpecifier, ImportDefaultSpecifier)',
  'ImportDeclaration[source.value=/^(node:)?perf_hooks$/]',
].map((selector) => ({
  selector,
  message:
    "Time, random values and the computer's name come from the platform (station: Platform; registry: registry/platform.ts).",
}));

/** A test waits for an event; how long the computer takes for something proves nothing. */
const NOW = "CallExpression[callee.object.name=/^(Date|performance)$/][callee.property.name='now']";
const UPPER_BOUND = '/^toBeLessThan(OrEqual)?$/';
const noWaits = [
  {
    selector: `CallExpression[callee.property.name=${UPPER_BOUND}] > MemberExpression.callee ${NOW}`,
    message: 'A busy computer takes longer: assert on the order of events, or move the clock of the test.',
  },
  {
    selector: [
      "ImportDeclaration[source.value=/^(node:)?timers.promises$/] > ImportSpecifier[imported.name='setTimeout']",
      "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout'][arguments.0.type='Identifier']",
      "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout'] > ArrowFunctionExpression > CallExpression[callee.name=/^(resolve|done)$/]",
      'AwaitExpression > CallExpression[callee.name="sleep"][arguments.0.type="Literal"]',
      'AwaitExpression > CallExpression[callee.property.name="sleep"][arguments.0.type="Literal"]',
    ].join(', '),
    message: 'Wait for the event itself: until() and Changes of tests/support/until.ts, or expect.poll.',
  },
];

/** One idea per file: a longer file has two. */
const maxLines = (max) => ({ 'max-lines': ['error', { max }] });

export default tseslint.config(
  { ignores: ['node_modules/', 'out/', 'dist/', '.cache/', 'coverage/', 'tests/**/fixtures/'] },
  tseslint.configs.base,
  // Components are in .vue files only: elsewhere its rules would look for them in vain.
  ...vue.configs['flat/essential'].map((config) => ({ files: ['**/*.vue'], ...config })),
  {
    files: ['**/*.{ts,mts,vue}'],
    // No rule here reads doc comments or the names of TypeScript's libraries.
    languageOptions: { parserOptions: { parser: tseslint.parser, jsDocParsingMode: 'none', lib: [] } },
  },
  {
    files: ['**/*.{js,mjs,cjs,ts,vue}'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...maxLines(400),
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-self-compare': 'error',
      'no-unreachable': 'error',
      'no-control-regex': 'error',
      'no-debugger': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-restricted-syntax': ['error', noEnums, noDefaultExport, ...noSql, ...noPatterns, ...noTerminal],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-namespace': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    },
  },
  {
    // Elsewhere the compiler reports what is unused (tsconfig.base.json): this rule takes two thirds of the time of all rules.
    files: ['**/*.{js,mjs,cjs}', ...CONFIG_FILES, 'renderer/**', 'tests/**'],
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
    },
  },
  {
    files: ['station/**', 'registry/**', 'shared/**'],
    ignores: ['station/devices/drivers/**', 'registry/platform.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        noEnums,
        noDefaultExport,
        ...noSql,
        ...noPatterns,
        ...noTerminal,
        ...noSystemSource,
      ],
    },
  },
  {
    files: ['station/**', 'registry/**', 'simulator/**', 'kiosk/**', 'cli/**', 'electron/**', 'node-kit/**'],
    ignores: ['node-kit/host-system/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'platform',
          message: 'What the operating system can do is asked of node-kit/host-system, in one place.',
        },
      ],
    },
  },
  {
    files: ['node-kit/sqlite/**'],
    rules: { 'no-restricted-syntax': ['error', noEnums, noDefaultExport, ...noPatterns, ...noTerminal] },
  },
  {
    files: ['station/core/database/**', 'registry/store/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        noEnums,
        noDefaultExport,
        ...noPatterns,
        ...noTerminal,
        ...noSystemSource,
      ],
    },
  },
  {
    files: ['tests/**', 'bench/**'],
    rules: { 'no-restricted-syntax': ['error', noEnums, noDefaultExport] },
  },
  {
    files: ['tests/**'],
    ignores: ['tests/support/until.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnums, noDefaultExport, ...noWaits] },
  },
  {
    // That one file; and what shows the words of a developer's own tools, colours included.
    files: ['cli/output.ts', 'scripts/**', 'bin/**', 'renderer/**'],
    rules: { 'no-restricted-syntax': ['error', noEnums, noDefaultExport, ...noSql, ...noPatterns] },
  },
  {
    // The one place that compiles a pattern that came from outside.
    files: ['shared/pattern/**'],
    rules: {
      'no-restricted-syntax': ['error', noEnums, noDefaultExport, ...noSql, ...noTerminal, ...noSystemSource],
    },
  },
  {
    // Where a tool demands a default export, and where SQL is at home.
    files: CONFIG_FILES,
    rules: { 'no-restricted-syntax': ['error', noEnums] },
  },
  {
    // Vue's own checker reads templates with types; these only look for what breaks at run time.
    files: ['**/*.vue'],
    rules: {
      ...maxLines(250),
      'no-restricted-syntax': ['error', noEnums, ...noSql, ...noPatterns],
      'vue/multi-word-component-names': 'off',
      // A slot is a fixture position here, and a prop.
      'vue/no-deprecated-slot-attribute': 'off',
      // vue-tsc knows when a switch is exhaustive, this rule does not.
      'vue/return-in-computed-property': 'off',
    },
  },
  {
    files: ['tests/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
