import { defineConfig } from 'vitest/config'

/** Tests of the built server, each with servers of its own. */
const outside = {
  env: { E2E_PAGES: 'off' },
  testTimeout: 60_000,
  // As in playwright.config.ts; the list of tests shows what needed a second try.
  retry: 1,
  hookTimeout: 300_000,
}

/** They compare times, fill the machine, or want a port or an address that it has once. */
const alone = [
  ...['lan-tls', 'pairing', 'personas-weaknesses'].map((name) => `e2e/wire/${name}.test.ts`),
  ...['disk-full', 'kill-9'].map((name) => `e2e/disasters/${name}.test.ts`),
  'e2e/desktop/**/*.test.ts',
]

export default defineConfig({
  test: {
    // One per core of a small machine; vitest leaves one idle by itself.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,bench,client,db,electron,server}/**/*.test.{ts,tsx}'],
          exclude: ['node_modules', '.next', 'dist'],
          testTimeout: 20_000,
        },
      },
      { test: { ...outside, name: 'e2e', include: ['e2e/**/*.test.ts'], exclude: ['node_modules', ...alone] } },
      { test: { ...outside, name: 'alone', include: alone, fileParallelism: false } },
    ],
  },
})
