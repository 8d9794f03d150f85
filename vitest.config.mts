import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['__test__/**/*.test.ts', 'examples/*/*.test.mts'],
    globalSetup: ['__test__/support/setup.ts'],
    // Keys and proxies of the machine must not reach a test.
    env: { OPENAI_API_KEY: '', BAML_LOG: 'off' },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    server: {
      // The package is tested as it is installed: compiled, and loaded by Node itself.
      deps: { external: [/\/dist\//, /\/index\.m?js$/, /\/native\.js$/] },
    },
  },
});
