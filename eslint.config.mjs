import tseslint from 'typescript-eslint';

/** What would slip through the workflow bundler, or make a replay differ. */
const IMPURE = ['fetch', 'process', 'crypto', 'Buffer', 'structuredClone', 'setImmediate'];
const imports = (message, ...group) => ({ group, message });

export default tseslint.config(
  { ignores: ['dist*/**', 'node_modules/**', 'coverage/**'] },
  { files: ['**/*.ts'], extends: [tseslint.configs.recommended] },
  {
    files: ['src/**/*.ts'],
    rules: {
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
    files: ['src/language/run/**/*.ts', 'src/workflows/**/*.ts', 'src/activities/steps/**/*.ts'],
    rules: { '@typescript-eslint/max-params': ['error', { max: 4 }] },
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
