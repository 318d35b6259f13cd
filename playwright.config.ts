import { defineConfig } from '@playwright/test'

export default defineConfig({
  projects: [
    { name: 'browser', testDir: 'e2e/browser' },
    { name: 'desktop', testDir: 'e2e/desktop', testMatch: '*.spec.ts' },
  ],
  // Each with a browser and a server of its own; a machine of two cores still keeps up with people's patience.
  workers: 2,
  timeout: 120_000,
  // Only what fails waits for it; a machine with other work may take long over a page.
  expect: { timeout: 15_000 },
  // A machine that is busy with other things may be slow beyond patience once; what needed two tries is counted.
  retries: 1,
  use: {
    launchOptions: {
      ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
})
