import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,bench,client,db,electron,server}/**/*.test.{ts,tsx}'],
          exclude: ['node_modules', '.next', 'dist'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/{wire,disasters,cli,desktop}/**/*.test.ts'],
          testTimeout: 60_000,
          // As in playwright.config.ts; the list of tests shows what needed a second try.
          retry: 1,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
