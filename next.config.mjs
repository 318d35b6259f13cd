/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  compress: true,
  images: { unoptimized: true },
  // A title is part of the page for everybody: sent later, it is missing for a moment, also after each action.
  htmlLimitedBots: /./,
  // `npm run check` types the whole tree, not only what Next sees.
  typescript: { ignoreBuildErrors: true },
  reactStrictMode: true,
}

export default config
