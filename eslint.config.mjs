import tseslint from 'typescript-eslint';

/** What would slip through the workflow bundler, or make a replay differ. */
const IMPURE = ['fetch', 'process', 'crypto', 'Buffer', 'structuredClone', 'setImmediate'];
const imports = (message, ...group) => ({ group, message });

export default tseslint.config(
  { ignores: ['dist*/**', 'node_modules/**', 'coverage/**'] },
  { files: ['**/*.ts'], extends: [tseslint.configs.recommended] },
  {
    files: ['src/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // What is over these bounds today is in eslint-suppressions.json, which may only shrink.
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 60],
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_$' },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only platform/config reads the environment.',
        },
      ],
    },
  },
  {
    // Nest injects by the run-time value of an import, so that a type import would break it there.
    files: ['src/{contracts,language,workflows}/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'error' },
  },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
  { files: ['src/platform/config/**/*.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['src/workflows/**/*.ts', 'src/language/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...IMPURE.map((name) => ({
          name,
          message: 'It is not deterministic, or not there in a workflow.',
        })),
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            imports('Workflows and the language are pure.', 'node:*', 'typeorm', '@nestjs/*', 'pg'),
          ],
        },
      ],
    },
  },
);
